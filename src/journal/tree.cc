#include "journal/tree.h"

#include "merkle/hash.h"

namespace gongzhi::journal {
namespace {

Digest tile_root(BytesView bytes) {
    std::vector<Digest> hashes(bytes.size() / 32);
    for (size_t i = 0; i < hashes.size(); ++i) hashes[i] = Digest::from(bytes.substr(i * 32, 32));
    return merkle::root_of(hashes);
}

}  // namespace

Bytes encode_entry(BytesView leaf_entry, BytesView stored) {
    Bytes value;
    value.reserve(4 + leaf_entry.size() + stored.size());
    put_sized(value, leaf_entry);
    return value.append(stored);
}

Result<StoredEntry> decode_entry(BytesView value) {
    ByteReader reader(value);
    const auto leaf_entry = reader.sized(merkle::kEntryBytesMax);
    if (!leaf_entry) return fail(ErrorCode::corrupt, "a stored entry is damaged");
    return StoredEntry{Bytes(*leaf_entry), Bytes(reader.take(reader.left()).value())};
}

Result<Bytes> read_full_tile(const Store& store, uint32_t level, uint64_t index) {
    GZ_TRY(std::optional<Bytes> tile, store.get(Family::tiles, tile_key(level, index)));
    if (!tile || !is_full_tile(*tile))
        return fail(ErrorCode::corrupt, "the stored tile {} of level {} is missing or damaged", index, level);
    return *std::move(tile);
}

Result<Tree> Tree::load(const Store& store, TreeSize size) {
    Tree tree;
    for (uint32_t level = 0; level <= merkle::kTileLevelMax; ++level) {
        const uint64_t hashes = size.value >> (8 * level);
        tree.full_count_[level] = hashes / merkle::kTileWidth;
        for (uint64_t i = tree.full_count_[level] * merkle::kTileWidth; i < hashes; ++i) {
            if (level > 0) {
                GZ_TRY(const Bytes below, read_full_tile(store, level - 1, i));
                tree.growing_[level] += tile_root(below).view();
                continue;
            }
            GZ_TRY(const std::optional<Bytes> value, store.get(Family::entries, entry_key(EntryIndex(i))));
            if (!value) return fail(ErrorCode::corrupt, "the stored entry {} is missing", i);
            GZ_TRY(const StoredEntry entry, decode_entry(*value));
            tree.growing_[level] += merkle::leaf_hash(entry.leaf_entry).view();
        }
    }
    const merkle::NodeReader read = merkle::node_reader(size, [&](const merkle::TilePosition& tile) -> Result<Bytes> {
        if (tile.index < tree.full_count_[tile.level]) return read_full_tile(store, tile.level, tile.index);
        return tree.growing_[tile.level];
    });
    std::vector<Digest> roots;
    for (const merkle::NodePosition& node : merkle::frontier_positions(size)) {
        GZ_TRY(const Digest root, read(node));
        roots.push_back(root);
    }
    tree.frontier_ = merkle::Frontier(size, std::move(roots));
    return tree;
}

void Tree::append(const Digest& leaf_hash, std::vector<FullTile>& full) {
    frontier_.append(leaf_hash);
    push(0, leaf_hash, full);
}

void Tree::push(uint32_t level, const Digest& hash, std::vector<FullTile>& full) {
    GZ_CHECK(level <= merkle::kTileLevelMax, "a log has fewer than 256^8 entries");
    growing_[level] += hash.view();
    if (growing_[level].size() < merkle::kTileBytes) return;
    const Digest root = tile_root(growing_[level]);
    full.push_back({level, full_count_[level]++, std::move(growing_[level])});
    growing_[level] = Bytes();
    push(level + 1, root, full);
}

}  // namespace gongzhi::journal
