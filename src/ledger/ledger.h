// The node's log: appends entries, signs accepted receipts and checkpoints, proves, serves tiles, witnesses.
//
// Guarantees: the order is entries durable → head recorded (fsync) → checkpoint published; what a receipt says is on disk;
// heads only grow. Owns the journal, the vault and two threads' worth of work (the journal's, the checkpoint thread).
// Safe for concurrent use.
#pragma once

#include <condition_variable>
#include <thread>

#include "ledger/receipt.h"
#include "ledger/witness.h"

namespace gongzhi::ledger {

constexpr size_t kRecentCheckpoints = 64;

struct Options {
    std::filesystem::path folder;  // the node's; keys/ and journal/ live in it
    std::string origin;            // key name of the log; ends in /simulated in a simulated run
    crypto::KeyPair log_key;
    crypto::KeyPair witness_key;  // another key: one per role
    // How often a grown tree is signed. 0: only checkpoint_now().
    int64_t checkpoint_interval_micros = kMicrosPerSecond;
    journal::Options journal = {};  // folder is set from the above
};

struct OpenPart {
    Part part = Part::detail;
    uint32_t number = 0;
    Bytes bytes;
};
struct SealedPart {
    Part part = Part::detail;
    uint32_t number = 0;
    vault::SealedBody body;  // its key mark is added to the draft
};
// A body of an earlier entry that shrinks: with vault::Erasure::body, or deleted where `body` is empty.
struct ShrunkPart {
    EntryIndex entry;
    Part part = Part::detail;
    uint32_t number = 0;
    std::optional<vault::SealedBody> body;
};

struct Draft {
    std::string kind;  // as in the statement
    Bytes envelope;    // empty for traces
    Bytes statement;   // NodeStatement::bytes()
    std::vector<OpenPart> open;
    std::vector<SealedPart> sealed;
    std::vector<ShrunkPart> shrunk;
    std::vector<journal::Claim> claims;
    std::vector<journal::LocalWrite> local;
    std::vector<journal::LocalCondition> conditions;
};

struct Appended {
    EntryIndex index;
    Digest leaf_hash;
    bool duplicate = false;  // the entry at `index` was there before
    std::string accepted;    // the accepted receipt, a text file
};
struct Outcome : Result<Appended> {
    using Result<Appended>::Result;
    Outcome(Result<Appended> result) : Result<Appended>(std::move(result)) {}
    std::optional<journal::Refusal> refusal;
};
using OnAppended = std::function<void(Outcome)>;

struct PublishedCheckpoint {
    merkle::TreeHead head;
    std::string note;  // the log's signature, and the cosignatures stored so far
};

struct Resource {
    Bytes bytes;
    std::string content_type;
    bool immutable = false;  // full tiles and bundles
};

class Ledger {
public:
    // Clock and random outlive the ledger.
    static Result<std::unique_ptr<Ledger>> open(Options options, const Clock& clock, Random& random);
    ~Ledger();

    Outcome append(Draft draft);
    // The callback runs on the journal's answering thread, once: it must not block.
    void append_async(Draft draft, OnAppended on_appended);

    Result<Entry> read(EntryIndex index) const;
    // Checked against the digest in the entry's directory.
    Result<Bytes> read_open_part(const Entry& entry, Part part, uint32_t number) const;
    Result<Bytes> read_blob(const Entry& entry, Part part, uint32_t number) const;
    Result<std::vector<vault::Item>> read_segment(const Entry& entry, Part part, uint32_t number) const;
    // The sealed bytes as stored, for vault().erase_items.
    Result<Bytes> read_sealed_bytes(const Entry& entry, Part part, uint32_t number) const;

    // Signs and publishes the durable tree if it grew (also size 0 once); returns the latest checkpoint.
    Result<PublishedCheckpoint> checkpoint_now();
    std::optional<PublishedCheckpoint> latest_checkpoint() const;
    bool wait_for_checkpoint(TreeSize size, int64_t timeout_micros) const;

    // The proved receipt: under the latest cosigned checkpoint if it covers the entry, else under the latest. `unavailable` until a checkpoint covers it.
    Result<std::string> receipt(EntryIndex index) const;
    // The same for an accepted receipt of an entry that is durable: signed anew, alone.
    Result<std::string> accepted_receipt(EntryIndex index) const;

    // add-checkpoint for a peer's witness: from the size that this witness last cosigned to the latest checkpoint.
    Result<std::string> witness_request(const std::string& witness_name) const;
    // After its 409: what it says it has.
    Status set_witness_size(const std::string& witness_name, TreeSize size);
    // Its reply: signature lines over the checkpoint of that size. Verified under `key`, then kept with the checkpoint.
    Status store_cosignature(TreeSize size, std::string_view lines, const merkle::VerifierKey& key);

    // `checkpoint`, `tile/<L>/<N>[.p/<W>]`, `tile/entries/<N>[.p/<W>]`: only what a published checkpoint implies.
    Result<Resource> log_resource(std::string_view path) const;

    const std::string& origin() const { return options_.origin; }
    merkle::VerifierKey log_verifier() const;
    journal::Journal& journal() { return *journal_; }
    const journal::Journal& journal() const { return *journal_; }
    vault::Vault& vault() { return *vault_; }
    Witness& witness() { return *witness_; }

private:
    struct SignedBatch {
        EntryIndex first;
        Digest root;
        std::string note;
    };
    Ledger(Options options, const Clock& clock, Random& random);
    Result<journal::Draft> prepare(Draft draft, Opening& opening) const;
    std::string accepted_text(const Opening& opening, EntryIndex index, const journal::BatchPosition& position) const;
    std::string sign_batch(const journal::BatchPosition& position) const;
    Outcome finish(const Opening& opening, journal::Outcome outcome) const;
    Status restore_checkpoint();
    Status restore_cosigned();
    void run_checkpoints(std::stop_token stop);
    Result<Bytes> bundle(const merkle::BundlePosition& position) const;

    Options options_;
    const Clock& clock_;
    Random& random_;
    std::unique_ptr<journal::Journal> journal_;
    std::unique_ptr<vault::Vault> vault_;
    std::unique_ptr<Witness> witness_;
    mutable std::mutex signing_;  // one head at a time
    mutable std::mutex mutex_;    // guards what follows
    mutable std::condition_variable_any published_;
    std::optional<PublishedCheckpoint> latest_, cosigned_;
    std::map<TreeSize, PublishedCheckpoint> recent_;  // that a witness may still answer to, kRecentCheckpoints of them
    mutable SignedBatch last_batch_;                  // answering thread only
    std::jthread checkpointer_;
};

}  // namespace gongzhi::ledger
