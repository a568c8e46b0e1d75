#include "web/form.h"

#include "web/kept.h"
#include "web/once.h"
#include "web/session.h"
#include "web/sign_in_pages.h"

namespace gongzhi::web {
namespace {

constexpr std::string_view kOnceField = "once";
constexpr size_t kOnceBytes = 12;
constexpr std::string_view kSpaces = " \t\r\n";

std::string trimmed(const std::string& text) {
    const size_t first = text.find_first_not_of(kSpaces);
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

// What the person may not even know of, or may not do, is no error of the form.
bool of_the_person(const Error& error) {
    return error.code == ErrorCode::not_found || error.code == ErrorCode::forbidden ||
           error.code == ErrorCode::unauthenticated;
}

Result<http::Response> show_form(const FormPage& form, const Visit& visit, const Filled& filled, int status) {
    GZ_TRY(StaffView shown, form.show(visit, filled));
    return staff_response(visit, std::move(shown), status);
}

Result<http::Response> act_on(const FormPage& form, const Visit& visit, OnceForms& once, const std::string& key) {
    Filled filled{FormValues(visit.request), {}};
    int status = 422;
    Result<Next> next = form.act(visit, filled);
    if (!next && of_the_person(next.error())) return tl::unexpected(next.error());
    if (!next) {
        status = error_info(next.error().code).http_status;
        filled.wrong("", refusal_sentence(visit, next.error()));
    }
    if (!filled.errors.empty()) return show_form(form, visit, filled, status);
    http::Response answer = next->shown ? staff_response(visit, *std::move(next->shown)) : redirect(next->go_to);
    if (!next->shown) once.done(key, next->go_to);
    answer.headers.emplace_back(
        "set-cookie", fmt::format("{}=1; Path=/; HttpOnly; SameSite=Lax; Max-Age={}", kActedCookie, kActedSeconds));
    return answer;
}

Result<http::Response> take_form(const FormPage& form, const Visit& visit, OnceForms& once) {
    const FormValues values(visit.request);
    if (values.get(kFormTokenField) != form_token(visit.request))
        return message_page("foreign_form", 403, visit.request, visit.node, visit.actor);
    GZ_CHECKED(access::may(visit.actor, form.action));
    const std::string key = values.get(kOnceField);
    if (key.empty()) return message_page("foreign_form", 403, visit.request, visit.node, visit.actor);
    const OnceForms::Turn turn = once.begin(key);
    if (turn.taken_before) return redirect(turn.go_to);
    if (turn.running) return message_page("twice", 409, visit.request, visit.node, visit.actor);
    Result<http::Response> answer = act_on(form, visit, once, key);
    once.end(key);
    return answer;
}

// As the form has its fields, what concerns the whole first; `form` is a view made by FormView.
Filled in_order(Filled filled, const Json& form) {
    std::map<std::string, size_t> places;
    for (const Json& each : form.is_object() ? form["fields"] : Json::array())
        places.emplace(each.begin()->value("name", ""), places.size() + 1);
    std::stable_sort(filled.errors.begin(), filled.errors.end(),
                     [&](const FieldError& a, const FieldError& b) { return places[a.field] < places[b.field]; });
    return filled;
}

}  // namespace

std::string FormValues::get(std::string_view name) const {
    for (const auto& [key, value] : fields_)
        if (key == name) return trimmed(value);
    return {};
}

std::vector<std::string> FormValues::all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : fields_)
        if (key == name) values.push_back(trimmed(value));
    return values;
}

bool FormValues::holds(std::string_view name, std::string_view value) const {
    const std::vector<std::string> values = all(name);
    return std::find(values.begin(), values.end(), value) != values.end();
}

std::string Filled::needed(const Visit& visit, std::string_view prefix, std::string_view name) {
    std::string value = values.get(name);
    if (value.empty()) wrong(std::string(name), visit.text(fmt::format("{}{}_missing", prefix, name)));
    return value;
}

void add_form_page(http::Router& router, node::Node& node, FormPage form) {
    const auto kept = std::make_shared<const FormPage>(std::move(form));  // by both routes
    const auto once = std::make_shared<OnceForms>();
    add_staff_route(router, node, kept->pattern, kept->event + ".form",
                    [kept](const Visit& visit) -> Result<http::Response> {
                        GZ_CHECKED(access::may(visit.actor, kept->action));
                        return show_form(*kept, visit, {}, 200);
                    });
    add_staff_post(
        router, node, kept->pattern, kept->event, kept->body_bytes_max,
        [kept, once](const Visit& visit) -> Result<http::Response> { return take_form(*kept, visit, *once); });
}

Json FormView::field(std::string_view name, std::string_view label_name) const {
    const std::string label = prefix_ + std::string(name), hint = label + "_hint";
    // Without a text of its own the field gets its words by `worded`.
    Json field = {{"id", name}, {"name", name}, {label_name, texts(visit_.language).value(label, std::string(name))}};
    if (const auto found = texts(visit_.language).find(hint); found != texts(visit_.language).end())
        field["hint"] = *found;
    for (const FieldError& error : filled_.errors)
        if (error.field == name) field["error"] = error.sentence;
    return field;
}

