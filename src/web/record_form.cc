#include "web/record_form.h"

#include "web/pieces.h"
#include "web/sheet.h"

namespace gongzhi::web {
namespace {

using pack::Field;
using pack::FieldType;

constexpr size_t kRadiosMax = 7;
constexpr std::string_view kCurrency = "CNY";
constexpr std::string_view kNothing = "-";  // the choice of nothing, in a form; no catalogue has such a code

std::string form_name(const Field& field) { return "field_" + field.name; }

// A value that is chosen needs no example, and a day is picked.
bool needs_example(const Field& field) {
    return !field.example.empty() && field.values.empty() && field.type != FieldType::boolean &&
           field.type != FieldType::date && field.type != FieldType::time;
}

// "经营者类别为“已登记的经营者”时必填", for each rule on when it must stand there.
std::string when_needed(const Visit& visit, const pack::RecordType& type, const Field& field) {
    std::string all;
    for (const pack::PresenceRule& rule : field.presence) {
        const Field& decides = type.fields[rule.when_field];
        std::string values;
        for (const std::string& value : rule.when_values)
            values +=
                (values.empty() ? "" : visit.text("list_comma")) + pick(visit.language, *decides.value_title(value));
        all += visit.text(rule.must_be_present ? "record_needed_when" : "record_not_when",
                          {{"field", pick(visit.language, decides.title)}, {"values", values}});
    }
    return all;
}

// Help, when it is needed, an example, and what becomes of it.
std::string field_hint(const Visit& visit, const pack::RecordType& type, const Field& field) {
    std::string hint = pick(visit.language, field.help) + when_needed(visit, type, field);
    if (needs_example(field)) hint += visit.text("record_example", {{"example", field.example}});
    if (field.type == FieldType::time) hint += visit.text("record_time_zone");
    if (field.is_protected()) hint += visit.text("record_kept_protected");
    return hint;
}

void ask_choice(const Visit& visit, const Field& field, FormView& form) {
    std::vector<FormView::Item> items;
    if (!field.required) items.push_back({std::string(kNothing), visit.text("record_nothing_chosen")});
    for (const std::string& value : field.values)
        items.push_back({value, pick(visit.language, *field.value_title(value))});
    if (items.size() > kRadiosMax)
        form.select(form_name(field), items);
    else
        form.radios(form_name(field), items);
}

void ask_money(const Visit& visit, const pack::RecordType& type, const Field& field, FormView& form) {
    form.input(form_name(field) + "_amount")
        .worded(field_label(visit, field), field_hint(visit, type, field) + visit.text("record_amount_form"));
    form.input(form_name(field) + "_currency", field.required ? std::string(kCurrency) : std::string())
        .worded(visit.text("record_currency", {{"field", pick(visit.language, field.title)}}),
                visit.text("record_currency_help"));
}

void ask_field(const Visit& visit, const pack::RecordType& type, const Field& field, FormView& form) {
    if (field.type == FieldType::money) return ask_money(visit, type, field, form);
    if (field.type == FieldType::boolean) {
        std::vector<FormView::Item> items = {{"yes", visit.text("yes")}, {"no", visit.text("no")}};
        if (!field.required) items.insert(items.begin(), {std::string(kNothing), visit.text("record_nothing_chosen")});
        form.radios(form_name(field), items);
    } else if (!field.values.empty()) {
        ask_choice(visit, field, form);
    } else {
        const std::string_view type = field.type == FieldType::date   ? "date"
                                      : field.type == FieldType::time ? "datetime-local"
                                                                      : "text";
        form.input(form_name(field), {}, type);
    }
    form.worded(field_label(visit, field), field_hint(visit, type, field));
}

// "2026-03-01T08:00" as browsers send it is in the pack's zone; a time with a zone of its own stays.
std::string with_zone(const Visit& visit, std::string time) {
    if (time.size() != 16 && time.size() != 19) return time;
    if (time.size() == 16) time += ":00";
    const int zone = visit.zone_minutes(), minutes = zone < 0 ? -zone : zone;
    return time + fmt::format("{}{:02}:{:02}", zone < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

// A number where it is one; else the text, which intake then refuses in words.
Json number_in(const std::string& text) {
    const bool digits = text.find_first_not_of("0123456789", text.starts_with('-') ? 1 : 0) == std::string::npos;
    return digits && !text.empty() && text != "-" && text.size() < 18 ? Json(std::stoll(text)) : Json(text);
}

std::string leaves_text(const Visit& visit, const pack::RecordType& type) {
    std::string text = visit.text(type.leaves_on == pack::LeavesOn::duty      ? "leaves_duty"
                                  : type.leaves_on == pack::LeavesOn::request ? "leaves_request"
                                                                              : "leaves_never");
    for (const accountability::Deadline& deadline : visit.node.deadlines())
        if (deadline.record_type == type.name)
            text += visit.text("leaves_calendar", {{"deadline", pick(visit.language, deadline.title)}});
    if (type.due)
        text += visit.text("leaves_days", {{"field", pick(visit.language, type.fields[type.due->after].title)},
                                           {"days", std::to_string(type.due->working_days)}});
    return text;
}

std::string basis_list(const Visit& visit, const pack::RecordType& type) {
    std::string list;
    for (const pack::LegalBasis& basis : type.basis)
        list += (list.empty() ? "" : visit.text("semicolon")) + basis.law + basis.article +
                (basis.unverified ? visit.text("unverified_note") : std::string());
    return list;
}

}  // namespace

std::string field_label(const Visit& visit, const Field& field) {
    const bool depends = !field.required && !field.presence.empty();
    return visit.text(field.required ? "record_required"
                      : depends      ? "record_depends"
                                     : "record_optional",
                      {{"field", pick(visit.language, field.title)}});
}

void ask_record(const Visit& visit, const pack::RecordType& type, FormView& form) {
    for (const Field& field : type.fields) ask_field(visit, type, field, form);
}

Json record_in(const Visit& visit, const pack::RecordType& type, const FormValues& values) {
    Json record = Json::object();
    for (const Field& field : type.fields) {
        const std::string name = form_name(field), value = values.get(name);
        if (field.type == FieldType::money) {
            const std::string amount = values.get(name + "_amount"), currency = values.get(name + "_currency");
            // A currency alone says nothing.
            if (!amount.empty()) record[field.name] = {{"amount", amount}, {"currency", currency}};
        } else if (value.empty() || value == kNothing) {
            continue;
        } else if (field.type == FieldType::boolean) {
            record[field.name] = value == "yes" ? Json(true) : value == "no" ? Json(false) : Json(value);
        } else if (field.type == FieldType::integer) {
            record[field.name] = number_in(value);
        } else {
            record[field.name] = field.type == FieldType::time ? with_zone(visit, value) : value;
        }
    }
    return record;
}

std::string form_field_of(const pack::RecordType& type, const std::string& pointer) {
    const std::string path = pointer.starts_with('/') ? pointer.substr(1) : pointer;
    const auto slot = type.slot_of(path.substr(0, path.find('/')));
    if (!slot) return {};
    const Field& field = type.fields[*slot];
    if (field.type != FieldType::money) return form_name(field);
    return form_name(field) + (path.ends_with("/currency") ? "_currency" : "_amount");
}

Json record_type_facts(const Visit& visit, const pack::RecordType& type) {
    return Facts(visit)
        .add("submit_purpose", pick(visit.language, type.purpose))
        .add("submit_leaves", leaves_text(visit, type))
        .add_chinese("basis", basis_list(visit, type))
        .list();
}

std::vector<const pack::RecordType*> submittable_types(const Visit& visit) {
    std::vector<const pack::RecordType*> types;
    for (const pack::RecordType& type : visit.node.pack().records())
        if (type.held_by == pack::HeldBy::platform) types.push_back(&type);
    return types;
}

Result<const pack::RecordType*> type_of_address(const Visit& visit) {
    const std::string& name = visit.request.path_values.at("type");
    for (const pack::RecordType* type : submittable_types(visit))
        if (type->name == name) return type;
    return fail(ErrorCode::not_found, "there is no record type of this name here");
}

}  // namespace gongzhi::web
