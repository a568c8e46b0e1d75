// The envelope: a message's header, signature base and signature, byte for byte as received; and the node statement,
// what the receiving (or acting) node adds. Formats: docs/formats/entry.md. Pure values.
#pragma once

#include <optional>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "base/types.h"
#include "crypto/signature.h"

namespace gongzhi::ledger {

constexpr size_t kHeaderBytesMax = 16u << 10;
constexpr size_t kBaseBytesMax = 24u << 10;
constexpr size_t kSignatureBytesMax = 4u << 10;
constexpr size_t kKeyIdBytesMax = 256;
constexpr size_t kStatementBytesMax = 256u << 10;

// u8 1 ‖ sized header ‖ sized base ‖ sized signature ‖ sized key id. Base, signature and key id are empty together
// where the message came with a token instead of a signature.
struct Envelope {
    Bytes header;  // JSON as received
    Bytes base;    // RFC 9421 signature base
    Bytes signature;
    Bytes key_id;
    bool is_signed() const { return !signature.empty(); }
    Bytes bytes() const;
    static Result<Envelope> parse(BytesView bytes);
};

struct MessageHeader {
    MessageId id;
    PartyId from, to;
    std::string type;
    std::string thread;  // "" where it opens none
    uint64_t seq = 0;    // per sender and receiver, without gaps
    struct InReplyTo {
        MessageId id;
        Digest digest;  // SHA-256 of the answered message's header bytes
    };
    std::optional<InReplyTo> in_reply_to;
    std::string basis;  // legal basis, "" where none is needed
    std::optional<UtcTime> deadline;
    struct Body {
        Digest digest;
        uint64_t length = 0;
        std::string media;
    } body;
    std::optional<Digest> record_root;  // where the sender computed it

    // Canonical JSON: for headers that this node makes. Received ones are never re-serialised.
    std::string json() const;
    // Unknown members are refused, so that nothing is signed that nobody reads.
    static Result<MessageHeader> parse(std::string_view json);
};

struct NodeStatement {
    std::string kind;  // "submission", "order", … or the trace's kind
    UtcTime received_time;
    struct Pack {
        std::string id, version;
        Digest digest;
    };
    std::optional<Pack> pack;
    std::optional<uint64_t> record_count;
    std::optional<Digest> record_root;
    std::optional<Digest> verdicts_digest;
    std::string
        auth;  // "signature"; "token:<name>", "user:<name>" for what a person did; "self" for what the node did by rule
    Json trace = nullptr;  // an object for traces

    Bytes bytes() const;  // canonical JSON
    static Result<NodeStatement> parse(BytesView bytes);
};

// The envelope's signature and what it must cover: the base holds `"gongzhi-message": :<base64 header>:` and
// `"content-digest": sha-256=:<base64 body digest>:`, each exactly once, and the signature is the key's.
Status verify_envelope(const Envelope& envelope, const crypto::SignatureSuite& suite, const crypto::PublicKey& sender);
// The two lines alone, without the signature.
Status check_base(const Envelope& envelope, const MessageHeader& header);

}  // namespace gongzhi::ledger
