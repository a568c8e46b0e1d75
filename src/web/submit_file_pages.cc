// Submitting a file in two steps: look at it, with every refused line and why, while nothing is stored; then submit what is
// good, or nothing. A file that was refused goes back as a CSV to be mended.
#include "base/bytes.h"
#include "intake/mapping.h"
#include "web/console_pages.h"
#include "web/desk_pieces.h"
#include "web/held_uploads.h"
#include "web/record_form.h"
#include "web/refused_lines.h"

namespace gongzhi::web {
namespace {

using access::Action;
using intake::SubmissionRequest;
using intake::SubmissionResult;

constexpr size_t kUploadBytesMax = 8u << 20;
constexpr size_t kRefusedShown = 100;
constexpr size_t kUploadIdBytes = 16;
constexpr int64_t kHeldMicros = 30 * 60 * kMicrosPerSecond;

using Uploads = std::shared_ptr<HeldUploads>;  // one for all pages of a node
using Upload = std::shared_ptr<const HeldUpload>;

std::string file_link(const pack::RecordType& type) { return link("/submit/" + path_segment(type.name) + "/file"); }

SubmissionRequest request_of(const Visit& visit, const HeldUpload& upload) {
    SubmissionRequest request;
    request.message_id = make_uuid7(visit.node.clock().now().value / 1000, visit.node.random());
    request.record_type = upload.record_type;
    request.format = upload.csv ? intake::Format::csv : intake::Format::ndjson;
    request.body = upload.text;
    request.corrects = upload.corrects;
    return request;
}

std::vector<PageLink> way_back(const Visit& visit, const pack::RecordType& type) {
    return {{visit.text("nav_submit"), link("/submit")},
            {pick(visit.language, type.title), link("/submit/" + path_segment(type.name))}};
}

// --- bringing it ---

Json columns_table(const Visit& visit, const pack::RecordType& type) {
    Json lines = Json::array();
    for (const pack::Field& field : type.fields) {
        const bool money = field.type == pack::FieldType::money;
        const std::string name = money ? field.name + "_amount, " + field.name + "_currency" : field.name;
        const std::string title = money ? visit.text("columns_money", {{"field", pick(visit.language, field.title)}})
                                        : pick(visit.language, field.title);
        std::string values;
        for (const std::string& value : field.values) values += (values.empty() ? "" : ", ") + value;
        lines.push_back(row({row_header(name), cell(title),
                             cell(visit.text(field.required            ? "columns_required"
                                             : !field.presence.empty() ? "columns_depends"
                                                                       : "columns_optional")),
                             cell(field.example.empty() ? values : field.example)}));
    }
    return table("columns", visit.text("columns_caption"),
                 {{visit.text("columns_name")},
                  {visit.text("columns_title")},
                  {visit.text("columns_needed")},
                  {visit.text("columns_example")}},
                 std::move(lines));
}

Result<StaffView> show_bringing(const Visit& visit, const Filled& filled) {
    GZ_TRY(const pack::RecordType* type, type_of_address(visit));
    Sheet sheet{.caption = visit.text("nav_submit"),
                .title = visit.text("upload_title", {{"type", pick(visit.language, type->title)}}),
                .lead = visit.text("upload_lead"),
                .breadcrumbs = way_back(visit, *type)};
    sheet.sections = {{.facts = record_type_facts(visit, *type)},
                      {.paragraphs = {visit.text("columns_lead")}, .table = columns_table(visit, *type)}};
    FormView form(visit, filled, "upload_");
    form.file("upload", ".csv,.ndjson,.txt,text/csv");
    form.textarea("pasted", {}, 8);
    form.checkboxes("corrects", {{"yes", visit.text("submit_corrects_yes"), visit.text("submit_corrects_note")}});
    sheet.form = form.view("upload_check", link("/submit/" + path_segment(type->name)));
    return sheet_view(std::move(sheet), filled);
}

// What was brought, as text: the file if there is one, else what was pasted.
std::string brought_in(const Visit& visit, Filled& filled) {
    const std::string file = filled.values.get("upload"), pasted = filled.values.get("pasted");
    if (file.empty() && pasted.empty()) {
        filled.wrong("upload", visit.text("upload_nothing"));
        return {};
    }
    const auto text = intake::to_utf8(file.empty() ? pasted : file);
    if (!text) filled.wrong(file.empty() ? "pasted" : "upload", visit.text("upload_encoding"));
    return text.value_or("");
}

bool looks_like_csv(const std::string& text) {
    const size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string::npos && text[first] != '{';
}

Result<Next> act_on_bringing(const Visit& visit, Filled& filled, HeldUploads& uploads) {
    GZ_TRY(const pack::RecordType* type, type_of_address(visit));
    HeldUpload upload;
    upload.text = brought_in(visit, filled);
    if (!filled.errors.empty()) return Next{};
    upload.id = to_hex(visit.node.random().bytes(kUploadIdBytes));
    upload.actor = visit.actor.name;
    upload.record_type = type->name;
    upload.csv = looks_like_csv(upload.text);
    upload.corrects = filled.values.holds("corrects", "yes");
    upload.until = UtcTime(visit.node.clock().now().value + kHeldMicros);
    const auto checked = visit.node.intake().check(visit.actor, request_of(visit, upload));
    if (!checked && (checked.error().code == ErrorCode::malformed || checked.error().code == ErrorCode::too_large))
        filled.wrong(filled.values.get("upload").empty() ? "pasted" : "upload",
                     visit.text("upload_unreadable", {{"reason", checked.error().message}}));
    if (!filled.errors.empty()) return Next{};
    if (!checked) return tl::unexpected(checked.error());
    const std::string where = link("/submit/" + path_segment(type->name) + "/file/" + upload.id);
    uploads.hold(std::move(upload));
    return Next{where, {}};
}

// --- what became of it ---

struct Checked {
    const pack::RecordType* type;
    Upload upload;
    SubmissionResult result;
};

// `not_found` for another's file or one that is no longer held.
Result<Checked> checked_of_address(const Visit& visit, HeldUploads& uploads) {
    GZ_TRY(const pack::RecordType* type, type_of_address(visit));
    const Upload upload =
        uploads.find(visit.request.path_values.at("upload"), visit.actor.name, visit.node.clock().now());
    if (!upload || upload->record_type != type->name) return fail(ErrorCode::not_found, "this file is no longer held");
    GZ_TRY(SubmissionResult result, visit.node.intake().check(visit.actor, request_of(visit, *upload)));
    return Checked{type, upload, std::move(result)};
}

Json refused_table(const Visit& visit, const Checked& checked) {
    Json lines = Json::array();
    for (const pack::FieldProblem& problem : checked.result.problems) {
        if (lines.size() == kRefusedShown) break;
        lines.push_back(row({number_cell(static_cast<int64_t>(problem.line)),
                             cell(reason_text(*checked.type, problem, visit.language))}));
    }
    const std::string shown = std::to_string(lines.size());
    return table("refused", visit.text("refused_caption", {{"shown", shown}}),
                 {{visit.text("refused_line"), true}, {visit.text("refused_reason")}}, std::move(lines));
}

Json numbers(const Visit& visit, const SubmissionResult& result) {
    const uint64_t all = result.accepted + result.duplicates + result.refused;
    return Facts(visit)
        .add("checked_all", std::to_string(all))
        .add("checked_good", std::to_string(result.accepted))
        .add("checked_corrected", std::to_string(result.corrected))
        .add("checked_known", std::to_string(result.duplicates))
        .add("checked_refused", std::to_string(result.refused))
        .list();
}

std::string_view lead_of(const SubmissionResult& result) {
    if (result.accepted == 0) return result.refused == 0 ? "checked_lead_known" : "checked_lead_bad";
    return result.refused == 0 ? "checked_lead_good" : "checked_lead_mixed";
}

Result<StaffView> show_checked(const Visit& visit, const Filled& filled, HeldUploads& uploads) {
    const auto found = checked_of_address(visit, uploads);
    if (!found && found.error().code == ErrorCode::not_found) {
        GZ_TRY(const pack::RecordType* type, type_of_address(visit));
        Sheet gone{.title = visit.text("upload_gone_title"),
                   .lead = visit.text("upload_gone"),
                   .actions = {{visit.text("upload_again"), file_link(*type)}},
                   .breadcrumbs = way_back(visit, *type)};
        return sheet_view(std::move(gone));
    }
    if (!found) return tl::unexpected(found.error());
    const Checked& checked = *found;
    Sheet sheet{.caption = pick(visit.language, checked.type->title),
                .title = visit.text("checked_title"),
                .lead = visit.text(lead_of(checked.result)),
                .next = visit.text(checked.result.refused > 0 ? "checked_next_mend" : "checked_next"),
                .breadcrumbs = way_back(visit, *checked.type)};
    sheet.sections = {{.facts = numbers(visit, checked.result)}};
    if (checked.result.refused > 0) {
        SheetSection refused{.heading = visit.text("refused_title"), .table = refused_table(visit, checked)};
        refused.links = {{visit.text("refused_download"), link(visit.request.path + "/refused.csv"), "refused.csv"},
                         {visit.text("upload_again"), file_link(*checked.type)}};
        sheet.sections.push_back(std::move(refused));
    }
    if (checked.result.accepted > 0) {
        FormView form(visit, filled, "upload_");
        if (checked.result.refused > 0)
            form.radios("how", {{"lenient", visit.text("upload_how_lenient"), visit.text("upload_how_lenient_note")},
                                {"strict", visit.text("upload_how_strict"), visit.text("upload_how_strict_note")}});
        else
            form.hidden("how", "strict");
        sheet.form = form.view("upload_submit", file_link(*checked.type));
    }
    return sheet_view(std::move(sheet), filled);
}

Result<Next> act_on_checked(const Visit& visit, Filled& filled, HeldUploads& uploads) {
    GZ_TRY(const Checked checked, checked_of_address(visit, uploads));
    const std::string how = filled.needed(visit, "upload_", "how");
    if (!filled.errors.empty()) return Next{};
    SubmissionRequest request = request_of(visit, *checked.upload);
    request.lenient = how == "lenient";
    GZ_TRY(const SubmissionResult result, visit.node.intake().submit(visit.actor, request));
    if (!result.stored()) filled.wrong("", visit.text("upload_none_stored"));
    if (!filled.errors.empty()) return Next{};
    uploads.drop(checked.upload->id);
    (void)visit.node.wait_applied(result.index);
    return Next{link("/submissions/" + path_segment(result.id.value), {{"done", "submitted"}}), {}};
}

Result<http::Response> refused_file(const Visit& visit, HeldUploads& uploads) {
    GZ_TRY(const Checked checked, checked_of_address(visit, uploads));
    GZ_TRY(std::string csv, refused_lines_csv(checked.upload->text, checked.upload->csv,
                                              {*checked.type, checked.result.problems, visit.language}));
    return csv_file(std::move(csv), "refused.csv");
}

}  // namespace

void add_submit_file_pages(http::Router& router, node::Node& node) {
    const Uploads uploads = std::make_shared<HeldUploads>();
    add_form_page(router, node,
                  {"/submit/{type}/file", "submission.file", Action::submit, show_bringing,
                   [uploads](const Visit& visit, Filled& filled) { return act_on_bringing(visit, filled, *uploads); },
                   kUploadBytesMax});
    add_form_page(
        router, node,
        {"/submit/{type}/file/{upload}", "submission.checked", Action::submit,
         [uploads](const Visit& visit, const Filled& filled) { return show_checked(visit, filled, *uploads); },
         [uploads](const Visit& visit, Filled& filled) { return act_on_checked(visit, filled, *uploads); }});
    add_staff_route(router, node, "/submit/{type}/file/{upload}/refused.csv", "submission.refused",
                    [uploads](const Visit& visit) { return refused_file(visit, *uploads); });
}

}  // namespace gongzhi::web
