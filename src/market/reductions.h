// Price lists in the form of the European pack, with planted reductions: prices asked, half-open days, euro.
#pragma once

#include "base/random.h"
#include "market/line.h"

namespace gongzhi::market {

struct AskedOffer {
    std::string shop, listing, offer_id, title;
    CivilDate from;
    std::optional<CivilDate> until;
    int64_t price_minor = 0;
    std::string currency = "EUR";
    std::optional<int64_t> prior_minor, declared_low_minor;
    std::optional<bool> progressive, perishable, reduced;
    std::string campaign, audience;
    std::optional<CivilDate> first_listed;
};

// What a rule must say of one announced offer. verdict: suspect, undecidable or clear.
struct ReductionAnswer {
    std::string rule, shop, listing, offer_id, verdict, kind;
};

struct Reductions {
    std::vector<AskedOffer> offers;
    std::vector<Coverage> coverage;
    std::vector<ReductionAnswer> answers;
};

constexpr int kReductionsEach = 4;
Reductions reductions_of(CivilDate start, uint64_t seed);

void write_line(std::string& out, const AskedOffer& offer);
// offers.ndjson, coverage.ndjson, answer_key.json (findings, lawful).
Status write_reductions(const Reductions& reductions, const std::filesystem::path& folder);

}  // namespace gongzhi::market
