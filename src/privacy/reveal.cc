#include "privacy/reveal.h"

#include "records/find_record.h"

namespace gongzhi::privacy {
namespace {

constexpr std::string_view kRecordSpace = "record";  // intake's claims: party, type, id, version
constexpr uint32_t kVersionsMax = 10'000;
constexpr size_t kNoteBytesMax = 4'000;

Result<RevealRequest> request_of(const Json& trace) {
    RevealRequest request;
    GZ_TRY(request.case_id, json_text(trace, "case"));
    GZ_TRY(request.record_type, json_text(trace, "record_type"));
    GZ_TRY(request.record_id, json_text(trace, "record_id"));
    GZ_TRY(request.field, json_text(trace, "field"));
    GZ_TRY(request.purpose, json_text(trace, "purpose"));
    GZ_TRY(request.note, json_text_or_empty(trace, "note"));
    return request;
}

}  // namespace

Json RevealRequest::to_json() const {
    return {{"case", case_id}, {"record_type", record_type}, {"record_id", record_id},
            {"field", field},  {"purpose", purpose},         {"note", note}};
}

Reveals::Reveals(const pack::Pack& pack, ledger::Ledger& ledger, const ledger::ClaimKeys& claims,
                 ledger::Sender& sender, const access::Units& units, const Clock& clock, Random& random)
    : pack_(pack), ledger_(ledger), claims_(claims), sender_(sender), units_(units), clock_(clock), random_(random) {}

// The latest version of the record that this party provided.
Result<Reveals::Place> Reveals::place_of(const RevealRequest& request, const PartyId& party) const {
    Place place;
    place.type = pack_.record_type(request.record_type);
    const auto slot = place.type ? place.type->slot_of(request.field) : std::nullopt;
    if (!slot || !place.type->fields[*slot].is_protected())
        return fail_field(ErrorCode::invalid_argument, "field", "the catalogue has no such protected field");
    place.slot = *slot;
    bool found = false;
    for (uint32_t version = 1; version < kVersionsMax; ++version) {
        const journal::ClaimBytes key =
            claims_.key(kRecordSpace, {party.value, request.record_type, request.record_id, std::to_string(version)});
        GZ_TRY(const auto holder, ledger_.journal().find_claims(std::span(&key, 1)));
        if (!holder[0]) break;
        place.entry = holder[0]->index;
        found = true;
    }
    if (!found) return fail(ErrorCode::not_found, "there is no such record of this party here");
    return place;
}

Result<std::string> Reveals::request(const access::Actor& actor, const RevealRequest& request, const CaseFacts& facts) {
    GZ_CHECKED(access::may(actor, access::Action::request_reveal, {facts.unit, actor.name}, units_));
    if (facts.closed) return fail(ErrorCode::rejected, "the case is closed");
    if (!pack_.purpose(request.purpose))
        return fail_field(ErrorCode::invalid_argument, "purpose", "this is none of the purposes that the pack lists");
    if (request.note.empty() || request.note.size() > kNoteBytesMax)
        return fail_field(ErrorCode::invalid_argument, "note", "words are needed here: why this value, why now");
    GZ_CHECKED(place_of(request, facts.party).map([](const Place&) {}));
    const std::string id = make_uuid7(clock_.now().value / 1000, random_);
    Json trace = request.to_json();
    trace["reveal"] = id;
    trace["party"] = facts.party.value;
    trace["unit"] = facts.unit;
    ledger::Draft draft =
        ledger::trace_draft(std::string(kRevealRequested), std::move(trace), clock_.now(), actor.name);
    draft.claims = {claims_.refuse("reveal", {id, "1"})};
    const ledger::Outcome outcome = ledger_.append(std::move(draft));
    if (!outcome) return tl::unexpected(outcome.error());
    return id;
}

Result<std::optional<ledger::Entry>> Reveals::step(const std::string& reveal_id, int number) const {
    const journal::ClaimBytes key = claims_.key("reveal", {reveal_id, std::to_string(number)});
    GZ_TRY(const auto holder, ledger_.journal().find_claims(std::span(&key, 1)));
    if (!holder[0]) return std::optional<ledger::Entry>();
    GZ_TRY(ledger::Entry entry, ledger_.read(holder[0]->index));
    return std::optional(std::move(entry));
}

Result<Reveals::Asked> Reveals::asked(const std::string& reveal_id) const {
    GZ_TRY(const auto entry, step(reveal_id, 1));
    if (!entry) return fail(ErrorCode::not_found, "there is nothing of this id here");
    GZ_TRY(const ledger::NodeStatement said, entry->statement());
    Asked asked;
    GZ_TRY(asked.request, request_of(said.trace));
    GZ_TRY(asked.facts.party.value, json_text(said.trace, "party"));
    GZ_TRY(asked.facts.unit, json_text_or_empty(said.trace, "unit"));
    asked.by = said.auth;
    return asked;
}

Status Reveals::record_refusal(const access::Actor& actor, const std::string& reveal_id, const std::string& why) {
    const ledger::Outcome outcome = ledger_.append(ledger::trace_draft(
        std::string(kRevealRefused), {{"reveal", reveal_id}, {"why", why}}, clock_.now(), actor.name));
    if (!outcome) return tl::unexpected(outcome.error());
    return {};
}

Result<EntryIndex> Reveals::decide(const access::Actor& actor, const std::string& reveal_id, bool approved,
                                   const std::string& reason) {
    GZ_CHECKED(access::may(actor, access::Action::approve_reveal));
    GZ_TRY(const Asked asked_for, asked(reveal_id));
    GZ_CHECKED(access::may(actor, access::Action::approve_reveal, {asked_for.facts.unit, actor.name}, units_));
    if (actor.name == asked_for.by) {
        GZ_CHECKED(record_refusal(actor, reveal_id, "same_person"));
        return fail(ErrorCode::forbidden, "somebody else than the one who asked has to decide");
    }
    if (!approved && reason.empty())
        return fail_field(ErrorCode::invalid_argument, "reason", "a refusal needs a reason: it is on record");
    ledger::Draft draft = ledger::trace_draft(std::string(kRevealDecided),
                                              {{"reveal", reveal_id}, {"approved", approved}, {"reason", reason}},
                                              clock_.now(), actor.name);
    draft.claims = {claims_.refuse("reveal", {reveal_id, "2"})};
    const ledger::Outcome outcome = ledger_.append(std::move(draft));
    if (!outcome) return tl::unexpected(outcome.error());
    return outcome->index;
}

Result<bool> Reveals::approved(const std::string& reveal_id) const {
    GZ_TRY(const auto decided, step(reveal_id, 2));
    if (!decided) return false;
    GZ_TRY(const ledger::NodeStatement said, decided->statement());
    return said.trace.value("approved", false);
}

// First the provider is told, in one step with the claim that makes it the only time; then the value is shown.
Result<Reveals::Shown> Reveals::look(const access::Actor& actor, const std::string& reveal_id) {
    GZ_CHECKED(access::may(actor, access::Action::look));
    GZ_TRY(const Asked asked_for, asked(reveal_id));
    GZ_CHECKED(access::may(actor, access::Action::look, {asked_for.facts.unit, actor.name}, units_));
    GZ_TRY(const bool allowed, approved(reveal_id));
    if (actor.name != asked_for.by || !allowed) {
        GZ_CHECKED(record_refusal(actor, reveal_id, allowed ? "not_who_asked" : "no_second_person"));
        if (!allowed) return fail(ErrorCode::forbidden, "a second person has not approved this");
        return fail(ErrorCode::forbidden, "only the one who asked may look");
    }
    GZ_TRY(const Place place, place_of(asked_for.request, asked_for.facts.party));
    GZ_TRY(const ledger::Entry entry, ledger_.read(place.entry));
    GZ_TRY(const uint64_t number, records::find_record(ledger_, entry, *place.type, asked_for.request.record_id));
    GZ_TRY(std::string value, records::read_text_field(ledger_, entry, *place.type, number, place.slot));
    ledger::OutgoingMessage message;
    message.actor = actor.name;
    message.to = asked_for.facts.party;
    message.type = "look";
    message.thread = asked_for.request.case_id;
    message.basis = pack_.purpose(asked_for.request.purpose) ? pack_.purpose(asked_for.request.purpose)->basis.at(0).law
                                                             : std::string();
    Json told = asked_for.request.to_json();
    told["reveal"] = reveal_id;
    told["unit"] = asked_for.facts.unit;
    told["by"] = actor.name;
    told["time"] = format_utc(clock_.now());
    message.body = canonical_json(told);
    message.claims = {claims_.refuse("reveal", {reveal_id, "3"})};
    GZ_TRY(const ledger::SentMessage sent, sender_.send(std::move(message)));
    return Shown{std::move(value), sent.id};
}

}  // namespace gongzhi::privacy
