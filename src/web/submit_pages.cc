// Submitting by hand: which record type, and one record by a form.
#include <algorithm>

#include "web/collation.h"
#include "web/console_pages.h"
#include "web/desk_pieces.h"
#include "web/due_items.h"
#include "web/record_form.h"
#include "web/refused_lines.h"

namespace gongzhi::web {
namespace {

using access::Action;

constexpr int kListed = 20;

std::string type_link(const pack::RecordType& type) { return link("/submit/" + path_segment(type.name)); }

std::string short_leaves(const Visit& visit, const pack::RecordType& type) {
    return visit.text(type.leaves_on == pack::LeavesOn::duty      ? "leaves_short_duty"
                      : type.leaves_on == pack::LeavesOn::request ? "leaves_short_request"
                                                                  : "leaves_short_never");
}

// What is due first, then as people look for words.
std::vector<const pack::RecordType*> types_in_order(const Visit& visit, const std::vector<DueItem>& due) {
    std::vector<const pack::RecordType*> types = submittable_types(visit);
    const auto place = [&](const pack::RecordType* type) {
        const auto first =
            std::find_if(due.begin(), due.end(), [&](const DueItem& item) { return item.record_type == type->name; });
        return first - due.begin();
    };
    std::sort(types.begin(), types.end(), [&](const pack::RecordType* a, const pack::RecordType* b) {
        const auto place_a = place(a), place_b = place(b);
        if (place_a != place_b) return place_a < place_b;
        return compare_words(visit.language, pick(visit.language, a->title), pick(visit.language, b->title)) < 0;
    });
    return types;
}

Json types_table(const Visit& visit, const std::vector<DueItem>& due) {
    Json lines = Json::array();
    for (const pack::RecordType* type : types_in_order(visit, due)) {
        Json name = row_header(pick(visit.language, type->title));
        name["href"] = type_link(*type);
        lines.push_back(row({name, cell(short_leaves(visit, *type)), cell(pick(visit.language, type->purpose))}));
    }
    return table("types", visit.text("submit_types"),
                 {{visit.text("column_record")}, {visit.text("submit_leaves")}, {visit.text("submit_purpose")}},
                 std::move(lines));
}

Json latest_table(const Visit& visit, const Json& rows) {
    Json lines = Json::array();
    for (const Json& each : rows) {
        const pack::RecordType* type = visit.node.pack().record_type(text_at(each, "record_type"));
        lines.push_back(row({link_cell(moment(visit, each["received_time"]),
                                       link("/submissions/" + path_segment(text_at(each, "message_id")))),
                             cell(type ? pick(visit.language, type->title) : text_at(each, "record_type")),
                             number_cell(each["record_count"].get<int64_t>())}));
    }
    return table("latest", visit.text("submit_latest_caption"),
                 {{visit.text("column_time")}, {visit.text("column_record")}, {visit.text("platform_records"), true}},
                 std::move(lines));
}

Result<StaffView> show_types(const Visit& visit) {
    GZ_TRY(const Json latest,
           affairs_rows(visit.node,
                        fmt::format("SELECT * FROM submission WHERE party = $1 ORDER BY entry DESC LIMIT {}", kListed),
                        {visit.node.config().party.value}));
    Sheet sheet{.title = visit.text("submit_title"),
                .lead = visit.text("submit_lead"),
                .next = visit.text("submit_next"),
                .source = visit.text("submit_source")};
    GZ_TRY(const DueItems due, due_items(visit));
    SheetSection types{.table = types_table(visit, due.items)},
        last{.heading = visit.text("submit_latest"), .table = latest_table(visit, latest)};
    if (latest.empty()) last.paragraphs = {visit.text("submit_latest_empty")};
    sheet.sections = {std::move(types), std::move(last)};
    return sheet_view(std::move(sheet));
}

// --- one record ---

Result<StaffView> show_record_form(const Visit& visit, const Filled& filled) {
    GZ_TRY(const pack::RecordType* type, type_of_address(visit));
    const std::string title = pick(visit.language, type->title);
    Sheet sheet{.caption = visit.text("nav_submit"),
                .title = visit.text("submit_one_title", {{"type", title}}),
                .lead = visit.text("submit_one_lead"),
                .breadcrumbs = {{visit.text("nav_submit"), link("/submit")}}};
    SheetSection facts{.facts = record_type_facts(visit, *type)};
    facts.links = {{visit.text("submit_by_file"), type_link(*type) + "/file"}};
    sheet.sections = {std::move(facts)};
    FormView form(visit, filled, "submit_");
    ask_record(visit, *type, form);
    form.checkboxes("corrects", {{"yes", visit.text("submit_corrects_yes"), visit.text("submit_corrects_note")}});
    sheet.form = form.view("submit_record", link("/submit"));
    return sheet_view(std::move(sheet), filled);
}

Result<Next> act_on_record(const Visit& visit, Filled& filled) {
    GZ_TRY(const pack::RecordType* type, type_of_address(visit));
    intake::SubmissionRequest request;
    request.message_id = make_uuid7(visit.node.clock().now().value / 1000, visit.node.random());
    request.record_type = type->name;
    request.body = record_in(visit, *type, filled.values).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    request.corrects = filled.values.holds("corrects", "yes");
    GZ_TRY(const intake::SubmissionResult result, visit.node.intake().submit(visit.actor, request));
    for (const pack::FieldProblem& problem : result.problems)
        filled.wrong(form_field_of(*type, problem.field), reason_text(*type, problem, visit.language));
    if (!filled.errors.empty()) return Next{};
    if (!result.stored()) filled.wrong("", visit.text("submit_known"));
    if (!filled.errors.empty()) return Next{};
    (void)visit.node.wait_applied(result.index);
    return Next{link("/submissions/" + path_segment(result.id.value), {{"done", "submitted"}}), {}};
}

}  // namespace

void add_submit_pages(http::Router& router, node::Node& node) {
    add_staff_page(router, node, "/submit", "page.submit", show_types);
    add_form_page(router, node, {"/submit/{type}", "submission.form", Action::submit, show_record_form, act_on_record});
}

}  // namespace gongzhi::web
