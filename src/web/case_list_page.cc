// Cases within reach, in queues: what is mine, what is due, what is late; forty to a page.
#include "web/case_pieces.h"
#include "web/case_queue.h"
#include "web/collation.h"
#include "web/console_pages.h"
#include "web/due_time.h"
#include "web/refused_lines.h"

namespace gongzhi::web {
namespace {

constexpr size_t kCasesShown = 40;  // the engine fetches whole rows late for at most 50
constexpr size_t kCasesInFile = 10'000;

// What one link changes of what is asked; every other list starts at its first page.
template <typename Change>
std::string address_with(const CasesAsked& asked, Change change) {
    CasesAsked other = asked.first_page();
    change(other);
    return other.address();
}

Json queues(const Visit& visit, const CaseCounts& counts, const CasesAsked& asked) {
    Json items = Json::array();
    for (const std::string_view queue : kCaseQueues) {
        if (queue == "unit" && visit.actor.unit.empty()) continue;
        items.push_back({{"text", coded(visit.language, "case_queue_", std::string(queue))},
                         {"href", address_with(asked, [&](CasesAsked& to) { to.queue = queue, to.state.clear(); })},
                         {"count", std::to_string(counts.of(queue))},
                         {"current", asked.queue == queue}});
    }
    return {{"label", visit.text("cases_by_queue")}, {"items", items}};
}

// States that do not occur in this queue are no choice.
Json states(const Visit& visit, const CaseCounts& counts, const CasesAsked& asked) {
    Json items = {{{"text", visit.text("cases_all")},
                   {"href", address_with(asked, [](CasesAsked& to) { to.state.clear(); })},
                   {"count", std::to_string(counts.of(asked.queue))},
                   {"current", asked.state.empty()}}};
    for (const std::string_view state : kCaseStates) {
        const int64_t cases = counts.of(asked.queue, state);
        if (cases == 0 && asked.state != state && asked.queue != "all") continue;
        items.push_back({{"text", coded(visit.language, "case_state_", std::string(state))},
                         {"href", address_with(asked, [&](CasesAsked& to) { to.state = state; })},
                         {"count", std::to_string(cases)},
                         {"current", asked.state == state}});
    }
    return {{"label", visit.text("cases_by_state")}, {"items", items}};
}

// --- narrowing ---

using Named = std::vector<std::pair<std::string, std::string>>;  // id, name

Named platforms(const Visit& visit) {
    Named named;
    for (const exchange::PartyDescriptor& peer : visit.node.peers().all())
        if (peer.role == exchange::PartyRole::platform)
            named.emplace_back(peer.party.value, party_name(visit.node, visit.language, peer.party.value));
    return named;
}

Result<Named> rules(const Visit& visit) {
    GZ_TRY(const std::vector<std::string> ids, visit.node.rules().rule_ids());
    Named named;
    for (const std::string& id : ids) {
        GZ_TRY(const pack::Wording title, visit.node.rules().title(id));
        named.emplace_back(id, pick(visit.language, title));
    }
    return named;
}

Json choices(const Visit& visit, std::string_view name, std::string_view legend, const Named& named,
             const std::vector<std::string>& chosen) {
    Json items = Json::array();
    for (const auto& [id, text] : named)
        items.push_back({{"id", fmt::format("{}-{}", name, id)},
                         {"value", id},
                         {"text", text},
                         {"checked", std::find(chosen.begin(), chosen.end(), id) != chosen.end()}});
    sort_by(visit.language, items, "text");
    return {{"id", fmt::format("filter-{}", name)},
            {"name", name},
            {"legend", visit.text(legend)},
            {"small", true},
            {"items", items}};
}

// Each condition that holds, as a link that lifts it.
Json lifted(const CasesAsked& asked, const Named& platform_names, const Named& rule_names) {
    Json items = Json::array();
    const auto add_each = [&](std::vector<std::string> CasesAsked::*chosen, const Named& names) {
        for (const std::string& id : asked.*chosen) {
            const auto name =
                std::find_if(names.begin(), names.end(), [&](const auto& one) { return one.first == id; });
            items.push_back({{"text", name == names.end() ? id : name->second},
                             {"href", address_with(asked, [&](CasesAsked& to) { std::erase(to.*chosen, id); })}});
        }
    };
    add_each(&CasesAsked::platforms, platform_names);
    add_each(&CasesAsked::rules, rule_names);
    if (!asked.words.empty())
        items.push_back(
            {{"text", asked.words}, {"href", address_with(asked, [](CasesAsked& to) { to.words.clear(); })}});
    return items.empty() ? Json(false) : Json{{"items", items}};
}

Result<Json> filter(const Visit& visit, const CasesAsked& asked) {
    const Named platform_names = platforms(visit);
    GZ_TRY(const Named rule_names, rules(visit));
    Json hidden = Json::array();
    if (asked.queue != "all") hidden.push_back({{"name", "queue"}, {"value", asked.queue}});
    if (!asked.state.empty()) hidden.push_back({{"name", "state"}, {"value", asked.state}});
    if (const std::string order = asked.order_name(); !order.empty())
        hidden.push_back({{"name", "order"}, {"value", order}});
    Json groups = Json::array();
    if (!platform_names.empty())
        groups.push_back(choices(visit, "platform", "platform", platform_names, asked.platforms));
    if (!rule_names.empty()) groups.push_back(choices(visit, "rule", "queue_rules", rule_names, asked.rules));
    return Json{{"action", link("/cases")},
                {"clear_href",
                 address_with(asked, [](CasesAsked& to) { to.platforms.clear(), to.rules.clear(), to.words.clear(); })},
                {"open", asked.narrowed()},
                {"hidden", hidden},
                {"chosen", lifted(asked, platform_names, rule_names)},
                {"search",
                 {{"id", "words"},
                  {"name", "words"},
                  {"label", visit.text("cases_words")},
                  {"hint", visit.text("cases_words_hint")},
                  {"value", asked.words}}},
                {"groups", groups}};
}

// --- the list ---

Json due_cell(const Visit& visit, const Json& dues, const std::string& case_id) {
    for (const Json& each : dues) {
        if (text_at(each, "case_id") != case_id) continue;
        const auto due = parse_utc(text_at(each, "due"));
        if (due) return tag_cell(days_left_tag(visit, *due));
    }
    return cell(visit.text("none"));
}

// A column's head that sorts by it; of what was opened, one more look turns the order around.
Json sorting_head(const Visit& visit, const CasesAsked& asked, CaseOrder now, std::string_view text, CaseOrder by) {
    const bool holds = now == by || (by == CaseOrder::newest && now == CaseOrder::oldest);
    const CaseOrder to = now == CaseOrder::newest && by == now ? CaseOrder::oldest : by;
    return {{"text", visit.text(text)},
            {"href", address_with(asked, [&](CasesAsked& other) { other.order = to; })},
            {"sort", !holds                     ? "none"
                     : now == CaseOrder::newest ? "descending"
                                                : "ascending"}};
}

Json case_rows(const Visit& visit, const CasesAsked& asked, int64_t of_so_many, const Json& rows, const Json& dues) {
    if (rows.empty()) return false;
    const CaseOrder now = asked.order_of(of_so_many);
    Json lines = Json::array();
    for (const Json& each : rows) {
        const std::string state = text_at(each, "state"), case_id = text_at(each, "case_id");
        lines.push_back(
            row({link_cell(text_at(each, "subject"), case_link(case_id)),
                 tag_cell(tag(coded(visit.language, "case_state_", state), state == "closed" ? "grey" : "blue")),
                 due_cell(visit, dues, case_id), cell(unit_name(visit.node, visit.language, text_at(each, "unit"))),
                 cell(text_at(each, "shop")), cell(party_name(visit.node, visit.language, text_at(each, "party"))),
                 cell(moment(visit, each["opened_time"]))}));
    }
    CasesAsked by_due = asked;
    by_due.order = CaseOrder::due;
    const bool short_enough = by_due.order_of(of_so_many) == CaseOrder::due;
    return {{"id", "cases"},
            {"caption", visit.text("cases_caption")},
            {"columns",
             {{{"text", visit.text("column_subject")}},
              {{"text", visit.text("state")}},
              short_enough ? sorting_head(visit, asked, now, "case_next_due", CaseOrder::due)
                           : Json{{"text", visit.text("case_next_due")}},
              {{"text", visit.text("case_unit")}},
              {{"text", visit.text("shop")}},
              {{"text", visit.text("platform")}},
              sorting_head(visit, asked, now, "case_opened", CaseOrder::newest)}},
            {"rows", lines}};
}

Json pages(const CasesAsked& asked, int64_t of_so_many, Json& rows) {
    if (rows.size() <= kCasesShown) return false;
    rows.erase(kCasesShown);
    const bool by_due = asked.order_of(of_so_many) == CaseOrder::due;
    const int64_t last = rows.back()["entry"].get<int64_t>();
    return {{"next_href", address_with(asked, [&](CasesAsked& to) {
                 if (by_due)
                     to.skip = asked.skip + static_cast<int64_t>(kCasesShown);
                 else
                     to.after = last;
             })}};
}

// What the list holds, all pages of it, for a spreadsheet: codes and times as the tables have them.
Result<http::Response> cases_csv(const Visit& visit, CaseQueues& lists) {
    constexpr std::string_view columns[] = {"case_id", "state", "unit",        "region",     "party",       "shop",
                                            "subject", "rule",  "opened_time", "filed_time", "closed_time", "outcome"};
    const CasesAsked asked = CasesAsked::of(visit).first_page();
    GZ_TRY(const CaseCounts counts, lists.count(visit));
    GZ_TRY(Json rows, lists.page(visit, asked, kCasesInFile - 1, counts.of(asked.queue, asked.state)));
    std::string csv = "\xef\xbb\xbf";  // the mark by which spreadsheets know UTF-8
    csv += fmt::format("{}\r\n", fmt::join(columns, ","));
    for (const Json& each : rows) {
        for (const std::string_view column : columns)
            csv += (column == columns[0] ? "" : ",") + csv_field(text_at(each, column));
        csv += "\r\n";
    }
    return csv_file(std::move(csv), "cases.csv");
}

std::string_view order_sentence(CaseOrder order) {
    constexpr std::string_view sentences[] = {"cases_by_due", "cases_newest_first", "cases_oldest_first"};
    return sentences[static_cast<size_t>(order)];
}

Result<StaffView> show_cases(const Visit& visit, CaseQueues& lists) {
    const CasesAsked asked = CasesAsked::of(visit);
    GZ_TRY(const CaseCounts counts, lists.count(visit));
    const int64_t of_so_many = counts.of(asked.queue, asked.state);
    GZ_TRY(Json rows, lists.page(visit, asked, kCasesShown, of_so_many));
    Json further = pages(asked, of_so_many, rows);
    GZ_TRY(const Json dues, next_due(visit, rows));
    GZ_TRY(Json narrowing, filter(visit, asked));
    const std::string title = visit.text("cases_title");
    return StaffView{
        "cases",
        title,
        {{"reach", visit.text("cases_reach", {{"unit", unit_name(visit.node, visit.language, visit.actor.unit)},
                                              {"order", visit.text(order_sentence(asked.order_of(of_so_many)))}})},
         {"queues", queues(visit, counts, asked)},
         {"about", coded(visit.language, "case_queue_about_", asked.queue)},
         {"states", states(visit, counts, asked)},
         {"narrowing", std::move(narrowing)},
         {"empty", visit.text(asked.narrowed() ? "cases_none_match" : "cases_empty")},
         {"cases", case_rows(visit, asked, of_so_many, rows, dues)},
         {"csv_href", asked.address("/cases.csv")},
         {"pages", std::move(further)}}};
}

}  // namespace

void add_case_list_page(http::Router& router, node::Node& node) {
    const auto lists = std::make_shared<CaseQueues>();
    add_staff_page(router, node, "/cases", "page.cases",
                   [lists](const Visit& visit) { return show_cases(visit, *lists); });
    add_export_route(router, node, "/cases.csv", "cases.export",
                     [lists](const Visit& visit) { return cases_csv(visit, *lists); });
}

}  // namespace gongzhi::web
