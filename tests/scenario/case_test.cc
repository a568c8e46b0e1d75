// Loop 3 (act) between two nodes: a finding becomes a case, a request goes out or is stopped, the answer comes in.
#include "plant_finding.h"

namespace gongzhi::scenario {
namespace {

// A pair in which the platform holds sales and has sent its traders onward, and the authority has a case on shop S-1.
struct WithCase : Pair {
    std::string case_id;

    WithCase() {
        auto& node = platform.node();
        EXPECT_TRUE(
            node.intake().submit(kClerk, submission("sale", sale_line("A-1", "12.50") + sale_line("A-2", "13.00") +
                                                                sale_line("A-3", "99.00", "S-2"))));
        const auto traders = node.intake().submit(kClerk, submission("trader", trader_line("T-1")));
        EXPECT_TRUE(node.submit_onward(kClerk, traders->index, authority.id()));
        EXPECT_TRUE(settle());
        plant_finding("f-1");
        const auto opened = authority.node().casework().open_case(kOfficer, "f-1");
        EXPECT_TRUE(opened) << opened.error().describe();
        if (opened) case_id = opened->case_id;
    }
    void plant_finding(const std::string& id) { scenario::plant_finding(authority.node(), id); }
    casework::InformationRequest request(std::vector<std::string> fields) {
        return {case_id,    "information-request", "电子商务法第二十五条",
                "核实价格", std::move(fields),     {"S-1", "", civil_date(2026, 2, 1), civil_date(2026, 3, 31)}};
    }
    std::string state_of(Party& party, const std::string& request_id) {
        const auto rows = party.affairs("SELECT state FROM request WHERE message_id = $1", {request_id}).rows;
        return rows.size() == 1 ? sql::text_of(rows[0][0]) : fmt::format("{} rows", rows.size());
    }
};

TEST(Case, ARequestIsAnsweredFromTheRecordsInScopeAndOnlyWithAskedFields) {
    WithCase pair;
    const auto sent =
        pair.authority.node().send_request(kOfficer, pair.request({"sale.sale_id", "sale.price", "sale.sale_time"}));
    ASSERT_TRUE(sent) << sent.error().describe();
    ASSERT_TRUE(pair.settle());
    const std::string id = sent->message.id.value;
    EXPECT_EQ(pair.state_of(pair.platform, id), "open");
    const auto answer = pair.platform.node().answer_request(kClerk, id);
    ASSERT_TRUE(answer) << answer.error().describe();
    ASSERT_TRUE(pair.settle());
    EXPECT_EQ(pair.state_of(pair.platform, id), "answered");
    EXPECT_EQ(pair.state_of(pair.authority, id), "answered");
    EXPECT_EQ(pair.authority.count(fmt::format("request WHERE message_id = '{}' AND answer_rows = 2", id)), 1);
    EXPECT_EQ(pair.platform.node().answer_request(kClerk, id).error().code, ErrorCode::conflict);

    const auto entry = pair.authority.affairs("SELECT entry FROM message WHERE type = 'answer'");
    auto& ledger = pair.authority.node().ledger();
    const auto received =
        ledger.read(EntryIndex(static_cast<uint64_t>(sql::integer_of(entry.rows.at(0).at(0))))).value();
    const Json body = parse_json(ledger.read_blob(received, ledger::Part::message_body, 0).value()).value();
    EXPECT_EQ(body["outcome"], "answered");
    EXPECT_EQ(body["rows"]["sale"][0], (Json{{"sale_id", "A-1"},
                                             {"price", {{"amount", "12.50"}, {"currency", "CNY"}}},
                                             {"sale_time", "2026-03-01T00:00:00.000000Z"}}));
}

TEST(Case, WhatTheLawDoesNotAllowNeverLeaves) {
    WithCase pair;
    const auto stopped = [&](casework::InformationRequest request) {
        const auto sent = pair.authority.node().send_request(kOfficer, request);
        return sent ? std::string("sent") : sent.error().field;
    };
    EXPECT_EQ(stopped(pair.request({"sale.buyer"})), "surplus_field");
    EXPECT_EQ(stopped(pair.request({"trader.contact"})), "already_held");
    auto elsewhere = pair.request({"sale.price"});
    elsewhere.scope.shop = "S-2";
    EXPECT_EQ(stopped(elsewhere), "scope");
    ASSERT_TRUE(pair.settle());
    EXPECT_EQ(pair.authority.count("blocked_request"), 3);
    EXPECT_EQ(pair.authority.count("request"), 0);
    EXPECT_EQ(pair.platform.count("message WHERE direction = 'received' AND type = 'request'"), 0);
}

TEST(Case, NothingHeldIsAnAnswerToo) {
    WithCase pair;
    auto request = pair.request({"offer.price"});
    const auto sent = pair.authority.node().send_request(kOfficer, request).value();
    ASSERT_TRUE(pair.settle());
    ASSERT_TRUE(pair.platform.node().answer_request(kClerk, sent.message.id.value));
    ASSERT_TRUE(pair.settle());
    EXPECT_EQ(pair.authority.count("request WHERE state = 'answered' AND answer_rows = 0"), 1);
}

}  // namespace
}  // namespace gongzhi::scenario
