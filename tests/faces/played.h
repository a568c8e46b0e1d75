// Two nodes between which a whole case was played, and browsers at both: a province with two cities; a case in one of them
// with every kind of step.
#pragma once

#include "../scenario/plant_finding.h"
#include "browser.h"

namespace gongzhi::faces {

using scenario::kAdministrator, scenario::kClerk, scenario::kOfficer;

inline const access::Actor kSecond{"token:second", access::Role::officer};
inline const access::Actor kCity{"token:city", access::Role::officer, "fz"};
inline const access::Actor kOtherCity{"token:other", access::Role::officer, "xm"};

struct Played : scenario::Pair {
    std::string case_id;
    std::optional<Client> console, desk;

    Played() {
        console.emplace(authority.node()), desk.emplace(platform.node());
        define_units();
        submit_traders();
        plant_finding();
        play_case();
    }

    // One number from the authority's affairs, once both sides have nothing left to do.
    int64_t count(std::string_view sql) {
        EXPECT_TRUE(settle());
        return sql::integer_of(authority.affairs(sql).rows.at(0).at(0));
    }

    void define_units() {
        auto& node = authority.node();
        for (const access::Unit& unit : {access::Unit{"fj", "", "990000", "province", "示例省局", "Sample Province"},
                                         access::Unit{"fz", "fj", "990100", "city", "甲市局", "City A"},
                                         access::Unit{"xm", "fj", "990200", "city", "乙市局", "City B"}})
            EXPECT_TRUE(node.units().define(kAdministrator, unit, node.ledger(), node.claims(), node.clock()));
    }
    // Twice, so that the record has two versions.
    void submit_traders() {
        for (const char* shop_name : {"示例店", "改名店"}) {
            Json line = parse_json(scenario::trader_line("T-1")).value();
            line["shop_name"] = shop_name;
            line["region"] = "990101";
            intake::SubmissionRequest submission = scenario::submission("trader", line.dump() + "\n");
            submission.corrects = true;
            const auto taken = platform.node().intake().submit(kClerk, submission);
            ASSERT_TRUE(taken) << taken.error().describe();
            EXPECT_TRUE(platform.node().submit_onward(kClerk, taken->index, authority.id()));
        }
        EXPECT_TRUE(platform.node().intake().submit(
            kClerk, scenario::submission("sale", scenario::sale_line("A-1") + scenario::sale_line("A-2"))));
        EXPECT_TRUE(settle());
    }
    void plant_finding(const std::string& id = "f-1", const std::string& subject = "L-1") {
        scenario::plant_finding(authority.node(), id, subject, "990101");
    }
    void play_case() {
        const auto opened = authority.node().casework().open_case(kOfficer, "f-1");
        ASSERT_TRUE(opened) << opened.error().describe();
        case_id = opened->case_id;
        ask_for({"sale.buyer"});  // stopped by the gate
        const auto sent = ask_for({"sale.price"});
        ASSERT_TRUE(sent) << sent.error().describe();
        ASSERT_TRUE(settle());
        EXPECT_TRUE(platform.node().answer_request(kClerk, sent->message.id.value));
        EXPECT_TRUE(authority.node().casework().file_case(kOfficer, {case_id}, "grounds <b>"));
        order_and_object();
        reveal();
        EXPECT_TRUE(settle());
    }
    Result<casework::Casework::Requested> ask_for(std::vector<std::string> fields) {
        return authority.node().send_request(kOfficer, {case_id,
                                                        "information-request",
                                                        "电子商务法第二十五条",
                                                        "核实价格",
                                                        std::move(fields),
                                                        {"S-1", "", civil_date(2026, 2, 1), civil_date(2026, 3, 31)}});
    }
    void order_and_object() {
        const auto ordered = authority.node().casework().send_order(
            kOfficer,
            {case_id, "order-to-act", "价格法第四十条", "改正", {"correct_price_display"}, "按规定标价", "S-1", "L-1"});
        ASSERT_TRUE(ordered) << ordered.error().describe();
        ASSERT_TRUE(settle());
        const auto objected =
            platform.node().casework().object(kClerk, {ordered->message.id.value, "merchant", "价格属实"});
        ASSERT_TRUE(objected) << objected.error().describe();
        ASSERT_TRUE(settle());
        EXPECT_TRUE(authority.node().casework().answer_objection(kOfficer, objected->id.value, "rejected", "证据充分"));
    }
    void reveal() {
        auto& node = authority.node();
        const auto asked =
            node.request_reveal(kOfficer, {case_id, "trader", "T-1", "contact", "notify_party", "送达通知"});
        ASSERT_TRUE(asked) << asked.error().describe();
        EXPECT_FALSE(node.reveals().look(kOfficer, *asked));
        EXPECT_TRUE(node.reveals().decide(kSecond, *asked, true, ""));
        EXPECT_TRUE(node.reveals().look(kOfficer, *asked));
        EXPECT_TRUE(node.request_reveal(kOfficer, {case_id, "trader", "T-1", "address", "notify_party", "再次送达"}));
    }

    // The page's text; none of them may show a protected value.
    std::string see(Client& client, const access::Actor& actor, const std::string& path, int status = 200,
                    const std::string& language = "en") {
        const std::string mark = path.find('?') == std::string::npos ? "?" : "&";
        const http::Response response =
            client.visit("GET", path + mark + "lang=" + language, "", client.session_of(actor), language);
        EXPECT_EQ(response.status, status) << path;
        EXPECT_EQ(response.body.find("contact-of-"), std::string::npos) << path;
        return response.body;
    }
};

}  // namespace gongzhi::faces
