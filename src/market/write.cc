#include "base/file.h"
#include "market/line.h"

namespace gongzhi::market {
namespace {

std::string dirty_file(const std::string& record_type) { return "dirty-" + record_type + ".ndjson"; }

// The platform's own code for the kind of goods: the listing says it, so that it never changes.
std::string category_of(const std::string& listing) {
    constexpr std::string_view categories[] = {"household/cups", "household/lamps", "clothing/children", "outdoor/bags",
                                               "digital/cables"};
    size_t sum = 0;
    for (const char c : listing) sum += static_cast<unsigned char>(c);
    return std::string(categories[sum % std::size(categories)]);
}

}  // namespace

void write_line(std::string& out, const Trader& trader) {
    Line(out)
        .text("trader_id", trader.trader_id)
        .text("kind", trader.kind)
        .text("name", trader.name)
        .text("credit_code", trader.credit_code)
        .text("person_name", trader.person_name)
        .text("id_number", trader.id_number)
        .text("address", trader.address)
        .text("contact", trader.contact)
        .text("shop", trader.shop)
        .text("shop_name", trader.shop_name)
        .text("url", trader.url)
        .text("exemption_reason", trader.exemption_reason)
        .flag("turnover_above_100k", trader.turnover_above_100k)
        .text("region", trader.region)
        .end();
}

void write_line(std::string& out, const Offer& offer) {
    Line(out)
        .text("shop", offer.shop)
        .text("listing", offer.listing)
        .text("offer_id", offer.offer_id)
        .text("seller_code", offer.seller_code)
        .text("title", offer.title)
        .time("from_time", offer.from)
        .time("until_time", offer.until)
        .money("price", offer.price_minor, "CNY")
        .money("reference_price", offer.reference_price_minor, "CNY")
        .flag("reference_detail_marked", offer.reference_detail_marked)
        .text("category", category_of(offer.listing))
        .end();
}

void write_line(std::string& out, const Sale& sale) {
    Line(out)
        .text("shop", sale.shop)
        .text("listing", sale.listing)
        .text("sale_id", sale.sale_id)
        .time("sale_time", sale.at)
        .number("quantity", sale.quantity)
        .money("price", sale.price_minor, sale.currency)
        .text("buyer", sale.buyer)
        .text("region", sale.region)
        .text("category", category_of(sale.listing))
        .end();
}

void write_line(std::string& out, const Coverage& coverage) {
    Line(out)
        .text("record_type", coverage.record_type)
        .text("shop", coverage.shop)
        .text("from_date", format_date(coverage.from))
        .text("until_date", format_date(coverage.until))
        .end();
}

Json answer_key(const Market& market) {
    Json findings = Json::array(), lawful = Json::array(), refused = Json::array();
    std::map<std::string, int> counts, lines;
    for (const Answer& answer : market.answers) {
        ++counts[answer.verdict];
        (answer.verdict == "clear" ? lawful : findings)
            .push_back({{"rule", "price-reference"},
                        {"shop", answer.shop},
                        {"listing", answer.listing},
                        {"offer_id", answer.offer_id},
                        {"verdict", answer.verdict},
                        {"kind", answer.kind}});
    }
    for (const DirtyLine& line : market.dirty) {
        const std::string file = dirty_file(line.record_type);
        const int number = ++lines[file];
        if (!line.code.empty())
            refused.push_back({{"file", file}, {"line", number}, {"field", line.field}, {"code", line.code}});
    }
    return {{"seed", market.options.seed},
            {"findings", findings},
            {"lawful", lawful},
            {"expect_refused", refused},
            {"counts",
             {{"traders", market.traders.size()},
              {"offers", market.offers.size()},
              {"sales", market.sales.size()},
              {"coverage", market.coverage.size()},
              {"suspect", counts["suspect"]},
              {"undecidable", counts["undecidable"]},
              {"lawful", counts["clear"]},
              {"refused", refused.size()}}}};
}

Status write_market(const Market& market, const std::filesystem::path& folder) {
    GZ_CHECKED(make_folders(folder));
    GZ_CHECKED(write_lines(folder / "traders.ndjson", market.traders));
    GZ_CHECKED(write_lines(folder / "offers.ndjson", market.offers));
    GZ_CHECKED(write_lines(folder / "sales.ndjson", market.sales));
    GZ_CHECKED(write_lines(folder / "coverage.ndjson", market.coverage));
    std::map<std::string, std::string> dirty;
    for (const DirtyLine& line : market.dirty) dirty[dirty_file(line.record_type)] += line.line + "\n";
    for (const auto& [file, content] : dirty) GZ_CHECKED(write_file_atomic(folder / file, content));
    GZ_CHECKED(write_file_atomic(folder / "answer_key.json", answer_key(market).dump(1) + "\n"));
    std::string canaries;
    for (const std::string& canary : market.canaries) canaries += canary + "\n";
    return write_file_atomic(folder / "canaries.txt", canaries);
}

}  // namespace gongzhi::market
