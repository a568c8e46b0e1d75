// A tree over leaves that are all at hand: record trees (to 10^6 leaves) and the accepted receipts of one group commit.
//
// BatchTree keeps every complete level (2n digests) and gives any path in O(log n). RootStream keeps O(log n) and gives
// the root only. Pure values.
#pragma once

#include <vector>

#include "base/types.h"
#include "merkle/frontier.h"

namespace gongzhi::merkle {

class BatchTree {
public:
    explicit BatchTree(std::vector<Digest> leaf_hashes);
    size_t size() const { return levels_.front().size(); }
    const Digest& root() const { return root_; }
    // RFC 9162 inclusion path of leaf i, from the leaf upwards; i < size().
    std::vector<Digest> path(size_t i) const;

private:
    Digest node(size_t first, size_t count) const;
    std::vector<std::vector<Digest>> levels_;  // levels_[l][i] = root of the complete subtree of 2^l leaves
    Digest root_;
};

inline BatchTree make_batch_tree(std::vector<Digest> leaf_hashes) { return BatchTree(std::move(leaf_hashes)); }

using RootStream = Frontier;

}  // namespace gongzhi::merkle
