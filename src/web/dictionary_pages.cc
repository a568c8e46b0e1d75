// The data dictionary (数据目录): what each record type is for, who holds it, when it leaves and on which law, and its fields.
#include "web/collation.h"
#include "web/law.h"
#include "web/portal_pages.h"

namespace gongzhi::web {
namespace {

std::string held_text(const Visit& visit, const pack::RecordType& type) {
    return visit.text(type.held_by == pack::HeldBy::authority ? "dictionary_held_authority"
                                                              : "dictionary_held_platform");
}

std::string leaves_text(const Visit& visit, const pack::RecordType& type) {
    constexpr const char* names[] = {"duty", "request", "never"};
    return visit.text(std::string("dictionary_leaves_") + names[static_cast<size_t>(type.leaves_on)]);
}

// The pack words frequencies in one language; those of our packs have words in both.
std::string frequency_text(const Visit& visit, const pack::RecordType& type) {
    std::string code = type.frequency;
    std::replace(code.begin(), code.end(), ' ', '_');
    std::transform(code.begin(), code.end(), code.begin(), [](unsigned char c) { return std::tolower(c); });
    const std::string words = coded(visit.language, "dictionary_frequency_", code);
    return words == code ? type.frequency : words;
}

std::string due_text(const Visit& visit, const pack::RecordType& type) {
    std::string out;
    if (type.due)
        out = visit.text(type.due->unverified ? "dictionary_due_unverified" : "dictionary_due",
                         {{"number", std::to_string(type.due->working_days)},
                          {"field", pick(visit.language, type.fields[type.due->after].title)}});
    for (const accountability::Deadline& one : visit.node.deadlines())
        if (one.record_type == type.name)
            out += (out.empty() ? "" : visit.text("list_comma")) + pick(visit.language, one.title);
    return out.empty() ? visit.text("dictionary_no_due") : out;
}

std::string kind_text(const Visit& visit, const pack::Field& field) {
    constexpr const char* names[] = {"text", "integer", "boolean", "date", "time", "money"};
    return visit.text(std::string("dictionary_type_") + names[static_cast<size_t>(field.type)]);
}

// "登记有效（valid）、…": what it means and what stands in the record.
std::string listed_values(const Visit& visit, const pack::Field& field) {
    std::string list;
    for (const std::string& value : field.values)
        list += (list.empty() ? "" : visit.text("list_comma")) +
                visit.text("with_note", {{"text", pick(visit.language, *field.value_title(value))}, {"note", value}});
    return list;
}

// What else a value must be: of a list, of a form, not too long, not too small.
std::string limit_text(const Visit& visit, const pack::Field& field) {
    if (!field.values.empty()) return visit.text("dictionary_one_of", {{"values", listed_values(visit, field)}});
    if (!field.check.empty()) return coded(visit.language, "dictionary_check_", field.check);
    if (field.type == pack::FieldType::text)
        return visit.text("dictionary_chars", {{"number", std::to_string(field.chars_max)}});
    if (field.min != INT64_MIN) return visit.text("dictionary_at_least", {{"number", std::to_string(field.min)}});
    return {};
}

Json class_tag(const Visit& visit, const pack::Field& field) {
    switch (field.field_class) {
        case pack::FieldClass::none: return tag(visit.text("dictionary_class_none"), "green");
        case pack::FieldClass::personal: return tag(visit.text("dictionary_class_personal"), "orange");
        case pack::FieldClass::sensitive: return tag(visit.text("dictionary_class_sensitive"), "red");
    }
    return {};
}

const char* required_text(const pack::Field& field) {
    if (field.required) return "dictionary_required";
    return field.presence.empty() ? "dictionary_optional" : "dictionary_depends";
}

// "文字，必填：最多64个字"
std::string kind_and_limit(const Visit& visit, const pack::Field& field) {
    const std::string limit = limit_text(visit, field);
    return visit.text("dictionary_kind",
                      {{"type", kind_text(visit, field)}, {"required", visit.text(required_text(field))}}) +
           (limit.empty() ? "" : visit.text("colon") + limit);
}

std::string help_text(const Visit& visit, const pack::Field& field) {
    const std::string& help = pick(visit.language, field.help);
    return field.example.empty() ? help : help + visit.text("dictionary_example", {{"example", field.example}});
}

// Four columns: more would not fit the page beside the help.
Json fields_table(const Visit& visit, const pack::RecordType& type) {
    Json rows = Json::array();
    for (const pack::Field& field : type.fields)
        rows.push_back(row(
            {row_header(visit.text("dictionary_field_code",
                                   {{"field", pick(visit.language, field.title)}, {"code", field.name}})),
             cell(help_text(visit, field)), cell(kind_and_limit(visit, field)), tag_cell(class_tag(visit, field))}));
    return table("fields", visit.text("dictionary_fields_caption", {{"number", std::to_string(type.fields.size())}}),
                 {{visit.text("dictionary_column_field")},
                  {visit.text("dictionary_column_help")},
                  {visit.text("dictionary_column_kind")},
                  {visit.text("dictionary_column_class")}},
                 std::move(rows));
}

Json facts(const Visit& visit, const pack::RecordType& type) {
    Json rows = Json::array();
    const auto add = [&](const char* key, std::string value) {
        rows.push_back({{"key", visit.text(key)}, {"value", std::move(value)}});
    };
    add("dictionary_held_by", held_text(visit, type));
    add("dictionary_leaves", leaves_text(visit, type));
    add("dictionary_frequency", frequency_text(visit, type));
    add("dictionary_due_when", due_text(visit, type));
    add("dictionary_kept", visit.text("dictionary_days", {{"number", std::to_string(type.retention_days)}}));
    std::string key;
    for (const size_t slot : type.key)
        key += (key.empty() ? "" : visit.text("list_comma")) + pick(visit.language, type.fields[slot].title);
    add("dictionary_key", key);
    add("dictionary_column_code", type.name);
    return {{"rows", std::move(rows)}};
}

std::string source(const Visit& visit) {
    const pack::Pack& pack = visit.node.pack();
    return visit.text("dictionary_source", {{"pack", pick(visit.language, pack.title())}, {"version", pack.version()}});
}

Result<StaffView> show_dictionary(const Visit& visit) {
    Json named = Json::array();
    for (const pack::RecordType& type : visit.node.pack().records()) {
        const std::string title = pick(visit.language, type.title);
        Json name = link_cell(title, link("/dictionary/" + path_segment(type.name)));
        name["header"] = true;
        named.push_back(
            {{"title", title},
             {"row", row({std::move(name), cell(pick(visit.language, type.purpose)), cell(held_text(visit, type)),
                          cell(leaves_text(visit, type)), cell(frequency_text(visit, type))})}});
    }
    sort_by(visit.language, named, "title");
    Json rows = Json::array();
    for (Json& one : named) rows.push_back(std::move(one["row"]));
    return StaffView{"dictionary",
                     visit.text("dictionary_title"),
                     {{"types", table("types", visit.text("dictionary_types_caption"),
                                      {{visit.text("dictionary_column_type")},
                                       {visit.text("dictionary_column_purpose")},
                                       {visit.text("dictionary_held_by")},
                                       {visit.text("dictionary_leaves")},
                                       {visit.text("dictionary_frequency")}},
                                      std::move(rows))},
                      {"source", source(visit)}}};
}

Result<StaffView> show_type(const Visit& visit) {
    const pack::RecordType* type = visit.node.pack().record_type(visit.request.path_values.at("type"));
    if (!type) return fail(ErrorCode::not_found, "the pack has no record type of this name");
    const std::string title = pick(visit.language, type->title);
    return StaffView{
        "dictionary_type",
        title,
        {{"title", title},
         {"purpose", pick(visit.language, type->purpose)},
         {"facts", facts(visit, *type)},
         {"laws", law_list(visit.language, type->basis)},
         {"protected_text", visit.text(type->has_protected ? "dictionary_has_protected" : "dictionary_all_open")},
         {"fields", fields_table(visit, *type)},
         {"source", source(visit)}},
        {{visit.text("dictionary_title"), link("/dictionary")}}};
}

}  // namespace

void add_dictionary_pages(http::Router& router, node::Node& node) {
    add_public_page(router, node, "/dictionary", "page.dictionary", show_dictionary);
    add_public_page(router, node, "/dictionary/{type}", "page.dictionary_type", show_type);
}

}  // namespace gongzhi::web
