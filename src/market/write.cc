#include "base/file.h"
#include "market/market.h"

namespace gongzhi::market {
namespace {

// The values need no escaping: names and numbers of this module hold no quotes, backslashes or control characters.
class Line {
public:
    explicit Line(std::string& out) : out_(out) { out_ += '{'; }
    Line& text(std::string_view name, std::string_view value) {
        if (!value.empty()) put(name) += fmt::format("\"{}\"", value);
        return *this;
    }
    Line& number(std::string_view name, int64_t value) {
        put(name) += std::to_string(value);
        return *this;
    }
    Line& flag(std::string_view name, std::optional<bool> value) {
        if (value) put(name) += *value ? "true" : "false";
        return *this;
    }
    Line& money(std::string_view name, std::optional<int64_t> minor, std::string_view currency) {
        if (minor)
            put(name) +=
                fmt::format("{{\"amount\":\"{}.{:02}\",\"currency\":\"{}\"}}", *minor / 100, *minor % 100, currency);
        return *this;
    }
    Line& time(std::string_view name, const std::optional<Moment>& at) {
        if (at)
            put(name) += fmt::format("\"{}T{:02}:{:02}:{:02}+08:00\"", format_date(at->day), at->second / 3600,
                                     at->second / 60 % 60, at->second % 60);
        return *this;
    }
    void end() { out_ += "}\n"; }

private:
    std::string& put(std::string_view name) {
        if (out_.back() != '{') out_ += ',';
        out_ += '"';
        out_ += name;
        return out_ += "\":";
    }
    std::string& out_;
};

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

template <typename Record>
Status write_lines(const std::filesystem::path& file, const std::vector<Record>& records) {
    std::string out;
    out.reserve(records.size() * 256);
    for (const Record& record : records) write_line(out, record);
    return write_file_atomic(file, out);
}

std::string dirty_file(const std::string& record_type) { return "dirty-" + record_type + ".ndjson"; }

}  // namespace

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
