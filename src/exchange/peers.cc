#include "exchange/peers.h"

#include <algorithm>

#include "base/bytes.h"

namespace gongzhi::exchange {
namespace {

constexpr std::string_view kPrefix = "peer/";
constexpr size_t kPeersMax = 100'000;

bool valid_url(std::string_view url) {
    const size_t scheme = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
    return scheme > 0 && url.size() > scheme && url.size() < 300 &&
           std::all_of(url.begin() + static_cast<long>(scheme), url.end(), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == ':' || c == '[' ||
                      c == ']';
           });
}

}  // namespace

bool valid_party_id(std::string_view text) {
    return text.size() >= 2 && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
           });
}

std::string_view party_role_name(PartyRole role) { return role == PartyRole::authority ? "authority" : "platform"; }

Json PartyDescriptor::to_json() const {
    return {{"party", party.value},
            {"role", party_role_name(role)},
            {"name_zh", name_zh},
            {"name_en", name_en},
            {"url", url},
            {"origin", origin},
            {"message_key", to_base64(message_key.value)},
            {"log_key", log_key},
            {"witness_key", witness_key}};
}

Result<PartyDescriptor> PartyDescriptor::from_json(const Json& json) {
    PartyDescriptor descriptor;
    GZ_TRY(descriptor.party.value, json_text(json, "party"));
    if (!valid_party_id(descriptor.party.value))
        return fail_field(ErrorCode::malformed, "party", "a party's id is 2 to 40 of a-z, 0-9 and -");
    GZ_TRY(const std::string role, json_text(json, "role"));
    if (role != "authority" && role != "platform")
        return fail_field(ErrorCode::malformed, "role", "authority or platform");
    descriptor.role = role == "authority" ? PartyRole::authority : PartyRole::platform;
    GZ_TRY(descriptor.name_zh, json_text(json, "name_zh"));
    GZ_TRY(descriptor.name_en, json_text(json, "name_en"));
    GZ_TRY(descriptor.url, json_text(json, "url"));
    if (!valid_url(descriptor.url))
        return fail_field(ErrorCode::malformed, "url", "not an address of the form https://host:port");
    GZ_TRY(descriptor.origin, json_text(json, "origin"));
    GZ_TRY(const std::string key, json_text(json, "message_key"));
    GZ_TRY(descriptor.message_key.value, from_base64(key));
    if (descriptor.message_key.value.size() != crypto::ed25519().public_key_bytes())
        return fail_field(ErrorCode::malformed, "message_key", "not an Ed25519 key");
    GZ_TRY(descriptor.log_key, json_text(json, "log_key"));
    GZ_TRY(descriptor.witness_key, json_text(json, "witness_key"));
    GZ_TRY(const merkle::VerifierKey log, merkle::VerifierKey::parse(descriptor.log_key));
    GZ_TRY(const merkle::VerifierKey witness, merkle::VerifierKey::parse(descriptor.witness_key));
    if (log.name != descriptor.origin)
        return fail_field(ErrorCode::malformed, "log_key", "the key's name is not the log's origin");
    if (witness.name == log.name)
        return fail_field(ErrorCode::malformed, "witness_key", "a witness has a name of its own");
    return descriptor;
}

Status Peers::load() {
    return journal_.visit_local(kPrefix, kPeersMax, [&](BytesView, BytesView value) -> Status {
        GZ_TRY(const Json json, parse_json(value));
        GZ_TRY(const PartyDescriptor descriptor, PartyDescriptor::from_json(json));
        remember(descriptor);
        return {};
    });
}

journal::LocalWrite Peers::write_of(const PartyDescriptor& descriptor) {
    return {Bytes(kPrefix) + descriptor.party.value, canonical_json(descriptor.to_json())};
}

void Peers::remember(const PartyDescriptor& descriptor) {
    const std::lock_guard lock(mutex_);
    known_[descriptor.party] = descriptor;
}

std::optional<PartyDescriptor> Peers::find(const PartyId& party) const {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(party);
    return found == known_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<PartyDescriptor> Peers::find_key(std::string_view key_id) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [party, descriptor] : known_)
        if (descriptor.key_id() == key_id) return descriptor;
    return std::nullopt;
}

std::vector<PartyDescriptor> Peers::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<PartyDescriptor> out;
    for (const auto& [party, descriptor] : known_) out.push_back(descriptor);
    return out;
}

}  // namespace gongzhi::exchange
