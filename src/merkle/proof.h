// Inclusion and consistency proofs (RFC 9162 §2.1.3, §2.1.4): made from stored node hashes, verified from nothing.
//
// Verification follows §2.1.3.2 and §2.1.4.2 word for word: surplus and missing hashes, index ≥ size, and empty proofs
// between different roots are `proof_invalid`. Pure; the reader callback is called at most O(log n) times.
#pragma once

#include <functional>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace gongzhi::merkle {

// A complete subtree: MTH of the leaves [index * 2^level, (index + 1) * 2^level).
struct NodePosition {
    uint32_t level = 0;
    uint64_t index = 0;
};
using NodeReader = std::function<Result<Digest>(NodePosition)>;

// The complete subtrees that make up [0, size), largest first.
std::vector<NodePosition> frontier_positions(TreeSize size);
Result<Digest> root_at(TreeSize size, const NodeReader& read);

// Siblings from the leaf upwards. `invalid_argument` where index ≥ size.
Result<std::vector<Digest>> prove_inclusion(EntryIndex index, TreeSize size, const NodeReader& read);
// Empty for old = 0 and old = now. `invalid_argument` where old > now.
Result<std::vector<Digest>> prove_consistency(TreeSize old_size, TreeSize new_size, const NodeReader& read);

// The root that the path leads to; `proof_invalid` where the path has the wrong length.
Result<Digest> root_from_inclusion(EntryIndex index, TreeSize size, const Digest& leaf_hash,
                                   const std::vector<Digest>& path);
Status verify_inclusion(EntryIndex index, TreeSize size, const Digest& leaf_hash, const std::vector<Digest>& path,
                        const Digest& root);

struct TreeHead {
    TreeSize size;
    Digest root;
    bool operator==(const TreeHead&) const = default;
};
// The leaves [first, end) of a tree, a subtree in the sense of RFC 9162 §2.1: `first` is a multiple of the power of two
// that covers end - first.
struct Subtree {
    uint64_t first = 0;
    uint64_t end = 0;
    Digest root;
};
constexpr uint64_t kSubtreeLeavesMax = uint64_t{1} << 62;
// That the tree holds this subtree. An empty subtree is in every tree.
Status verify_subtree_consistency(const Subtree& subtree, const TreeHead& tree, const std::vector<Digest>& proof);

// From the empty tree everything follows (its root must be empty_root(), the proof empty).
Status verify_consistency(const TreeHead& older, const TreeHead& newer, const std::vector<Digest>& proof);

}  // namespace gongzhi::merkle
