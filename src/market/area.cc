#include "market/area.h"

#include "base/file.h"

namespace gongzhi::market {
namespace {

// A stream of its own for what stands beside the market: the market itself must not change by it.
constexpr uint64_t kBesideSeed = 0x5eed'0000'0000'0000;

const Trader* trader_of(const Market& market, const std::string& shop) {
    for (const Trader& trader : market.traders)
        if (!shop.empty() && trader.shop == shop) return &trader;
    return nullptr;
}

// Under the numbers of what is lawful or undecidable on the first platform the second one sold for one yuan three days
// before: taken for a sale of the first it would make a suspicion.
void lay_number_trap(const Market& first, Market& second) {
    std::map<std::string, const Offer*> offers;
    for (const Offer& offer : first.offers) offers[offer.offer_id] = &offer;
    int number = 0;
    for (const Answer& answer : first.answers) {
        const Trader* trader = trader_of(second, answer.shop);
        const CivilDate day(offers.at(answer.offer_id)->from.day.value - 3);
        if (!trader || answer.verdict == "suspect" || day < second.options.start) continue;
        Offer offer;
        offer.shop = answer.shop;
        offer.listing = answer.listing;
        offer.offer_id = fmt::format("O-9{:06}", number);
        offer.seller_code = trader->credit_code;
        offer.title = "特价小样";
        offer.price_minor = 100;
        offer.from = {second.options.start, 0};
        second.offers.push_back(std::move(offer));
        Sale sale;
        sale.shop = answer.shop;
        sale.listing = answer.listing;
        sale.sale_id = fmt::format("V-9{:07}", number++);
        sale.at = {day, 12 * 3600};
        sale.price_minor = 100;
        second.sales.push_back(std::move(sale));
    }
}

Platform make_platform(Market market, size_t clue_step, RegistryMaker& registry) {
    Platform platform;
    platform.market = std::move(market);
    SeededRandom random(platform.market.options.seed ^ kBesideSeed);
    platform.notices = notices_of(platform.market, random);
    platform.clues = clues_of(platform.market, clue_step, random);
    platform.corrections = corrections_of(platform.market, random);
    platform.identities = registry.enter(platform.market);
    return platform;
}

Status write_platform(const Platform& platform, const std::filesystem::path& folder) {
    GZ_CHECKED(write_market(platform.market, folder));
    GZ_CHECKED(write_lines(folder / "privacy_notices.ndjson", platform.notices));
    GZ_CHECKED(write_lines(folder / "clues.ndjson", platform.clues));
    GZ_CHECKED(write_corrections(platform.corrections, folder));
    GZ_CHECKED(write_mended(platform.market.dirty, folder));
    return write_file_atomic(folder / "answer_key.json", answer_key(platform).dump(1) + "\n");
}

}  // namespace

Result<Area> generate_area(const AreaOptions& options) {
    if (options.first.seed == options.second.seed)
        return fail(ErrorCode::invalid_argument, "the two platforms need different seeds");
    Area area;
    RegistryMaker registry(options.first.seed ^ options.second.seed ^ kBesideSeed);
    GZ_TRY(Market first, generate(options.first));
    GZ_TRY(Market second, generate(options.second));
    lay_number_trap(first, second);
    area.first = make_platform(std::move(first), 1, registry);
    area.second = make_platform(std::move(second), 3, registry);
    area.registry = registry.finish();
    area.reductions = reductions_of(options.first.start, options.first.seed ^ kBesideSeed);
    return area;
}

Status write_area(const Area& area, const std::filesystem::path& folder) {
    GZ_CHECKED(write_platform(area.first, folder));
    GZ_CHECKED(write_platform(area.second, folder / "second"));
    GZ_CHECKED(write_reductions(area.reductions, folder / "eu"));
    return write_registry(area.registry, folder / "registry.csv");
}

Json answer_key(const Platform& platform) {
    Json key = answer_key(platform.market);
    key["identities"] = to_json(platform.identities);
    key["notices"] = to_json(platform.notices);
    key["clues"] = to_json(platform.clues);
    key["corrections"] = to_json(platform.corrections);
    key["mended"] = mended_key(platform.market.dirty);
    return key;
}

}  // namespace gongzhi::market
