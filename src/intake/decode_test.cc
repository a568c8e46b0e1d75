#include <gtest/gtest.h>

#include "base/file.h"
#include "intake/csv.h"
#include "intake/json_line.h"
#include "intake/mapping.h"
#include "pack/pack.h"
#include "pack/record_check.h"

namespace gongzhi::intake {
namespace {

const pack::Pack& cn() {
    static const pack::Pack pack = pack::Pack::load(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs" / "cn").value();
    return pack;
}

constexpr std::string_view kGood =
    R"({"shop":"S-1","listing":"L-1","sale_id":"O-1","sale_time":"2026-03-01T08:00:00+08:00","quantity":2,"price":{"amount":"12.50","currency":"CNY"},"buyer":"b"})";

std::vector<std::string> codes_of(std::string_view line) {
    JsonLineParser parser(*cn().record_type("sale"));
    pack::RecordView record;
    std::vector<pack::FieldProblem> problems;
    const std::string padded = std::string(line) + std::string(kLinePaddingBytes, ' ');
    parser.parse(std::string_view(padded).substr(0, line.size()), record, problems);
    if (problems.empty()) pack::check_record(*cn().record_type("sale"), record, problems);
    std::vector<std::string> codes;
    for (const auto& problem : problems) codes.push_back(problem.code + problem.field);
    return codes;
}

std::string with(std::string_view from, std::string_view to) {
    std::string line(kGood);
    const size_t at = line.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return line.replace(at, from.size(), to);
}

using Codes = std::vector<std::string>;

TEST(JsonLine, TakesTheGoodLineAndConvertsExactly) {
    JsonLineParser parser(*cn().record_type("sale"));
    pack::RecordView record;
    std::vector<pack::FieldProblem> problems;
    const std::string padded = with("\"12.50\"", "12.5") + std::string(kLinePaddingBytes, ' ');
    parser.parse(std::string_view(padded).substr(0, padded.size() - kLinePaddingBytes), record, problems);
    ASSERT_TRUE(problems.empty()) << problems[0].en;
    EXPECT_EQ(record[5].number, 1250);
    EXPECT_EQ(record[3].number, parse_utc("2026-03-01T00:00:00Z")->value);
    EXPECT_EQ(codes_of(kGood), Codes());
    EXPECT_EQ(codes_of(std::string(kGood) + " \r"), Codes());
}

TEST(JsonLine, NamesEachFault) {
    EXPECT_EQ(codes_of(with("\"quantity\":2", "\"quantity\":2.5")), Codes{"wrong_type/quantity"});
    EXPECT_EQ(codes_of(with("\"quantity\":2", "\"quantity\":\"2\"")), Codes{"wrong_type/quantity"});
    EXPECT_EQ(codes_of(with("\"quantity\":2", "\"quantity\":null")), Codes{"wrong_type/quantity"});
    EXPECT_EQ(codes_of(with("\"quantity\":2", "\"quantity\":99999999999999999999")), Codes{"wrong_type/quantity"});
    EXPECT_EQ(codes_of(with("12.50", "12.505")), Codes{"bad_amount/price/amount"});
    EXPECT_EQ(codes_of(with("\"12.50\"", "1e1")), Codes{"bad_amount/price/amount"});
    EXPECT_EQ(codes_of(with("CNY", "XYZ")), Codes{"bad_currency/price/currency"});
    EXPECT_EQ(codes_of(with("03-01T", "02-30T")), Codes{"bad_time/sale_time"});
    EXPECT_EQ(codes_of(with("\"buyer\":\"b\"", "\"buyer\":\"b\",\"phone\":\"1\"")), Codes{"unknown_field/phone"});
    EXPECT_EQ(codes_of(with("\"buyer\":\"b\"", "\"buyer\":\"b\",\"buyer\":\"c\"")), Codes{"duplicate_field/buyer"});
    EXPECT_EQ(codes_of(with("\"shop\":\"S-1\",", "")), Codes{"required/shop"});
    EXPECT_EQ(codes_of(with("\"buyer\":\"b\"", "\"\\u4e00 x\":[1,{}]")), Codes{"unknown_field/?"});
    EXPECT_EQ(codes_of(with("\"b\"", "{\"x\":[1,2]}")), Codes{"wrong_type/buyer"});
}

TEST(JsonLine, RefusesBrokenLinesWhole) {
    for (std::string_view bad :
         {"", "null", "[]", "12", "{", "{}}", "{\"a\":1,}", "{'a':1}", "\xff\xfe", "{\"shop\" \"S\"}"}) {
        const Codes codes = codes_of(bad);
        ASSERT_EQ(codes.size(), 1u) << bad;
        EXPECT_TRUE(codes[0] == "not_json" || codes[0] == "bad_utf8" || codes[0].starts_with("required")) << codes[0];
    }
    EXPECT_EQ(codes_of(std::string(kGood) + "x"), Codes{"not_json"});
    EXPECT_EQ(codes_of(std::string(kGood) + std::string(kGood)), Codes{"not_json"});
    for (size_t cut = 1; cut < kGood.size(); ++cut) EXPECT_EQ(codes_of(kGood.substr(0, cut)), Codes{"not_json"}) << cut;
}

std::vector<std::vector<std::string>> rows_of(std::string_view text) {
    CsvReader reader(text);
    std::vector<std::string_view> cells;
    std::vector<std::vector<std::string>> rows;
    while (true) {
        const auto more = reader.next(cells);
        if (!more) return {{"error"}};
        if (!*more) return rows;
        rows.emplace_back(cells.begin(), cells.end());
    }
}

TEST(Csv, ReadsWhatSpreadsheetsWrite) {
    using Rows = std::vector<std::vector<std::string>>;
    EXPECT_EQ(rows_of("a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n,\n"), (Rows{{"a", "b"}, {"1", "x, \"y\"\nz"}, {"", ""}}));
    EXPECT_EQ(rows_of("a"), (Rows{{"a"}}));
    EXPECT_EQ(rows_of("\"a\",\"b\"\r\n"), (Rows{{"a", "b"}}));
    EXPECT_EQ(rows_of("\"a"), (Rows{{"error"}}));
    EXPECT_EQ(rows_of("\"a\"b"), (Rows{{"error"}}));
    CsvReader reader("\"a\nb\"\nc\n");
    std::vector<std::string_view> cells;
    (void)reader.next(cells);
    EXPECT_EQ(reader.line(), 1u);
    (void)reader.next(cells);
    EXPECT_EQ(reader.line(), 3u);
}

constexpr std::string_view kMapping = R"(columns:
  shop: {value: S-9}
  listing: {column: Code}
  sale_id: {join: [Invoice, "-", "@line"]}
  sale_time: {column: Date, zone_minutes: 480}
  quantity: {column: Quantity}
  price: {amount: Price, currency: GBP}
  buyer: {column: Customer}
refuse:
  - {column: Invoice, starts_with: C, field: sale_id, zh: 撤销单, en: a cancellation}
)";

TEST(Mapping, TurnsRowsIntoRecordsAndSaysWhy) {
    const pack::RecordType& sale = *cn().record_type("sale");
    auto mapping = Mapping::parse(kMapping, sale);
    ASSERT_TRUE(mapping) << mapping.error().describe();
    ASSERT_TRUE(mapping->bind({"Invoice", "Code", "Quantity", "Date", "Price", "Customer"}).empty());
    pack::RecordView record;
    std::vector<pack::FieldProblem> problems;
    mapping->apply({"536365", "85123A", "6", "2010-12-01 08:26:00", "2.55", ""}, 7, record, problems);
    ASSERT_TRUE(problems.empty());
    EXPECT_EQ(record[0].text, "S-9");
    EXPECT_EQ(record[2].text, "536365-7");
    EXPECT_EQ(format_utc(UtcTime(record[3].number)), "2010-12-01T00:26:00.000000Z");
    EXPECT_EQ(record[5].number, 255);
    EXPECT_FALSE(record[6].present);
    mapping->apply({"C1", "x", "1.5", "today", "2.555", "1"}, 8, record, problems);
    Codes codes;
    for (const auto& problem : problems) codes.push_back(problem.code + problem.field);
    EXPECT_EQ(codes,
              (Codes{"not_counted/sale_id", "bad_amount/price/amount", "wrong_type/quantity", "bad_time/sale_time"}));
    EXPECT_EQ(mapping->bind({"Invoice"}).size(), 5u);
}

TEST(Mapping, ErrorsPointAtThePlace) {
    const pack::RecordType& sale = *cn().record_type("sale");
    EXPECT_NE(Mapping::parse("columns:\n  shopp: {value: x}\n", sale).error().message.find("mapping.yaml:2:"),
              std::string::npos);
    EXPECT_FALSE(Mapping::parse("columns:\n  price: {column: x}\n", sale));
    EXPECT_FALSE(Mapping::parse("columns: 1\n", sale));
}

TEST(Encoding, ReadsBomAndGb18030) {
    EXPECT_EQ(to_utf8("\xef\xbb\xbf市").value(), "市");
    EXPECT_EQ(to_utf8("\xca\xd0\xb3\xa1").value(), "市场");
    EXPECT_FALSE(to_utf8("\xff\xff\xff"));
}

}  // namespace
}  // namespace gongzhi::intake
