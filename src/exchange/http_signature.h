// RFC 9421 signatures with RFC 9530 Content-Digest between nodes: one profile, no choices (docs/formats/message.md). Pure.
//
// Covered, in this order: "@method" "@target-uri" "content-type" "content-digest" and, for messages, "gongzhi-message";
// parameters created, expires, nonce, keyid, alg, tag. The body is always hashed again; a missing field is an error, never
// an empty value.
#pragma once

#include <optional>

#include "base/clock.h"
#include "crypto/signature.h"

namespace gongzhi::exchange {

constexpr std::string_view kSignatureTag = "gongzhi-exchange-v1";
constexpr int64_t kSignatureLifeSeconds = 300;  // expires − created at most
constexpr int64_t kClockSkewSeconds = 60;

// What is signed of a request.
struct SignedParts {
    std::string method;
    std::string target_uri;  // absolute, no fragment
    std::string content_type;
    Digest body_digest;
    std::string message;  // header bytes of the message, "" where the request carries none
};

struct SignatureFields {
    std::string content_digest;   // Content-Digest
    std::string message;          // Gongzhi-Message, "" without one
    std::string signature_input;  // Signature-Input
    std::string signature;        // Signature
    std::string base;             // what was signed
    Bytes raw_signature;
};

struct SigningOptions {
    std::string key_id;
    UtcTime created;
    Bytes nonce;  // 16 random bytes
};
SignatureFields sign_request(const SignedParts& parts, const crypto::KeyPair& key, const SigningOptions& options);

// The fields of a received request, as they stood in it; each must have stood there exactly once.
struct ReceivedRequest {
    std::string method;
    std::string target_uri;  // rebuilt from this node's own address, not from what the sender claims
    std::string content_type, content_digest, gongzhi_message, signature_input, signature;
    bool needs_message = true;
};

// Read before the key is known: who says it signed.
struct SignatureClaim {
    std::string key_id;
    std::string nonce;
    UtcTime created, expires;
    Bytes message;  // decoded Gongzhi-Message
    std::string base;
    Bytes raw_signature;
};
// `malformed`, or `signature_invalid` where body and digest, clock or coverage do not fit. The signature itself is checked
// by verify_signature.
Result<SignatureClaim> read_signature(const ReceivedRequest& request, BytesView body, UtcTime now);
Status verify_signature(const SignatureClaim& claim, const crypto::SignatureSuite& suite, const crypto::PublicKey& key);

std::string content_digest_of(const Digest& digest);

}  // namespace gongzhi::exchange
