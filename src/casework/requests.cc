// Information requests and their answers.
#include <algorithm>
#include <set>

#include "casework/casework.h"
#include "crypto/digest.h"

namespace gongzhi::casework {
namespace {

// Every member of every row must have been asked for.
Status check_fields(const std::vector<std::string>& fields, const Json& rows) {
    const std::set<std::string> asked(fields.begin(), fields.end());
    if (!rows.is_object()) return fail_field(ErrorCode::malformed, "rows", "rows stand under their record type");
    for (const auto& [type, list] : rows.items()) {
        if (!list.is_array()) return fail_field(ErrorCode::malformed, "rows", "a list of rows is expected");
        for (const Json& row : list) {
            if (!row.is_object()) return fail_field(ErrorCode::malformed, "rows", "a row is an object");
            for (const auto& [field, value] : row.items())
                if (!asked.contains(type + "." + field))
                    return fail(ErrorCode::rejected, "the answer holds {}.{}, which was not asked for", type, field);
        }
    }
    return {};
}

bool allows_outcome(const pack::OrderType* order, const std::string& outcome) {
    return order && std::find(order->answers.begin(), order->answers.end(), outcome) != order->answers.end();
}

size_t count_rows(const Json& rows) {
    size_t count = 0;
    for (const auto& [type, list] : rows.items()) count += list.size();
    return count;
}

}  // namespace

// The case of the request; for an order type that needs none, what stands in its place.
Result<CaseThread> Casework::thread_of_request(const access::Actor& actor, const InformationRequest& request) const {
    GZ_CHECKED(access::may(actor, access::Action::send_request));
    CaseThread thread;
    if (const pack::OrderType* type = pack_.order_type(request.order_type);
        type && type->scope != pack::OrderScope::shop) {
        thread.unit = actor.unit;
        thread.region = request.scope.region;
        return thread;
    }
    GZ_TRY(thread, case_for(actor, access::Action::send_request, {request.case_id, 0}));
    GZ_CHECKED(thread.allows("sent.request"));
    return thread;
}

Result<std::vector<GateReason>> Casework::check_request(const access::Actor& actor, const InformationRequest& request,
                                                        const std::vector<std::string>& held) const {
    GZ_TRY(const CaseThread thread, thread_of_request(actor, request));
    return gate(request, pack_.order_type(request.order_type),
                {thread.shop, level_of(actor, thread), held, &pack_.records()});
}

Result<Casework::Requested> Casework::send_request(const access::Actor& actor, const InformationRequest& request,
                                                   const std::vector<std::string>& held, const PartyId& to) {
    GZ_TRY(const CaseThread thread, thread_of_request(actor, request));
    const pack::OrderType* type = pack_.order_type(request.order_type);
    const bool needs_case = !type || type->scope == pack::OrderScope::shop;
    const auto reasons = gate(request, type, {thread.shop, level_of(actor, thread), held, &pack_.records()});
    if (!reasons.empty()) {
        GZ_CHECKED(record_blocked(actor, request.to_json(), thread, reasons));
        return fail_field(ErrorCode::blocked, reasons[0].code, sentence_of(reasons));
    }
    GZ_TRY(const UtcTime deadline, end_of_working_day(type->deadline_working_days));
    ledger::OutgoingMessage message;
    message.actor = actor.name;
    message.to = needs_case ? thread.party : to;
    message.type = "request";
    message.thread = request.case_id;
    message.basis = request.basis;
    message.deadline = deadline;
    message.body = canonical_json(request.to_json());
    if (needs_case) message.claims = {claims_.refuse("thread", {thread.id, std::to_string(thread.seq + 1)})};
    GZ_TRY(const ledger::SentMessage sent, sender_.send(std::move(message)));
    return Requested{sent, deadline};
}

Result<InformationRequest> Casework::received_request(const std::string& request_id) const {
    GZ_TRY(const ledger::Entry entry, entry_of("received_request", {request_id}));
    GZ_TRY(const Json json, body_of(entry));
    return InformationRequest::from_json(json);
}

Result<ledger::SentMessage> Casework::answer_request(const access::Actor& actor, const std::string& request_id,
                                                     const Answer& answer) {
    GZ_CHECKED(access::may(actor, access::Action::answer_request));
    GZ_TRY(const Message asked, message_of("received_request", {request_id}));
    GZ_TRY(const InformationRequest request, received_request(request_id));
    if (!allows_outcome(pack_.order_type(request.order_type), answer.outcome))
        return fail_field(ErrorCode::rejected, "outcome", "the order type knows no such answer");
    GZ_CHECKED(check_fields(request.fields, answer.rows));
    ledger::OutgoingMessage message;
    message.actor = actor.name;
    message.to = asked.header.from;
    message.type = "answer";
    message.thread = asked.header.thread;
    message.in_reply_to = ledger::MessageHeader::InReplyTo{asked.header.id, crypto::sha256(asked.header_bytes)};
    message.body = canonical_json(
        {{"request", request_id}, {"outcome", answer.outcome}, {"rows", answer.rows}, {"statement", answer.statement}});
    message.claims = {claims_.refuse("thread", {request_id, "2"})};
    for (const std::string& record : answer.personal) {
        const size_t slash = record.find('/');
        message.carries.push_back(
            claims_.key("carried", {options_.party.value, record.substr(0, slash), record.substr(slash + 1)}));
    }
    return sender_.send(std::move(message));
}

// What we sent that this message answers: to that party, with exactly those header bytes.
Result<Casework::Message> Casework::answered_by(const ledger::Entry& received) const {
    GZ_TRY(const ledger::Envelope envelope, received.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    if (!header.in_reply_to) return fail(ErrorCode::rejected, "an answer that answers nothing");
    GZ_TRY(Message asked, message_of("sent", {header.in_reply_to->id.value}));
    if (asked.header.to != header.from || crypto::sha256(asked.header_bytes) != header.in_reply_to->digest)
        return fail(ErrorCode::rejected, "the answer is not to a message of ours to this party");
    return asked;
}

Status Casework::check_answer(const ledger::MessageHeader& asked, const Json& body, const Json& answer) const {
    GZ_TRY(const std::string outcome, json_text(answer, "outcome"));
    GZ_TRY(const std::string order_type, json_text(body, "order_type"));
    if (!allows_outcome(pack_.order_type(order_type), outcome))
        return fail(ErrorCode::rejected, "the answer's outcome is none of those that the order type allows");
    if (!answer.contains("rows")) return fail_field(ErrorCode::malformed, "rows", "the rows are missing");
    if (asked.type == "order") return check_fields({}, answer["rows"]);
    GZ_TRY(const InformationRequest request, InformationRequest::from_json(body));
    return check_fields(request.fields, answer["rows"]);
}

Status Casework::take_in_answer(const access::Actor& actor, const ledger::Entry& received) {
    GZ_CHECKED(access::may(actor, access::Action::take_in_message));
    GZ_TRY(const Message asked, answered_by(received));
    if (asked.header.type != "request" && asked.header.type != "order")
        return fail(ErrorCode::rejected, "what it answers asks for no answer");
    const std::string request_id = asked.header.id.value;
    GZ_TRY(const Json body, body_of(asked.entry));
    GZ_TRY(const Json answer, body_of(received));
    GZ_CHECKED(check_answer(asked.header, body, answer));
    GZ_TRY(const ledger::Envelope envelope, received.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    GZ_TRY(const ledger::NodeStatement came, received.statement());
    const bool late = asked.header.deadline && came.received_time > *asked.header.deadline;
    ledger::Draft draft = ledger::trace_draft(std::string(kRequestAnswered),
                                              {{"request", request_id},
                                               {"answer", header.id.value},
                                               {"outcome", answer["outcome"]},
                                               {"rows", count_rows(answer["rows"])},
                                               {"received_time", format_utc(came.received_time)},
                                               {"late", late}},
                                              clock_.now(), actor.name);
    draft.claims = {claims_.repeatable("thread", {request_id, "2"}, header.id.value)};
    const ledger::Outcome appended = ledger_.append(std::move(draft));
    if (!appended) return tl::unexpected(appended.error());
    return {};
}

}  // namespace gongzhi::casework
