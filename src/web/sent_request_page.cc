// A request or order that this authority sent: on which basis, until when, and what came back, down to the rows.
#include "web/answer_rows.h"
#include "web/case_pieces.h"
#include "web/console_pages.h"
#include "web/request_pieces.h"
#include "web/sheet.h"

namespace gongzhi::web {
namespace {

using casework::InformationRequest;

constexpr size_t kRowsShown = 50;

struct Sent {
    std::string id;
    Json row;   // of the table `request`
    Json body;  // of its message; null once its days are over

    bool is_order() const { return text_at(row, "kind") == "order"; }
    bool answered() const { return text_at(row, "state") == "answered"; }
};

// Who may read the case may read it; without a case, who answers for its region.
Status within_reach(const Visit& visit, const Json& row) {
    if (const std::string case_id = text_at(row, "case_id"); !case_id.empty())
        return case_within_reach(visit, case_id).map([](const casework::CaseThread&) {});
    return access::may_in_region(visit.actor, access::Action::read, text_at(row, "region"), visit.node.units());
}

Result<Sent> sent_of_address(const Visit& visit) {
    Sent sent{visit.request.path_values.at("id"), {}, {}};
    GZ_TRY(const Json rows,
           affairs_rows(visit.node, "SELECT * FROM request WHERE message_id = $1 AND direction = 'sent'", {sent.id}));
    if (rows.empty()) return fail(ErrorCode::not_found, "there is nothing of this id here");
    sent.row = rows[0];
    GZ_CHECKED(within_reach(visit, sent.row));
    GZ_TRY(sent.body, message_body(visit, EntryIndex(static_cast<uint64_t>(sent.row["entry"].get<int64_t>()))));
    return sent;
}

// The answer that was taken in: another that came before it may have been refused. Null where none was, or its days are
// over.
Result<Json> accepted_answer(const Visit& visit, const Sent& sent) {
    const journal::ClaimBytes key = visit.node.claims().key("thread", {sent.id, "2"});
    GZ_TRY(const auto holder, visit.node.ledger().journal().find_claims(std::span(&key, 1)));
    if (!holder[0]) return Json();
    GZ_TRY(const ledger::Entry taken_in, visit.node.ledger().read(holder[0]->index));
    GZ_TRY(const ledger::NodeStatement said, taken_in.statement());
    GZ_TRY(const std::string answer_id, json_text(said.trace, "answer"));
    GZ_TRY(const EntryIndex entry, visit.node.entry_of_message(MessageId(answer_id)));
    return message_body(visit, entry);
}

std::vector<AnswerRows> rows_of(const Visit& visit, const Sent& sent, const Json& answer) {
    const auto request = InformationRequest::from_json(sent.body);
    if (!request || !answer.is_object()) return {};
    return answer_rows(visit.node.pack(), request->fields, answer.value("rows", Json::object()));
}

Json facts_of(const Visit& visit, const Sent& sent) {
    const Json& row = sent.row;
    Facts facts(visit);
    facts.add_tag("state", request_tag(visit, row))
        .add("column_due", moment(visit, row["deadline_time"]))
        .add("row_to", party_name(visit.node, visit.language, text_at(row, "party")))
        .add_chinese("basis", text_at(row, "basis"))
        .add_chinese("column_purpose", text_at(row, "purpose"))
        .add("column_subject", request_about(visit, row))
        .add(sent.is_order() ? "incoming_measures" : "column_fields",
             field_list(visit.node.pack(), visit.language, text_at(row, "fields")));
    if (sent.is_order()) facts.add_chinese("incoming_statement", text_at(row, "statement"));
    if (const auto request = InformationRequest::from_json(sent.body); request) {
        if (!request->scope.category.empty()) facts.add("compose_category", request->scope.category);
        facts.add("compose_period_key",
                  visit.text("compose_period", {{"from", day_text(visit.language, request->scope.from)},
                                                {"until", day_text(visit.language, request->scope.until)}}));
    }
    if (const std::string case_id = text_at(row, "case_id"); !case_id.empty())
        facts.add_link("column_case", case_id, case_link(case_id));
    facts.add("column_sent", moment(visit, row["sent_time"])).add("column_request_number", sent.id);
    return facts.list();
}

std::string rows_link(const Sent& sent, const std::string& type) {
    return link("/requests/" + path_segment(sent.id) + "/rows.csv", {{"type", type}});
}

SheetSection table_section(const Visit& visit, const Sent& sent, const AnswerRows& answer) {
    const std::string shown = std::to_string(std::min(answer.rows.size(), kRowsShown));
    const std::string caption = visit.text("answer_rows_caption", {{"type", pick(visit.language, answer.type->title)},
                                                                   {"count", std::to_string(answer.rows.size())},
                                                                   {"shown", shown}});
    SheetSection section{.table = answer_table(visit, answer, caption, kRowsShown)};
    if (!answer.rows.empty())
        section.links = {{visit.text("sent_rows_csv", {{"type", pick(visit.language, answer.type->title)}}),
                          rows_link(sent, answer.type->name), answer.type->name + ".csv"}};
    return section;
}

Result<std::vector<SheetSection>> answer_sections(const Visit& visit, const Sent& sent) {
    SheetSection head{.heading = visit.text("sent_answer")};
    if (!sent.answered()) {
        const bool withdrawn = text_at(sent.row, "state") == "withdrawn";
        head.paragraphs = {visit.text(withdrawn ? "incoming_withdrawn" : "sent_not_answered")};
        return std::vector<SheetSection>{std::move(head)};
    }
    GZ_TRY(const Json answer, accepted_answer(visit, sent));
    Facts facts(visit);
    facts.add("column_answer", coded(visit.language, "outcome_", text_at(sent.row, "outcome")))
        .add("column_time", moment(visit, sent.row["answered_time"]));
    if (!sent.is_order()) facts.add("incoming_sent_rows", sent.row["answer_rows"].dump());
    if (answer.is_object()) facts.add_chinese("sent_words", text_at(answer, "statement"));
    head.facts = facts.list();
    if (answer.is_null()) head.paragraphs = {visit.text("sent_answer_gone")};
    std::vector<SheetSection> sections = {std::move(head)};
    for (const AnswerRows& rows : rows_of(visit, sent, answer)) sections.push_back(table_section(visit, sent, rows));
    return sections;
}

Result<StaffView> show_sent(const Visit& visit) {
    GZ_TRY(const Sent sent, sent_of_address(visit));
    GZ_TRY(std::vector<SheetSection> answer, answer_sections(visit, sent));
    const std::string party = text_at(sent.row, "party"), case_id = text_at(sent.row, "case_id");
    Sheet sheet{.caption = visit.text(sent.is_order() ? "incoming_order" : "incoming_request"),
                .title = order_name(visit.node.pack(), visit.language, text_at(sent.row, "order_type")),
                .lead = visit.text(sent.answered() ? "sent_lead_answered" : "sent_lead_open"),
                .source = visit.text("sent_source")};
    sheet.breadcrumbs = {case_id.empty() ? PageLink{party_name(visit.node, visit.language, party),
                                                    link("/platforms/" + path_segment(party))}
                                         : PageLink{visit.text("case_caption") + " " + case_id, case_link(case_id)}};
    sheet.sections = {{.heading = visit.text("sent_what"), .facts = facts_of(visit, sent)}};
    for (SheetSection& section : answer) sheet.sections.push_back(std::move(section));
    return sheet_view(std::move(sheet));
}

Result<http::Response> rows_file(const Visit& visit) {
    GZ_TRY(const Sent sent, sent_of_address(visit));
    GZ_TRY(const Json answer, accepted_answer(visit, sent));
    const std::string type = visit.request.query_value("type");
    for (const AnswerRows& rows : rows_of(visit, sent, answer)) {
        if (rows.type->name != type) continue;
        return csv_file(answer_csv(visit, rows), type + ".csv");
    }
    return fail(ErrorCode::not_found, "the answer has no rows of this type");
}

}  // namespace

void add_sent_request_page(http::Router& router, node::Node& node) {
    add_staff_page(router, node, "/requests/{id}", "page.request", show_sent);
    add_export_route(router, node, "/requests/{id}/rows.csv", "answer.export", rows_file);
}

}  // namespace gongzhi::web
