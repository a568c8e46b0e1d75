#include "pack/record_loader.h"

#include <algorithm>

#include "pack/checks.h"
#include "pack/yaml_view.h"

namespace gongzhi::pack {
namespace {

constexpr size_t kNameMax = 40;

// Reads one of a closed list of words.
template <typename T>
Result<T> choice(const YamlView& view, const std::string& key,
                 std::initializer_list<std::pair<std::string_view, T>> words,
                 std::optional<T> fallback = std::nullopt) {
    if (!view.has(key) && fallback) return *fallback;
    GZ_TRY(const std::string text, view.text(key));
    std::vector<std::string_view> known;
    for (const auto& [word, value] : words) {
        if (word == text) return value;
        known.push_back(word);
    }
    return view.error_at(key, fmt::format("\"{}\" is not one of: {}", text, fmt::join(known, ", ")));
}

bool is_name(std::string_view name) {
    const auto word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    return !name.empty() && name.size() <= kNameMax && name[0] >= 'a' && name[0] <= 'z' &&
           std::all_of(name.begin(), name.end(), word);
}

Status check_name(const YamlView& view, const std::string& key, const std::string& name) {
    if (!is_name(name)) return view.error_at(key, "a name is [a-z][a-z0-9_]*, at most 40 characters");
    return {};
}

// `values: [{value, zh, en}]`: what stands in a record, and what people read in its place.
Status read_values(const YamlView& view, Field& field) {
    GZ_TRY(const std::vector<YamlView> list, view.list("values"));
    for (const YamlView& one : list) {
        GZ_CHECKED(one.allow_keys({"value", "zh", "en"}));
        GZ_TRY(std::string value, one.text("value"));
        if (field.value_title(value)) return one.error("this value stands in the list twice");
        Wording title;
        GZ_TRY(title.zh, one.text("zh"));
        GZ_TRY(title.en, one.text("en"));
        field.values.push_back(std::move(value));
        field.value_titles.push_back(std::move(title));
    }
    return {};
}

Status read_limits(const YamlView& view, Field& field) {
    GZ_TRY(const int64_t chars_max, view.integer_or("chars_max", 200));
    if (chars_max < 1 || chars_max > 20'000) return view.error_at("chars_max", "between 1 and 20000");
    field.chars_max = static_cast<size_t>(chars_max);
    GZ_TRY(field.min, view.integer_or("min", INT64_MIN));
    GZ_TRY(field.max, view.integer_or("max", INT64_MAX));
    GZ_CHECKED(read_values(view, field));
    GZ_TRY(field.check, view.text_or("check", ""));
    if (!field.check.empty() && !known_check(field.check))
        return view.error_at("check", fmt::format("no check is called \"{}\"", field.check));
    if (field.type != FieldType::text && (!field.check.empty() || !field.values.empty()))
        return view.error("only text has `check` or `values`");
    return {};
}

Status read_class(const YamlView& view, Field& field) {
    GZ_TRY(field.field_class,
           choice<FieldClass>(
               view, "class",
               {{"none", FieldClass::none}, {"personal", FieldClass::personal}, {"sensitive", FieldClass::sensitive}},
               FieldClass::none));
    GZ_TRY(field.join_domain, view.text_or("join_domain", ""));
    if (field.is_protected() && field.join_domain.empty())
        return view.error("a personal field needs a join_domain: which tokens may be compared");
    if (field.is_protected() && field.type != FieldType::text)
        return view.error("a personal field must be text, since tables hold its token");
    if (!field.is_protected() && !field.join_domain.empty())
        return view.error_at("join_domain", "only personal fields have one");
    return {};
}

Result<Field> read_field(const YamlView& view) {
    GZ_CHECKED(view.allow_keys({"id", "name", "zh", "en", "help", "example", "type", "required", "class", "join_domain",
                                "check", "chars_max", "min", "max", "values", "required_when", "not_when"}));
    Field field;
    GZ_TRY(const int64_t id, view.integer_or("id", 0));
    if (id < 1 || id > 65'535) return view.error("`id` is a number from 1 to 65535 that is never used again");
    field.id = static_cast<uint16_t>(id);
    GZ_TRY(field.name, view.text("name"));
    GZ_CHECKED(check_name(view, "name", field.name));
    GZ_TRY(field.title.zh, view.text("zh"));
    GZ_TRY(field.title.en, view.text("en"));
    GZ_TRY(field.help, view.wording("help"));
    GZ_TRY(field.example, view.text_or("example", ""));
    GZ_TRY(field.type, choice<FieldType>(view, "type",
                                         {{"text", FieldType::text},
                                          {"integer", FieldType::integer},
                                          {"boolean", FieldType::boolean},
                                          {"date", FieldType::date},
                                          {"time", FieldType::time},
                                          {"money", FieldType::money}}));
    const bool named_time = field.name.ends_with("_time"), named_date = field.name.ends_with("_date");
    if (named_time != (field.type == FieldType::time) || named_date != (field.type == FieldType::date))
        return view.error_at("name", "names of times end in _time and names of dates in _date, and no others do");
    GZ_TRY(field.required, view.flag_or("required", false));
    GZ_CHECKED(read_class(view, field));
    GZ_CHECKED(read_limits(view, field));
    return field;
}

// `required_when: {kind: [registered]}`: needs every field's name, so it is read after all of them.
Status read_presence(const YamlView& view, const RecordType& type, Field& field) {
    for (const bool must : {true, false}) {
        const std::string key = must ? "required_when" : "not_when";
        if (!view.has(key)) continue;
        GZ_TRY(const YamlView rules, view.at(key));
        if (!rules.json().is_object()) return rules.error("a mapping of field to values is expected here");
        for (const auto& [name, values] : rules.json().items()) {
            const auto slot = type.slot_of(name);
            if (!slot || type.fields[*slot].values.empty())
                return rules.error_at(name, "not a field with a closed list of values");
            PresenceRule rule{*slot, {}, must};
            GZ_TRY(rule.when_values, rules.texts(name));
            field.presence.push_back(std::move(rule));
        }
    }
    return {};
}

Status read_fields(const YamlView& root, RecordType& type) {
    GZ_TRY(const std::vector<YamlView> views, root.list("fields"));
    if (views.empty()) return root.error("a record type needs fields");
    for (const YamlView& view : views) {
        GZ_TRY(Field field, read_field(view));
        if (!type.fields.empty() && field.id <= type.fields.back().id)
            return view.error_at("id", "fields stand in rising order of id");
        if (type.slot_of(field.name)) return view.error_at("name", "this name is taken");
        type.has_protected |= field.is_protected();
        type.fields.push_back(std::move(field));
    }
    for (size_t i = 0; i < views.size(); ++i) GZ_CHECKED(read_presence(views[i], type, type.fields[i]));
    return {};
}

Status read_key(const YamlView& root, RecordType& type) {
    GZ_TRY(const std::vector<std::string> names, root.texts("key"));
    if (names.empty()) return root.error("`key` names the fields that identify a record");
    for (const std::string& name : names) {
        const auto slot = type.slot_of(name);
        if (!slot) return root.error_at("key", fmt::format("no field is called \"{}\"", name));
        const Field& field = type.fields[*slot];
        if (!field.required || field.is_protected() || field.type != FieldType::text)
            return root.error_at("key", fmt::format("\"{}\" must be required, open text", name));
        type.key.push_back(*slot);
    }
    return {};
}

Status read_order(const YamlView& root, RecordType& type) {
    GZ_TRY(const std::vector<YamlView> pairs, root.list("not_before"));
    for (const YamlView& pair : pairs) {
        GZ_CHECKED(pair.allow_keys({"field", "of"}));
        GZ_TRY(const std::string later, pair.text("field"));
        GZ_TRY(const std::string earlier, pair.text("of"));
        const auto a = type.slot_of(later), b = type.slot_of(earlier);
        if (!a || !b || type.fields[*a].type != type.fields[*b].type)
            return pair.error("two fields of one type are expected");
        type.not_before.emplace_back(*a, *b);
    }
    return {};
}

// `due: {working_days: 5, after: decision_date}`.
Status read_due(const YamlView& root, RecordType& type) {
    if (!root.has("due")) return {};
    GZ_TRY(const YamlView view, root.at("due"));
    GZ_CHECKED(view.allow_keys({"working_days", "after", "unverified"}));
    DueRule due;
    GZ_TRY(const int64_t days, view.integer_or("working_days", 0));
    if (days < 1 || days > 250) return view.error("`working_days` is between 1 and 250");
    due.working_days = static_cast<int>(days);
    GZ_TRY(const std::string after, view.text("after"));
    const auto slot = type.slot_of(after);
    if (!slot || type.fields[*slot].type != FieldType::date || !type.fields[*slot].required)
        return view.error_at("after", "a required date of this record is expected");
    due.after = *slot;
    GZ_TRY(due.unverified, view.flag_or("unverified", false));
    type.due = due;
    return {};
}

}  // namespace

Result<RecordType> load_record_type(const YamlDocument& document) {
    const YamlView root(document);
    GZ_CHECKED(root.allow_keys({"record", "zh", "en", "purpose", "held_by", "leaves_on", "dataset", "basis",
                                "retention_days", "frequency", "due", "key", "not_before", "fields"}));
    RecordType type;
    GZ_TRY(type.name, root.text("record"));
    GZ_CHECKED(check_name(root, "record", type.name));
    GZ_TRY(type.title.zh, root.text("zh"));
    GZ_TRY(type.title.en, root.text("en"));
    GZ_TRY(type.purpose, root.wording("purpose"));
    GZ_TRY(type.held_by,
           choice<HeldBy>(root, "held_by", {{"authority", HeldBy::authority}, {"platform", HeldBy::platform}}));
    GZ_TRY(type.leaves_on,
           choice<LeavesOn>(root, "leaves_on",
                            {{"duty", LeavesOn::duty}, {"request", LeavesOn::request}, {"never", LeavesOn::never}}));
    GZ_TRY(type.dataset, root.text_or("dataset", ""));
    GZ_TRY(type.basis, read_basis(root, "basis"));
    GZ_TRY(const int64_t retention, root.integer_or("retention_days", 0));
    if (retention < 1 || retention > 36'500)
        return root.error("`retention_days` is missing or not between 1 and 36500");
    type.retention_days = static_cast<int>(retention);
    GZ_TRY(type.frequency, root.text_or("frequency", ""));
    GZ_CHECKED(read_fields(root, type));
    GZ_CHECKED(read_key(root, type));
    GZ_CHECKED(read_order(root, type));
    GZ_CHECKED(read_due(root, type));
    return type;
}

}  // namespace gongzhi::pack
