// The authority's registry of businesses, and which traders of the platforms gave an identity that does not stand in it.
#pragma once

#include "base/random.h"
#include "market/market.h"

namespace gongzhi::market {

struct RegistryEntry {
    std::string credit_code, name, status;  // status: valid or revoked
    CivilDate valid_from;
    std::string region;
};

// What a check of one trader against the registry must say. verdict: valid, revoked, name_differs or unknown.
struct IdentityAnswer {
    std::string trader_id, credit_code, name, verdict;
};

constexpr int kOthersInRegistry = 60;  // businesses that trade on neither platform

class RegistryMaker {
public:
    explicit RegistryMaker(uint64_t seed) : random_(seed) {}

    // Enters the market's registered traders, every tenth of them wrongly; returns the answers in the traders' order.
    std::vector<IdentityAnswer> enter(const Market& market);
    // All entries, in order of credit code.
    std::vector<RegistryEntry> finish();

private:
    void add(const std::string& credit_code, const std::string& name, const std::string& verdict);
    SeededRandom random_;
    std::vector<RegistryEntry> entries_;
};

Status write_registry(const std::vector<RegistryEntry>& registry, const std::filesystem::path& file);
Json to_json(const std::vector<IdentityAnswer>& answers);

}  // namespace gongzhi::market
