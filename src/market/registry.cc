#include "market/registry.h"

#include <algorithm>

#include "base/file.h"
#include "market/identity.h"

namespace gongzhi::market {
namespace {

constexpr std::string_view kWrong[] = {"revoked", "name_differs", "unknown"};
constexpr size_t kWrongEvery = 10;

}  // namespace

void RegistryMaker::add(const std::string& credit_code, const std::string& name, const std::string& verdict) {
    if (verdict == "unknown") return;
    RegistryEntry entry;
    entry.credit_code = credit_code;
    entry.name = name;
    while (verdict == "name_differs" && entry.name == name) entry.name = company_name(random_);
    entry.status = verdict == "revoked" ? "revoked" : "valid";
    entry.valid_from = CivilDate(civil_date(2012, 1, 1).value + static_cast<int32_t>(random_.below(5000)));
    entry.region = credit_code.substr(2, 6);
    entries_.push_back(std::move(entry));
}

std::vector<IdentityAnswer> RegistryMaker::enter(const Market& market) {
    std::vector<IdentityAnswer> answers;
    size_t registered = 0, wrong = 0;
    for (const Trader& trader : market.traders) {
        if (trader.credit_code.empty()) continue;
        const bool planted = trader.kind == "registered" && ++registered % kWrongEvery == 0;
        const std::string verdict(planted ? kWrong[wrong++ % std::size(kWrong)] : "valid");
        add(trader.credit_code, trader.name, verdict);
        answers.push_back({trader.trader_id, trader.credit_code, trader.name, verdict});
    }
    return answers;
}

std::vector<RegistryEntry> RegistryMaker::finish() {
    for (int i = 0; i < kOthersInRegistry; ++i)
        add(credit_code(random_), company_name(random_), i % 12 == 0 ? "revoked" : "valid");
    std::sort(entries_.begin(), entries_.end(),
              [](const RegistryEntry& a, const RegistryEntry& b) { return a.credit_code < b.credit_code; });
    return std::move(entries_);
}

Status write_registry(const std::vector<RegistryEntry>& registry, const std::filesystem::path& file) {
    std::string out = "credit_code,name,status,valid_from_date,region\n";
    for (const RegistryEntry& entry : registry)
        out += fmt::format("{},{},{},{},{}\n", entry.credit_code, entry.name, entry.status,
                           format_date(entry.valid_from), entry.region);
    return write_file_atomic(file, out);
}

Json to_json(const std::vector<IdentityAnswer>& answers) {
    Json list = Json::array();
    for (const IdentityAnswer& answer : answers)
        list.push_back({{"trader_id", answer.trader_id},
                        {"credit_code", answer.credit_code},
                        {"name", answer.name},
                        {"verdict", answer.verdict}});
    return list;
}

}  // namespace gongzhi::market
