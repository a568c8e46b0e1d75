// C2SP tlog-tiles: coordinates, paths and contents of hash tiles and entry bundles. Pure.
//
// Tile (level, index) holds up to 256 hashes; hash i is the root of the complete subtree of 256^level leaves that starts
// at leaf (index * 256 + i) * 256^level. Bundles are u16 length ‖ entry, again and again: an entry is ≤ 65,535 bytes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "merkle/proof.h"

namespace gongzhi::merkle {

constexpr uint32_t kTileWidth = 256;
constexpr size_t kTileBytes = kTileWidth * 32;
constexpr size_t kEntryBytesMax = 65'535;
constexpr uint32_t kTileLevelMax = 7;  // 256^8 leaves do not fit a 64-bit size

struct TilePosition {
    uint32_t level = 0;
    uint64_t index = 0;
    uint32_t width = kTileWidth;  // < 256: partial
    auto operator<=>(const TilePosition&) const = default;
};
struct BundlePosition {
    uint64_t index = 0;
    uint32_t width = kTileWidth;
    auto operator<=>(const BundlePosition&) const = default;
};

// "273", "x001/x234/067".
std::string tile_number_path(uint64_t index);
std::string tile_path(const TilePosition& tile);        // "tile/0/273.p/112"
std::string bundle_path(const BundlePosition& bundle);  // "tile/entries/273.p/112"
// Exactly the texts that the two functions above make; anything else is `not_found`.
Result<TilePosition> parse_tile_path(std::string_view path);
Result<BundlePosition> parse_bundle_path(std::string_view path);

// Hashes that tile (level, index) has at a tree size: 0 to 256.
uint32_t tile_width_at(TreeSize size, uint32_t level, uint64_t index);

// Reads `width` hashes of a tile as bytes (at least that many).
using TileReader = std::function<Result<Bytes>(const TilePosition&)>;
// Node hashes out of tiles, for proofs at one tree size. Keeps the tiles it read: make one per proof.
NodeReader node_reader(TreeSize size, TileReader read);

void append_to_bundle(Bytes& bundle, BytesView entry);
Result<std::vector<Bytes>> parse_bundle(BytesView bundle);

}  // namespace gongzhi::merkle
