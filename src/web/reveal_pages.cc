// Looks at protected values (调阅): asking, the second person's decision, the one look. The value stands on no page that a
// link leads to: it is the answer to the form that opens it, once.
#include "web/case_pieces.h"
#include "web/console_pages.h"
#include "web/sheet.h"

namespace gongzhi::web {
namespace {

using access::Action;

constexpr size_t kRecordsShown = 20;
constexpr char kMark = '|';  // between record type, field and record id: the first two hold none

// The texts of one record that are there, each as a choice. Whether one is there shows by its token, which is not read.
void add_choices(const Visit& visit, const pack::RecordType& type, const Json& present,
                 std::vector<FormView::Item>& items) {
    const std::string id = text_at(present, "record_id");
    for (const pack::Field& field : type.fields)
        if (present.value(field.name, Json(false)) == true)
            items.push_back({fmt::format("{}{}{}{}{}", type.name, kMark, field.name, kMark, id),
                             visit.text("reveal_item", {{"field", pick(visit.language, field.title)},
                                                        {"type", pick(visit.language, type.title)},
                                                        {"id", id}}),
                             pick(visit.language, field.help)});
}

// What may be opened in this case: texts of the records of its shop that this authority holds.
Result<std::vector<FormView::Item>> what_may_be_opened(const Visit& visit, const casework::CaseThread& thread) {
    std::vector<FormView::Item> items;
    for (const pack::RecordType& type : visit.node.pack().records()) {
        if (!type.has_protected || !type.slot_of("shop")) continue;
        std::string present;
        for (const pack::Field& field : type.fields)
            if (field.is_protected() && field.type == pack::FieldType::text)
                present += fmt::format(", {0}_token IS NOT NULL AS {0}", field.name);
        GZ_TRY(
            const Json rows,
            records_rows(visit.node,
                         fmt::format("SELECT record_id{} FROM store.{} WHERE party = $1 AND shop = $2 AND entry_to IS "
                                     "NULL ORDER BY record_id LIMIT {}",
                                     present, type.name, kRecordsShown),
                         {thread.party.value, thread.shop}));
        for (const Json& each : rows) add_choices(visit, type, each, items);
    }
    return items;
}

std::vector<FormView::Item> purposes(const Visit& visit) {
    std::vector<FormView::Item> items;
    for (const pack::Purpose& purpose : visit.node.pack().purposes())
        items.push_back({purpose.id, pick(visit.language, purpose.title),
                         purpose.basis.empty() ? "" : purpose.basis[0].law + purpose.basis[0].article});
    return items;
}

Result<StaffView> show_asking(const Visit& visit, const Filled& filled) {
    GZ_TRY(const casework::CaseThread thread, case_of_address(visit));
    GZ_TRY(const auto choices, what_may_be_opened(visit, thread));
    FormFrame frame = case_form_frame(visit, thread, "reveal_ask");
    if (const std::string why = why_not_now(visit, thread, "sent.request"); !why.empty())
        return not_now_page(visit, thread, std::move(frame), why, filled);
    if (choices.empty())
        return not_now_page(visit, thread, std::move(frame), visit.text("reveal_nothing_here"), filled);
    FormView form(visit, filled, "reveal_");
    form.radios("what", choices).radios("purpose", purposes(visit)).textarea("note", {}, 3);
    return form_page(std::move(frame), filled, form.view("reveal_ask_submit", case_link(thread.id)));
}

Result<Next> act_on_asking(const Visit& visit, Filled& filled) {
    GZ_TRY(const casework::CaseThread thread, case_of_address(visit));
    const std::string what = filled.needed(visit, "reveal_", "what");
    privacy::RevealRequest asked;
    asked.case_id = thread.id;
    asked.purpose = filled.needed(visit, "reveal_", "purpose");
    asked.note = filled.needed(visit, "reveal_", "note");
    const size_t first = what.find(kMark), second = what.find(kMark, first + 1);
    if (!what.empty() && second == std::string::npos) filled.wrong("what", visit.text("reveal_what_missing"));
    if (!filled.errors.empty()) return Next{};
    asked.record_type = what.substr(0, first);
    asked.field = what.substr(first + 1, second - first - 1);
    asked.record_id = what.substr(second + 1);
    GZ_CHECKED(visit.node.request_reveal(visit.actor, asked).map([](const std::string&) {}));
    return Next{case_done_link(thread.id, "reveal_asked"), {}};
}

// --- one request to look ---

struct Asked {
    Json row;
    std::string id;
    bool own = false;  // the visitor asked for it
};

Result<Asked> asked_of_address(const Visit& visit) {
    Asked asked;
    asked.id = visit.request.path_values.at("id");
    GZ_TRY(const Json rows, affairs_rows(visit.node, "SELECT * FROM reveal WHERE reveal_id = $1", {asked.id}));
    if (rows.empty()) return fail(ErrorCode::not_found, "there is nothing of this id here");
    asked.row = rows[0];
    GZ_CHECKED(
        access::may(visit.actor, Action::read, {text_at(asked.row, "unit"), visit.actor.name}, visit.node.units()));
    asked.own = text_at(asked.row, "asked_by") == visit.actor.name;
    return asked;
}

std::string purpose_name(const Visit& visit, const std::string& id) {
    const pack::Purpose* purpose = visit.node.pack().purpose(id);
    return purpose ? pick(visit.language, purpose->title) : id;
}

std::string value_name(const Visit& visit, const Json& row) {
    return field_name(visit.node.pack(), visit.language, text_at(row, "record_type") + "." + text_at(row, "field"));
}

FormFrame look_frame(const Visit& visit, const Asked& asked, const std::string& base) {
    const Json& row = asked.row;
    return {
        .caption = visit.text("reveal_caption"),
        .title = visit.text(base + "_title"),
        .lead = visit.text(base + "_lead"),
        .facts =
            {{"rows",
              {{{"key", visit.text("column_field")}, {"value", value_name(visit, row)}},
               {{"key", visit.text("column_record")},
                {"value", text_at(row, "record_id")},
                {"href", record_link(text_at(row, "record_type"), text_at(row, "record_id"))}},
               {{"key", visit.text("column_asked_by")},
                {"value", person(visit.language, text_at(row, "asked_by")) + visit.text("colon") +
                              moment(visit, row["asked_time"])}},
               {{"key", visit.text("column_purpose")},
                {"value", purpose_name(visit, text_at(row, "purpose")) + visit.text("colon") + text_at(row, "note")}},
               {{"key", visit.text("state")}, {"value", coded(visit.language, "reveal_", text_at(row, "state"))}}}}},
        .breadcrumbs = {{visit.text("nav_reveals"), link("/reveals")}}};
}

// Why nobody, or not this person, decides now; "" where they may.
std::string why_no_decision(const Visit& visit, const Asked& asked) {
    if (text_at(asked.row, "state") != "waiting") return visit.text("reveal_decided_before");
    return asked.own ? visit.text("reveal_own") : std::string();
}

// Why this person cannot look now; "" where they can.
std::string why_no_look(const Visit& visit, const Asked& asked) {
    const std::string state = text_at(asked.row, "state");
    if (!asked.own) return visit.text("reveal_not_yours");
    if (state == "shown") return visit.text("reveal_seen_once");
    if (state == "refused") return visit.text("reveal_was_refused");
    return state == "waiting" ? visit.text("reveal_still_waits") : std::string();
}

Result<StaffView> show_deciding(const Visit& visit, const Filled& filled) {
    GZ_TRY(const Asked asked, asked_of_address(visit));
    FormFrame frame = look_frame(visit, asked, "reveal_decide");
    if (const std::string why = why_no_decision(visit, asked); !why.empty())
        return instead_of_form(visit, std::move(frame), why, {visit.text("reveals_back"), link("/reveals")}, filled);
    FormView form(visit, filled, "reveal_");
    form.radios("decision", {{"approve", visit.text("reveal_approve"), visit.text("reveal_approve_note")},
                             {"refuse", visit.text("reveal_refuse"), visit.text("reveal_refuse_note")}});
    form.textarea("reason", {}, 3);
    return form_page(std::move(frame), filled, form.view("reveal_decide_submit", link("/reveals")));
}

Result<Next> act_on_deciding(const Visit& visit, Filled& filled) {
    GZ_TRY(const Asked asked, asked_of_address(visit));
    const std::string decision = filled.needed(visit, "reveal_", "decision"), reason = filled.values.get("reason");
    if (decision == "refuse" && reason.empty()) filled.wrong("reason", visit.text("reveal_reason_missing"));
    if (!filled.errors.empty()) return Next{};
    if (asked.own) filled.wrong("", visit.text("reveal_own_tried"));  // and so it is on record
    const auto decided = visit.node.reveals().decide(visit.actor, asked.id, decision == "approve", reason);
    if (asked.own) return Next{};
    if (!decided) return tl::unexpected(decided.error());
    (void)visit.node.wait_applied(*decided);
    return Next{link("/reveals", {{"done", "reveal_decided"}}), {}};
}

Result<StaffView> show_looking(const Visit& visit, const Filled& filled) {
    GZ_TRY(const Asked asked, asked_of_address(visit));
    FormFrame frame = look_frame(visit, asked, "reveal_look");
    const std::string to_case = case_link(text_at(asked.row, "case_id"));
    if (const std::string why = why_no_look(visit, asked); !why.empty())
        return instead_of_form(visit, std::move(frame), why, {visit.text("reveal_value_back"), to_case}, filled);
    const FormView form(visit, filled, "reveal_");
    return form_page(std::move(frame), filled, form.view("reveal_look_submit", to_case));
}

Result<Next> act_on_looking(const Visit& visit, Filled& filled) {
    GZ_TRY(const Asked asked, asked_of_address(visit));
    const auto shown = visit.node.reveals().look(visit.actor, asked.id);
    if (!shown && shown.error().code == ErrorCode::forbidden) {
        filled.wrong("", visit.text(asked.own ? "reveal_tried_too_early" : "reveal_not_yours"));
        return Next{};
    }
    if (!shown && asked.own && shown.error().code == ErrorCode::conflict) {  // the page of the value, loaded again
        filled.wrong("", visit.text("reveal_seen_once"));
        return Next{};
    }
    if (!shown) return tl::unexpected(shown.error());
    (void)visit.node.wait_applied();
    const std::string title = visit.text("reveal_value_title", {{"field", value_name(visit, asked.row)}});
    return Next{
        {},
        StaffView{"value",
                  title,
                  {{"title", title},
                   {"value", shown->value},
                   {"told", visit.text("reveal_value_told",
                                       {{"party", party_name(visit.node, visit.language, text_at(asked.row, "party"))},
                                        {"message", shown->told.value}})},
                   {"back_href", case_link(text_at(asked.row, "case_id"))}},
                  {{visit.text("nav_reveals"), link("/reveals")}}}};
}

// --- what waits ---

Json waiting_table(const Visit& visit, const Json& rows) {
    Json lines = Json::array();
    for (const Json& each : rows) {
        if (!access::reaches(visit.actor, {text_at(each, "unit"), visit.actor.name}, visit.node.units())) continue;
        const std::string path = "/reveals/" + path_segment(text_at(each, "reveal_id")), state = text_at(each, "state");
        const bool own = text_at(each, "asked_by") == visit.actor.name;
        Json act = state == "waiting" && !own   ? link_cell(visit.text("reveal_to_decision"), link(path))
                   : state == "approved" && own ? link_cell(visit.text("reveal_to_look"), link(path + "/look"))
                                                : cell(visit.text("none"));
        lines.push_back(
            row({cell(value_name(visit, each)), cell(text_at(each, "record_id")),
                 cell(person(visit.language, text_at(each, "asked_by"))),
                 cell(purpose_name(visit, text_at(each, "purpose")) + visit.text("colon") + text_at(each, "note")),
                 cell(moment(visit, each["asked_time"])),
                 tag_cell(tag(coded(visit.language, "reveal_", state), state == "waiting"   ? "blue"
                                                                       : state == "refused" ? "red"
                                                                                            : "purple")),
                 act}));
    }
    return table("reveals", visit.text("reveals_caption"),
                 {{visit.text("column_field")},
                  {visit.text("column_record")},
                  {visit.text("column_asked_by")},
                  {visit.text("column_purpose")},
                  {visit.text("column_time")},
                  {visit.text("state")},
                  {visit.text("reveals_act")}},
                 std::move(lines));
}

Result<StaffView> show_waiting(const Visit& visit) {
    GZ_TRY(const Json rows, affairs_rows(visit.node,
                                         "SELECT * FROM reveal ORDER BY (state = 'waiting') DESC, (state = 'approved') "
                                         "DESC, entry DESC LIMIT 100"));
    return StaffView{"reveals", visit.text("reveals_title"), {{"reveals", waiting_table(visit, rows)}}};
}

}  // namespace

void add_reveal_pages(http::Router& router, node::Node& node) {
    add_staff_page(router, node, "/reveals", "page.reveals", show_waiting);
    add_form_page(router, node,
                  {"/cases/{case}/reveals/new", "reveal.request", Action::request_reveal, show_asking, act_on_asking});
    add_form_page(router, node,
                  {"/reveals/{id}", "reveal.decide", Action::approve_reveal, show_deciding, act_on_deciding});
    add_form_page(router, node, {"/reveals/{id}/look", "reveal.look", Action::look, show_looking, act_on_looking});
}

}  // namespace gongzhi::web
