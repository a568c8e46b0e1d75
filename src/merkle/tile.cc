#include "merkle/tile.h"

#include <algorithm>
#include <map>
#include <memory>

#include "base/bytes.h"
#include "merkle/hash.h"
#include "merkle/text.h"

namespace gongzhi::merkle {
namespace {

constexpr std::string_view kTilePrefix = "tile/";
constexpr std::string_view kBundlePrefix = "tile/entries/";

std::string with_width(std::string path, uint32_t width) {
    return width == kTileWidth ? path : path + fmt::format(".p/{}", width);
}

struct NumberAndWidth {
    uint64_t index = 0;
    uint32_t width = kTileWidth;
};

// "<N>[.p/<W>]". Reads loosely; the caller compares with the one text that the value has.
Result<NumberAndWidth> parse_number_and_width(std::string_view text) {
    const auto not_found = [] { return fail(ErrorCode::not_found, "there is no such tile"); };
    NumberAndWidth result;
    if (const size_t dot = text.find(".p/"); dot != std::string_view::npos) {
        const auto width = parse_decimal(text.substr(dot + 3));
        if (!width || *width == 0 || *width >= kTileWidth) return not_found();
        result.width = static_cast<uint32_t>(*width);
        text = text.substr(0, dot);
    }
    if (text.empty() || text.size() > 34) return not_found();
    for (const char c : text) {
        if (c == 'x' || c == '/') continue;
        if (c < '0' || c > '9' || result.index > (uint64_t{1} << 56)) return not_found();
        result.index = result.index * 10 + static_cast<uint64_t>(c - '0');
    }
    return result;
}

}  // namespace

std::string tile_number_path(uint64_t index) {
    std::string path = fmt::format("{:03}", index % 1000);
    while (index >= 1000) {
        index /= 1000;
        path = fmt::format("x{:03}/{}", index % 1000, path);
    }
    return path;
}

std::string tile_path(const TilePosition& tile) {
    return with_width(fmt::format("tile/{}/{}", tile.level, tile_number_path(tile.index)), tile.width);
}

std::string bundle_path(const BundlePosition& bundle) {
    return with_width(fmt::format("{}{}", kBundlePrefix, tile_number_path(bundle.index)), bundle.width);
}

Result<TilePosition> parse_tile_path(std::string_view path) {
    const auto not_found = [] { return fail(ErrorCode::not_found, "there is no such tile"); };
    if (!path.starts_with(kTilePrefix)) return not_found();
    const std::string_view rest = path.substr(kTilePrefix.size());
    const size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return not_found();
    const auto level = parse_decimal(rest.substr(0, slash));
    if (!level || *level > kTileLevelMax) return not_found();
    GZ_TRY(const NumberAndWidth number, parse_number_and_width(rest.substr(slash + 1)));
    const TilePosition tile{static_cast<uint32_t>(*level), number.index, number.width};
    if (tile_path(tile) != path) return not_found();
    return tile;
}

Result<BundlePosition> parse_bundle_path(std::string_view path) {
    if (!path.starts_with(kBundlePrefix)) return fail(ErrorCode::not_found, "there is no such tile");
    GZ_TRY(const NumberAndWidth number, parse_number_and_width(path.substr(kBundlePrefix.size())));
    const BundlePosition bundle{number.index, number.width};
    if (bundle_path(bundle) != path) return fail(ErrorCode::not_found, "there is no such tile");
    return bundle;
}

uint32_t tile_width_at(TreeSize size, uint32_t level, uint64_t index) {
    if (level > kTileLevelMax) return 0;
    const uint64_t hashes = size.value >> (8 * level);
    if (index > (UINT64_MAX >> 8) || hashes <= index * kTileWidth) return 0;
    return static_cast<uint32_t>(std::min<uint64_t>(kTileWidth, hashes - index * kTileWidth));
}

NodeReader node_reader(TreeSize size, TileReader read) {
    struct State {
        TileReader read;
        std::map<TilePosition, Bytes> tiles;
    };
    // Shared by the copies that std::function makes of this reader.
    auto state = std::make_shared<State>(State{std::move(read), {}});
    return [size, state](NodePosition node) -> Result<Digest> {
        const uint32_t tile_level = node.level / 8, inner = node.level % 8;
        const uint64_t first = node.index << inner;  // first hash of the tile level under the node
        TilePosition tile{tile_level, first / kTileWidth, 0};
        tile.width = tile_width_at(size, tile.level, tile.index);
        const uint64_t offset = first % kTileWidth, count = uint64_t{1} << inner;
        if (offset + count > tile.width)
            return fail(ErrorCode::not_found, "a node beyond the tree's size was asked for");
        auto found = state->tiles.find(tile);
        if (found == state->tiles.end()) {
            GZ_TRY(Bytes bytes, state->read(tile));
            if (bytes.size() < size_t{tile.width} * 32) return fail(ErrorCode::corrupt, "a stored tile is too short");
            found = state->tiles.emplace(tile, std::move(bytes)).first;
        }
        std::vector<Digest> hashes(count);
        for (uint64_t i = 0; i < count; ++i)
            hashes[i] = Digest::from(BytesView(found->second).substr((offset + i) * 32, 32));
        return root_of(hashes);
    };
}

void append_to_bundle(Bytes& bundle, BytesView entry) {
    GZ_CHECK(entry.size() <= kEntryBytesMax, "an entry fits a 16-bit length");
    put_u16(bundle, static_cast<uint16_t>(entry.size()));
    bundle.append(entry);
}

Result<std::vector<Bytes>> parse_bundle(BytesView bundle) {
    std::vector<Bytes> entries;
    ByteReader reader(bundle);
    while (!reader.at_end()) {
        if (entries.size() == kTileWidth)
            return fail(ErrorCode::malformed, "a bundle holds more than {} entries", kTileWidth);
        GZ_TRY(const uint16_t length, reader.u16());
        GZ_TRY(const BytesView entry, reader.take(length));
        entries.emplace_back(entry);
    }
    return entries;
}

}  // namespace gongzhi::merkle
