// The ledger's checkpoints, proved receipts and the exchange with witnesses.
#include "base/bytes.h"
#include "base/log.h"
#include "ledger/ledger.h"
#include "merkle/text.h"

namespace gongzhi::ledger {
namespace {

constexpr std::string_view kCosignedKey = "ledger/cosigned";

Bytes witness_key(const std::string& name) { return "ledger/witness/" + name; }

Result<PublishedCheckpoint> read_checkpoint(const std::string& text, const merkle::VerifierKey& log) {
    GZ_TRY(const merkle::Note note, merkle::Note::parse(text));
    GZ_TRY(const merkle::Checkpoint checkpoint, merkle::Checkpoint::parse(note.text));
    if (checkpoint.origin != log.name)
        return fail(ErrorCode::conflict, "the folder belongs to the log {}", checkpoint.origin);
    GZ_TRY(const auto time, merkle::verify_signature(note, log));
    if (!time) return fail(ErrorCode::conflict, "the last checkpoint was signed with another key of the log");
    return PublishedCheckpoint{checkpoint.head, text};
}

// The note with a line more; a newer line of the same key replaces the old one.
Result<std::string> with_cosignature(const std::string& text, const merkle::NoteSignature& line,
                                     const merkle::VerifierKey& key) {
    GZ_TRY(merkle::Note note, merkle::Note::parse(text));
    std::erase_if(note.signatures, [&](const merkle::NoteSignature& each) {
        return each.name == line.name && each.key_id == line.key_id;
    });
    note.signatures.push_back(line);
    GZ_TRY(const auto time, merkle::verify_signature(note, key));
    if (!time) return fail(ErrorCode::signature_invalid, "the reply holds no cosignature of {}", key.name);
    if (note.signatures.size() > merkle::kNoteSignaturesMax)
        return fail(ErrorCode::too_large, "the checkpoint has too many signatures");
    return note.format();
}

}  // namespace

Status Ledger::restore_checkpoint() {
    const auto head = journal_->signed_head();
    if (!head) return {};
    GZ_TRY(PublishedCheckpoint checkpoint, read_checkpoint(head->note, log_verifier()));
    recent_[checkpoint.head.size] = checkpoint;
    latest_ = std::move(checkpoint);
    return {};
}

Status Ledger::restore_cosigned() {
    GZ_TRY(const std::optional<Bytes> note, journal_->read_local(kCosignedKey));
    if (!note) return {};
    GZ_TRY(cosigned_, read_checkpoint(*note, log_verifier()));
    if (latest_ && latest_->head == cosigned_->head) recent_[cosigned_->head.size] = *(latest_ = cosigned_);
    return {};
}

// Durable entries → head recorded and fsynced → published. `signing_` is held over the file write: one head at a time.
Result<PublishedCheckpoint> Ledger::checkpoint_now() {
    const std::lock_guard one_at_a_time(signing_);
    const merkle::TreeHead head = journal_->head();
    if (const auto latest = latest_checkpoint(); latest && latest->head == head) return *latest;
    merkle::Note note{merkle::Checkpoint{options_.origin, head}.text(), {}};
    note.signatures.push_back(merkle::sign_note(note.text, options_.origin, options_.log_key));
    PublishedCheckpoint checkpoint{head, note.format()};
    GZ_CHECKED(journal_->record_signed_head(head, checkpoint.note));
    {
        const std::lock_guard lock(mutex_);
        latest_ = checkpoint;
        recent_[head.size] = checkpoint;
        while (recent_.size() > kRecentCheckpoints) recent_.erase(recent_.begin());
    }
    published_.notify_all();
    return checkpoint;
}

std::optional<PublishedCheckpoint> Ledger::latest_checkpoint() const {
    const std::lock_guard lock(mutex_);
    return latest_;
}

bool Ledger::wait_for_checkpoint(TreeSize size, int64_t timeout_micros) const {
    std::unique_lock lock(mutex_);
    return published_.wait_for(lock, std::chrono::microseconds(timeout_micros),
                               [&] { return latest_ && latest_->head.size >= size; });
}

void Ledger::run_checkpoints(std::stop_token stop) {
    const auto interval = std::chrono::microseconds(options_.checkpoint_interval_micros);
    while (!stop.stop_requested()) {
        if (auto made = checkpoint_now(); !made) log_error("no checkpoint: {}", made.error().describe());
        std::unique_lock lock(mutex_);
        published_.wait_for(lock, stop, interval, [] { return false; });
    }
}

Result<std::string> Ledger::receipt(EntryIndex index) const {
    std::optional<PublishedCheckpoint> checkpoint;
    {
        const std::lock_guard lock(mutex_);
        checkpoint = cosigned_ && cosigned_->head.size.value > index.value ? cosigned_ : latest_;
    }
    GZ_TRY(const Entry entry, read(index));
    if (!checkpoint || checkpoint->head.size.value <= index.value)
        return fail(ErrorCode::unavailable, "no checkpoint covers entry {} yet: ask again in a second", index.value);
    GZ_TRY(std::vector<Digest> path, journal_->prove_inclusion(index, checkpoint->head.size));
    return merkle::ProofFile{std::string(merkle::kProofFileHeader), entry.opening.bytes(), index, std::move(path),
                             checkpoint->note}
        .format();
}

Result<std::string> Ledger::witness_request(const std::string& witness_name) const {
    const auto latest = latest_checkpoint();
    if (!latest) return fail(ErrorCode::unavailable, "there is no checkpoint yet");
    GZ_TRY(const std::optional<Bytes> known, journal_->read_local(witness_key(witness_name)));
    AddCheckpoint request;
    if (known) {
        GZ_TRY(request.old_size.value, ByteReader(*known).u64());
    }
    if (request.old_size > latest->head.size)
        return fail(ErrorCode::corrupt, "the witness {} has seen a larger log than this one: it must not go on",
                    witness_name);
    GZ_TRY(request.proof, journal_->prove_consistency(request.old_size, latest->head.size));
    request.note = latest->note;
    return request.format();
}

Status Ledger::set_witness_size(const std::string& witness_name, TreeSize size) {
    Bytes value;
    put_u64(value, size.value);
    return journal_->write_local({{witness_key(witness_name), std::move(value)}});
}

Status Ledger::store_cosignature(TreeSize size, std::string_view lines, const merkle::VerifierKey& key) {
    if (key.type != merkle::KeyType::cosignature)
        return fail(ErrorCode::invalid_argument, "a witness's key has type 4");
    std::optional<merkle::NoteSignature> line;
    for (std::string_view rest = lines; const auto text = merkle::take_line(rest);) {
        GZ_TRY(merkle::NoteSignature signature, merkle::NoteSignature::parse(*text));
        if (signature.name == key.name && signature.key_id == key.id()) line = std::move(signature);
    }
    if (!line) return fail(ErrorCode::signature_invalid, "the reply holds no cosignature of {}", key.name);
    const std::lock_guard one_at_a_time(signing_);
    PublishedCheckpoint checkpoint;
    bool newest = false;
    {
        const std::lock_guard lock(mutex_);
        const auto found = recent_.find(size);
        if (found == recent_.end())
            return fail(ErrorCode::not_found, "the checkpoint of {} entries is not kept any more", size.value);
        checkpoint = found->second;
        newest = !cosigned_ || cosigned_->head.size <= size;
    }
    GZ_TRY(checkpoint.note, with_cosignature(checkpoint.note, *line, key));
    Bytes witness_size;
    put_u64(witness_size, size.value);
    std::vector<journal::LocalWrite> writes = {{witness_key(key.name), std::move(witness_size)}};
    if (newest) writes.push_back({Bytes(kCosignedKey), checkpoint.note});
    GZ_CHECKED(journal_->write_local(std::move(writes)));
    const std::lock_guard lock(mutex_);
    recent_[size] = checkpoint;
    if (latest_ && latest_->head.size == size) latest_ = checkpoint;
    if (newest) cosigned_ = checkpoint;
    return {};
}

}  // namespace gongzhi::ledger
