// The parties that this node knows: who they are, where they are, and by which keys they are recognised. Kept in the
// journal's local key space, written in the same step as the trace of their admission. Safe for concurrent use.
#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "base/json.h"
#include "crypto/signature.h"
#include "journal/journal.h"
#include "merkle/note.h"

namespace gongzhi::exchange {

enum class PartyRole { authority, platform };
std::string_view party_role_name(PartyRole role);

// What a party says of itself, the same at /v1/node, in an invitation's answer and in a join.
struct PartyDescriptor {
    PartyId party;
    PartyRole role = PartyRole::platform;
    std::string name_zh, name_en;
    std::string url;     // scheme, host, port; no path, no trailing slash
    std::string origin;  // of its log
    crypto::PublicKey message_key;
    std::string log_key;      // vkey
    std::string witness_key;  // vkey

    bool simulated() const { return origin.ends_with("/simulated"); }
    std::string key_id() const { return party.value + "/message"; }
    Json to_json() const;
    static Result<PartyDescriptor> from_json(const Json& json);
};

class Peers {
public:
    explicit Peers(journal::Journal& journal) : journal_(journal) {}
    Status load();
    // The write that must be in the draft that admits the party; `remember` after it is durable.
    static journal::LocalWrite write_of(const PartyDescriptor& descriptor);
    void remember(const PartyDescriptor& descriptor);
    std::optional<PartyDescriptor> find(const PartyId& party) const;
    std::optional<PartyDescriptor> find_key(std::string_view key_id) const;
    std::vector<PartyDescriptor> all() const;

private:
    journal::Journal& journal_;
    mutable std::mutex mutex_;
    std::map<PartyId, PartyDescriptor> known_;
};

bool valid_party_id(std::string_view text);

}  // namespace gongzhi::exchange
