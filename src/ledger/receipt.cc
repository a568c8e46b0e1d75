#include "ledger/receipt.h"

#include <algorithm>

#include "crypto/digest.h"
#include "merkle/checkpoint.h"
#include "merkle/hash.h"
#include "merkle/text.h"

namespace gongzhi::ledger {
namespace {

// The opening must be the leaf's: everything the receipt says follows from it.
Result<Receipt> open_receipt(const merkle::ProofFile& file) {
    if (!file.extra) return fail(ErrorCode::malformed, "the receipt has no extra line: nothing says what the entry is");
    Receipt receipt;
    receipt.index = file.index;
    GZ_TRY(receipt.opening, Opening::parse(*file.extra));
    GZ_TRY(receipt.statement, NodeStatement::parse(receipt.opening.statement));
    if (!receipt.opening.envelope.empty()) {
        GZ_TRY(const Envelope envelope, Envelope::parse(receipt.opening.envelope));
        GZ_TRY(receipt.header, MessageHeader::parse(envelope.header));
        if (envelope.is_signed()) GZ_CHECKED(check_base(envelope, *receipt.header));
    }
    return receipt;
}

Status check_proved(const merkle::ProofFile& file, const merkle::Policy& policy, Receipt& receipt) {
    GZ_TRY(const merkle::Note note, merkle::Note::parse(file.note));
    GZ_TRY(const merkle::Checkpoint checkpoint, merkle::Checkpoint::parse(note.text));
    GZ_TRY(receipt.cosigners, policy.check(note, checkpoint.origin));
    GZ_CHECKED(merkle::verify_inclusion(file.index, checkpoint.head.size,
                                        merkle::leaf_hash(receipt.opening.entry_bytes()), file.path,
                                        checkpoint.head.root));
    receipt.stage = Receipt::Stage::proved;
    receipt.origin = checkpoint.origin;
    receipt.checkpoint_size = checkpoint.head.size;
    for (const auto& cosigner : receipt.cosigners) {
        const UtcTime time(static_cast<int64_t>(std::min<uint64_t>(cosigner.time, INT64_MAX / kMicrosPerSecond)) *
                           kMicrosPerSecond);
        receipt.time = std::max(receipt.time.value_or(time), time);
    }
    return {};
}

Status check_accepted(const merkle::ProofFile& file, const merkle::Policy& policy, Receipt& receipt) {
    GZ_TRY(const merkle::Note note, merkle::Note::parse(file.note));
    GZ_TRY(const AcceptedNote accepted, AcceptedNote::parse(note.text));
    GZ_CHECKED(policy.check_log(note, accepted.origin));
    if (file.index < accepted.first || file.index.value - accepted.first.value >= accepted.count)
        return fail(ErrorCode::proof_invalid, "entry {} is not in the group that the log signed", file.index.value);
    GZ_CHECKED(merkle::verify_inclusion(EntryIndex(file.index.value - accepted.first.value), TreeSize(accepted.count),
                                        merkle::leaf_hash(receipt.opening.entry_bytes()), file.path,
                                        accepted.batch_root));
    receipt.stage = Receipt::Stage::accepted;
    receipt.origin = accepted.origin;
    receipt.time = accepted.time;
    return {};
}

Status check_options(Receipt& receipt, const VerifyOptions& options) {
    if (options.body) {
        if (!receipt.header) return fail(ErrorCode::proof_invalid, "the entry is a trace: it has no body to compare");
        if (options.body->size() != receipt.header->body.length ||
            crypto::sha256(*options.body) != receipt.header->body.digest)
            return fail(ErrorCode::proof_invalid, "the body is not the one that the message names: its digest differs");
        receipt.body_checked = true;
    }
    if (options.sender_key) {
        if (!receipt.header) return fail(ErrorCode::signature_invalid, "the entry is a trace: no sender signed it");
        GZ_TRY(const Envelope envelope, Envelope::parse(receipt.opening.envelope));
        GZ_CHECKED(verify_envelope(envelope, *options.suite, *options.sender_key));
        receipt.sender_signature_checked = true;
    }
    return {};
}

}  // namespace

std::string AcceptedNote::text() const {
    return fmt::format("{}{}\n{} {}\n{}\n{}\n", origin, kAcceptedSuffix, first.value, count,
                       to_base64(batch_root.view()), format_utc(time));
}

Result<AcceptedNote> AcceptedNote::parse(std::string_view text) {
    const auto bad = [] { return fail(ErrorCode::malformed, "the text is not an accepted note"); };
    std::string_view rest = text;
    const auto name = merkle::take_line(rest), range = merkle::take_line(rest), root = merkle::take_line(rest);
    const auto time = merkle::take_line(rest);
    if (!time || !rest.empty() || !name->ends_with(kAcceptedSuffix)) return bad();
    const size_t space = range->find(' ');
    if (space == std::string_view::npos) return bad();
    AcceptedNote note;
    note.origin = name->substr(0, name->size() - kAcceptedSuffix.size());
    GZ_TRY(note.first.value, merkle::parse_decimal(range->substr(0, space)));
    GZ_TRY(note.count, merkle::parse_decimal(range->substr(space + 1)));
    GZ_TRY(note.batch_root, merkle::parse_hash(*root));
    GZ_TRY(note.time, parse_utc(*time));
    if (note.text() != text) return bad();
    return note;
}

Result<Receipt> verify_receipt(std::string_view text, const merkle::Policy& policy, const VerifyOptions& options) {
    const bool accepted = text.starts_with(fmt::format("{}\n", kAcceptedHeader));
    GZ_TRY(const merkle::ProofFile file,
           merkle::ProofFile::parse(text, accepted ? kAcceptedHeader : merkle::kProofFileHeader));
    GZ_TRY(Receipt receipt, open_receipt(file));
    GZ_CHECKED(accepted ? check_accepted(file, policy, receipt) : check_proved(file, policy, receipt));
    GZ_CHECKED(check_options(receipt, options));
    return receipt;
}

}  // namespace gongzhi::ledger
