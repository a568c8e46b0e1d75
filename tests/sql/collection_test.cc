// The privacy rule on random notices, on both engines, against an oracle that reads the law's list by hand.
#include "base/random.h"
#include "rule_engines.h"

namespace gongzhi::supervision {
namespace {

constexpr int kItems = 3000;

struct NoticeItem {
    std::string id, service_type, item, necessity;
    bool denies = false;
    std::optional<std::string> purpose, retention_rule;
    std::optional<int64_t> retention_days;
    int32_t effective = 0;
};

// Written apart from the rule's list of values.
const std::map<std::string, std::set<std::string>>& needs() {
    static const std::set<std::string> deal = {"account_mobile",  "recipient_name", "recipient_address",
                                               "recipient_phone", "payment_time",   "payment_amount",
                                               "payment_channel"};
    static const std::map<std::string, std::set<std::string>> table = {
        {"online_shopping", deal},
        {"food_delivery", deal},
        {"parcel_delivery",
         {"sender_name", "sender_identity_number", "sender_address", "sender_phone", "recipient_name",
          "recipient_address", "recipient_phone", "parcel_content"}},
        {"online_community", {"account_mobile"}},
        {"live_streaming", {}},
        {"short_video", {}}};
    return table;
}

std::string expected_basis(const NoticeItem& notice, bool statements_needed, int32_t since) {
    if (notice.effective < since) return "";
    const bool demanded = notice.necessity == "necessary" || notice.denies;
    const auto type = needs().find(notice.service_type);
    if (demanded && type != needs().end() && !type->second.contains(notice.item)) return "beyond_need";
    if (statements_needed && !notice.purpose) return "purpose_not_stated";
    if (statements_needed && !notice.retention_days && !notice.retention_rule) return "retention_not_stated";
    return demanded && type == needs().end() ? "unknown_service_type" : "";
}

template <size_t N>
std::string one_of(SeededRandom& random, const char* const (&words)[N]) {
    return words[random.below(N)];
}

NoticeItem random_notice(SeededRandom& random, int number) {
    NoticeItem notice;
    notice.id = fmt::format("n{:05}", number);
    notice.service_type =
        one_of(random, {"online_shopping", "online_shopping", "food_delivery", "parcel_delivery", "online_community",
                        "live_streaming", "short_video", "pet_sitting", "Online_shopping", ""});
    notice.item = one_of(random, {"account_mobile", "recipient_name", "recipient_address", "recipient_phone",
                                  "payment_time", "payment_amount", "payment_channel", "sender_name", "sender_phone",
                                  "parcel_content", "id_number", "birthday", "recipient_phone ", "contact_list"});
    notice.necessity = random.chance(600) ? "necessary" : "optional";
    notice.denies = random.chance(500);
    if (!random.chance(150)) notice.purpose = "送货";
    if (random.chance(600)) notice.retention_days = random.between(0, 900);
    if (random.chance(400)) notice.retention_rule = "账号注销为止";
    notice.effective = 20'000 + static_cast<int32_t>(random.below(100));
    return notice;
}

GivenTable table_of(const Catalogue& catalogue, const std::vector<NoticeItem>& notices) {
    GivenTable table{"privacy_notice", {}};
    for (const NoticeItem& notice : notices) {
        std::map<std::string, sql::Value> row = {{"party", std::string("p1")},
                                                 {"record_id", notice.id},
                                                 {"service", std::string("app1")},
                                                 {"service_type", notice.service_type},
                                                 {"item", notice.item},
                                                 {"necessity", notice.necessity},
                                                 {"refusal_denies_service", notice.denies},
                                                 {"effective_date", CivilDate(notice.effective)}};
        if (notice.purpose) row["purpose"] = *notice.purpose;
        if (notice.retention_days) row["retention_days"] = *notice.retention_days;
        if (notice.retention_rule) row["retention_rule"] = *notice.retention_rule;
        add_row(catalogue, table, row);
    }
    return table;
}

TEST_F(RuleEngines, CollectionBeyondNeedEqualsItsOracleOnRandomNotices) {
    SeededRandom random(seed_of_this_run(20'211'101));
    const PackUnderTest& pack = pack_under_test("cn");
    const RuleVersion& rule = pack.rule("collection-beyond-need");
    EXPECT_FALSE(rule.by_shop);
    std::vector<NoticeItem> notices;
    for (int i = 0; i < kItems; ++i) notices.push_back(random_notice(random, i));
    const GivenTable given = table_of(pack.catalogue, notices);

    std::map<std::string, int> seen;
    for (const auto& [statements_needed, since] : {std::pair{true, 0}, {false, 0}, {true, 20'050}}) {
        const sql::Table result = agreed_result(
            pack, rule, {{"statements_needed", statements_needed}, {"since_date", CivilDate(since)}}, {given});
        std::map<std::string, std::string> found;
        for (size_t row = 0; row < result.rows.size(); ++row) {
            const std::string& basis = sql::text_of(result.at(row, "basis"));
            EXPECT_TRUE(found.emplace(sql::text_of(result.at(row, "notice_ref")), basis).second) << "a notice twice";
            EXPECT_EQ(sql::text_of(result.at(row, "verdict")) == "undecidable", basis == "unknown_service_type");
        }
        for (const NoticeItem& notice : notices) {
            const std::string expected = expected_basis(notice, statements_needed, since);
            const auto at = found.find(notice.id);
            EXPECT_EQ(at == found.end() ? "" : at->second, expected)
                << notice.id << " " << notice.service_type << " " << notice.item;
            ++seen[expected];
        }
    }
    for (const char* basis : {"", "beyond_need", "purpose_not_stated", "retention_not_stated", "unknown_service_type"})
        EXPECT_GT(seen[basis], 20) << "the notices never exercised " << basis;
}

}  // namespace
}  // namespace gongzhi::supervision
