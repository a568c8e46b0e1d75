#include "exchange/inbox.h"

#include "crypto/digest.h"
#include "ledger/short_lived.h"

namespace gongzhi::exchange {
namespace {

constexpr size_t kPruneMax = 10'000;

// What each side may send to the other: a type that is not here is refused before it is logged.
const std::set<std::string_view>& types_from(PartyRole sender) {
    static const std::set<std::string_view> from_platform = {
        "notice", "commitment", "submission", "findings", "answer", "objection", "check", "comment", "moved"};
    static const std::set<std::string_view> from_authority = {"notice", "rule_bundle",      "request",      "order",
                                                              "look",   "objection_answer", "check_answer", "moved"};
    return sender == PartyRole::platform ? from_platform : from_authority;
}

// Sorted by the time from which it may be forgotten.
Bytes nonce_key(const SignatureClaim& claim) {
    return fmt::format("nonce/{:016x}/{}/{}", claim.expires.value + kClockSkewSeconds * kMicrosPerSecond, claim.key_id,
                       claim.nonce);
}
Bytes sequence_key(const PartyId& from) { return "seq/in/" + from.value; }

}  // namespace

Inbox::Inbox(const Self& self, Peers& peers, ledger::Ledger& ledger, const ledger::ClaimKeys& claims,
             const Clock& clock)
    : self_(self), peers_(peers), ledger_(ledger), claims_(claims), clock_(clock) {}

Result<PartyDescriptor> Inbox::signer_of(const ReceivedRequest& request, BytesView body) const {
    GZ_TRY(const SignatureClaim claim, read_signature(request, body, clock_.now()));
    const auto peer = peers_.find_key(claim.key_id);
    if (!peer) return fail(ErrorCode::unauthenticated, "no admitted party has the key {}", claim.key_id);
    GZ_CHECKED(verify_signature(claim, crypto::ed25519(), peer->message_key));
    return *peer;
}

Result<Inbox::Checked> Inbox::check(const IncomingMessage& message) const {
    Checked checked;
    GZ_TRY(checked.claim, read_signature(message.request, message.body, clock_.now()));
    const auto peer = peers_.find_key(checked.claim.key_id);
    if (!peer) return fail(ErrorCode::unauthenticated, "no admitted party has the key {}", checked.claim.key_id);
    checked.peer = *peer;
    GZ_CHECKED(verify_signature(checked.claim, crypto::ed25519(), peer->message_key));
    GZ_TRY(checked.header, ledger::MessageHeader::parse(checked.claim.message));
    const ledger::MessageHeader& header = checked.header;
    if (header.from != peer->party)
        return fail(ErrorCode::forbidden, "the message is from another party than its signature");
    if (header.to != self_.descriptor.party) return fail(ErrorCode::forbidden, "the message is for another party");
    if (!types_from(peer->role).contains(header.type))
        return fail(ErrorCode::forbidden, "{} may not send messages of this type", party_role_name(peer->role));
    if (header.body.digest != crypto::sha256(message.body) || header.body.length != message.body.size())
        return fail(ErrorCode::signature_invalid, "the header speaks of another body");
    if (!is_uuid(header.id.value)) return fail(ErrorCode::malformed, "a message id is a UUID");
    return checked;
}

Result<std::optional<std::string>> Inbox::answer_of_first_time(const Checked& checked) const {
    const journal::Claim claim =
        claims_.repeatable("message", {checked.header.from.value, checked.header.id.value}, checked.claim.message);
    GZ_TRY(const auto holder, ledger_.journal().find_claims(std::span(&claim.key, 1)));
    if (!holder[0]) return std::nullopt;
    if (holder[0]->content != claim.content)
        return fail(ErrorCode::duplicate, "the message id was used for another message");
    GZ_CHECKED(use_nonce(checked.claim));
    GZ_TRY(std::string receipt, ledger_.accepted_receipt(holder[0]->index));
    return receipt;
}

// A signature is good once, also on a message that came before: who repeats one in good faith signs it anew.
Status Inbox::use_nonce(const SignatureClaim& claim) const {
    const Bytes nonce = nonce_key(claim);
    const Status used = ledger_.journal().write_local({{nonce, Bytes("1")}}, {{nonce, std::nullopt}});
    if (!used && used.error().code == ErrorCode::conflict)
        return fail(ErrorCode::replayed, "this signature was used before");
    return used;
}

Result<ledger::Draft> Inbox::draft_of(const Checked& checked, const Bytes& body) {
    const ledger::MessageHeader& header = checked.header;
    GZ_TRY(const std::optional<Bytes> last, ledger_.journal().read_local(sequence_key(header.from)));
    const uint64_t last_seq = last ? std::stoull(*last) : 0;
    if (header.seq <= last_seq)
        return fail(ErrorCode::conflict, "message {} of this sender was taken already; the next is {}", header.seq,
                    last_seq + 1);
    const Bytes nonce = nonce_key(checked.claim);
    GZ_TRY(const std::optional<Bytes> seen, ledger_.journal().read_local(nonce));
    if (seen) return fail(ErrorCode::replayed, "this signature was used before");

    ledger::NodeStatement said;
    said.kind = "received." + header.type;
    said.received_time = clock_.now();
    said.auth = "signature";
    if (header.seq != last_seq + 1)
        said.trace = {{"missing_from_seq", last_seq + 1}, {"missing_until_seq", header.seq - 1}};
    ledger::Draft draft;
    draft.kind = said.kind;
    draft.envelope =
        ledger::Envelope{checked.claim.message, checked.claim.base, checked.claim.raw_signature, checked.claim.key_id}
            .bytes();
    draft.statement = said.bytes();
    const auto body_key =
        ledger::may_carry_records(header.type) ? vault::Vault::BlobKey::own : vault::Vault::BlobKey::shared;
    GZ_TRY(vault::SealedBody sealed, ledger_.vault().seal_blob(body, body_key));
    draft.sealed.push_back({ledger::Part::message_body, 0, std::move(sealed)});
    draft.claims.push_back(claims_.repeatable("message", {header.from.value, header.id.value}, checked.claim.message));
    const journal::ClaimBytes message_claim = draft.claims.back().key;
    // Roots that a sender commits to can be looked up by themselves: findings are held against them.
    if (header.type == "commitment" && header.record_root)
        draft.claims.push_back(
            claims_.repeatable("commitment", {header.from.value, header.record_root->view()}, checked.claim.message));
    // So is what somebody has to act on: by its id alone.
    if (header.type == "request" || header.type == "rule_bundle" || header.type == "order" ||
        header.type == "objection" || header.type == "check")
        draft.claims.push_back(claims_.repeatable("received_" + header.type, {header.id.value}, checked.claim.message));
    // An answer of the authority is found by what it answers.
    if (header.in_reply_to && (header.type == "objection_answer" || header.type == "check_answer"))
        draft.claims.push_back(claims_.repeatable(header.type, {header.in_reply_to->id.value}, checked.claim.message));
    draft.local = {{nonce, Bytes("1")}, {sequence_key(header.from), std::to_string(header.seq)}};
    if (header.type == "submission")  // until it is taken in
        draft.local.push_back(ledger::waiting_note(message_claim, ledger::Part::message_body));
    draft.conditions = {{nonce, std::nullopt}, {sequence_key(header.from), last}};
    return draft;
}

void Inbox::receive(IncomingMessage message, Answer answer) {
    const Result<Checked> checked = check(message);
    if (!checked) return answer(tl::unexpected(checked.error()));
    Result<std::optional<std::string>> first = answer_of_first_time(*checked);
    if (!first) return answer(tl::unexpected(first.error()));
    if (*first) return answer(**first);
    Result<ledger::Draft> draft = draft_of(*checked, message.body);
    if (!draft) return answer(tl::unexpected(draft.error()));
    ledger_.append_async(*std::move(draft), [answer = std::move(answer)](ledger::Outcome outcome) {
        if (!outcome) return answer(tl::unexpected(outcome.error()));
        answer(std::move(outcome->accepted));
    });
}

Result<size_t> Inbox::prune_nonces() {
    const Bytes until = fmt::format("nonce/{:016x}", clock_.now().value);
    std::vector<journal::LocalWrite> deletes;
    GZ_CHECKED(ledger_.journal().visit_local("nonce/", kPruneMax, [&](BytesView key, BytesView) -> Status {
        if (key < until) deletes.push_back({Bytes(key), std::nullopt});
        return {};
    }));
    const size_t count = deletes.size();
    if (count > 0) GZ_CHECKED(ledger_.journal().write_local(std::move(deletes)));
    return count;
}

}  // namespace gongzhi::exchange
