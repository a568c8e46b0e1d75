// The page of a case follows what happened in it: what comes next, what is open on either side, the whole course in one line of
// time; a step that cannot be taken is no form.
#include "played.h"

namespace gongzhi::faces {
namespace {

class CaseCourse : public ::testing::Test {
protected:
    std::string see(const std::string& language = "en") {
        EXPECT_TRUE(all.settle());
        return officer.see(path, 200, language);
    }
    // Where the one button leads that is not secondary; "" where there is none.
    static std::string main_step(const std::string& page) {
        const std::string mark = "class=\"govuk-button\" href=\"";
        const size_t at = page.find(mark);
        if (at == std::string::npos) return {};
        EXPECT_EQ(page.find(mark, at + 1), std::string::npos) << "two main buttons";
        const size_t from = at + mark.size();
        return page.substr(from, page.find('"', from) - from);
    }
    void check_effect(const std::string& effective) {
        EXPECT_EQ(location(officer.submit(path + "/effect", {{"effective", effective}, {"statement", "looked"}})),
                  path + "?done=effect_checked");
    }
    void close(const std::string& outcome) {
        EXPECT_EQ(location(officer.submit(path + "/close", {{"outcome", outcome}, {"reason", "enough"}})),
                  path + "?done=closed");
    }
    MessageId order_a_second_time() {
        const auto ordered = all.authority.node().casework().send_order(
            kOfficer,
            {all.case_id, "order-to-act", "价格法第四十条", "again", {"stop_promotion"}, "stop it", "S-1", "L-1"});
        EXPECT_TRUE(ordered) << ordered.error().describe();
        EXPECT_TRUE(all.settle());
        return ordered->message.id;
    }
    MessageId first_order() {
        return MessageId{sql::text_of(
            all.authority.affairs("SELECT message_id FROM request WHERE kind = 'order' AND direction = 'sent'")
                .rows.at(0)
                .at(0))};
    }

