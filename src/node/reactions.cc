// What this node does by itself: about entries that come in (reactions), and as time passes (jobs).
#include "exchange/moving.h"
#include "intake/commitment.h"
#include "ledger/short_lived.h"
#include "node/node.h"

namespace gongzhi::node {
namespace {

constexpr int64_t kPruneMicros = 60 * kMicrosPerSecond;
constexpr std::string_view kEpochKind = "key.epoch";

const access::Actor& system_actor() {
    static const access::Actor actor{"system", access::Role::system};
    return actor;
}

Result<ledger::MessageHeader> header_of(const ledger::Entry& entry) {
    GZ_TRY(const ledger::Envelope envelope, entry.envelope());
    return ledger::MessageHeader::parse(envelope.header);
}

}  // namespace

Status Node::commit_submission(const ledger::Entry& submission, const PartyId& authority) {
    if (submission.is_trace()) return {};  // taken in from somebody else
    return intake::commit_records(system_actor(), submission, authority, *ledger_, *claims_, *outbox_);
}

Status Node::commit_to_authorities(const ledger::Entry& submission) {
    for (const exchange::PartyDescriptor& peer : peers_->all())
        if (peer.role == exchange::PartyRole::authority) GZ_CHECKED(commit_submission(submission, peer.party));
    return {};
}

// What was loaded before the authority was met is committed to now: a rule may look at it.
Status Node::commit_history(const ledger::Entry& admitted) {
    GZ_TRY(const ledger::NodeStatement said, admitted.statement());
    GZ_TRY(const auto party, exchange::PartyDescriptor::from_json(said.trace["descriptor"]));
    if (party.role != exchange::PartyRole::authority) return {};
    peers_->remember(party);  // whoever recorded it may be a moment behind
    for (uint64_t i = 0; i < admitted.index.value; ++i) {
        GZ_TRY(const ledger::Entry entry, ledger_->read(EntryIndex(i)));
        if (entry.kind == intake::kSubmissionKind) GZ_CHECKED(commit_submission(entry, party.party));
    }
    return {};
}

// Taken in, the records are here as records: the message's body has done its work, also when it was refused.
Status Node::take_in_submission(const ledger::Entry& received) {
    GZ_TRY(const ledger::MessageHeader header, header_of(received));
    const auto body = ledger_->read_blob(received, ledger::Part::message_body, 0);
    if (!body && body.error().code == ErrorCode::erased) return {};  // before a restart
    if (!body) return tl::unexpected(body.error());
    const auto taken = intake_->take_in(system_actor(), header, *body);
    if (!taken && taken.error().code == ErrorCode::busy) return tl::unexpected(taken.error());
    GZ_TRY(auto notes,
           ledger::release_notes(ledger_->journal(), claims_->key("message", {header.from.value, header.id.value}),
                                 ledger::Part::message_body, clock_->now()));
    if (!notes.empty()) GZ_CHECKED(ledger_->journal().write_local(std::move(notes)));
    return taken.map([](EntryIndex) {});
}

// From the registry as it stands when the question is read: the tables catch up with what came before it.
Status Node::answer_check(const ledger::Entry& received) {
    if (!pack_->record_type(service::kRegistryType))
        return fail(ErrorCode::unsupported, "this node's pack has no registry");
    if (!records_applier_->wait_for(TreeSize(received.index.value), kReadWaitMicros))
        return fail(ErrorCode::busy, "the tables are still being filled");
    GZ_TRY(const auto connection, records());
    return checks_->answer(system_actor(), received, *connection);
}

std::vector<Reaction> Node::reactions() {
    const auto on = [](std::string_view kind, auto react) { return Reaction{std::string(kind), react}; };
    return {
        on(intake::kSubmissionKind, [this](const ledger::Entry& entry) { return commit_to_authorities(entry); }),
        on("party.admitted", [this](const ledger::Entry& entry) { return commit_history(entry); }),
        on("received.submission", [this](const ledger::Entry& entry) { return take_in_submission(entry); }),
        on("received.findings",
           [this](const ledger::Entry& entry) { return rules_->take_in_findings(system_actor(), entry); }),
        on("received.answer",
           [this](const ledger::Entry& entry) { return casework_->take_in_answer(system_actor(), entry); }),
        on("received.moved",
           [this](const ledger::Entry& entry) {
               return exchange::take_in_move(system_actor(), entry, *peers_, *ledger_, *claims_, *clock_);
           }),
        on("received.check", [this](const ledger::Entry& entry) { return answer_check(entry); }),
        on("received.objection",
           [this](const ledger::Entry& entry) { return casework_->take_in_objection(system_actor(), entry); }),
        on("received.comment",
           [this](const ledger::Entry& entry) { return comments_->take_in(system_actor(), entry); }),
    };
}

// Bodies whose days are over go; where keys were destroyed a new root key makes old copies of the key file worthless.
Status Node::end_day() {
    GZ_CHECKED(audit_log_->prune());
    GZ_CHECKED(ledger::discard_due(*ledger_, clock_->now()).map([](size_t) {}));
    vault::Vault& vault = ledger_->vault();
    if (!vault.has_destroyed()) return {};
    GZ_CHECKED(vault.destroy_epoch());
    const ledger::Outcome traced = ledger_->append(
        ledger::trace_draft(std::string(kEpochKind), {{"epoch", vault.epoch()}}, clock_->now(), "system"));
    if (!traced) return tl::unexpected(traced.error());
    return {};
}

std::vector<Job> Node::jobs() {
    return {
        {"nonces", kPruneMicros, [this](CivilDate) { return inbox_->prune_nonces().map([](size_t) {}); }},
        {"end-of-day", 0, [this](CivilDate) { return end_day(); }},
    };
}

}  // namespace gongzhi::node
