// Orders to act, the other side's answers and objections, and the answers to those.
#include <algorithm>

#include "casework/casework.h"
#include "crypto/digest.h"

namespace gongzhi::casework {
namespace {

constexpr std::string_view kObjectionOutcomes[] = {"upheld", "partly_upheld", "rejected"};
constexpr size_t kGroundsBytesMax = 20'000;

}  // namespace

Result<std::vector<GateReason>> Casework::check_order(const access::Actor& actor, const ActOrder& order) const {
    GZ_TRY(const CaseThread thread, case_for(actor, access::Action::send_order, {order.case_id, 0}));
    GZ_CHECKED(thread.allows("sent.order"));
    return gate(order, pack_.order_type(order.order_type), {thread.shop, level_of(actor, thread), {}});
}

Result<Casework::Requested> Casework::send_order(const access::Actor& actor, const ActOrder& order) {
    GZ_TRY(const CaseThread thread, case_for(actor, access::Action::send_order, {order.case_id, 0}));
    GZ_CHECKED(thread.allows("sent.order"));
    const pack::OrderType* type = pack_.order_type(order.order_type);
    const auto reasons = gate(order, type, {thread.shop, level_of(actor, thread), {}});
    if (!reasons.empty()) {
        GZ_CHECKED(record_blocked(actor, order.to_json(), thread, reasons));
        return fail_field(ErrorCode::blocked, reasons[0].code, sentence_of(reasons));
    }
    GZ_TRY(const UtcTime deadline, end_of_working_day(type->deadline_working_days));
    ledger::OutgoingMessage message;
    message.actor = actor.name;
    message.to = thread.party;
    message.type = "order";
    message.thread = thread.id;
    message.basis = order.basis;
    message.deadline = deadline;
    message.body = canonical_json(order.to_json());
    message.claims = {claims_.refuse("thread", {thread.id, std::to_string(thread.seq + 1)})};
    GZ_TRY(const ledger::SentMessage sent, sender_.send(std::move(message)));
    return Requested{sent, deadline};
}

Result<ActOrder> Casework::received_order(const std::string& order_id) const {
    GZ_TRY(const ledger::Entry entry, entry_of("received_order", {order_id}));
    GZ_TRY(const Json json, body_of(entry));
    return ActOrder::from_json(json);
}

Result<ledger::SentMessage> Casework::answer_order(const access::Actor& actor, const std::string& order_id,
                                                   const std::string& outcome, const std::string& statement) {
    GZ_CHECKED(access::may(actor, access::Action::answer_request));
    GZ_TRY(const Message ordered, message_of("received_order", {order_id}));
    GZ_TRY(const ActOrder order, received_order(order_id));
    const pack::OrderType* type = pack_.order_type(order.order_type);
    if (!type || std::find(type->answers.begin(), type->answers.end(), outcome) == type->answers.end())
        return fail_field(ErrorCode::rejected, "outcome", "the order type knows no such answer");
    ledger::OutgoingMessage message;
    message.actor = actor.name;
    message.to = ordered.header.from;
    message.type = "answer";
    message.thread = ordered.header.thread;
    message.in_reply_to = ledger::MessageHeader::InReplyTo{ordered.header.id, crypto::sha256(ordered.header_bytes)};
    message.body = canonical_json(
        {{"request", order_id}, {"outcome", outcome}, {"rows", Json::object()}, {"statement", statement}});
    message.claims = {claims_.refuse("thread", {order_id, "2"})};
    return sender_.send(std::move(message));
}

Result<ledger::SentMessage> Casework::object(const access::Actor& actor, const Objection& objection) {
    GZ_CHECKED(access::may(actor, access::Action::object));
    if (objection.by != "platform" && objection.by != "merchant")
        return fail_field(ErrorCode::invalid_argument, "by", "platform or merchant");
    if (objection.grounds.empty() || objection.grounds.size() > kGroundsBytesMax)
        return fail_field(ErrorCode::invalid_argument, "grounds",
                          fmt::format("1 to {} bytes that say why", kGroundsBytesMax));
    GZ_TRY(const Message ordered, message_of("received_order", {objection.order_id}));
    ledger::OutgoingMessage message;
    message.actor = actor.name;
    message.to = ordered.header.from;
    message.type = "objection";
    message.thread = ordered.header.thread;
    message.in_reply_to = ledger::MessageHeader::InReplyTo{ordered.header.id, crypto::sha256(ordered.header_bytes)};
    message.body =
        canonical_json({{"order", objection.order_id}, {"by", objection.by}, {"grounds", objection.grounds}});
    message.claims = {claims_.refuse("objection", {objection.order_id})};
    return sender_.send(std::move(message));
}

Status Casework::take_in_objection(const access::Actor& actor, const ledger::Entry& received) {
    GZ_CHECKED(access::may(actor, access::Action::take_in_message));
    GZ_TRY(const Message ordered, answered_by(received));
    if (ordered.header.type != "order") return fail(ErrorCode::rejected, "one objects to an order");
    GZ_TRY(const Json order_body, body_of(ordered.entry));
    GZ_TRY(const ActOrder order, ActOrder::from_json(order_body));
    const pack::OrderType* type = pack_.order_type(order.order_type);
    if (!type) return fail(ErrorCode::unsupported, "the pack no longer knows this kind of order");
    GZ_TRY(const Json body, body_of(received));
    GZ_CHECKED(json_text(body, "grounds").map([](const std::string&) {}));
    GZ_TRY(const std::string by, json_text(body, "by"));
    GZ_TRY(const ledger::Envelope envelope, received.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    GZ_TRY(const ledger::NodeStatement sent, ordered.entry.statement());
    GZ_TRY(const ledger::NodeStatement came, received.statement());
    const int zone = pack_.zone_offset_minutes();
    GZ_TRY(const CivilDate last,
           pack_.calendar().add_working_days(date_in_zone(sent.received_time, zone), type->objection_working_days));
    GZ_TRY(const UtcTime due, end_of_working_day(type->objection_answer_working_days));
    ledger::Draft draft = ledger::trace_draft(std::string(kObjectionReceived),
                                              {{"objection", header.id.value},
                                               {"order", ordered.header.id.value},
                                               {"case", order.case_id},
                                               {"party", header.from.value},
                                               {"by", by},
                                               {"late", date_in_zone(came.received_time, zone) > last},
                                               {"due_time", format_utc(due)}},
                                              clock_.now(), actor.name);
    draft.claims = {claims_.repeatable("thread", {header.id.value, "1"}, header.id.value)};
    const ledger::Outcome appended = ledger_.append(std::move(draft));
    if (!appended) return tl::unexpected(appended.error());
    return {};
}

Result<ledger::SentMessage> Casework::answer_objection(const access::Actor& actor, const std::string& objection_id,
                                                       const std::string& outcome, const std::string& reasons) {
    GZ_CHECKED(access::may(actor, access::Action::answer_objection));
    GZ_TRY(const Message objected, message_of("received_objection", {objection_id}));
    GZ_CHECKED(case_for(actor, access::Action::answer_objection, {objected.header.thread, 0}).map([](const auto&) {}));
    if (std::find(std::begin(kObjectionOutcomes), std::end(kObjectionOutcomes), outcome) ==
        std::end(kObjectionOutcomes))
        return fail_field(ErrorCode::invalid_argument, "outcome", "upheld, partly_upheld or rejected");
    if (reasons.empty() || reasons.size() > kGroundsBytesMax)
        return fail_field(ErrorCode::invalid_argument, "reasons",
                          fmt::format("1 to {} bytes that say why", kGroundsBytesMax));
    ledger::OutgoingMessage message;
    message.actor = actor.name;
    message.to = objected.header.from;
    message.type = "objection_answer";
    message.thread = objected.header.thread;
    message.in_reply_to = ledger::MessageHeader::InReplyTo{objected.header.id, crypto::sha256(objected.header_bytes)};
    message.body = canonical_json({{"objection", objection_id}, {"outcome", outcome}, {"reasons", reasons}});
    message.claims = {claims_.refuse("thread", {objection_id, "2"})};
    return sender_.send(std::move(message));
}

}  // namespace gongzhi::casework