FormView& FormView::add(std::string_view kind, Json field) {
    fields_.push_back({{kind, std::move(field)}});
    return *this;
}

FormView& FormView::input(std::string_view name, const std::string& first, std::string_view type) {
    Json made = field(name, "label");
    made["type"] = type;
    made["value"] = filled_.values.empty() ? first : filled_.values.get(name);
    if (type == "date") made["width"] = "10";
    return add("input", std::move(made));
}

FormView& FormView::textarea(std::string_view name, const std::string& first, int rows) {
    Json made = field(name, "label");
    made["rows"] = rows;
    made["value"] = filled_.values.empty() ? first : filled_.values.get(name);
    return add("textarea", std::move(made));
}

// The first has the field's own id: there the error summary leads.
Json FormView::items(std::string_view name, const std::vector<Item>& items,
                     const std::vector<std::string>& first) const {
    Json made = Json::array();
    for (const Item& item : items) {
        const bool chosen = filled_.values.empty() ? std::find(first.begin(), first.end(), item.value) != first.end()
                                                   : filled_.values.holds(name, item.value);
        const std::string id = made.empty() ? std::string(name) : fmt::format("{}-{}", name, made.size() + 1);
        Json one = {{"id", id}, {"value", item.value}, {"text", item.text}, {"checked", chosen}};
        if (!item.note.empty()) one["note"] = item.note;
        made.push_back(std::move(one));
    }
    return made;
}

FormView& FormView::radios(std::string_view name, const std::vector<Item>& choices, const std::string& first) {
    Json made = field(name, "legend");
    made["id"] = std::string(name) + "-group";
    made["items"] = items(name, choices, {first});
    return add("radios", std::move(made));
}

FormView& FormView::checkboxes(std::string_view name, const std::vector<Item>& choices,
                               const std::vector<std::string>& first) {
    Json made = field(name, "legend");
    made["id"] = std::string(name) + "-group";
    made["items"] = items(name, choices, first);
    return add("checkboxes", std::move(made));
}

FormView& FormView::select(std::string_view name, const std::vector<Item>& choices, const std::string& first) {
    Json made = field(name, "label");
    const std::string chosen = filled_.values.empty() ? first : filled_.values.get(name);
    made["items"] = Json::array();
    for (const Item& item : choices)
        made["items"].push_back({{"value", item.value}, {"text", item.text}, {"selected", item.value == chosen}});
    return add("select", std::move(made));
}

FormView& FormView::file(std::string_view name, const std::string& accept) {
    Json made = field(name, "label");
    made["accept"] = accept;
    multipart_ = true;
    return add("file_upload", std::move(made));
}

FormView& FormView::worded(const std::string& label, const std::string& hint) {
    Json& made = *fields_.back().begin();
    made[made.contains("legend") ? "legend" : "label"] = label;
    if (!hint.empty()) made["hint"] = hint;
    return *this;
}

FormView& FormView::hidden(std::string_view name, const std::string& value) {
    hidden_.push_back({{"name", name}, {"value", value}});
    return *this;
}

Json FormView::view(std::string_view submit, const std::string& back, bool danger) const {
    Json hidden = hidden_;
    hidden.push_back({{"name", kFormTokenField}, {"value", form_token(visit_.request)}});
    hidden.push_back({{"name", kOnceField}, {"value", to_hex(visit_.node.random().bytes(kOnceBytes))}});
    Json view = {{"action", link(visit_.request.path)},
                 {"hidden", std::move(hidden)},
                 {"fields", fields_},
                 {"submit", {{"text", visit_.text(submit)}, {"warning", danger}}},
                 {"back_href", back}};
    if (multipart_) view["enctype"] = "multipart/form-data";
    return view;
}

Json error_summary(const Filled& filled) {
    if (filled.errors.empty()) return false;
    Json items = Json::array();
    for (const FieldError& error : filled.errors) {
        Json item = {{"text", error.sentence}};
        if (!error.field.empty()) item["href"] = "#" + error.field;
        items.push_back(std::move(item));
    }
    return {{"items", items}};
}

std::string refusal_sentence(const Visit& visit, const Error& error) {
    const ErrorCodeInfo& info = error_info(error.code);
    const std::string key = "refused_" + std::string(info.name);
    const bool known = texts(visit.language).contains(key);
    return visit.text(
        known ? key : "refused_other",
        {{"title", std::string(visit.language == Language::zh ? info.zh : info.en)}, {"detail", error.message}});
}

StaffView form_page(FormFrame frame, const Filled& filled, Json form) {
    return {"form",
            frame.title,
            {{"errors", error_summary(in_order(filled, form))},
             {"caption", frame.caption},
             {"title", frame.title},
             {"lead", frame.lead},
             {"facts", std::move(frame.facts)},
             {"warning", std::move(frame.warning)},
             {"form", std::move(form)}},
            std::move(frame.breadcrumbs)};
}

}  // namespace gongzhi::web
