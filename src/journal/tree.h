// The journal's tree: full tiles in the store, the growing tile of each level in memory. Inside this module.
//
// Only full tiles are stored, in the batch of the entry that fills them; the rest is computed again at start from at
// most 255 entries and 255 tiles a level. A value: the sequencer works on a copy and publishes it after the fsync.
#pragma once

#include <array>

#include "journal/store.h"
#include "merkle/frontier.h"
#include "merkle/tile.h"

namespace gongzhi::journal {

struct FullTile {
    uint32_t level = 0;
    uint64_t index = 0;
    Bytes bytes;  // 8,192
};

class Tree {
public:
    static Result<Tree> load(const Store& store, TreeSize size);
    // Adds to `full` the tiles that this leaf filled.
    void append(const Digest& leaf_hash, std::vector<FullTile>& full);
    merkle::TreeHead head() const { return {frontier_.size(), frontier_.root()}; }
    TreeSize size() const { return frontier_.size(); }
    const Bytes& growing(uint32_t level) const { return growing_[level]; }

private:
    void push(uint32_t level, const Digest& hash, std::vector<FullTile>& full);
    merkle::Frontier frontier_;
    std::array<Bytes, merkle::kTileLevelMax + 1> growing_;
    std::array<uint64_t, merkle::kTileLevelMax + 1> full_count_{};
};

// entries: sized leaf entry ‖ stored.
Bytes encode_entry(BytesView leaf_entry, BytesView stored);
Result<StoredEntry> decode_entry(BytesView value);
Result<Bytes> read_full_tile(const Store& store, uint32_t level, uint64_t index);

}  // namespace gongzhi::journal
