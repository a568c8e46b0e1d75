// Our figures: what is counted about the platforms' side, as far as this node can count it itself, and the right to comment.
#include <algorithm>

#include "web/comment_views.h"
#include "web/console_pages.h"
#include "web/desk_pieces.h"

namespace gongzhi::web {
namespace {

using accountability::Measured;
using accountability::Metric;

std::string percent(int64_t permille) { return fmt::format("{}.{} %", permille / 10, permille % 10); }

// The tables that a query reads: the words behind FROM and JOIN.
std::vector<std::string> tables_of(const std::string& sql) {
    std::vector<std::string> words, tables;
    std::string word;
    bool comment = false;
    for (size_t i = 0; i <= sql.size(); ++i) {
        const char c = i < sql.size() ? sql[i] : ' ';
        if (c == '-' && i + 1 < sql.size() && sql[i + 1] == '-') comment = true;
        if (c == '\n') comment = false;
        const bool in_word = !comment && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_');
        if (in_word) word.push_back(c);
        if (!in_word && !word.empty()) words.push_back(std::exchange(word, {}));
    }
    for (size_t i = 0; i + 1 < words.size(); ++i)
        if ((words[i] == "FROM" || words[i] == "JOIN") && words[i + 1] != "SELECT") tables.push_back(words[i + 1]);
    return tables;
}

// How the figure comes about here. `submission` is filled on both sides alike. `request` is the same exchange seen from
// the other end: what the authority sent, this node received. Everything else only the authority has.
enum class Countable { same, mirrored, there_only };
Countable countable(const Metric& metric) {
    const std::vector<std::string> tables = tables_of(metric.sql);
    const auto only = [&](std::string_view name) {
        return !tables.empty() &&
               std::all_of(tables.begin(), tables.end(), [&](const std::string& each) { return each == name; });
    };
    if (only("submission")) return Countable::same;
    return only("request") ? Countable::mirrored : Countable::there_only;
}

Metric mirrored(Metric metric) {
    constexpr std::string_view theirs = "direction = 'sent'", ours = "direction = 'received'";
    for (size_t at = 0; (at = metric.sql.find(theirs, at)) != std::string::npos; at += ours.size())
        metric.sql.replace(at, theirs.size(), ours);
    return metric;
}

std::string share_text(const Visit& visit, const Metric& metric, const Measured& measured) {
    if (!measured.share) return visit.text("scorecard_too_few", {{"number", std::to_string(metric.minimum_sample)}});
    return visit.text("scorecard_share", {{"share", percent(measured.share->value)},
                                          {"low", percent(measured.share->low)},
                                          {"high", percent(measured.share->high)}});
}

// Rows about us: by our own name where the query names whose records they are, by the authority's where it names who asked.
Result<Json> figure_rows(const Visit& visit, const Metric& metric, Countable how) {
    GZ_TRY(const auto connection, visit.node.affairs());
    GZ_TRY(const std::vector<Measured> all,
           accountability::measure(how == Countable::mirrored ? mirrored(metric) : metric, visit.node.clock().now(),
                                   *connection));
    Json list = Json::array();
    for (const Measured& each : all) {
        const bool us = each.subject == visit.node.config().party.value;
        if (how == Countable::same && !us) continue;
        list.push_back({{"key", us ? visit.text("figure_of_us")
                                   : visit.text("figure_towards",
                                                {{"party", party_name(visit.node, visit.language, each.subject)}})},
                        {"value", visit.text("figure_counts", {{"numerator", std::to_string(each.numerator)},
                                                               {"denominator", std::to_string(each.denominator)},
                                                               {"share", share_text(visit, metric, each)}})}});
    }
    return list;
}

Result<SheetSection> metric_section(const Visit& visit, const Metric& metric) {
    const Countable how = countable(metric);
    SheetSection section{.heading = pick(visit.language, metric.title)};
    section.paragraphs = {visit.text("figure_definition", {{"numerator", pick(visit.language, metric.numerator)},
                                                           {"denominator", pick(visit.language, metric.denominator)},
                                                           {"days", std::to_string(metric.window_days)}})};
    if (how == Countable::there_only) {
        section.paragraphs.push_back(visit.text("figure_there_only"));
    } else {
        if (how == Countable::mirrored) section.paragraphs.push_back(visit.text("figure_mirrored"));
        GZ_TRY(Json rows, figure_rows(visit, metric, how));
        if (rows.empty()) section.paragraphs.push_back(visit.text("figure_nothing"));
        if (!rows.empty()) section.facts = {{"rows", std::move(rows)}};
    }
    section.paragraphs.push_back(visit.text("figure_next_step", {{"step", pick(visit.language, metric.next_step)}}));
    section.details = Json::array({{{"summary", visit.text("figure_sql")},
                                    {"paragraphs", {visit.text("figure_sql_note")}},
                                    {"code", how == Countable::mirrored ? mirrored(metric).sql : metric.sql}}});
    if (access::may(visit.actor, access::Action::comment) && !authorities(visit).empty())
        section.links = {{visit.text("figure_comment"), link("/comments/new", {{"about", "metric:" + metric.id}})}};
    return section;
}

Result<StaffView> show_figures(const Visit& visit) {
    (void)visit.node.wait_applied();
    Sheet sheet{.title = visit.text("figures_title"),
                .lead = visit.text("figures_lead"),
                .warnings = {visit.text("figures_whose")},
                .next = visit.text("figures_next"),
                .source = visit.text("figures_source")};
    for (const Metric& metric : visit.node.metrics()) {
        if (metric.side != accountability::Side::platform) continue;
        GZ_TRY(SheetSection section, metric_section(visit, metric));
        sheet.sections.push_back(std::move(section));
    }
    if (sheet.sections.empty()) sheet.sections.push_back({.paragraphs = {visit.text("figures_empty")}});
    GZ_TRY(const Json said,
           affairs_rows(visit.node,
                        fmt::format("SELECT * FROM comment WHERE direction = 'sent' ORDER BY entry DESC LIMIT {}",
                                    kCommentsShown)));
    Json lines = Json::array();
    for (const Json& each : said)
        lines.push_back(row(
            {cell(moment(visit, each["said_time"])),
             cell(comment_subject(visit.node, visit.language, text_at(each, "about_kind"), text_at(each, "about_id"))),
             cell(text_at(each, "words"))}));
    SheetSection ours{
        .heading = visit.text("comments_ours"),
        .table = table("comments", visit.text("comments_caption"),
                       {{visit.text("column_time")}, {visit.text("comments_about")}, {visit.text("comments_words")}},
                       std::move(lines))};
    if (said.empty()) ours.paragraphs = {visit.text("comments_none")};
    sheet.sections.push_back(std::move(ours));
    return sheet_view(std::move(sheet));
}

}  // namespace

void add_figures_page(http::Router& router, node::Node& node) {
    add_staff_page(router, node, "/figures", "page.figures", show_figures);
}

}  // namespace gongzhi::web
