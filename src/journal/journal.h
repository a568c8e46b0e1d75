// Durable truth: entries, bodies, unique keys, tree tiles and the node's local key space in one RocksDB, one appender.
//
// Guarantees: an answer comes only after the fsync of everything it speaks of; a batch is there whole or not at all; a
// tree smaller than, or different from, the last signed head is never opened and never signed. A failed write or fsync
// stops the journal: every later append is `io`. All methods are safe for concurrent use; callbacks run on the journal's
// answering thread, in log order (refusals before queueing: on the caller's), and must not block or call `append`.
#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "base/clock.h"
#include "journal/types.h"
#include "merkle/proof.h"
#include "merkle/tile.h"

namespace gongzhi::journal {

constexpr size_t kQueueDraftsMax = 16'384;
constexpr size_t kQueueBytesMax = size_t{256} << 20;
constexpr size_t kBatchDraftsMax = 4'096;
constexpr size_t kBatchBytesMax = size_t{64} << 20;
constexpr size_t kClaimsMax = size_t{1} << 20;  // of one draft
constexpr size_t kStoredBytesMax = size_t{16} << 20;
constexpr size_t kDraftBytesMax = size_t{128} << 20;  // with its bodies

struct Options {
    std::filesystem::path folder;  // the node's; the journal lives in folder/journal and folder/head
    size_t cache_bytes = size_t{24} << 20;
    size_t write_buffer_bytes = size_t{32} << 20;
    std::function<void(const Error&)> on_fatal;  // called once, on the first write or fsync error
};

class Journal {
public:
    static Result<std::unique_ptr<Journal>> open(Options options);
    // For fsck: nothing is written, appends are `unsupported`. The folder must not be in use.
    static Result<std::unique_ptr<Journal>> open_read_only(const std::filesystem::path& folder);
    ~Journal();

    // `busy` when the queue is full, `conflict` or `duplicate` with Outcome::refusal when a claim is taken, `io` once
    // the journal has stopped. on_appended is always called exactly once.
    void append_async(Draft draft, OnAppended on_appended);
    Outcome append(Draft draft);
    // Local writes alone, through the same group commit.
    void write_local_async(std::vector<LocalWrite> writes, std::vector<LocalCondition> conditions, OnStatus on_written);
    Status write_local(std::vector<LocalWrite> writes, std::vector<LocalCondition> conditions = {});

    TreeSize size() const;  // durable entries
    Digest root() const;
    merkle::TreeHead head() const;
    // False when the time has passed first.
    bool wait_for_size(TreeSize size, int64_t timeout_micros) const;

    Result<StoredEntry> read_entry(EntryIndex index) const;
    Result<Digest> leaf_hash(EntryIndex index) const;
    Result<Bytes> read_body(EntryIndex index, uint8_t part, uint32_t number) const;
    // In order of part and number; a visitor's error ends the walk and is returned.
    using BodyVisitor = std::function<Status(uint8_t part, uint32_t number, BytesView bytes)>;
    Status visit_bodies(EntryIndex index, const BodyVisitor& visit) const;
    Result<std::vector<std::optional<Holder>>> find_claims(std::span<const ClaimBytes> keys) const;

    Result<std::optional<Bytes>> read_local(BytesView key) const;
    using LocalVisitor = std::function<Status(BytesView key, BytesView value)>;
    // Keys that start with `prefix`, in byte order, at most `count_max`.
    Status visit_local(BytesView prefix, size_t count_max, const LocalVisitor& visit) const;

    // At least `tile.width` hashes of a tile; `not_found` beyond the durable size.
    Result<Bytes> read_tile(const merkle::TilePosition& tile) const;
    Result<Digest> root_at(TreeSize size) const;
    Result<std::vector<Digest>> prove_inclusion(EntryIndex index, TreeSize size) const;
    Result<std::vector<Digest>> prove_consistency(TreeSize old_size, TreeSize new_size) const;

    // Before a head is published: checks size and root against the durable tree and the head before, writes the file
    // and fsyncs it. `conflict` for a smaller or different head.
    Status record_signed_head(const merkle::TreeHead& head, BytesView note);
    std::optional<SignedHead> signed_head() const;

    Counters counters() const;

    // Everything stored under one heading, for fsck: claims as (key, holder), and every body key.
    Status visit_claims(const std::function<Status(const ClaimBytes&, const Holder&)>& visit) const;
    Status visit_all_bodies(
        const std::function<Status(EntryIndex, uint8_t part, uint32_t number, BytesView)>& visit) const;
    // The stored full tiles.
    Status visit_tiles(const std::function<Status(uint32_t level, uint64_t index, BytesView)>& visit) const;

private:
    struct Parts;
    explicit Journal(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace gongzhi::journal