    Played all;
    Browser officer{*all.console, kOfficer};
    std::string path = "/cases/" + all.case_id;
};

TEST_F(CaseCourse, WhatComesNextIsWhatHappenedBefore) {
    const std::string ordered = see();
    EXPECT_TRUE(has(ordered, "The order has left; the platform carries it out")) << ordered;
    EXPECT_EQ(main_step(ordered), "") << "one waits";
    ASSERT_TRUE(all.platform.node().casework().answer_order(kClerk, first_order().value, "done", "改了"));
    const std::string answered = see();
    EXPECT_TRUE(has(answered, "The platform has answered the order: done.")) << answered;
    EXPECT_EQ(main_step(answered), path + "/effect");
    check_effect("no");
    const std::string failed = see();
    EXPECT_EQ(main_step(failed), path + "/orders/new");
    EXPECT_TRUE(has(failed, "govuk-tag--orange\">No, it was not</strong>") &&
                has(failed, "Effect checked: No, it was not"));
    check_effect("yes");
    const std::string mended = see();
    EXPECT_EQ(main_step(mended), path + "/close");
    EXPECT_TRUE(has(mended, "govuk-tag--green\">Yes, it was put right</strong>"));
    EXPECT_TRUE(has(mended, "Effect checked: Yes, it was put right") && has(mended, "Effect checked: No, it was not"))
        << "each check stands with its own result";
    close("corrected");
    EXPECT_TRUE(has(see(), "There is nothing to do.") && has(see(), "Case closed: corrected"));
    EXPECT_EQ(main_step(see()), "");
}

TEST_F(CaseCourse, BeforeItIsFiledTheAnswerLeadsOn) {
    all.plant_finding("f-2", "L-2");
    ASSERT_TRUE(all.settle());
    const auto opened = all.authority.node().casework().open_case(kOfficer, "f-2");
    ASSERT_TRUE(opened) << opened.error().describe();
    path = "/cases/" + opened->case_id;
    EXPECT_EQ(main_step(see()), path + "/requests/new");
    const auto sent =
        all.authority.node().send_request(kOfficer, {opened->case_id,
                                                     "information-request",
                                                     "电子商务法第二十五条",
                                                     "why",
                                                     {"sale.price"},
                                                     {"S-1", "", civil_date(2026, 2, 1), civil_date(2026, 3, 31)}});
    ASSERT_TRUE(sent) << sent.error().describe();
    EXPECT_TRUE(has(see(), "The platform was asked for information and answers by"));
    ASSERT_TRUE(all.platform.node().answer_request(kClerk, sent->message.id.value));
    EXPECT_EQ(main_step(see()), path + "/file");
}

TEST_F(CaseCourse, OneLineOfTimeHoldsBothSides) {
    ASSERT_TRUE(all.platform.node().casework().answer_order(kClerk, first_order().value, "done", "改了"));
    order_a_second_time();
    const std::string page = see();
    for (const char* words :
         {"Case opened", "Information asked for: Sale “Price paid for one”",
          "The platform answered the request: answered, records: 2", "Case filed",
          "Order sent: correct the price display", "Order sent: stop the promotion", "The merchant objected",
          "价格属实", "Objection answered: not upheld", "证据充分", "The platform answered the order: done",
          "Look asked for: ", "Look approved: ", "Looked at, once: "})
        EXPECT_TRUE(has(page.substr(page.find("gz-timeline")), words)) << words << page;
    EXPECT_TRUE(has(see("zh-CN"), "发出指令：停止促销"));
}

TEST_F(CaseCourse, TheRuleAndTheShopsOwnRecordAreOneLinkAway) {
    for (const std::string& page : {see(), officer.see("/findings/f-1")}) {
        EXPECT_TRUE(has(page, "href=\"/rules/price-reference\"")) << page;
        EXPECT_TRUE(has(page, "href=\"/records/trader/T-1\"") && has(page, "T-1 (改名店)")) << page;
    }
}

TEST_F(CaseCourse, WhatIsDueCanBeToldApart) {
    order_a_second_time();
    const std::string page = see();
    EXPECT_TRUE(has(page, "Order to act: correct the price display (shop S-1, listing L-1)")) << page;
    EXPECT_TRUE(has(page, "Order to act: stop the promotion (shop S-1, listing L-1)"));
    EXPECT_TRUE(has(see("zh-CN"), "责令改正：停止促销（网店 S-1、商品 L-1）"));
}

TEST_F(CaseCourse, ClosingSaysWhatItLeavesOpen) {
    const std::string form = officer.see(path + "/close");
    EXPECT_TRUE(has(form, "Still open in this case: ") && has(form, "Order to act: correct the price display")) << form;
    close("penalised");
    const std::string closed = see();
    EXPECT_TRUE(has(closed, "the platform still owes an answer to “Order to act: correct the price display")) << closed;
    EXPECT_FALSE(has(closed, "There is nothing to do."));
}

TEST_F(CaseCourse, AnObjectionOutlivesTheCase) {
    const auto objected =
        all.platform.node().casework().object(kClerk, {order_a_second_time().value, "platform", "not ours"});
    ASSERT_TRUE(objected) << objected.error().describe();
    const std::string answer = "/objections/" + objected->id.value + "/answer";
    EXPECT_EQ(main_step(see()), answer) << "who is asked answers first";
    EXPECT_TRUE(has(officer.see(path + "/close"), "our answer to the objection to “Order to act: stop the promotion"));
    close("penalised");
    const std::string closed = see();
    EXPECT_TRUE(has(closed, "an objection still waits for our answer")) << closed;
    EXPECT_EQ(main_step(closed), answer);
    EXPECT_EQ(location(officer.submit(answer, {{"outcome", "rejected"}, {"reasons", "read again"}})),
              path + "?done=objection_answered");
    EXPECT_FALSE(has(officer.see(answer), "name=\"outcome\"")) << "answered once";
}

TEST_F(CaseCourse, AStepThatCannotBeTakenIsNoForm) {
    const auto no_form = [&](const std::string& step, const char* why, const char* why_in_chinese) {
        const std::string page = officer.see(path + step);
        EXPECT_TRUE(has(page, why) && has(page, "href=\"" + path + "\"")) << step << page;
        EXPECT_FALSE(has(page, "name=\"once\"")) << step << " has a form";
        const std::string chinese = officer.see(path + step, 200, "zh-CN");
        EXPECT_TRUE(has(chinese, why_in_chinese) && !has(chinese, why)) << step << chinese;
    };
    no_form("/file", "the case is filed already", "案件已经立案");
    close("penalised");
    for (const char* step : {"/file", "/move", "/effect", "/close", "/orders/new", "/requests/new", "/reveals/new"})
        no_form(step, "the case is closed", "案件已经办结");
    all.plant_finding("f-2", "L-2");
    ASSERT_TRUE(all.settle());
    path = "/cases/" + all.authority.node().casework().open_case(kOfficer, "f-2").value().case_id;
    ASSERT_TRUE(all.settle());
    no_form("/orders/new", "an order needs a filed case", "责令改正要先立案");
    no_form("/effect", "no order was sent whose effect could be checked", "没有效果可以核查");
}

}  // namespace
}  // namespace gongzhi::faces
