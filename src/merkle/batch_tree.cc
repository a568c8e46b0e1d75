#include "merkle/batch_tree.h"

#include <algorithm>
#include <bit>

#include "base/result.h"
#include "merkle/hash.h"

namespace gongzhi::merkle {

BatchTree::BatchTree(std::vector<Digest> leaf_hashes) {
    levels_.push_back(std::move(leaf_hashes));
    while (levels_.back().size() > 1) {
        const std::vector<Digest>& below = levels_.back();
        std::vector<Digest> level(below.size() / 2);
        for (size_t i = 0; i < level.size(); ++i) level[i] = node_hash(below[2 * i], below[2 * i + 1]);
        levels_.push_back(std::move(level));
    }
    root_ = size() == 0 ? empty_root() : node(0, size());
}

// The root of leaves [first, first + count), a subtree of the whole tree.
Digest BatchTree::node(size_t first, size_t count) const {
    if (std::has_single_bit(count)) {
        const auto exact = static_cast<size_t>(std::countr_zero(count));
        return levels_[exact][first >> exact];
    }
    const size_t left = std::bit_floor(count - 1);
    return node_hash(node(first, left), node(first + left, count - left));
}

std::vector<Digest> BatchTree::path(size_t i) const {
    GZ_CHECK(i < size(), "a path needs a leaf of the tree");
    std::vector<Digest> path;
    size_t first = 0, count = size();
    while (count > 1) {
        const size_t left = std::bit_floor(count - 1);
        const bool goes_left = i < first + left;
        path.push_back(goes_left ? node(first + left, count - left) : node(first, left));
        if (!goes_left) first += left;
        count = goes_left ? left : count - left;
    }
    std::reverse(path.begin(), path.end());
    return path;
}

}  // namespace gongzhi::merkle
