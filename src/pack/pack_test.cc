#include "pack/pack.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/file.h"
#include "pack/checks.h"
#include "pack/columns.h"
#include "pack/dictionary.h"
#include "pack/record_check.h"
#include "pack/record_loader.h"
#include "testing/golden.h"
#include "testing/temp_folder.h"

namespace gongzhi::pack {
namespace {

const std::filesystem::path kSource = GONGZHI_SOURCE_DIR;

TEST(CreditCode, FollowsTheStandard) {
    for (std::string_view code :
         {"91330100799655058B", "914403001922038216", "9144030071526726XG", "91110000802100433B", "91350100M000100Y43"})
        EXPECT_TRUE(valid_credit_code(code)) << code;
    for (std::string_view code :
         {"91350100M000100Y4Z", "91310115MA1H8R7C6D", "91350100M000100Y42", "91350100m000100y43", "", "9135"})
        EXPECT_FALSE(valid_credit_code(code)) << code;
}

// Public vectors of the code, valid and invalid.
TEST(CreditCode, AgreesWithPublishedVectors) {
    const auto file = testing::shared_data("id_check_vectors/identifier_vectors.csv");
    if (file.empty()) GTEST_SKIP() << "shared data is absent";
    std::istringstream lines(read_file(file).value());
    int checked = 0;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("cn,uscc,")) continue;
        const size_t comma = line.rfind(',');
        EXPECT_EQ(valid_credit_code(line.substr(8, comma - 8)), line.substr(comma + 1).starts_with("valid")) << line;
        ++checked;
    }
    EXPECT_GE(checked, 3);
}

TEST(IdCard, FollowsTheStandard) {
    EXPECT_TRUE(valid_id_card("11010519491231002X"));
    EXPECT_TRUE(valid_id_card("440524188001010014"));
    EXPECT_FALSE(valid_id_card("110105194912310021"));
    EXPECT_FALSE(valid_id_card("11010519491331002X"));
}

