#include "casework/casework.h"

#include <set>

#include "crypto/digest.h"

namespace gongzhi::casework {
namespace {

constexpr int64_t kEndOfDayMicros = kMicrosPerDay - kMicrosPerSecond;

// Every member of every row must have been asked for.
Status check_fields(const InformationRequest& request, const Json& rows) {
    const std::set<std::string> asked(request.fields.begin(), request.fields.end());
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

Casework::Casework(CaseworkOptions options, const pack::Pack& pack, ledger::Ledger& ledger,
                   const ledger::ClaimKeys& claims, ledger::Sender& sender, const Clock& clock, Random& random)
    : options_(std::move(options)),
      pack_(pack),
      ledger_(ledger),
      claims_(claims),
      sender_(sender),
      clock_(clock),
      random_(random) {}

Result<ledger::Entry> Casework::entry_of(std::string_view space, std::initializer_list<BytesView> parts) const {
    const journal::ClaimBytes key = claims_.key(space, parts);
    GZ_TRY(const auto holder, ledger_.journal().find_claims(std::span(&key, 1)));
    if (!holder[0]) return fail(ErrorCode::not_found, "there is nothing of this id here");
    return ledger_.read(holder[0]->index);
}

Result<Casework::Opened> Casework::open_case(const access::Actor& actor, const std::string& finding_id) {
    GZ_CHECKED(access::may(actor, access::Action::open_case));
    GZ_TRY(const ledger::Entry finding, entry_of("finding", {finding_id}));
    GZ_TRY(const ledger::NodeStatement said, finding.statement());
    const std::string case_id = make_uuid7(clock_.now().value / 1000, random_);
    Json trace = {{"case", case_id}, {"finding", finding_id}};
    for (const char* key : {"party", "shop", "subject", "rule"}) {
        GZ_TRY(const std::string value, json_text(said.trace, key));
        trace[key] = value;
    }
    ledger::Draft draft = ledger::trace_draft(std::string(kCaseOpened), std::move(trace), clock_.now(), actor.name);
    draft.claims = {claims_.refuse("thread", {case_id, "1"}), claims_.refuse("case_of_finding", {finding_id})};
    const ledger::Outcome outcome = ledger_.append(std::move(draft));
    if (!outcome) return tl::unexpected(outcome.error());
    return Opened{case_id, outcome->index};
}

Result<Casework::CaseFacts> Casework::case_facts(const std::string& case_id) const {
    GZ_TRY(const ledger::Entry opened, entry_of("thread", {case_id, "1"}));
    GZ_TRY(const ledger::NodeStatement said, opened.statement());
    if (said.kind != kCaseOpened) return fail(ErrorCode::not_found, "there is no case of this id");
    CaseFacts facts;
    GZ_TRY(facts.party.value, json_text(said.trace, "party"));
    GZ_TRY(facts.shop, json_text(said.trace, "shop"));
    return facts;
}

// The last second of the last day, in the pack's zone.
Result<UtcTime> Casework::deadline_of(const pack::OrderType& order) const {
    const int zone = pack_.zone_offset_minutes();
    GZ_TRY(const CivilDate last,
           pack_.calendar().add_working_days(date_in_zone(clock_.now(), zone), order.deadline_working_days));
    return UtcTime(last.value * kMicrosPerDay + kEndOfDayMicros - zone * 60 * kMicrosPerSecond);
}

Status Casework::record_blocked(const access::Actor& actor, const InformationRequest& request,
                                const std::vector<GateReason>& reasons) {
    Json list = Json::array();
    for (const GateReason& reason : reasons)
        list.push_back({{"code", reason.code}, {"zh", reason.zh}, {"en", reason.en}});
    const ledger::Outcome outcome = ledger_.append(ledger::trace_draft(
        std::string(kRequestBlocked), {{"request", request.to_json()}, {"reasons", list}}, clock_.now(), actor.name));
    if (!outcome) return tl::unexpected(outcome.error());
    return {};
}

Result<Casework::Requested> Casework::send_request(const access::Actor& actor, const InformationRequest& request,
                                                   const std::vector<std::string>& held) {
    GZ_CHECKED(access::may(actor, access::Action::send_request));
    GZ_TRY(const CaseFacts facts, case_facts(request.case_id));
    const pack::OrderType* order = pack_.order_type(request.order_type);
    const std::vector<GateReason> reasons = gate(request, order, {facts.shop, options_.unit_level, held});
    if (!reasons.empty()) {
        GZ_CHECKED(record_blocked(actor, request, reasons));
        std::string sentence;
        for (const GateReason& reason : reasons)
            sentence += fmt::format("{}{} {}", sentence.empty() ? "" : "; ", reason.zh, reason.en);
        return fail_field(ErrorCode::blocked, reasons[0].code, sentence);
    }
    GZ_TRY(const UtcTime deadline, deadline_of(*order));
    ledger::OutgoingMessage message;
    message.to = facts.party;
    message.type = "request";
    message.thread = request.case_id;
    message.basis = request.basis;
    message.deadline = deadline;
    message.body = canonical_json(request.to_json());
    GZ_TRY(const ledger::SentMessage sent, sender_.send(std::move(message)));
    return Requested{sent, deadline};
}

Result<InformationRequest> Casework::received_request(const std::string& request_id) const {
    GZ_TRY(const ledger::Entry entry, entry_of("received_request", {request_id}));
    GZ_TRY(const Bytes body, ledger_.read_blob(entry, ledger::Part::message_body, 0));
    GZ_TRY(const Json json, parse_json(body));
    return InformationRequest::from_json(json);
}

Result<ledger::SentMessage> Casework::answer_request(const access::Actor& actor, const std::string& request_id,
                                                     const Answer& answer) {
    GZ_CHECKED(access::may(actor, access::Action::answer_request));
    GZ_TRY(const ledger::Entry entry, entry_of("received_request", {request_id}));
    GZ_TRY(const ledger::Envelope envelope, entry.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    GZ_TRY(const InformationRequest request, received_request(request_id));
    if (!allows_outcome(pack_.order_type(request.order_type), answer.outcome))
        return fail_field(ErrorCode::rejected, "outcome", "the order type knows no such answer");
    GZ_CHECKED(check_fields(request, answer.rows));
    ledger::OutgoingMessage message;
    message.to = header.from;
    message.type = "answer";
    message.thread = header.thread;
    message.in_reply_to = ledger::MessageHeader::InReplyTo{header.id, crypto::sha256(envelope.header)};
    message.body = canonical_json({{"request", request_id}, {"outcome", answer.outcome}, {"rows", answer.rows}});
    message.claims = {claims_.refuse("thread", {request_id, "2"})};
    for (const std::string& record : answer.personal) {
        const size_t slash = record.find('/');
        message.carries.push_back(
            claims_.key("carried", {options_.party.value, record.substr(0, slash), record.substr(slash + 1)}));
    }
    return sender_.send(std::move(message));
}

Status Casework::take_in_answer(const access::Actor& actor, const ledger::Entry& received) {
    GZ_CHECKED(access::may(actor, access::Action::take_in_message));
    GZ_TRY(const ledger::Envelope envelope, received.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    if (!header.in_reply_to) return fail(ErrorCode::rejected, "an answer that answers nothing");
    const std::string request_id = header.in_reply_to->id.value;
    GZ_TRY(const ledger::Entry sent, entry_of("sent", {request_id}));
    GZ_TRY(const ledger::Envelope request_envelope, sent.envelope());
    GZ_TRY(const ledger::MessageHeader request_header, ledger::MessageHeader::parse(request_envelope.header));
    if (request_header.to != header.from || request_header.type != "request" ||
        crypto::sha256(request_envelope.header) != header.in_reply_to->digest)
        return fail(ErrorCode::rejected, "the answer is not to a request of ours to this party");
    GZ_TRY(const Bytes request_body, ledger_.read_blob(sent, ledger::Part::message_body, 0));
    GZ_TRY(const Json request_json, parse_json(request_body));
    GZ_TRY(const InformationRequest request, InformationRequest::from_json(request_json));
    GZ_TRY(const Bytes body, ledger_.read_blob(received, ledger::Part::message_body, 0));
    GZ_TRY(const Json json, parse_json(body));
    GZ_TRY(const std::string outcome, json_text(json, "outcome"));
    if (!allows_outcome(pack_.order_type(request.order_type), outcome))
        return fail(ErrorCode::rejected, "the answer's outcome is none of those that the order type allows");
    if (!json.contains("rows")) return fail_field(ErrorCode::malformed, "rows", "the rows are missing");
    GZ_CHECKED(check_fields(request, json["rows"]));
    ledger::Draft draft = ledger::trace_draft(std::string(kRequestAnswered),
                                              {{"request", request_id},
                                               {"answer", header.id.value},
                                               {"outcome", outcome},
                                               {"rows", count_rows(json["rows"])}},
                                              clock_.now(), actor.name);
    draft.claims = {claims_.repeatable("thread", {request_id, "2"}, header.id.value)};
    const ledger::Outcome appended = ledger_.append(std::move(draft));
    if (!appended) return tl::unexpected(appended.error());
    return {};
}

}  // namespace gongzhi::casework
