// The stops of the walk, each by itself: power is bound, privacy, service back, figures that add up, a desk that leaves.
#include "accountability/cockpit.h"
#include "base/file.h"
#include "party.h"

namespace gongzhi::scenario {
namespace {

const access::Actor kSecond{"token:second", access::Role::officer};
const access::Actor kSystemActor{"system", access::Role::system};

// A province with two cities and four counties, at the authority.
void define_units(Party& authority) {
    const auto define = [&](const char* id, const char* parent, const char* region, const char* level) {
        auto& node = authority.node();
        const auto defined = node.units().define(kAdministrator, {id, parent, region, level, id, id}, node.ledger(),
                                                 node.claims(), node.clock());
        ASSERT_TRUE(defined) << defined.error().describe();
    };
    define("prov", "", "990000", "province");
    define("city-1", "prov", "990100", "city");
    define("city-2", "prov", "990200", "city");
    define("county-11", "city-1", "990101", "county");
    define("county-12", "city-1", "990102", "county");
    define("county-21", "city-2", "990201", "county");
    define("county-22", "city-2", "990202", "county");
}

// Puts a finding into the authority's ledger, as one that was proved.
std::string plant_finding(Party& authority, const std::string& id, const std::string& region,
                          const std::string& shop = "S-1") {
    auto& node = authority.node();
    ledger::Draft draft = ledger::trace_draft("finding",
                                              {{"finding", id},
                                               {"party", "platform-y"},
                                               {"shop", shop},
                                               {"region", region},
                                               {"subject", "L-1"},
                                               {"rule", "price-reference"},
                                               {"verdict", "suspect"},
                                               {"columns", Json::object()}},
                                              node.clock().now(), "system");
    draft.claims = {node.claims().repeatable("finding", {id}, id)};
    EXPECT_TRUE(node.ledger().append(std::move(draft)));
    return id;
}

casework::ActOrder order_for(const std::string& case_id) {
    return {case_id, "order-to-act", "价格法第四十条", "改正价格标示", {"correct_price_display"}, "请改正",
            "S-1",   "L-1"};
}

TEST(Walk, ACaseIsFiledOrderedObjectedCheckedClosed) {
    Pair pair;
    auto& casework = pair.authority.node().casework();
    const std::string id = casework.open_case(kOfficer, plant_finding(pair.authority, "f-1", ""))->case_id;
    ASSERT_TRUE(casework.file_case(kOfficer, {id, 1}, "核查属实"));
    const auto sent = casework.send_order(kOfficer, order_for(id));
    ASSERT_TRUE(sent) << sent.error().describe();
    ASSERT_TRUE(pair.settle());
    auto& desk = pair.platform.node().casework();
    const auto objected = desk.object(kClerk, {sent->message.id.value, "merchant", "页面已标明含义"});
    ASSERT_TRUE(objected) << objected.error().describe();
    EXPECT_EQ(desk.object(kClerk, {sent->message.id.value, "merchant", "x"}).error().code, ErrorCode::conflict);
    ASSERT_TRUE(pair.settle());
    EXPECT_EQ(pair.authority.count("objection WHERE state = 'open' AND due_time IS NOT NULL AND NOT late"), 1);
    ASSERT_TRUE(casework.answer_objection(kOfficer, objected->id.value, "rejected", "截图显示未标明"));
    ASSERT_TRUE(desk.answer_order(kClerk, sent->message.id.value, "done", "已改正"));
    ASSERT_TRUE(pair.settle());
    EXPECT_EQ(pair.platform.count("objection WHERE state = 'answered' AND outcome = 'rejected'"), 1);
    EXPECT_EQ(pair.authority.count("request WHERE kind = 'order' AND state = 'answered' AND outcome = 'done'"), 1);
    ASSERT_TRUE(casework.check_effect(kOfficer, {id, 3}, true, "再次运行规则未见疑点"));
    ASSERT_TRUE(casework.close_case(kOfficer, {id, 4}, "corrected", "已改正"));
    ASSERT_TRUE(pair.settle());
    EXPECT_EQ(pair.authority.count("supervision_case WHERE state = 'closed' AND effective AND seq = 5"), 1);
    EXPECT_EQ(pair.authority.count("case_step"), 5);
    const auto before = pair.authority.node().table_digests().value();
    pair.authority.stop();
    ASSERT_TRUE(node::Node::drop_tables(pair.authority.folder()));
    pair.authority.start();
    ASSERT_TRUE(pair.settle());
    EXPECT_EQ(pair.authority.node().table_digests().value(), before) << "made again from the journal";
}

TEST(Walk, AnObjectionThatIsUpheldWithdrawsTheOrder) {
    Pair pair;
    auto& casework = pair.authority.node().casework();
    const std::string id = casework.open_case(kOfficer, plant_finding(pair.authority, "f-1", ""))->case_id;
    ASSERT_TRUE(casework.file_case(kOfficer, {id, 1}, "x"));
    const auto sent = casework.send_order(kOfficer, order_for(id));
    ASSERT_TRUE(sent && pair.settle());
    const auto objected =
        pair.platform.node().casework().object(kClerk, {sent->message.id.value, "platform", "并非本平台的商品"});
    ASSERT_TRUE(objected && pair.settle());
    ASSERT_TRUE(casework.answer_objection(kOfficer, objected->id.value, "upheld", "确非该平台商品"));
    ASSERT_TRUE(pair.settle());
    for (Party* party : {&pair.authority, &pair.platform})
        EXPECT_EQ(party->count("request WHERE kind = 'order' AND state = 'withdrawn'"), 1);
}

TEST(Walk, AnotherCountysCaseIsNotThere) {
    SharedClock clock;
    Party authority("authority-x", exchange::PartyRole::authority, clock);
    define_units(authority);
    auto& casework = authority.node().casework();
    const std::string id = casework.open_case(kOfficer, plant_finding(authority, "f-1", "990101"))->case_id;
    EXPECT_EQ(casework.load_case(id)->unit, "county-11") << "the unit responsible for the region";
    const access::Actor city{"user:city", access::Role::officer, "city-1", access::Reach::subtree},
        neighbour{"user:neighbour", access::Role::officer, "county-12", access::Reach::unit};
    const auto refused = casework.file_case(neighbour, {id, 1}, "x");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::not_found);
    EXPECT_EQ(refused.error().message, casework.load_case("no-such-case").error().message);
    EXPECT_TRUE(access::out_of_reach(refused.error()));
    EXPECT_EQ(casework.move_case(city, {id, 1}, "prov", "x").error().code, ErrorCode::rejected)
        << "one level at a time";
    ASSERT_TRUE(casework.move_case(city, {id, 1}, "city-1", "上报"));
    EXPECT_EQ(casework.load_case(id)->unit, "city-1");
    ASSERT_TRUE(casework.move_case(city, {id, 2}, "county-12", "交办"));
    EXPECT_TRUE(casework.file_case(neighbour, {id, 3}, "核查属实"));
}

TEST(Walk, FiguresAddUpLevelByLevel) {
    SharedClock clock;
    Party authority("authority-x", exchange::PartyRole::authority, clock);
    define_units(authority);
    auto& node = authority.node();
    const char* regions[] = {"990101", "990101", "990102", "990201", "990202", "990202", "990100", ""};
    int n = 0;
    for (const char* region : regions) {
        const std::string finding = plant_finding(authority, fmt::format("f-{}", n), region);
        if (n % 2 == 0) {
            const std::string id = node.casework().open_case(kOfficer, finding)->case_id;
            ASSERT_TRUE(node.casework().file_case(kOfficer, {id, 1}, "x"));
        } else {
            ASSERT_TRUE(supervision::review_finding(kOfficer, {finding, n % 3 == 0, "x"}, node.units(), node.ledger(),
                                                    node.claims(), node.clock()));
        }
        ++n;
    }
    ASSERT_TRUE(authority.settle());
    const auto connection = node.affairs().value();
    int checked = 0;
    for (const access::Unit& unit : node.units().all()) {
        const auto view = accountability::cockpit(unit.id, node.clock().now(), node.units(), *connection);
        ASSERT_TRUE(view) << view.error().describe();
        if (view->rows.empty()) continue;
        accountability::Figures sum{};
        for (const auto& row : view->rows)
            for (size_t i = 0; i < sum.size(); ++i) sum[i] += row.figures[i];
        EXPECT_EQ(sum, view->total.figures) << unit.id;
        ++checked;
    }
    EXPECT_EQ(checked, 3) << "the province and its two cities have rows";
    const auto province = accountability::cockpit("prov", node.clock().now(), node.units(), *connection).value();
    EXPECT_EQ(province.total.figures[0], 8) << "found";
    EXPECT_EQ(province.rows.size(), 3u) << "two cities, and what nobody could place";
    EXPECT_FALSE(accountability::cockpit("nowhere", node.clock().now(), node.units(), *connection));
}

struct TraderAtBoth : Pair {
    std::string case_id;
    TraderAtBoth() {
        const auto traders = platform.node().intake().submit(kClerk, submission("trader", trader_line("T-1")));
        EXPECT_TRUE(traders && traders->stored());
        EXPECT_TRUE(platform.node().submit_onward(kClerk, traders->index, authority.id()));
        EXPECT_TRUE(settle());
        case_id = authority.node().casework().open_case(kOfficer, plant_finding(authority, "f-1", ""))->case_id;
    }
    privacy::RevealRequest wanted() const {
        return {case_id, "trader", "T-1", "contact", "notify_party", "需要送达通知"};
    }
};

TEST(Walk, AProtectedValueWaitsForASecondPersonAndItsProviderSeesIt) {
    TraderAtBoth pair;
    auto& node = pair.authority.node();
    auto wrong = pair.wanted();
    wrong.purpose = "curiosity";
    EXPECT_EQ(node.request_reveal(kOfficer, wrong).error().field, "purpose");
    wrong = pair.wanted();
    wrong.field = "shop";
    EXPECT_EQ(node.request_reveal(kOfficer, wrong).error().field, "field") << "not protected";
    wrong = pair.wanted();
    wrong.record_id = "T-2";
    EXPECT_EQ(node.request_reveal(kOfficer, wrong).error().code, ErrorCode::not_found);
    const std::string id = node.request_reveal(kOfficer, pair.wanted()).value();
    EXPECT_EQ(node.reveals().look(kOfficer, id).error().code, ErrorCode::forbidden) << "nobody has approved it";
    EXPECT_EQ(node.reveals().decide(kOfficer, id, true, "").error().code, ErrorCode::forbidden) << "the same person";
    ASSERT_TRUE(node.reveals().decide(kSecond, id, true, ""));
    EXPECT_EQ(node.reveals().look(kSecond, id).error().code, ErrorCode::forbidden) << "not who asked";
    const auto shown = node.reveals().look(kOfficer, id);
    ASSERT_TRUE(shown) << shown.error().describe();
    EXPECT_EQ(shown->value, "contact-of-T-1");
    EXPECT_EQ(node.reveals().look(kOfficer, id).error().code, ErrorCode::conflict) << "once";
    ASSERT_TRUE(pair.settle());
    EXPECT_EQ(pair.authority.count("reveal WHERE state = 'shown' AND refused_tries = 3"), 1);
    EXPECT_EQ(pair.platform.count("look WHERE record_id = 'T-1' AND field = 'contact' AND purpose = 'notify_party'"),
              1);
}

TEST(Walk, ARefusedRevealShowsNothing) {
    TraderAtBoth pair;
    auto& reveals = pair.authority.node().reveals();
    const std::string id = pair.authority.node().request_reveal(kOfficer, pair.wanted()).value();
    EXPECT_EQ(reveals.decide(kSecond, id, false, "").error().code, ErrorCode::invalid_argument) << "without a reason";
    ASSERT_TRUE(reveals.decide(kSecond, id, false, "公告送达即可"));
    EXPECT_EQ(reveals.decide(kSecond, id, true, "").error().code, ErrorCode::conflict);
    EXPECT_EQ(reveals.look(kOfficer, id).error().code, ErrorCode::forbidden);
}

TEST(Walk, TradersAreCheckedAgainstTheRegistryAtOnce) {
    Pair pair;
    const auto entry = [](const char* code, const char* name, const char* status) {
        return Json{{"credit_code", code}, {"name", name}, {"status", status}, {"valid_from_date", "2020-01-01"}}
                   .dump() +
               "\n";
    };
    const auto registered = pair.authority.node().intake().submit(
        kClerk, submission("registry", entry("91350100M000100Y43", "示例商贸有限公司", "valid") +
                                           entry("91110000600037341L", "另一家示例公司", "revoked")));
    ASSERT_TRUE(registered && registered->stored());
    ASSERT_TRUE(pair.settle());
    const auto answer = pair.platform.node().check_traders(kClerk, pair.authority.id(),
                                                           {{"91350100M000100Y43", "示例商贸 有限公司"},
                                                            {"91350100M000100Y43", "冒名公司"},
                                                            {"91110000600037341L", "另一家示例公司"},
                                                            {"911100007109288314", "没有登记的公司"}});
    ASSERT_TRUE(answer) << answer.error().describe();
    std::vector<std::string> verdicts;
    for (const Json& result : (*answer)["results"]) {
        verdicts.push_back(result["verdict"]);
        EXPECT_EQ(result.size(), 2u) << "a status and nothing else of the file";
    }
    EXPECT_EQ(verdicts, (std::vector<std::string>{"valid", "name_differs", "revoked", "unknown"}));
    ASSERT_TRUE(pair.settle());
    for (Party* party : {&pair.authority, &pair.platform})
        EXPECT_EQ(party->count("identity_check WHERE items = 4 AND valid = 1 AND answered_time IS NOT NULL"), 1);
    EXPECT_EQ(pair.platform.node().check_traders(kClerk, pair.authority.id(), {}).error().code, ErrorCode::malformed);
}

TEST(Walk, EachMetricShowsWhatItIsMadeOf) {
    TraderAtBoth pair;
    auto& node = pair.authority.node();
    casework::InformationRequest request{
        pair.case_id, "information-request", "",
        "x",          {"sale.price"},        {"S-1", "", civil_date(2026, 2, 1), civil_date(2026, 3, 1)}};
    EXPECT_FALSE(node.send_request(kOfficer, request));
    request.basis = "电子商务法第二十五条";
    ASSERT_TRUE(node.send_request(kOfficer, request));
    ASSERT_TRUE(pair.settle());
    const auto connection = node.affairs().value();
    const Json card = accountability::scorecard(node.metrics(), node.clock().now(), *connection).value();
    ASSERT_GE(card.size(), 8u);
    std::set<std::string> sides;
    for (const Json& metric : card) {
        sides.insert(metric["side"].get<std::string>() + metric["aspect"].get<std::string>());
        EXPECT_FALSE(metric["sql"].get<std::string>().empty());
        for (const Json& row : metric["rows"]) {
            EXPECT_LE(row["numerator"].get<int64_t>(), row["denominator"].get<int64_t>());
            EXPECT_EQ(row["enough"], row["denominator"].get<int64_t>() >= metric["minimum_sample"].get<int64_t>());
        }
        if (metric["metric"] != "requests-with-basis") continue;
        ASSERT_EQ(metric["rows"].size(), 1u);
        EXPECT_EQ(metric["rows"][0]["numerator"], 1);
        EXPECT_EQ(metric["rows"][0]["denominator"], 2);
    }
    EXPECT_EQ(sides.size(), 4u) << "both sides, willing and able";
}

std::string d4_sale(const std::string& id, const std::string& category, const std::string& region) {
    Json sale = parse_json(sale_line(id)).value();
    sale["category"] = category;
    sale["region"] = region;
    return sale.dump() + "\n";
}

TEST(Walk, ACategoryIsAskedForByTheProvinceAloneAndAnsweredInScope) {
    Pair pair;
    define_units(pair.authority);
    ASSERT_TRUE(pair.platform.node().intake().submit(
        kClerk, submission("sale", d4_sale("A-1", "cups", "990101") + d4_sale("A-2", "cups", "990102") +
                                       d4_sale("A-3", "cups", "990201") + d4_sale("A-4", "lamps", "990101"))));
    ASSERT_TRUE(pair.settle());
    casework::InformationRequest request{"",
                                         "specified-trade-request",
                                         "合规数据办法第十条",
                                         "了解价格",
                                         {"sale.category", "sale.region", "sale.quantity", "sale.price"},
                                         {"", "", civil_date(2026, 2, 1), civil_date(2026, 3, 2), "cups", "990100"}};
    auto& node = pair.authority.node();
    const access::Actor county{"user:county", access::Role::officer, "county-11", access::Reach::unit};
    EXPECT_EQ(node.send_request(county, request, pair.platform.id()).error().field, "level");
    auto wide = request;
    wide.scope.region = "";
    EXPECT_EQ(node.send_request(kOfficer, wide, pair.platform.id()).error().field, "scope");
    const auto sent = node.send_request(kOfficer, request, pair.platform.id());
    ASSERT_TRUE(sent) << sent.error().describe();
    ASSERT_TRUE(pair.settle());
    const auto answered = pair.platform.node().answer_request(kClerk, sent->message.id.value);
    ASSERT_TRUE(answered) << answered.error().describe();
    ASSERT_TRUE(pair.settle());
    const auto entry = pair.platform.node().ledger().read(answered->index).value();
    const Json body =
        parse_json(pair.platform.node().ledger().read_blob(entry, ledger::Part::message_body, 0).value()).value();
    ASSERT_EQ(body["rows"]["sale"].size(), 2u) << "two cups in the city's two counties";
    for (const Json& row : body["rows"]["sale"]) EXPECT_EQ(row.size(), 4u) << "the asked fields and nothing else";
    EXPECT_EQ(pair.authority.count("request WHERE state = 'answered' AND answer_rows = 2 AND region = '990100'"), 1);
}

TEST(Walk, ACorrectionKeepsBothVersionsEachAsOfItsTime) {
    SharedClock clock;
    Party platform("platform-y", exchange::PartyRole::platform, clock);
    const auto first = platform.node().intake().submit(kClerk, submission("sale", sale_line("A-1", "12.50"))).value();
    auto correction = submission("sale", sale_line("A-1", "13.00"));
    const auto refused = platform.node().intake().submit(kClerk, correction).value();
    EXPECT_EQ(refused.refused, 1u) << "other content under a known key is no correction by itself";
    correction = submission("sale", sale_line("A-1", "13.00"));
    correction.corrects = true;
    const auto second = platform.node().intake().submit(kClerk, correction).value();
    EXPECT_EQ(second.corrected, 1u);
    ASSERT_TRUE(platform.settle());
    const auto price_at = [&](EntryIndex index) {
        const sql::Table rows = platform.records(
            "SELECT price_minor FROM store.sale WHERE record_id = 'S-1/A-1' AND entry_from <= $1 AND (entry_to IS NULL OR entry_to > $1)",
            {static_cast<int64_t>(index.value)});
        return rows.rows.size() == 1 ? sql::integer_of(rows.rows[0][0]) : -1;
    };
    EXPECT_EQ(price_at(first.index), 1250);
    EXPECT_EQ(price_at(second.index), 1300);
    for (const EntryIndex index : {first.index, second.index}) {
        ASSERT_TRUE(platform.node().ledger().checkpoint_now());
        EXPECT_TRUE(platform.verify(platform.node().ledger().receipt(index).value())) << "both stay provable";
    }
}

TEST(Walk, ADeskLeavesItsHostWithItsHistory) {
    Pair pair;
    ASSERT_TRUE(pair.platform.node().intake().submit(kClerk, submission("sale", sale_line("A-1"))));
    ASSERT_TRUE(pair.settle());
    const TreeSize size = pair.platform.node().ledger().journal().size();
    pair.platform.leave();
    ASSERT_TRUE(pair.settle());
    EXPECT_GT(pair.platform.node().ledger().journal().size(), size) << "it told where it is now";
    EXPECT_EQ(pair.platform.count_records("sale"), 1) << "its history came along";
    EXPECT_EQ(pair.authority.node().peers().find(pair.platform.id())->url, pair.platform.node().config().url);
    auto& casework = pair.authority.node().casework();
    const std::string id = casework.open_case(kOfficer, plant_finding(pair.authority, "f-1", ""))->case_id;
    ASSERT_TRUE(
        pair.authority.node().send_request(kOfficer, {id,
                                                      "information-request",
                                                      "电子商务法第二十五条",
                                                      "x",
                                                      {"sale.price"},
                                                      {"S-1", "", civil_date(2026, 2, 1), civil_date(2026, 3, 2)}}));
    ASSERT_TRUE(pair.settle());
    EXPECT_EQ(pair.platform.count("request WHERE direction = 'received'"), 1) << "it is reached at the new address";
}

}  // namespace
}  // namespace gongzhi::scenario
