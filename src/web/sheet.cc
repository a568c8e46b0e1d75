#include "web/sheet.h"

namespace gongzhi::web {
namespace {

Json or_false(std::string text) { return text.empty() ? Json(false) : Json(std::move(text)); }

Json section_view(SheetSection section) {
    const bool lists = !section.points.empty();
    Json links = Json::array();
    for (SheetLink& one : section.links)
        links.push_back({{"text", std::move(one.text)},
                         {"href", std::move(one.href)},
                         {"download", or_false(std::move(one.download))}});
    return {{"heading", or_false(std::move(section.heading))},
            {"paragraphs", section.paragraphs},
            {"has_points", lists},
            {"points", std::move(section.points)},
            {"facts", std::move(section.facts)},
            {"table", std::move(section.table)},
            {"details", std::move(section.details)},
            {"links", std::move(links)}};
}

// What people write at length, by the names that forms give it.
std::vector<std::string> written_in(const Filled& filled) {
    std::vector<std::string> words;
    for (const char* name : {"grounds", "purpose", "statement", "reason", "reasons", "note"})
        if (std::string text = filled.values.get(name); !text.empty()) words.push_back(std::move(text));
    return words;
}

}  // namespace

StaffView sheet_view(Sheet sheet, const Filled& filled) {
    Json warnings = Json::array(), actions = Json::array(), sections = Json::array();
    for (std::string& text : sheet.warnings) warnings.push_back({{"text", std::move(text)}});
    for (SheetAction& action : sheet.actions)
        actions.push_back(
            {{"text", std::move(action.text)}, {"href", std::move(action.href)}, {"secondary", !actions.empty()}});
    for (SheetSection& section : sheet.sections) sections.push_back(section_view(std::move(section)));
    const bool acts = !actions.empty();
    return {"sheet",
            sheet.title,
            {{"errors", error_summary(filled)},
             {"caption", or_false(std::move(sheet.caption))},
             {"title", sheet.title},
             {"tag", std::move(sheet.tag)},
             {"lead", std::move(sheet.lead)},
             {"warnings", std::move(warnings)},
             {"next", or_false(std::move(sheet.next))},
             {"has_actions", acts},
             {"actions", std::move(actions)},
             {"sections", std::move(sections)},
             {"form", std::move(sheet.form)},
             {"source", or_false(std::move(sheet.source))}},
            std::move(sheet.breadcrumbs)};
}

StaffView instead_of_form(const Visit& visit, FormFrame frame, const std::string& why, SheetAction back,
                          const Filled& filled) {
    std::vector<SheetSection> sections = {{.facts = std::move(frame.facts)}};
    if (std::vector<std::string> words = written_in(filled); !words.empty())
        sections.push_back({.heading = visit.text("form_written"), .paragraphs = std::move(words)});
    return sheet_view({.caption = std::move(frame.caption),
                       .title = std::move(frame.title),
                       .lead = why,
                       .actions = {std::move(back)},
                       .sections = std::move(sections),
                       .breadcrumbs = std::move(frame.breadcrumbs)},
                      filled);
}

Facts& Facts::add(std::string_view key, std::string value) {
    rows_.push_back({{"key", visit_.text(key)}, {"value", value.empty() ? visit_.text("none") : std::move(value)}});
    return *this;
}

Facts& Facts::add_link(std::string_view key, std::string value, std::string href) {
    rows_.push_back({{"key", visit_.text(key)}, {"value", std::move(value)}, {"href", std::move(href)}});
    return *this;
}

Facts& Facts::add_tag(std::string_view key, Json tag) {
    rows_.push_back({{"key", visit_.text(key)}, {"tag", std::move(tag)}});
    return *this;
}

Facts& Facts::add_chinese(std::string_view key, std::string value) {
    if (value.empty()) return add(key, {});
    rows_.push_back({{"key", visit_.text(key)}, {"value", std::move(value)}, {"lang", "zh-CN"}});
    return *this;
}

}  // namespace gongzhi::web
