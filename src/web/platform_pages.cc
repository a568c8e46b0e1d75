// Platforms: who is admitted, what each submitted and owes, what was found there, what was asked; and sending a rule there.
#include "accountability/deadlines.h"
#include "web/collation.h"
#include "web/compose_pieces.h"
#include "web/console_pages.h"
#include "web/form.h"
#include "web/platform_pieces.h"
#include "web/request_pieces.h"

namespace gongzhi::web {
namespace {

using access::Action;
using accountability::Due;
using accountability::DueState;

constexpr int kRowsShown = 20;

Result<std::vector<Due>> dues(const Visit& visit) {
    (void)visit.node.wait_affairs();
    GZ_TRY(const auto connection, visit.node.affairs());
    return accountability::dues_as_of(visit.node.deadlines(), visit.node.clock().now(), visit.zone_minutes(),
                                      *connection);
}

int64_t count_of(const std::vector<Due>& all, const std::string& party, DueState state) {
    return std::count_if(all.begin(), all.end(),
                         [&](const Due& due) { return due.party == party && due.state == state; });
}

Result<StaffView> show_platforms(const Visit& visit) {
    GZ_TRY(const auto all, dues(visit));
    GZ_TRY(Json parties,
           affairs_rows(
               visit.node,
               "SELECT p.party, p.admitted_time, (SELECT max(s.received_time) FROM submission s WHERE s.party = "
               "p.party) AS last_time, (SELECT count(*) FROM request r WHERE r.party = p.party AND r.direction = "
               "'sent' AND r.state = 'open') AS open, (SELECT count(*) FROM request r WHERE r.party = p.party AND "
               "r.direction = 'sent' AND r.state = 'open' AND r.deadline_time < $1) AS overdue, (SELECT count(*) "
               "FROM finding f WHERE f.party = p.party AND f.verdict <> 'refused') AS findings FROM party p WHERE "
               "p.role = 'platform'",
               {visit.node.clock().now()}));
    for (Json& each : parties) each["name"] = party_name(visit.node, visit.language, text_at(each, "party"));
    sort_by(visit.language, parties, "name");
    Json lines = Json::array();
    for (const Json& each : parties) {
        const std::string party = text_at(each, "party");
        Json name = row_header(text_at(each, "name"));
        name["href"] = platform_link(party);
        lines.push_back(
            row({name, cell(moment(visit, each["last_time"])), number_cell(count_of(all, party, DueState::missing)),
                 number_cell(count_of(all, party, DueState::late)), number_cell(each["open"].get<int64_t>()),
                 number_cell(each["overdue"].get<int64_t>()), number_cell(each["findings"].get<int64_t>())}));
    }
    return StaffView{"platforms",
                     visit.text("platforms_title"),
                     {{"platforms", table("platforms", visit.text("platforms_caption"),
                                          {{visit.text("platform")},
                                           {visit.text("platforms_last")},
                                           {visit.text("platforms_missing"), true},
                                           {visit.text("platforms_late"), true},
                                           {visit.text("platforms_open"), true},
                                           {visit.text("column_overdue"), true},
                                           {visit.text("platforms_findings"), true}},
                                          std::move(lines))}}};
}

// --- one platform ---

std::string deadline_title(const Visit& visit, const std::string& id) {
    for (const accountability::Deadline& deadline : visit.node.deadlines())
        if (deadline.id == id) return pick(visit.language, deadline.title);
    return id;
}

Json dues_table(const Visit& visit, const std::vector<Due>& all, const std::string& party) {
    Json lines = Json::array();
    for (const Due& due : all) {
        if (due.party != party) continue;
        const std::string state(accountability::due_state_name(due.state));
        lines.push_back(
            row({cell(deadline_title(visit, due.deadline)), cell(day_text(visit.language, due.until)),
                 tag_cell(tag(coded(visit.language, "due_state_", state), due.state == DueState::in_time ? "green"
                                                                          : due.state == DueState::open  ? "blue"
                                                                          : due.state == DueState::late  ? "orange"
                                                                                                         : "red")),
                 cell(due.submitted ? time_text(visit.language, *due.submitted, visit.zone_minutes())
                                    : visit.text("none"))}));
    }
    return table("dues", visit.text("platform_dues"),
                 {{visit.text("column_what")},
                  {visit.text("platform_last_day")},
                  {visit.text("state")},
                  {visit.text("platform_came")}},
                 std::move(lines));
}

Json submissions_table(const Visit& visit, const Json& rows) {
    Json lines = Json::array();
    for (const Json& each : rows) {
        const pack::RecordType* type = visit.node.pack().record_type(text_at(each, "record_type"));
        lines.push_back(
            row({cell(moment(visit, each["received_time"])),
                 cell(type ? pick(visit.language, type->title) : text_at(each, "record_type")),
                 number_cell(each["record_count"].get<int64_t>()), number_cell(each["late"].get<int64_t>())}));
    }
    return table("submissions", visit.text("platform_submissions"),
                 {{visit.text("column_time")},
                  {visit.text("column_what")},
                  {visit.text("platform_records"), true},
                  {visit.text("platforms_late"), true}},
                 std::move(lines));
}

Json findings_table(const Visit& visit, const Json& rows) {
    Json lines = Json::array();
    for (const Json& each : rows) {
        const std::string id = text_at(each, "rule");
        const auto title = visit.node.rules().title(id);
        lines.push_back(
            row({cell(title ? pick(visit.language, *title) : id), number_cell(each["suspect"].get<int64_t>()),
                 number_cell(each["undecidable"].get<int64_t>())}));
    }
    return table(
        "findings", visit.text("platform_findings"),
        {{visit.text("queue_rules")}, {visit.text("verdict_suspect"), true}, {visit.text("verdict_undecidable"), true}},
        std::move(lines));
}

Json bundles_table(const Visit& visit, const Json& rows) {
    Json lines = Json::array();
    for (const Json& each : rows) {
        const std::string id = text_at(each, "rule");
        const auto title = visit.node.rules().title(id);
        lines.push_back(row({cell(moment(visit, each["logged_time"])), cell(title ? pick(visit.language, *title) : id),
                             cell(moment(visit, each["report_time"]))}));
    }
    return table("bundles", visit.text("platform_bundles"),
                 {{visit.text("column_sent")}, {visit.text("queue_rules")}, {visit.text("platform_reported")}},
                 std::move(lines));
}

// What was asked of it without a case, within the reader's reach.
Json requests_table(const Visit& visit, const Json& rows) {
    Json lines = Json::array();
    for (const Json& each : rows) {
        if (!access::may_in_region(visit.actor, Action::read, text_at(each, "region"), visit.node.units())) continue;
        lines.push_back(row({link_cell(order_name(visit.node.pack(), visit.language, text_at(each, "order_type")),
                                       request_link(text_at(each, "message_id"))),
                             cell(request_about(visit, each)), cell(moment(visit, each["sent_time"])),
                             cell(moment(visit, each["deadline_time"])), tag_cell(request_tag(visit, each))}));
    }
    return table("requests", visit.text("platform_requests"),
                 {{visit.text("column_what")},
                  {visit.text("column_subject")},
                  {visit.text("column_sent")},
                  {visit.text("column_due")},
                  {visit.text("state")}},
                 std::move(lines));
}

Json actions_at(const Visit& visit, const std::string& party) {
    const bool by_category =
        !order_types(visit.node.pack(), pack::OrderKind::information, pack::OrderScope::category).empty();
    Json actions = Json::array();
    if (access::may(visit.actor, Action::send_rule))
        actions.push_back({{"text", visit.text("platform_send_rule")}, {"href", platform_link(party) + "/rules"}});
    if (by_category && access::may(visit.actor, Action::send_request))
        actions.push_back({{"text", visit.text("platform_ask_category")},
                           {"href", platform_link(party) + "/requests/new"},
                           {"secondary", true}});
    return actions;
}

Result<StaffView> show_platform(const Visit& visit) {
    GZ_TRY(const exchange::PartyDescriptor peer, platform_of_address(visit));
    const std::string party = peer.party.value, name = party_name(visit.node, visit.language, party);
    GZ_TRY(const auto all, dues(visit));
    const auto of_party = [&](const std::string& sql) { return affairs_rows(visit.node, sql, {party}); };
    GZ_TRY(const Json submissions,
           of_party(fmt::format("SELECT * FROM submission WHERE party = $1 ORDER BY entry DESC LIMIT {}", kRowsShown)));
    GZ_TRY(const Json findings,
           of_party(
               "SELECT rule, count(*) FILTER (WHERE verdict = 'suspect') AS suspect, count(*) FILTER (WHERE verdict = "
               "'undecidable') AS undecidable FROM finding WHERE party = $1 AND verdict <> 'refused' GROUP BY rule "
               "ORDER BY rule"));
    GZ_TRY(
        const Json bundles,
        of_party(fmt::format("SELECT b.*, (SELECT max(m.logged_time) FROM message m WHERE m.direction = 'received' AND "
                             "m.type = 'findings' AND m.in_reply_to = b.message_id) AS report_time FROM rule_bundle b "
                             "WHERE b.party = $1 AND b.direction = 'sent' ORDER BY b.entry DESC LIMIT {}",
                             kRowsShown)));
    GZ_TRY(const Json open,
           of_party("SELECT count(*) AS n FROM request WHERE party = $1 AND direction = 'sent' AND state = 'open'"));
    GZ_TRY(
        const Json requests,
        of_party(fmt::format("SELECT * FROM request WHERE party = $1 AND direction = 'sent' AND case_id = '' ORDER BY "
                             "entry DESC LIMIT {}",
                             kRowsShown)));
    return StaffView{"platform",
                     name,
                     {{"title", name},
                      {"party", party},
                      {"open", visit.text("platform_open_requests", {{"count", open[0]["n"].dump()}})},
                      {"actions", actions_at(visit, party)},
                      {"requests", requests_table(visit, requests)},
                      {"dues", dues_table(visit, all, party)},
                      {"submissions", submissions_table(visit, submissions)},
                      {"findings", findings_table(visit, findings)},
                      {"bundles", bundles_table(visit, bundles)}},
                     {{visit.text("nav_platforms"), link("/platforms")}}};
}

// --- a rule goes there ---

Result<std::vector<FormView::Item>> rules_to_send(const Visit& visit) {
    std::vector<FormView::Item> items;
    GZ_TRY(const std::vector<std::string> ids, visit.node.rules().rule_ids());
    for (const std::string& id : ids) {
        GZ_TRY(const supervision::RuleVersion rule, visit.node.rules().rule(id));
        items.push_back({id, pick(visit.language, rule.title), rule.code});
    }
    return items;
}

Result<StaffView> show_sending(const Visit& visit, const Filled& filled) {
    GZ_TRY(const exchange::PartyDescriptor peer, platform_of_address(visit));
    GZ_TRY(const auto items, rules_to_send(visit));
    const std::string name = party_name(visit.node, visit.language, peer.party.value);
    FormView form(visit, filled, "send_rule_");
    form.radios("rule", items);
    return form_page(
        {.caption = name,
         .title = visit.text("send_rule_title"),
         .lead = visit.text("send_rule_lead"),
         .breadcrumbs = {{visit.text("nav_platforms"), link("/platforms")}, {name, platform_link(peer.party.value)}}},
        filled, form.view("send_rule_submit", platform_link(peer.party.value)));
}

Result<Next> act_on_sending(const Visit& visit, Filled& filled) {
    GZ_TRY(const exchange::PartyDescriptor peer, platform_of_address(visit));
    const std::string rule = filled.needed(visit, "send_rule_", "rule");
    if (!filled.errors.empty()) return Next{};
    const auto sent = visit.node.rules().send_rule(visit.actor, peer.party, rule);
    if (!sent && sent.error().code == ErrorCode::conflict) filled.wrong("rule", visit.text("send_rule_today"));
    if (!filled.errors.empty()) return Next{};
    if (!sent) return tl::unexpected(sent.error());
    (void)visit.node.wait_applied(sent->index);
    return Next{link("/platforms/" + path_segment(peer.party.value), {{"done", "rule_sent"}}), {}};
}

}  // namespace

void add_platform_pages(http::Router& router, node::Node& node) {
    add_staff_page(router, node, "/platforms", "page.platforms", show_platforms);
    add_staff_page(router, node, "/platforms/{party}", "page.platform", show_platform);
    add_form_page(router, node,
                  {"/platforms/{party}/rules", "rule.send", Action::send_rule, show_sending, act_on_sending});
}

}  // namespace gongzhi::web
