// The platform's desk, by its forms alone: what a clerk reads, fills in and sends, and what arrives at the authority.
#include "../scenario/plant_finding.h"
#include "browser.h"

namespace gongzhi::faces {
namespace {

using scenario::kAdministrator, scenario::kClerk, scenario::kEngineer, scenario::kOfficer;

struct Desk : scenario::Pair {
    Client console{authority.node()}, desk{platform.node()};
    Browser clerk{desk, kClerk}, engineer{desk, kEngineer}, officer{console, kOfficer};

    // A case at the authority, as supervision::RuleDesk records its finding.
    std::string open_case() {
        auto& node = authority.node();
        EXPECT_TRUE(node.units().define(kAdministrator, {"fj", "", "990000", "province", "示例省局", "Sample Province"},
                                        node.ledger(), node.claims(), node.clock()));
        scenario::plant_finding(node, "f-1", "L-1", "990101");
        const auto opened = node.casework().open_case(kOfficer, "f-1");
        EXPECT_TRUE(opened) << opened.error().describe();
        return opened ? opened->case_id : std::string();
    }
    casework::InformationRequest request(const std::string& case_id, std::vector<std::string> fields) {
        return {case_id,    "information-request", "电子商务法第二十五条",
                "核实价格", std::move(fields),     {"S-1", "", civil_date(2026, 2, 1), civil_date(2026, 3, 31)}};
    }
    void take_sales() {
        EXPECT_TRUE(platform.node().intake().submit(
            kClerk, scenario::submission("sale", scenario::sale_line("A-1") + scenario::sale_line("A-2"))));
        EXPECT_TRUE(settle());
    }
    Json answer_of(const std::string& request_id) {
        const sql::Table rows = authority.affairs(
            "SELECT state, outcome, answer_rows FROM request WHERE direction = 'sent' AND message_id = $1",
            {request_id});
        if (rows.rows.empty()) return {};
        return {{"state", sql::text_of(rows.rows[0][0])},
                {"outcome", sql::is_null(rows.rows[0][1]) ? "" : sql::text_of(rows.rows[0][1])}};
    }
};

TEST(DeskForms, ARequestIsReadAndAnsweredByPage) {
    Desk all;
    all.take_sales();
    const std::string case_id = all.open_case();
    const auto sent =
        all.authority.node().send_request(kOfficer, all.request(case_id, {"sale.price", "sale.sale_time"}));
    ASSERT_TRUE(sent) << sent.error().describe();
    ASSERT_TRUE(all.settle());
    const std::string id = sent->message.id.value, path = "/requests/" + id;
    for (const char* words : {"Waiting for our answer: 1", "Information request", "days left"})
        EXPECT_TRUE(has(all.clerk.see("/requests"), words)) << words;
    EXPECT_TRUE(has(all.clerk.see("/due"), "Answer: Information request"));
    const std::string page = all.clerk.see(path);
    for (const char* words :
         {"电子商务法第二十五条", "核实价格", "shop S-1", "Price", "1 February 2026", "This node checked it"})
        EXPECT_TRUE(has(page, words)) << words;
    all.clerk.see(path, 200, "zh-CN");
    const std::string form = all.clerk.see(path + "/answer");
    for (const char* words : {"Records of ours in scope: 2", "12.50 CNY", "2 in all, first 2 shown"})
        EXPECT_TRUE(has(form, words)) << words;
    EXPECT_TRUE(has(all.clerk.send(path + "/answer", {{"fields", "sale.price"}}, 422), "Fields were left out"));
    const std::string opened_before = all.clerk.see(path + "/answer");
    EXPECT_EQ(all.clerk.send(path + "/answer", {{"fields", "sale.price"}, {"fields", "sale.sale_time"}}),
              path + "?done=request_answered");
    ASSERT_TRUE(all.settle());
    EXPECT_EQ(all.answer_of(id), (Json{{"state", "answered"}, {"outcome", "answered"}}));
    EXPECT_TRUE(has(all.clerk.see(path), "Records given"));
    const http::Response receipt = all.clerk.get("/receipts/" + id);
    EXPECT_TRUE(all.platform.verify(receipt.body)) << receipt.body;
    // Another answer is too late, and there is no form for one any more: what was said, and the way back.
    const http::Response late = all.clerk.submit_from(opened_before, path + "/answer",
                                                      {{"fields", "sale.price"}, {"fields", "sale.sale_time"}});
    EXPECT_EQ(late.status, 409);
    for (const std::string& each : {late.body, all.clerk.see(path + "/answer")}) {
        EXPECT_TRUE(has(each, "Answered already") && has(each, "Records given") && has(each, "href=\"" + path + "\""));
        EXPECT_FALSE(has(each, "name=\"fields\""));
    }
    EXPECT_TRUE(has(late.body, "Not done"));
    all.clerk.see(path + "/answer", 200, "zh-CN");
}

// What the authority's own gate would have stopped is told to the clerk, who may leave it out.
TEST(DeskForms, AnUnlawfulRequestIsSeenForWhatItIs) {
    Desk all;
    all.take_sales();
    ledger::OutgoingMessage message;
    message.to = all.platform.id();
    message.type = "request";
    message.deadline = UtcTime(all.clock.clock->now().value + kMicrosPerDay);
    casework::InformationRequest request = all.request("", {"sale.price", "sale.buyer"});
    request.basis.clear();
    message.body = canonical_json(request.to_json());
    const auto sent = all.authority.node().outbox().send(std::move(message));
    ASSERT_TRUE(sent) << sent.error().describe();
    ASSERT_TRUE(all.settle());
    const std::string path = "/requests/" + sent->id.value;
    const std::string page = all.clerk.see(path);
    for (const char* words :
         {"No legal basis is named", "sale.buyer", "outside the standard set", "period given is shorter"})
        EXPECT_TRUE(has(page, words)) << words;
    const std::string form = all.clerk.see(path + "/answer");
    EXPECT_TRUE(has(form, "it may be left out"));
    EXPECT_FALSE(has(form, "buyer-of-"));
    EXPECT_EQ(all.clerk.send(path + "/answer", {{"fields", "sale.price"}, {"statement", "买家信息不在标准字段之内"}}),
              path + "?done=request_answered");
    ASSERT_TRUE(all.settle());
    EXPECT_EQ(all.answer_of(sent->id.value)["outcome"], "partly_answered");
    EXPECT_TRUE(has(all.clerk.see(path), "买家信息不在标准字段之内"));
}

TEST(DeskForms, AnOrderIsObjectedToAndAnswered) {
    Desk all;
    const std::string case_id = all.open_case();
    auto& authority = all.authority.node();
    ASSERT_TRUE(authority.casework().file_case(kOfficer, {case_id}, "grounds"));
    const auto sent = authority.casework().send_order(
        kOfficer,
        {case_id, "order-to-act", "价格法第四十条", "改正", {"correct_price_display"}, "按规定标价", "S-1", "L-1"});
    ASSERT_TRUE(sent) << sent.error().describe();
    ASSERT_TRUE(all.settle());
    const std::string id = sent->message.id.value, path = "/requests/" + id;
    EXPECT_TRUE(has(all.clerk.see(path), "correct the price display"));
    EXPECT_TRUE(has(all.clerk.see(path + "/objection"), "Last moment to object"));
    EXPECT_TRUE(has(all.clerk.send(path + "/objection", {{"by", "merchant"}}, 422), "Write the grounds"));
    EXPECT_EQ(all.clerk.send(path + "/objection", {{"by", "merchant"}, {"grounds", "价格属实"}}),
              path + "?done=objected");
    ASSERT_TRUE(all.settle());
    EXPECT_TRUE(has(all.clerk.see(path), "The objection waits for its answer (by "));
    EXPECT_TRUE(has(all.clerk.see(path, 200, "zh-CN"), "指令仍须执行"));
    EXPECT_EQ(all.authority.count("objection WHERE grounds = '价格属实' AND raised_by = 'merchant'"), 1);
    EXPECT_TRUE(has(all.clerk.see("/due"), "The answer to our objection"));
    const auto objection = all.authority.affairs("SELECT objection_id FROM objection", {});
    ASSERT_TRUE(
        authority.casework().answer_objection(kOfficer, sql::text_of(objection.rows[0][0]), "rejected", "证据充分"));
    ASSERT_TRUE(all.settle());
    EXPECT_TRUE(has(all.clerk.see(path), "carry the order out and answer"));
    EXPECT_TRUE(has(all.clerk.see(path, 200, "zh-CN"), "可以依法申请行政复议或者提起行政诉讼"));
    EXPECT_TRUE(has(all.clerk.send(path + "/answer", {{"outcome", "done"}}, 422), "Write how it was done"));
    EXPECT_EQ(all.clerk.send(path + "/answer", {{"outcome", "done"}, {"statement", "已改"}}),
              path + "?done=order_answered");
    ASSERT_TRUE(all.settle());
    EXPECT_EQ(all.answer_of(id), (Json{{"state", "answered"}, {"outcome", "done"}}));
    EXPECT_TRUE(has(all.clerk.see(path), "The order is answered; the objection was not upheld"));
    EXPECT_FALSE(has(all.clerk.see(path + "/answer"), "name=\"outcome\""));
    for (const char* language : {"en", "zh-CN"})
        for (const std::string& each : {path, std::string("/requests"), std::string("/due")})
            all.clerk.see(each, 200, language);
}

TEST(DeskForms, ARuleIsReadByAllAndAcceptedByAnEngineer) {
    Desk all;
    all.take_sales();
    const auto sent = all.authority.node().rules().send_rule(kOfficer, all.platform.id(), "price-reference");
    ASSERT_TRUE(sent) << sent.error().describe();
    ASSERT_TRUE(all.settle());
    const std::string path = "/rule-bundles/" + sent->id.value;
    EXPECT_TRUE(has(all.clerk.see("/rule-bundles"), "Waiting for us: 1"));
    EXPECT_TRUE(has(all.clerk.see("/due"), "Accept a rule or not"));
    const std::string page = all.clerk.see(path);
    for (const char* words :
         {"PRC-REF", "Only an engineer", "Time of sale", "What leaves if it finds something", "Test cases"})
        EXPECT_TRUE(has(page, words)) << words;
    EXPECT_FALSE(has(page, path + "/accept"));
    EXPECT_EQ(all.clerk.get(path + "/accept").status, 403);
    EXPECT_TRUE(has(all.engineer.see(path, 200, "zh-CN"), path + "/accept"));
    EXPECT_TRUE(has(all.engineer.send(path + "/accept", {}, 422), "Read what the rule does"));
    EXPECT_EQ(all.engineer.send(path + "/accept", {{"read", "yes"}}), path + "?done=rule_accepted");
    ASSERT_TRUE(all.settle());
    EXPECT_TRUE(has(all.clerk.see(path), "Findings reported to the authority: 0"));
    EXPECT_TRUE(has(all.engineer.send(path + "/accept", {{"read", "yes"}}, 422), "has run already"));
}

// What is due stands first, then what is read first.
TEST(DeskForms, KindsToSubmitAreInTheOrderOfTheReader) {
    Desk all;
    const auto expect_order = [&](const char* language, const std::vector<std::string>& titles) {
        const std::string page = all.clerk.see("/submit", 200, language);
        size_t last = page.find("id=\"types\"");
        for (const std::string& title : titles) {
            const size_t at = page.find(">" + title + "</a>", last);
            EXPECT_NE(at, std::string::npos) << title << " is not below what stands before it";
            if (at != std::string::npos) last = at;
        }
    };
    expect_order("en", {"Offer", "Sale"});
    expect_order("zh-CN", {"报价", "成交"});
    ASSERT_TRUE(
        all.platform.node().intake().submit(kClerk, scenario::submission("trader", scenario::trader_line("T-1"))));
    ASSERT_TRUE(all.settle());
    expect_order("en", {"Trader", "Offer", "Sale"});
    expect_order("zh-CN", {"经营主体", "报价", "成交"});
}

Fields trader_fields() {
    return {{"field_trader_id", "T-1"},
            {"field_kind", "registered"},
            {"field_name", "示例公司"},
            {"field_credit_code", "91350100M000100Y43"},
            {"field_address", "某路1号"},
            {"field_contact", "contact-of-T-1"},
            {"field_shop", "S-1"},
            {"field_shop_name", "示例店"},
            {"field_url", "https://shop.example/1"}};
}

TEST(DeskForms, OneRecordIsMendedAndSentOn) {
    Desk all;
    for (const char* language : {"en", "zh-CN"}) {
        all.clerk.see("/submit", 200, language);
        for (const char* type : {"trader", "offer", "sale", "coverage", "clue", "privacy_notice"})
            all.clerk.see(fmt::format("/submit/{}", type), 200, language);
    }
    all.clerk.see("/submit/registry", 404);
    Fields wrong = trader_fields();
    wrong[3].second = "91350100M000100Y44";
    wrong[8].second = "";
    const std::string path = "/submit/trader";
    const http::Response again = all.clerk.submit(path, wrong);
    EXPECT_EQ(again.status, 422);
    for (const char* words : {"The check digit does not fit", "This field is required", "value=\"91350100M000100Y44\"",
                              "href=\"#field_credit_code\"", "href=\"#field_url\""})
        EXPECT_TRUE(has(again.body, words)) << words;
    EXPECT_EQ(all.platform.count_records("store.trader"), 0);
    const std::string done = all.clerk.send(path, trader_fields());
    ASSERT_TRUE(done.starts_with("/submissions/")) << done;
    const std::string submission = done.substr(0, done.find('?'));
    const std::string page = all.clerk.see(submission);
    EXPECT_TRUE(has(page, "href=\"/records/trader/T-1\"") && has(page, "not sent yet"));
    EXPECT_TRUE(has(all.clerk.see("/due"), "Send on to the authority: Trader"));
    EXPECT_TRUE(all.platform.verify(all.clerk.get("/receipts/" + submission.substr(13)).body));
    EXPECT_TRUE(all.clerk.send(submission + "/onward", {}).ends_with("?done=onward"));
    ASSERT_TRUE(all.settle());
    EXPECT_EQ(all.authority.count_records("store.trader"), 1);
    EXPECT_TRUE(has(all.clerk.see(submission), "sent 2 March 2026"));
    EXPECT_FALSE(has(all.clerk.see("/due"), "Send on to the authority"));
    EXPECT_TRUE(has(all.clerk.send(submission + "/onward", {}, 422), "was sent already"));
    // Other content under the same number is a correction, and has to be called one.
    Fields other = trader_fields();
    other[7].second = "改名店";
    EXPECT_TRUE(has(all.clerk.send(path, other, 422), "corrects"));
    other.emplace_back("corrects", "yes");
    EXPECT_TRUE(has(all.clerk.send(path, other), "/submissions/"));
    EXPECT_EQ(all.platform.count_records("store.trader WHERE version = 2"), 1);
}

const std::string kSales =
    "网店编号,listing,sale_id,sale_time,quantity,price_amount,price_currency\r\n"
    "S-1,L-1,A-1,2026-03-01T08:00:00+08:00,1,12.50,CNY\r\n"
    "S-1,L-1,A-2,2026-03-01T08:00:00+08:00,many,12.50,CNY\r\n"
    "S-1,L-1,A-3,2026-03-01T08:00:00+08:00,1,\"12,50\",CNY\r\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

TEST(DeskForms, AFileIsLookedAtMendedAndSubmitted) {
    Desk all;
    const std::string path = "/submit/sale/file";
    EXPECT_TRUE(has(all.clerk.see(path), "enctype=\"multipart/form-data\""));
    EXPECT_TRUE(has(all.clerk.send(path, {}, 422), "Choose a file"));
    EXPECT_TRUE(has(all.clerk.send(path, {{"pasted", kSales + "S-1,\"L-1"}}, 422), "cannot be read"));
    const std::string checked = all.clerk.upload(path, {{"upload", kSales}, {"pasted", ""}});
    ASSERT_TRUE(checked.starts_with(path + "/")) << checked;
    const std::string page = all.clerk.see(checked);
    for (const char* words :
         {"Some lines are good", "Quantity: Wrong kind of value", "decimal number", "Submit the good lines"})
        EXPECT_TRUE(has(page, words)) << words;
    EXPECT_EQ(all.platform.count_records("store.sale"), 0) << "looking stores nothing";
    EXPECT_TRUE(has(all.engineer.see(checked), "The file is gone")) << "it is the clerk's alone";
    const std::string refused = all.clerk.get(checked + "/refused.csv?lang=en").body;
    EXPECT_TRUE(has(refused, "\"Reason for refusal\"") && has(refused, "\"A-2\"") && !has(refused, "\"A-1\""))
        << refused;
    EXPECT_TRUE(has(all.clerk.send(checked, {{"how", "strict"}}, 422), "Nothing was stored"));
    EXPECT_TRUE(has(all.clerk.send(checked, {}, 422), "Choose what to do"));
    EXPECT_TRUE(all.clerk.send(checked, {{"how", "lenient"}}).starts_with("/submissions/"));
    EXPECT_EQ(all.platform.count_records("store.sale"), 1);
    EXPECT_TRUE(has(all.clerk.see(checked), "The file is gone")) << "submitted, it is no longer held";
    // The mended file comes back with its column of reasons, and nothing but its lines.
    const std::string mended = replaced(replaced(refused, "\"many\"", "\"2\""), "12,50", "12.50");
    const std::string second = all.clerk.send(path, {{"pasted", mended}});
    EXPECT_TRUE(has(all.clerk.see(second, 200, "zh-CN"), "每一行都没有问题"));
    EXPECT_TRUE(all.clerk.send(second, {}).starts_with("/submissions/"));
    ASSERT_TRUE(all.settle());
    EXPECT_EQ(all.platform.count_records("store.sale"), 3);
    const std::string third = all.clerk.send(path, {{"pasted", scenario::sale_line("A-9") + "{\"no\n"}});
    const std::string lines = all.clerk.get(third + "/refused.csv?lang=en").body;
    EXPECT_TRUE(has(lines, "\"{\"\"no\"")) << lines;
}

TEST(DeskForms, TradersAreCheckedAtOnce) {
    Desk all;
    const std::string entry =
        R"({"credit_code":"91350100M000100Y43","name":"示例公司","status":"valid","valid_from_date":"2020-01-01"})";
    ASSERT_TRUE(all.authority.node().intake().submit(kClerk, scenario::submission("registry", entry + "\n")));
    ASSERT_TRUE(all.settle());
    EXPECT_TRUE(has(all.clerk.send("/checks/new", {{"code", "91350100M000100Y43"}}, 422), "Fill in the name"));
    EXPECT_TRUE(has(all.clerk.send("/checks/new", {{"list", "one\n"}}, 422), "Line 1 is no code and name"));
    EXPECT_TRUE(has(all.clerk.send("/checks/new", {}, 422), "Fill in one trader"));
    // What cannot be a code does not leave.
    for (const auto& [code, words] :
         {std::pair("123", "A code has 18 characters; you gave 3."), std::pair("91350100M000100Y4", "you gave 17"),
          std::pair("91350100M000100Y44", "The last character of the code does not fit"),
          std::pair("91350100M00010-Y43", "digits and capital letters only")})
        EXPECT_TRUE(has(all.clerk.send("/checks/new", {{"code", code}, {"name", "示例公司"}}, 422), words)) << code;
    EXPECT_TRUE(has(all.clerk.send("/checks/new", {{"list", "91350100M000100Y43 a\n123 b\n"}}, 422),
                    "Line 2: A code has 18 characters; you gave 3."));
    EXPECT_EQ(all.platform.count("identity_check"), 0);
    const std::string check = all.clerk.send(
        "/checks/new", {{"code", "91350100M000100Y43"},
                        {"name", "示例公司"},
                        {"list", "91350100M000100Y43，另一家公司\r\n91350100M000100Y56 第三家公司\r\n"}});
    ASSERT_TRUE(check.starts_with("/checks/")) << check;
    const std::string page = all.clerk.see(check);
    for (const char* words : {"Name differs", "Unknown", "Valid", "第三家公司", "You may submit it"})
        EXPECT_TRUE(has(page, words)) << words;
    all.clerk.see(check, 200, "zh-CN");
    const std::string list = all.clerk.see("/checks");
    EXPECT_TRUE(has(list, "href=\"" + check + "\"") && has(list, "No time limit, but do it before you submit."));
    EXPECT_FALSE(has(list, "programming interface"));
    // Small letters and full-width forms are the same code.
    EXPECT_TRUE(all.clerk.send("/checks/new", {{"code", "９１３５０100m000100y43"}, {"name", "示例公司"}})
                    .starts_with("/checks/"));
}

TEST(DeskForms, ACommentStandsBesideTheFigure) {
    Desk all;
    const std::string figures = all.clerk.see("/figures");
    EXPECT_TRUE(has(figures, "The authority’s figure counts") && has(figures, "needs the authority’s own records"));
    all.clerk.see("/figures", 200, "zh-CN");
    all.clerk.see("/comments/new?about=metric:none", 404);
    const std::string path = "/comments/new?about=metric:submissions-on-time";
    EXPECT_TRUE(has(all.clerk.send(path, {{"words", "<b>x</b>"}}, 422), "no HTML tags"));
    EXPECT_TRUE(has(all.clerk.send(path, {{"words", std::string(4'001, 'x')}}, 422), "at most 4000"));
    EXPECT_EQ(all.clerk.send(path, {{"words", "一月的报送已按时发出"}}), "/figures?done=commented");
    ASSERT_TRUE(all.settle());
    EXPECT_TRUE(has(all.clerk.see("/figures"), "一月的报送已按时发出"));
    EXPECT_EQ(all.authority.count("comment WHERE direction = 'received' AND party = 'platform-y'"), 1);
    EXPECT_TRUE(has(all.officer.see("/scorecard"), "一月的报送已按时发出"));
    for (int i = 1; i < accountability::kCommentsADay; ++i)
        EXPECT_TRUE(all.platform.node().comments().say(kClerk, all.authority.id(), {"rule", "price-reference", "x"}));
    EXPECT_TRUE(has(all.clerk.send(path, {{"words", "one too many"}}, 422), "the most in a day"));
    const auto officer = all.platform.node().comments().say(kOfficer, all.authority.id(), {"metric", "m", "x"});
    EXPECT_EQ(officer.error().code, ErrorCode::forbidden);
    ASSERT_TRUE(all.settle());
    EXPECT_EQ(all.authority.count("comment"), accountability::kCommentsADay);
}

// A peer that keeps to no limit is recorded, and not heard more often for it.
TEST(DeskForms, APeersCommentsAreHeldToTheirLimits) {
    Desk all;
    const auto say = [&](const Json& body) {
        ledger::OutgoingMessage message;
        message.to = all.authority.id();
        message.type = "comment";
        message.body = canonical_json(body);
        EXPECT_TRUE(all.platform.node().outbox().send(std::move(message)));
    };
    for (int i = 0; i < accountability::kCommentsADay + 3; ++i)
        say({{"about_kind", "metric"}, {"about_id", "m"}, {"words", std::to_string(i)}});
    say({{"about_kind", "metric"}, {"about_id", "m"}, {"words", "<b>"}});
    ASSERT_TRUE(all.settle());
    EXPECT_EQ(all.authority.count("comment"), accountability::kCommentsADay);
    EXPECT_EQ(all.authority.count("failed_message"), 1);
}

TEST(DeskForms, AnEmptyDeskSaysWhyItIsEmpty) {
    Desk all;
    for (const auto& [path, words] :
         std::vector<std::pair<std::string, std::string>>{{"/due", "no submission is due"},
                                                          {"/requests", "No authority has sent"},
                                                          {"/rule-bundles", "No authority has sent a rule"},
                                                          {"/checks", "No check has been made"},
                                                          {"/figures", "We have not commented"},
                                                          {"/submit", "Nothing was taken into this node"}})
        EXPECT_TRUE(has(all.clerk.see(path), words)) << path;
    EXPECT_EQ(all.clerk.get("/").status, 303);
}

}  // namespace
}  // namespace gongzhi::faces
