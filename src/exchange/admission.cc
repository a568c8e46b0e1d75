#include "exchange/admission.h"

#include "crypto/digest.h"
#include "exchange/moving.h"

namespace gongzhi::exchange {
namespace {

constexpr std::string_view kAdmittedKind = "party.admitted";

// An invitation is named by its code's digest, and used by a MAC over the joining party's descriptor: the code itself
// never travels, so whoever stands between cannot use it for another party.
std::string invitation_name(std::string_view code) { return to_hex(crypto::sha256(code).view()); }
Bytes invitation_key(std::string_view name) { return Bytes("invitation/") + Bytes(name); }
Bytes proof_key(std::string_view code) {
    return Bytes(crypto::sha256(Bytes("gongzhi/join/v1\n") + Bytes(code)).view());
}
Bytes proof_of(BytesView key, const PartyDescriptor& descriptor) {
    return Bytes(crypto::HmacKey(key).mac(canonical_json(descriptor.to_json())).view());
}

// 26 letters and digits without look-alikes, in groups: read over the telephone.
std::string make_code(Random& random) {
    constexpr std::string_view letters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789X";  // 32, X twice
    std::string code;
    for (unsigned char byte : random.bytes(24)) {
        if (!code.empty() && code.size() % 5 == 4) code.push_back('-');
        code.push_back(letters[byte % 32]);
    }
    return code;
}

}  // namespace

Bytes join_body(const std::string& code, const PartyDescriptor& descriptor) {
    return canonical_json({{"invitation", invitation_name(code)},
                           {"proof", to_base64(proof_of(proof_key(code), descriptor))},
                           {"descriptor", descriptor.to_json()}});
}

Admission::Admission(const Self& self, Peers& peers, ledger::Ledger& ledger, const ledger::ClaimKeys& claims,
                     const Clock& clock, Random& random)
    : self_(self), peers_(peers), ledger_(ledger), claims_(claims), clock_(clock), random_(random) {}

Result<Invitation> Admission::invite(const access::Actor& actor, const PartyId& party) {
    GZ_CHECKED(access::may(actor, access::Action::admit_party));
    if (!valid_party_id(party.value))
        return fail(ErrorCode::invalid_argument, "a party's id is 2 to 40 of a-z, 0-9 and -");
    if (peers_.find(party)) return fail(ErrorCode::conflict, "the party {} is admitted already", party.value);
    const Invitation invitation{self_.descriptor.url, make_code(random_),
                                crypto::key_fingerprint(self_.descriptor.message_key)};
    const Json stored = {{"party", party.value},
                         {"until", clock_.now().value + kInvitationMicros},
                         {"proof_key", to_base64(proof_key(invitation.code))}};
    GZ_CHECKED(
        ledger_.journal().write_local({{invitation_key(invitation_name(invitation.code)), canonical_json(stored)}}));
    return invitation;
}

Status Admission::check_descriptor(const PartyDescriptor& descriptor) const {
    if (descriptor.simulated() != self_.descriptor.simulated())
        return fail(ErrorCode::rejected, "one of the two nodes runs on simulated time and the other does not");
    if (descriptor.role == self_.descriptor.role)
        return fail(ErrorCode::rejected, "an authority and a platform admit each other, not two of a kind");
    if (descriptor.party == self_.descriptor.party || descriptor.origin == self_.descriptor.origin)
        return fail(ErrorCode::rejected, "a node cannot admit itself");
    return {};
}

Result<ledger::Appended> Admission::record(const PartyDescriptor& descriptor, const std::string& actor,
                                           std::vector<journal::LocalWrite> local,
                                           std::vector<journal::LocalCondition> conditions) {
    ledger::Draft draft =
        ledger::trace_draft(std::string(kAdmittedKind), {{"descriptor", descriptor.to_json()}}, clock_.now(), actor);
    draft.claims.push_back(claims_.refuse("party", {descriptor.party.value}));
    draft.claims.push_back(claims_.refuse("origin", {descriptor.origin}));
    draft.local = std::move(local);
    draft.local.push_back(Peers::write_of(descriptor));
    draft.local.push_back(address_known(self_, descriptor.party));
    draft.conditions = std::move(conditions);
    const ledger::Outcome outcome = ledger_.append(std::move(draft));
    if (!outcome) return tl::unexpected(outcome.error());
    peers_.remember(descriptor);
    if (const auto key = merkle::VerifierKey::parse(descriptor.log_key))
        ledger_.witness().trust(descriptor.origin, {*key});
    return *outcome;
}

Result<Json> Admission::admit(const JoinRequest& join) {
    GZ_TRY(const SignatureClaim claim, read_signature(join.request, join.body, clock_.now()));
    GZ_TRY(const Json body, parse_json(join.body, {.bytes_max = 64u << 10}));
    GZ_TRY(const std::string name, json_text(body, "invitation"));
    GZ_TRY(const std::string proof, json_text(body, "proof"));
    if (!body.contains("descriptor"))
        return fail_field(ErrorCode::malformed, "descriptor", "the descriptor is missing");
    GZ_TRY(const PartyDescriptor descriptor, PartyDescriptor::from_json(body["descriptor"]));
    if (claim.key_id != descriptor.key_id())
        return fail(ErrorCode::signature_invalid, "signed by another key than the one it presents");
    GZ_CHECKED(verify_signature(claim, crypto::ed25519(), descriptor.message_key));
    const Bytes key = invitation_key(name);
    GZ_TRY(const std::optional<Bytes> stored, ledger_.journal().read_local(key));
    if (!stored) return fail(ErrorCode::forbidden, "this invitation is unknown or used");
    GZ_TRY(const Json invitation, parse_json(*stored));
    GZ_TRY(const Bytes mac_key, from_base64(invitation["proof_key"].get<std::string>()));
    if (proof != to_base64(proof_of(mac_key, descriptor)))
        return fail(ErrorCode::forbidden, "this invitation is not for the party that uses it");
    if (invitation["party"] != descriptor.party.value)
        return fail(ErrorCode::forbidden, "this invitation is for another party");
    if (invitation["until"].get<int64_t>() < clock_.now().value)
        return fail(ErrorCode::forbidden, "this invitation has expired: ask for a new one");
    GZ_CHECKED(check_descriptor(descriptor));
    GZ_TRY(const ledger::Appended admitted, record(descriptor, "invitation", {{key, std::nullopt}}, {{key, stored}}));
    return Json{{"descriptor", self_.descriptor.to_json()}, {"receipt", admitted.accepted}};
}

Result<Admission::Joined> Admission::join(const access::Actor& actor, const std::string& url, const std::string& code,
                                          const std::string& fingerprint) {
    GZ_CHECKED(access::may(actor, access::Action::join_party));
    const Bytes body = join_body(code, self_.descriptor);
    const SignatureFields fields =
        sign_request({"POST", url + "/v1/join", "application/json", crypto::sha256(body), ""}, self_.message_key,
                     {self_.descriptor.key_id(), clock_.now(), random_.bytes(16)});
    HttpClient client;
    GZ_TRY(const HttpAnswer answer, client.request("POST", url + "/v1/join",
                                                   {{"Content-Type", "application/json"},
                                                    {"Content-Digest", fields.content_digest},
                                                    {"Signature-Input", fields.signature_input},
                                                    {"Signature", fields.signature}},
                                                   body));
    if (answer.status != 200)
        return fail(ErrorCode::rejected, "the other node answered {}: {}", answer.status, answer.body.substr(0, 300));
    GZ_TRY(const Json json, parse_json(answer.body));
    if (!json.contains("descriptor")) return fail(ErrorCode::malformed, "the answer names no party");
    GZ_TRY(const PartyDescriptor peer, PartyDescriptor::from_json(json["descriptor"]));
    if (crypto::key_fingerprint(peer.message_key) != fingerprint)
        return fail(ErrorCode::signature_invalid,
                    "the other node's key is not the one of the invitation: its fingerprint is {}",
                    crypto::key_fingerprint(peer.message_key));
    GZ_CHECKED(check_descriptor(peer));
    if (peer.url != url) return fail(ErrorCode::rejected, "the other node says that its address is {}", peer.url);
    GZ_TRY(const std::string receipt, json_text(json, "receipt"));
    GZ_TRY(const merkle::VerifierKey log_key, merkle::VerifierKey::parse(peer.log_key));
    GZ_CHECKED(ledger::verify_receipt(receipt, merkle::Policy::of_log(log_key)).map([](const auto&) {}));
    GZ_CHECKED(record(peer, actor.name, {{"admission/" + peer.party.value, receipt}}, {}).map([](const auto&) {}));
    return Joined{peer, receipt};
}

}  // namespace gongzhi::exchange
