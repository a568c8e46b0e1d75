#include "web/comment_views.h"

namespace gongzhi::web {
namespace {

std::string time_in_zone(const node::Node& node, Language language, const Json& row) {
    const auto time = parse_utc(text_at(row, "said_time"));
    return time ? time_text(language, *time, node.pack().zone_offset_minutes()) : text(language, "none");
}

Json lines_of(node::Node& node, Language language, const Json& rows, bool with_subject) {
    Json lines = Json::array();
    for (const Json& each : rows) {
        const bool own = text_at(each, "direction") == "sent";
        const std::string who = own ? node.config().party.value : text_at(each, "party");
        std::vector<Json> cells = {cell(time_in_zone(node, language, each)), cell(party_name(node, language, who))};
        if (with_subject)
            cells.push_back(
                cell(comment_subject(node, language, text_at(each, "about_kind"), text_at(each, "about_id"))));
        cells.push_back(cell(text_at(each, "words")));
        lines.push_back(row(std::move(cells)));
    }
    return lines;
}

}  // namespace

std::string comment_subject(node::Node& node, Language language, const std::string& kind, const std::string& id) {
    if (kind == "metric")
        for (const accountability::Metric& metric : node.metrics())
            if (metric.id == id) return pick(language, metric.title);
    if (kind == "rule")
        if (const auto rule = node.rules().rule(id)) return pick(language, rule->title);
    return id;
}

Result<Json> comments_table(node::Node& node, Language language, const std::string& kind, const std::string& id) {
    GZ_TRY(const Json rows,
           affairs_rows(node,
                        fmt::format("SELECT * FROM comment WHERE about_kind = $1 AND about_id = $2 ORDER BY entry DESC "
                                    "LIMIT {}",
                                    kCommentsShown),
                        {kind, id}));
    return table("comments-" + id, text(language, "comments_caption"),
                 {{text(language, "column_time")}, {text(language, "comments_by")}, {text(language, "comments_words")}},
                 lines_of(node, language, rows, false));
}

Result<Json> metric_comments_table(node::Node& node, Language language) {
    GZ_TRY(
        const Json rows,
        affairs_rows(node, fmt::format("SELECT * FROM comment WHERE about_kind = 'metric' ORDER BY entry DESC LIMIT {}",
                                       kCommentsShown)));
    return table("comments", text(language, "comments_caption"),
                 {{text(language, "column_time")},
                  {text(language, "comments_by")},
                  {text(language, "comments_about")},
                  {text(language, "comments_words")}},
                 lines_of(node, language, rows, true));
}

}  // namespace gongzhi::web
