// A sample market of one platform, made from a seed: traders, offers, sales, coverage, with planted breaches of the price
// rule, lawful look-alikes and an answer key.
//
// Equal options give equal bytes on every machine. Names are invented, numbers lie in the reserved region 99; no real
// person or company is in it. The answers come from how things were planted, never from running a rule.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"

namespace gongzhi::market {

struct MarketOptions {
    uint64_t seed = 20'260'105;
    CivilDate start = civil_date(2026, 1, 5);
    int days = 60;        // at least 30
    int traders = 400;    // at least 20; the first is the platform itself, a fifth are unregistered persons
    int listings = 5000;  // at least 300
    int sales = 95'000;   // about so many
    std::string platform_name = "示例集市", host = "market.example";
};

constexpr int kZoneOffsetMinutes = 480;

// A civil moment in the market's zone.
struct Moment {
    CivilDate day;
    int second = 0;  // of the day
    auto operator<=>(const Moment&) const = default;
};
UtcTime utc_of(const Moment& moment);

struct Trader {
    std::string kind, trader_id, name, credit_code, person_name, id_number, address, contact, shop, shop_name, url,
        exemption_reason, region;
    std::optional<bool> turnover_above_100k;
};

struct Offer {
    std::string shop, listing, offer_id, seller_code, title;
    int64_t price_minor = 0;
    std::optional<int64_t> reference_price_minor;
    std::optional<bool> reference_detail_marked;
    Moment from;
    std::optional<Moment> until;
};

struct Sale {
    std::string shop, listing, sale_id;
    Moment at;
    int64_t quantity = 1, price_minor = 0;
    std::string currency = "CNY", buyer, region;
};

struct Coverage {
    std::string record_type, shop;
    CivilDate from, until;  // half-open
};

// What was planted on one offer. verdict: suspect, undecidable, or clear for a lawful look-alike.
struct Answer {
    std::string shop, listing, offer_id, verdict, kind;
};

// A line that intake must refuse: the field problem expected of it (pack/field_problems.def).
// mended: the same record as it should have been; empty where there is none.
struct DirtyLine {
    std::string record_type, line, field, code, mended;
};

struct Market {
    MarketOptions options;
    std::vector<Trader> traders;
    std::vector<Offer> offers;
    std::vector<Sale> sales;
    std::vector<Coverage> coverage;
    std::vector<Answer> answers;
    std::vector<DirtyLine> dirty;
    std::vector<std::string> canaries;  // personal values that must show nowhere outside the vault

    size_t records() const { return traders.size() + offers.size() + sales.size() + coverage.size(); }
};

// `invalid_argument` where the options leave no room for the planted cases.
Result<Market> generate(const MarketOptions& options = {});

// traders.ndjson, offers.ndjson, sales.ndjson, coverage.ndjson, dirty-<record type>.ndjson, answer_key.json, canaries.txt.
Status write_market(const Market& market, const std::filesystem::path& folder);
Json answer_key(const Market& market);

}  // namespace gongzhi::market
