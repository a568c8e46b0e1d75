// The queue of findings: what waits for a person, narrowed by rule and platform; several chosen are judged together.
#include "web/collation.h"
#include "web/finding_pieces.h"
#include "web/finding_queue.h"

namespace gongzhi::web {
namespace {

constexpr size_t kQueueShown = 50;

std::string rule_names(const Visit& visit, const std::vector<std::string>& ids) {
    std::string names;
    for (const std::string& id : ids) names += (names.empty() ? "" : visit.text("list_comma")) + rule_name(visit, id);
    return names;
}

// A choice that narrows the queue: what occurs, and how many are left then. False where there is nothing to choose.
struct Choice {
    std::string label;
    std::string QueueAsked::*chosen;
    std::map<std::string, int64_t> counts{};
    int64_t all = 0;
};

Json choice_view(const Visit& visit, const QueueAsked& asked, const Choice& choice,
                 const std::function<std::string(const std::string&)>& name) {
    if (choice.counts.size() < 2 && (asked.*choice.chosen).empty()) return false;
    const auto to = [&](const std::string& id) {
        QueueAsked other = asked;
        other.page = 0, other.*choice.chosen = id;
        return other.address();
    };
    Json items = Json::array();
    for (const auto& [id, count] : choice.counts)
        items.push_back({{"text", name(id)},
                         {"href", to(id)},
                         {"count", std::to_string(count)},
                         {"current", id == asked.*choice.chosen}});
    sort_by(visit.language, items, "text");
    Json everything = {{"text", visit.text("cases_all")},
                       {"href", to("")},
                       {"count", std::to_string(choice.all)},
                       {"current", (asked.*choice.chosen).empty()}};
    items.insert(items.begin(), std::move(everything));
    return {{"label", choice.label}, {"items", items}};
}

// Each choice counts what the other one leaves.
struct Narrowed {
    Choice rules, platforms;
    std::vector<const WaitingSubject*> shown{};
    int64_t all = 0;
};

Narrowed narrowed(const Visit& visit, const WaitingSubjects& waiting, const QueueAsked& asked) {
    Narrowed result{{visit.text("queue_by_rule"), &QueueAsked::rule},
                    {visit.text("queue_by_platform"), &QueueAsked::platform}};
    const QueueAsked of_rule{asked.rule, {}}, of_platform{{}, asked.platform};
    const auto first = asked.page * static_cast<int64_t>(kQueueShown);
    for (const WaitingSubject& each : waiting) {
        if (of_rule.fits(each)) ++result.platforms.counts[each.party], ++result.platforms.all;
        if (of_platform.fits(each)) {
            for (const std::string& rule : each.rules) ++result.rules.counts[rule];
            ++result.rules.all;
        }
        if (!asked.fits(each)) continue;
        if (result.all++ >= first && result.shown.size() < kQueueShown) result.shown.push_back(&each);
    }
    return result;
}

Json queue_lines(const Visit& visit, const Narrowed& queue) {
    Json lines = Json::array();
    for (const WaitingSubject* each : queue.shown)
        lines.push_back(row({link_cell(each->subject, finding_link(each->finding_id)),
                             tag_cell(verdict_tag(visit, each->suspect > 0)), cell(rule_names(visit, each->rules)),
                             cell(each->shop), cell(party_name(visit.node, visit.language, each->party)),
                             cell(time_text(visit.language, each->first_time, visit.zone_minutes())),
                             number_cell(each->findings)}));
    return lines;
}

// The table as the component `multi-select`: each row can be chosen, and all be judged together.
Json with_choice(const Visit& visit, const QueueAsked& asked, const Narrowed& queue, Json table) {
    for (size_t i = 0; i < queue.shown.size(); ++i)
        table["rows"][i].update({{"row_id", fmt::format("choose-{}", i + 1)},
                                 {"value", queue.shown[i]->finding_id},
                                 {"label", queue.shown[i]->subject}});
    Json hidden = Json::array();  // whoever chose nothing finds the same list again
    for (const auto& [name, value] : asked.narrowing()) hidden.push_back({{"name", name}, {"value", value}});
    table.update({{"action", link("/findings/judge")},
                  {"get", true},
                  {"field", "finding"},
                  {"hidden", std::move(hidden)},
                  {"all_href", asked.judge_all_address()},
                  {"all_text", visit.text("judge_all", {{"count", std::to_string(queue.all)}})},
                  {"buttons", {{{"text", visit.text("judge_chosen")}}}}});
    return table;
}

Json pages(const QueueAsked& asked, int64_t all) {
    Json pages = Json::object();
    QueueAsked other = asked;
    if (asked.page > 0) other.page = asked.page - 1, pages["previous_href"] = other.address();
    if (all > (asked.page + 1) * static_cast<int64_t>(kQueueShown))
        other.page = asked.page + 1, pages["next_href"] = other.address();
    return pages.empty() ? Json(false) : pages;
}

}  // namespace

Result<StaffView> show_finding_queue(const Visit& visit, FindingQueue& queue, const Filled& filled) {
    const QueueAsked asked = QueueAsked::of(visit.request);
    GZ_TRY(const auto waiting, queue.within_reach(visit));
    const Narrowed found = narrowed(visit, *waiting, asked);
    const bool may_judge = access::may(visit.actor, access::Action::review_finding).has_value();
    Json rows = table("queue", visit.text("queue_caption"),
                      {{visit.text("column_subject")},
                       {visit.text("queue_verdict")},
                       {visit.text("queue_rules")},
                       {visit.text("shop")},
                       {visit.text("platform")},
                       {visit.text("queue_since")},
                       {visit.text("queue_count"), true}},
                      queue_lines(visit, found));
    const bool empty = found.shown.empty();
    return StaffView{
        "findings",
        visit.text("queue_title"),
        {{"errors", error_summary(filled)},
         {"waiting", visit.text("queue_waiting", {{"count", std::to_string(found.all)}})},
         {"rules", choice_view(visit, asked, found.rules, [&](const std::string& id) { return rule_name(visit, id); })},
         {"platforms", choice_view(visit, asked, found.platforms,
                                   [&](const std::string& id) { return party_name(visit.node, visit.language, id); })},
         {"empty", empty},
         {"queue", may_judge ? Json(false) : rows},
         {"choice", may_judge && !empty ? with_choice(visit, asked, found, std::move(rows)) : Json(false)},
         {"pages", pages(asked, found.all)}}};
}

void add_finding_queue_page(http::Router& router, node::Node& node, std::shared_ptr<FindingQueue> queue) {
    add_staff_page(router, node, "/findings", "page.findings",
                   [queue](const Visit& visit) { return show_finding_queue(visit, *queue); });
}

}  // namespace gongzhi::web
