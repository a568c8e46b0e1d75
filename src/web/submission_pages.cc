// One submission of ours: its receipt, its records, to whom it went; and sending it on to an authority.
#include "web/console_pages.h"
#include "web/desk_pieces.h"
#include "web/record_form.h"

namespace gongzhi::web {
namespace {

using access::Action;

constexpr int kRecordsShown = 20;

struct Submission {
    Json row;
    std::string id;
    int64_t entry = 0;
    const pack::RecordType* type = nullptr;

    bool leaves() const { return type && type->leaves_on == pack::LeavesOn::duty; }
};

Result<Submission> submission_of_address(const Visit& visit) {
    Submission submission;
    submission.id = visit.request.path_values.at("id");
    GZ_TRY(const Json rows, affairs_rows(visit.node, "SELECT * FROM submission WHERE message_id = $1 AND party = $2",
                                         {submission.id, visit.node.config().party.value}));
    if (rows.empty()) return fail(ErrorCode::not_found, "there is nothing of this id here");
    submission.row = rows[0];
    submission.entry = submission.row["entry"].get<int64_t>();
    submission.type = visit.node.pack().record_type(text_at(submission.row, "record_type"));
    return submission;
}

std::string submission_link(const std::string& id) { return link("/submissions/" + path_segment(id)); }

std::string title_of(const Visit& visit, const Submission& submission) {
    return submission.type ? pick(visit.language, submission.type->title) : text_at(submission.row, "record_type");
}

struct Gone {
    std::string to;
    std::string time, message_id;  // "" where it did not go
};

Result<std::vector<Gone>> where_it_went(const Visit& visit, const Submission& submission) {
    std::vector<Gone> all;
    for (const exchange::PartyDescriptor& each : authorities(visit)) {
        Gone gone{each.party.value, {}, {}};
        GZ_TRY(const auto entry, onward_entry(visit, submission.entry, each.party));
        if (entry) {
            GZ_TRY(const Json rows,
                   affairs_rows(visit.node, "SELECT logged_time, message_id FROM message WHERE entry = $1",
                                {static_cast<int64_t>(entry->value)}));
            if (!rows.empty())
                gone.time = moment(visit, rows[0]["logged_time"]), gone.message_id = text_at(rows[0], "message_id");
        }
        all.push_back(std::move(gone));
    }
    return all;
}

SheetSection onward_section(const Visit& visit, const Submission& submission, const std::vector<Gone>& all) {
    SheetSection section{.heading = visit.text("onward_section")};
    if (!submission.leaves()) {
        section.paragraphs = {visit.text("onward_stays")};
        return section;
    }
    if (all.empty()) section.paragraphs = {visit.text("no_authority")};
    Facts facts(visit);
    Json list = Json::array();
    for (const Gone& gone : all) {
        const std::string name = party_name(visit.node, visit.language, gone.to);
        list.push_back({{"key", name},
                        {"value", gone.time.empty() ? visit.text("onward_not_yet")
                                                    : visit.text("onward_sent", {{"time", gone.time}})}});
        if (!gone.message_id.empty())
            section.links.push_back(
                {visit.text("onward_receipt", {{"authority", name}}), receipt_link(gone.message_id), "onward.receipt"});
    }
    if (!list.empty()) section.facts = {{"rows", list}};
    return section;
}

Result<SheetSection> records_section(const Visit& visit, const Submission& submission) {
    SheetSection section{.heading = visit.text("submission_records")};
    if (!submission.type) return section;
    GZ_TRY(const Json rows,
           records_rows(visit.node,
                        fmt::format("SELECT record_id FROM store.{} WHERE entry_from = $1 ORDER BY record_no LIMIT {}",
                                    submission.type->name, kRecordsShown),
                        {submission.entry}));
    for (const Json& each : rows)
        section.links.push_back(
            {text_at(each, "record_id"), record_link(submission.type->name, text_at(each, "record_id"))});
    section.paragraphs = {
        visit.text(rows.empty() ? "submission_records_coming" : "submission_records_lead",
                   {{"shown", std::to_string(rows.size())}, {"count", submission.row["record_count"].dump()}})};
    return section;
}

Result<StaffView> show_submission(const Visit& visit) {
    GZ_TRY(const Submission submission, submission_of_address(visit));
    GZ_TRY(const std::vector<Gone> gone, where_it_went(visit, submission));
    const bool waits = submission.leaves() &&
                       std::any_of(gone.begin(), gone.end(), [](const Gone& one) { return one.message_id.empty(); });
    Sheet sheet{.caption = visit.text("submission_caption"),
                .title = visit.text("submission_title", {{"type", title_of(visit, submission)},
                                                         {"count", submission.row["record_count"].dump()}}),
                .lead = visit.text("submission_lead"),
                .next = visit.text(waits ? "submission_next" : "submission_next_nothing"),
                .source = visit.text("submission_source"),
                .breadcrumbs = {{visit.text("nav_submit"), link("/submit")}}};
    if (waits && access::may(visit.actor, Action::submit))
        sheet.actions = {{visit.text("onward_do"), submission_link(submission.id) + "/onward"}};
    SheetSection facts{.heading = visit.text("submission_receipt_title"),
                       .facts = Facts(visit)
                                    .add("submission_number", submission.id)
                                    .add("column_time", moment(visit, submission.row["received_time"]))
                                    .add("platform_records", submission.row["record_count"].dump())
                                    .add("submission_entry", std::to_string(submission.entry))
                                    .list()};
    facts.links = {{visit.text("submission_receipt"), receipt_link(submission.id), "submission.receipt"}};
    GZ_TRY(SheetSection records, records_section(visit, submission));
    sheet.sections = {std::move(facts), onward_section(visit, submission, gone), std::move(records)};
    return sheet_view(std::move(sheet));
}

// --- on to the authority ---

Result<StaffView> show_onward(const Visit& visit, const Filled& filled) {
    GZ_TRY(const Submission submission, submission_of_address(visit));
    Sheet sheet{
        .caption = title_of(visit, submission),
        .title = visit.text("onward_title"),
        .lead = visit.text("onward_lead"),
        .breadcrumbs = {{visit.text("nav_submit"), link("/submit")}, {submission.id, submission_link(submission.id)}}};
    if (!submission.leaves()) sheet.warnings = {visit.text("onward_stays")};
    if (authorities(visit).empty()) sheet.warnings = {visit.text("no_authority")};
    Json facts = submission.type ? record_type_facts(visit, *submission.type) : Facts(visit).list();
    facts["rows"].push_back(
        {{"key", visit.text("platform_records")}, {"value", submission.row["record_count"].dump()}});
    if (const auto all = authorities(visit); all.size() == 1)
        facts["rows"].push_back(
            {{"key", visit.text("onward_to")}, {"value", party_name(visit.node, visit.language, all[0].party.value)}});
    sheet.sections = {{.facts = std::move(facts)}};
    FormView form(visit, filled, "onward_");
    ask_authority(visit, form);
    sheet.form = form.view("onward_submit", submission_link(submission.id));
    return sheet_view(std::move(sheet), filled);
}

Result<Next> act_on_onward(const Visit& visit, Filled& filled) {
    GZ_TRY(const Submission submission, submission_of_address(visit));
    const PartyId to = authority_in(visit, filled);
    if (!submission.leaves()) filled.wrong("", visit.text("onward_stays"));
    if (!filled.errors.empty()) return Next{};
    const auto sent = visit.node.submit_onward(visit.actor, EntryIndex(static_cast<uint64_t>(submission.entry)), to);
    if (!sent && sent.error().code == ErrorCode::conflict) filled.wrong("", visit.text("onward_twice"));
    if (!filled.errors.empty()) return Next{};
    if (!sent) return tl::unexpected(sent.error());
    (void)visit.node.wait_applied(sent->index);
    return Next{link("/submissions/" + path_segment(submission.id), {{"done", "onward"}}), {}};
}

}  // namespace

void add_submission_pages(http::Router& router, node::Node& node) {
    add_staff_page(router, node, "/submissions/{id}", "page.submission", show_submission);
    add_form_page(router, node,
                  {"/submissions/{id}/onward", "submission.send_on", Action::submit, show_onward, act_on_onward});
}

}  // namespace gongzhi::web
