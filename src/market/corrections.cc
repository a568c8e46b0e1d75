#include "market/corrections.h"

#include "market/identity.h"

namespace gongzhi::market {
namespace {

constexpr int kCorrectedEach = 3;

template <typename Record>
std::string line_of(const Record& record) {
    std::string out;
    write_line(out, record);
    out.pop_back();
    return out;
}

std::string file_of(std::string_view what, std::string_view record_type) {
    return fmt::format("{}-{}.ndjson", what, record_type);
}

Status write_files(const std::map<std::string, std::string>& files, const std::filesystem::path& folder) {
    for (const auto& [file, content] : files) GZ_CHECKED(write_file_atomic(folder / file, content));
    return {};
}

}  // namespace

std::vector<Correction> corrections_of(const Market& market, SeededRandom& random) {
    std::vector<Correction> corrections;
    // From different parts of the market, so that no record comes twice.
    const auto pick = [&](const auto& records, int number) {
        const size_t part = records.size() / kCorrectedEach;
        return records.at(static_cast<size_t>(number) * part + random.below(part));
    };
    for (int i = 0; i < kCorrectedEach; ++i) {
        Trader trader = pick(market.traders, i);
        const std::string shop_before = trader.shop_name;
        trader.shop_name += "（更名）";
        corrections.push_back(
            {"trader", trader.trader_id, line_of(trader), "shop_name", shop_before, trader.shop_name});
        Offer offer = pick(market.offers, i);
        const std::string title_before = offer.title;
        offer.title += " 新版";
        corrections.push_back({"offer", fmt::format("{}/{}", offer.shop, offer.offer_id), line_of(offer), "title",
                               title_before, offer.title});
        Sale sale = pick(market.sales, i);
        const int64_t quantity_before = sale.quantity++;
        corrections.push_back({"sale", fmt::format("{}/{}", sale.shop, sale.sale_id), line_of(sale), "quantity",
                               std::to_string(quantity_before), std::to_string(sale.quantity)});
    }
    return corrections;
}

Status write_corrections(const std::vector<Correction>& corrections, const std::filesystem::path& folder) {
    std::map<std::string, std::string> files;
    for (const Correction& one : corrections) files[file_of("corrections", one.record_type)] += one.line + "\n";
    return write_files(files, folder);
}

Status write_mended(const std::vector<DirtyLine>& dirty, const std::filesystem::path& folder) {
    std::map<std::string, std::string> files;
    for (const DirtyLine& line : dirty)
        if (!line.mended.empty()) files[file_of("mended", line.record_type)] += line.mended + "\n";
    return write_files(files, folder);
}

Json to_json(const std::vector<Correction>& corrections) {
    Json list = Json::array();
    std::map<std::string, int> lines;
    for (const Correction& one : corrections) {
        const std::string file = file_of("corrections", one.record_type);
        list.push_back({{"file", file},
                        {"line", ++lines[file]},
                        {"record_id", one.record_id},
                        {"field", one.field},
                        {"before", one.before},
                        {"after", one.after}});
    }
    return list;
}

Json mended_key(const std::vector<DirtyLine>& dirty) {
    Json list = Json::array();
    std::map<std::string, int> lines, mended_lines;
    for (const DirtyLine& line : dirty) {
        const int number = ++lines[line.record_type];
        if (line.mended.empty()) continue;
        list.push_back({{"file", file_of("dirty", line.record_type)},
                        {"line", number},
                        {"mended_file", file_of("mended", line.record_type)},
                        {"mended_line", ++mended_lines[line.record_type]}});
    }
    return list;
}

}  // namespace gongzhi::market
