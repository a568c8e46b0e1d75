#include "web/finding_pieces.h"

#include "web/rule_pieces.h"

namespace gongzhi::web {

std::string finding_link(const std::string& id) { return link("/findings/" + path_segment(id)); }

Result<Json> finding_within_reach(const Visit& visit, const std::string& id) {
    GZ_TRY(Json finding, visit.node.finding(id));
    GZ_TRY(const std::string region, json_text_or_empty(finding, "region"));
    GZ_CHECKED(access::may_in_region(visit.actor, access::Action::read, region, visit.node.units()));
    return finding;
}

std::string rule_name(const Visit& visit, const std::string& id) {
    const auto title = visit.node.rules().title(id);
    return title ? pick(visit.language, *title) : id;
}

Json rule_cell(const Visit& visit, const std::string& id) {
    return visit.node.rules().title(id) ? link_cell(rule_name(visit, id), rule_link(id)) : cell(id);
}

Json verdict_tag(const Visit& visit, bool suspect) {
    return suspect ? tag(visit.text("queue_suspect"), "orange") : tag(visit.text("queue_undecidable"), "grey");
}

std::vector<FormView::Item> judgements(const Visit& visit, std::string_view case_note) {
    return {{"case", visit.text("review_case"), visit.text(case_note)},
            {"confirmed", visit.text("review_confirmed"), visit.text("review_confirmed_note")},
            {"dismissed", visit.text("review_dismissed"), visit.text("review_dismissed_note")}};
}

}  // namespace gongzhi::web
