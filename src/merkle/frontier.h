// The right edge of a growing tree (a compact range): enough to append leaves and give the root, O(log n) memory.
//
// Invariant: one digest per set bit of `size`, largest subtree first. A value; not for concurrent use.
#pragma once

#include <vector>

#include "base/types.h"

namespace gongzhi::merkle {

class Frontier {
public:
    Frontier() = default;
    // Of an existing tree: the roots of its complete subtrees, largest first, popcount(size) of them.
    Frontier(TreeSize size, std::vector<Digest> subtree_roots);

    void append(const Digest& leaf_hash);
    TreeSize size() const { return TreeSize(size_); }
    Digest root() const;

private:
    uint64_t size_ = 0;
    std::vector<Digest> subtrees_;
};

}  // namespace gongzhi::merkle
