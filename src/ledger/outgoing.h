// The door through which a domain module sends a message to another party, and how it tells that it came in.
//
// Domain modules (floor 5) do not include one another: they hand an OutgoingMessage to this interface, which `exchange`
// implements over HTTP. What the command decides (claims, local writes) is in the same atomic step as the message.
#pragma once

#include "crypto/digest.h"
#include "ledger/ledger.h"

namespace gongzhi::ledger {

struct OutgoingMessage {
    std::string actor = "self";  // who had it sent, for this node's own record; "self": the node by rule
    PartyId to;
    std::string type;    // "request", "answer", "rule_bundle", "findings", "commitment", "submission"
    std::string thread;  // "" where it opens none
    std::optional<MessageHeader::InReplyTo> in_reply_to;
    std::string basis;
    std::optional<UtcTime> deadline;
    std::optional<Digest> record_root;
    std::string media = "application/json";
    Bytes body;
    std::vector<journal::Claim> claims;
    // Records (by claims of their keys) whose protected values stand in the body: it goes when one of them is erased.
    std::vector<journal::ClaimBytes> carries;
};

// Messages whose body may hold protected values: sealed under a key of its own, so that it can be forgotten alone.
inline bool may_carry_records(std::string_view type) { return type == "submission" || type == "answer"; }

struct SentMessage {
    MessageId id;
    EntryIndex index;  // in the sender's ledger; delivery follows
    bool duplicate = false;
};

class Sender {
public:
    virtual ~Sender() = default;
    // Durable when it returns: logged and queued. `conflict` when a claim is taken.
    virtual Result<SentMessage> send(OutgoingMessage message) = 0;
};

// Claims of the node: 16-byte HMACs under the node's own key, so that a stored claim tells nothing.
class ClaimKeys {
public:
    explicit ClaimKeys(BytesView key) : hmac_(key) {}
    journal::ClaimBytes key(std::string_view space, std::initializer_list<BytesView> parts) const;
    journal::Claim refuse(std::string_view space, std::initializer_list<BytesView> parts) const;
    // A repeat with the same content is a harmless duplicate.
    journal::Claim repeatable(std::string_view space, std::initializer_list<BytesView> parts, BytesView content) const;

private:
    crypto::HmacKey hmac_;
};

// A trace's draft: no envelope, one statement.
Draft trace_draft(std::string kind, Json trace, UtcTime now, std::string actor);

}  // namespace gongzhi::ledger
