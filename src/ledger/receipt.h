// Receipts and their verification: the core of `gongzhi verify`. Pure: a text, a policy, perhaps a body; no node, no clock.
//
// Accepted (stage 1): entry durable, signed by the log for the whole group commit. Proved (stage 2): a C2SP tlog-proof
// under a checkpoint, with cosignatures. Both carry the opening in `extra`. Formats: docs/formats/receipt.md.
#pragma once

#include <optional>

#include "ledger/entry.h"
#include "merkle/policy.h"
#include "merkle/proof_file.h"

namespace gongzhi::ledger {

constexpr std::string_view kAcceptedHeader = "gongzhi/accepted@v1";
constexpr std::string_view kAcceptedSuffix = "/accepted";  // first line of the accepted note: origin + this

// What the log signs once for one group commit.
struct AcceptedNote {
    std::string origin;
    EntryIndex first;
    uint64_t count = 0;
    Digest batch_root;
    UtcTime time;
    std::string text() const;
    static Result<AcceptedNote> parse(std::string_view text);
};

// What a receipt proved.
struct Receipt {
    enum class Stage { accepted, proved } stage = Stage::proved;
    std::string origin;
    EntryIndex index;
    TreeSize checkpoint_size;     // proved only
    std::optional<UtcTime> time;  // accepted: the log's; proved: the latest cosignature's, if any
    std::vector<merkle::Policy::Cosignature> cosigners;
    Opening opening;
    std::optional<MessageHeader> header;  // nothing for traces
    NodeStatement statement;
    bool sender_signature_checked = false;
    bool body_checked = false;
    bool simulated() const { return origin.ends_with("/simulated"); }
};

struct VerifyOptions {
    std::optional<BytesView> body;                // its SHA-256 must be the header's body digest
    std::optional<crypto::PublicKey> sender_key;  // then the envelope must be signed by it
    const crypto::SignatureSuite* suite = &crypto::ed25519();
};

// Either stage, told by the first line. Errors are plain sentences: `malformed`, `signature_invalid`, `proof_invalid`.
Result<Receipt> verify_receipt(std::string_view text, const merkle::Policy& policy, const VerifyOptions& options = {});

}  // namespace gongzhi::ledger