TEST(Utf8, RefusesWhatRfc3629Refuses) {
    EXPECT_EQ(utf8_length("市场a"), 3);
    for (std::string_view bad : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe5\xb8", "\x80"})
        EXPECT_EQ(utf8_length(bad), -1);
    EXPECT_TRUE(has_control_character("a\nb"));
    EXPECT_TRUE(has_control_character("a\xc2\x85"));
    EXPECT_FALSE(has_control_character("市场"));
}

TEST(Amount, IsExact) {
    EXPECT_EQ(parse_amount("12.5", 2), 1250);
    EXPECT_EQ(parse_amount("12.500", 2), 1250);
    EXPECT_EQ(parse_amount("0", 2), 0);
    EXPECT_EQ(parse_amount("-0.01", 2), -1);
    EXPECT_EQ(parse_amount("7", 0), 7);
    for (std::string_view bad : {"", ".5", "1.", "1.005", "01", "1e3", "1,5", "--1", " 1", "99999999999999"})
        EXPECT_FALSE(parse_amount(bad, 2)) << bad;
    EXPECT_EQ(format_amount(1250, "CNY"), "12.50");
    EXPECT_EQ(format_amount(-5, "CNY"), "-0.05");
    EXPECT_EQ(format_amount(700, "JPY"), "700");
}

TEST(Pack, LoadsTheChinesePack) {
    const auto pack = Pack::load(kSource / "packs" / "cn");
    ASSERT_TRUE(pack) << pack.error().describe();
    ASSERT_NE(pack->record_type("sale"), nullptr);
    EXPECT_TRUE(pack->record_type("sale")->has_protected);
    EXPECT_FALSE(pack->record_type("offer")->has_protected);
    EXPECT_EQ(pack->record_type("trader")->leaves_on, LeavesOn::duty);
    const OrderType* request = pack->order_type("information-request");
    ASSERT_NE(request, nullptr);
    EXPECT_TRUE(request->allows("sale.price"));
    EXPECT_FALSE(request->allows("sale.buyer"));
    const RecordType* clue = pack->record_type("clue");
    ASSERT_NE(clue, nullptr);
    ASSERT_TRUE(clue->due);
    EXPECT_EQ(clue->due->working_days, 5);
    EXPECT_EQ(clue->fields[clue->due->after].name, "decision_date");
    EXPECT_FALSE(pack->record_type("sale")->due);
    const OrderType* specified = pack->order_type("specified-trade-request");
    ASSERT_NE(specified, nullptr);
    EXPECT_EQ(specified->levels, (std::vector<std::string>{"national", "province"}));
    EXPECT_EQ(pack->digest(), Pack::load(kSource / "packs" / "cn")->digest());
}

TEST(Calendar, CountsWorkingDaysWithMakeUpDays) {
    const auto pack = Pack::load(kSource / "packs" / "cn").value();
    const Calendar& calendar = pack.calendar();
    const auto day = [](std::string_view text) { return parse_date(text).value(); };
    EXPECT_TRUE(calendar.is_working_day(day("2026-02-14")).value());  // a Saturday made up for the Spring Festival
    EXPECT_FALSE(calendar.is_working_day(day("2026-02-16")).value());
    EXPECT_FALSE(calendar.is_working_day(day("2026-03-01")).value());
    EXPECT_EQ(format_date(calendar.add_working_days(day("2026-02-13"), 1).value()), "2026-02-14");
    EXPECT_EQ(format_date(calendar.add_working_days(day("2026-02-14"), 1).value()), "2026-02-24");
    EXPECT_EQ(format_date(calendar.add_working_days(day("2026-03-02"), 10).value()), "2026-03-16");
    EXPECT_EQ(calendar.add_working_days(day("2026-12-31"), 1).error().code, ErrorCode::unsupported);
}

// A mistake in a pack points at its place.
TEST(RecordLoader, ErrorsNameFileLineAndColumn) {
    const std::string good = read_file(kSource / "packs" / "cn" / "records" / "sale.yaml").value();
    const auto error_of = [&](std::string_view from, std::string_view to) {
        std::string changed = good;
        const size_t at = changed.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        changed.replace(at, from.size(), to);
        const auto document = YamlDocument::parse(changed, "sale.yaml");
        if (!document) return document.error().message;
        const auto type = load_record_type(*document);
        return type ? std::string("no error") : type.error().message;
    };
    EXPECT_EQ(error_of("type: integer", "type: whole"),
              "sale.yaml:53:11: \"whole\" is not one of: text, integer, boolean, date, time, money");
    EXPECT_NE(error_of("id: 5", "id: 4").find("rising order"), std::string::npos);
    EXPECT_NE(error_of("check: region", "check: regoin").find("no check is called"), std::string::npos);
    EXPECT_NE(error_of("    join_domain: buyer\n", "").find("join_domain"), std::string::npos);
    EXPECT_NE(error_of("key: [shop, sale_id]", "key: [shop, buyer]").find("must be required, open text"),
              std::string::npos);
    EXPECT_NE(error_of("name: sale_time", "name: sale_at").find("_time"), std::string::npos);
    const std::string due = "retention_days: 1095\ndue: ";
    EXPECT_NE(error_of("retention_days: 1095", due + "{working_days: 5, after: sale_time}").find("a required date"),
              std::string::npos);
    EXPECT_NE(error_of("retention_days: 1095", due + "{working_days: 0, after: sale_time}").find("between 1 and 250"),
              std::string::npos);
    EXPECT_NE(error_of("retention_days: 1095", "retention_dyas: 1095").find("unknown key"), std::string::npos);
}

TEST(Columns, ShowTimesWithTheirDayAndTokensForPersons) {
    const auto pack = Pack::load(kSource / "packs" / "cn").value();
    const std::string ddl = table_ddl(*pack.record_type("sale"));
    EXPECT_NE(ddl.find("sale_time TIMESTAMP, sale_date DATE"), std::string::npos) << ddl;
    EXPECT_NE(ddl.find("price_minor BIGINT, price_currency VARCHAR, buyer_token VARCHAR"), std::string::npos) << ddl;
    EXPECT_EQ(view_ddl(*pack.record_type("sale")).find("entry_from,"), std::string::npos);
}

TEST(Dictionary, IsUpToDate) {
    const std::pair<const char*, const char*> pages[] = {{"cn", "docs/data-dictionary.md"},
                                                         {"eu", "docs/data-dictionary-eu.md"}};
    for (const auto& [id, page] : pages)
        testing::expect_golden(page, data_dictionary(Pack::load(kSource / "packs" / id).value()));
}

}  // namespace
}  // namespace gongzhi::pack
