// What goes into the journal in one atomic step, and what comes back. Values.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace gongzhi::journal {

using ClaimBytes = std::array<uint8_t, 16>;

// A unique key, forever: the first entry that claims it holds it. `content` tells a repeat from a clash.
struct Claim {
    enum class OnTaken : uint8_t {
        refuse,                     // taken → `conflict`
        same_content_is_duplicate,  // same content → Appended{duplicate}, other content → `duplicate` error
    };
    ClaimBytes key{};
    ClaimBytes content{};
    OnTaken on_taken = OnTaken::refuse;
};

// One stored body: key is entry ‖ part ‖ number. `entry` names another, earlier entry whose body is replaced (erasure);
// without it the body belongs to the entry being appended.
struct BodyPart {
    uint8_t part = 0;
    uint32_t number = 0;
    Bytes bytes;
    std::optional<EntryIndex> entry = std::nullopt;
};
struct BodyDelete {
    EntryIndex entry;
    uint8_t part = 0;
    uint32_t number = 0;
};

// The node's own key space: sessions, outbox, nonces. Not in the tree.
struct LocalWrite {
    Bytes key;
    std::optional<Bytes> value;  // nullopt deletes
};
// The step happens only if the key has this value now (nullopt: is absent); otherwise `conflict`.
struct LocalCondition {
    Bytes key;
    std::optional<Bytes> value;
};

struct Draft {
    Bytes leaf_entry;  // the public entry, 1 to 65,535 bytes
    Bytes stored;      // kept beside it, opaque here
    std::vector<BodyPart> bodies;
    std::vector<BodyDelete> deletes;
    std::vector<Claim> claims;
    std::vector<LocalWrite> local;
    std::vector<LocalCondition> conditions;
};

// Where an entry stands in its group commit: an RFC 9162 tree over the batch's leaf hashes.
struct BatchPosition {
    EntryIndex first;
    uint32_t count = 0;
    uint32_t offset = 0;
    Digest batch_root;
    std::vector<Digest> path;
};

struct Appended {
    EntryIndex index;
    Digest leaf_hash;
    bool duplicate = false;  // the entry was there before; `position` is then a batch of this one entry
    BatchPosition position;
};

// Which claim refused a draft and who holds it.
struct Refusal {
    size_t claim = 0;
    EntryIndex holder;
};

// A Result<Appended> that also tells a refused claim.
struct Outcome : Result<Appended> {
    using Result<Appended>::Result;
    Outcome(Result<Appended> result) : Result<Appended>(std::move(result)) {}
    std::optional<Refusal> refusal;
};
using OnAppended = std::function<void(Outcome)>;
using OnStatus = std::function<void(Status)>;

struct Holder {
    ClaimBytes content{};
    EntryIndex index;
};

struct StoredEntry {
    Bytes leaf_entry;
    Bytes stored;
};

// The last signed head, as kept in the file `head`.
struct SignedHead {
    TreeSize size;
    Digest root;
    Bytes note;
};

struct Counters {
    uint64_t batches = 0;  // group commits that reached the disk
    uint64_t fsyncs = 0;   // of the write-ahead log, as RocksDB counts them
    uint64_t entries = 0;
};

}  // namespace gongzhi::journal
