#include "merkle/proof.h"

#include <algorithm>
#include <bit>

#include "merkle/hash.h"

namespace gongzhi::merkle {
namespace {

// A range of leaves [first, first + count); count > 0.
struct Range {
    uint64_t first = 0;
    uint64_t count = 0;
};

// Largest power of two strictly less than n; n ≥ 2.
uint64_t split(uint64_t n) { return std::bit_floor(n - 1); }

Result<Digest> range_root(Range range, const NodeReader& read) {
    if (std::has_single_bit(range.count)) {
        const auto level = static_cast<uint32_t>(std::countr_zero(range.count));
        return read({level, range.first >> level});
    }
    const uint64_t left_count = split(range.count);
    GZ_TRY(const Digest left, range_root({range.first, left_count}, read));
    GZ_TRY(const Digest right, range_root({range.first + left_count, range.count - left_count}, read));
    return node_hash(left, right);
}

uint64_t low_bit(uint64_t value) { return value & 1; }

// A subtree begins at a multiple of the power of two that covers its length.
Status check_bounds(const Subtree& subtree, TreeSize size) {
    if (subtree.first > subtree.end || subtree.end > size.value)
        return fail(ErrorCode::proof_invalid, "the older tree is the larger one");
    const uint64_t count = subtree.end - subtree.first;
    if (count > kSubtreeLeavesMax || (count > 0 && subtree.first % std::bit_ceil(count) != 0))
        return fail(ErrorCode::proof_invalid, "entries {} to {} are no subtree", subtree.first, subtree.end);
    return {};
}

// From nothing everything follows.
Status verify_empty(const Subtree& subtree, const std::vector<Digest>& proof) {
    if (!proof.empty()) return fail(ErrorCode::proof_invalid, "the consistency proof has surplus hashes");
    if (subtree.root != empty_root()) return fail(ErrorCode::proof_invalid, "the empty tree has another root");
    return {};
}

}  // namespace

std::vector<NodePosition> frontier_positions(TreeSize size) {
    std::vector<NodePosition> positions;
    uint64_t first = 0;
    for (uint64_t rest = size.value; rest > 0;) {
        const uint64_t count = std::bit_floor(rest);
        const auto level = static_cast<uint32_t>(std::countr_zero(count));
        positions.push_back({level, first >> level});
        first += count;
        rest -= count;
    }
    return positions;
}

Result<Digest> root_at(TreeSize size, const NodeReader& read) {
    if (size.value == 0) return empty_root();
    return range_root({0, size.value}, read);
}

Result<std::vector<Digest>> prove_inclusion(EntryIndex index, TreeSize size, const NodeReader& read) {
    if (index.value >= size.value)
        return fail(ErrorCode::invalid_argument, "entry {} is not in a tree of {} entries", index.value, size.value);
    std::vector<Digest> path;  // from the root downwards, turned at the end
    Range range{0, size.value};
    while (range.count > 1) {
        const uint64_t left_count = split(range.count);
        const Range left{range.first, left_count}, right{range.first + left_count, range.count - left_count};
        const bool goes_left = index.value < right.first;
        GZ_TRY(const Digest sibling, range_root(goes_left ? right : left, read));
        path.push_back(sibling);
        range = goes_left ? left : right;
    }
    std::reverse(path.begin(), path.end());
    return path;
}

// RFC 9162 §2.1.4.1, SUBPROOF(m, D, b), walked from the root downwards.
Result<std::vector<Digest>> prove_consistency(TreeSize old_size, TreeSize new_size, const NodeReader& read) {
    if (old_size.value > new_size.value)
        return fail(ErrorCode::invalid_argument, "a tree of {} entries is not older than one of {}", old_size.value,
                    new_size.value);
    std::vector<Digest> proof;
    if (old_size.value == 0 || old_size == new_size) return proof;
    Range range{0, new_size.value};
    uint64_t m = old_size.value;  // leaves of `range` that the old tree has
    bool whole = true;            // the old tree's own root is known to the verifier
    while (m != range.count) {
        const uint64_t left_count = split(range.count);
        const Range left{range.first, left_count}, right{range.first + left_count, range.count - left_count};
        const bool goes_left = m <= left_count;
        GZ_TRY(const Digest sibling, range_root(goes_left ? right : left, read));
        proof.push_back(sibling);
        if (!goes_left) {
            m -= left_count;
            whole = false;
        }
        range = goes_left ? left : right;
    }
    if (!whole) {
        GZ_TRY(const Digest seed, range_root(range, read));
        proof.push_back(seed);
    }
    std::reverse(proof.begin(), proof.end());
    return proof;
}

// RFC 9162 §2.1.3.2.
Result<Digest> root_from_inclusion(EntryIndex index, TreeSize size, const Digest& leaf_hash,
                                   const std::vector<Digest>& path) {
    if (index.value >= size.value)
        return fail(ErrorCode::proof_invalid, "entry {} cannot be in a tree of {} entries", index.value, size.value);
    uint64_t fn = index.value, sn = size.value - 1;
    Digest root = leaf_hash;
    for (const Digest& sibling : path) {
        if (sn == 0) return fail(ErrorCode::proof_invalid, "the inclusion proof has surplus hashes");
        if (low_bit(fn) || fn == sn) {
            root = node_hash(sibling, root);
            while (!low_bit(fn) && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            root = node_hash(root, sibling);
        }
        fn >>= 1;
        sn >>= 1;
    }
    if (sn != 0) return fail(ErrorCode::proof_invalid, "the inclusion proof is too short");
    return root;
}

Status verify_inclusion(EntryIndex index, TreeSize size, const Digest& leaf_hash, const std::vector<Digest>& path,
                        const Digest& root) {
    GZ_TRY(const Digest computed, root_from_inclusion(index, size, leaf_hash, path));
    if (computed != root) return fail(ErrorCode::proof_invalid, "the inclusion proof leads to another root");
    return {};
}

// RFC 9162 §2.1.4.2 for any subtree, as in draft-ietf-plants-merkle-tree-certs §4.4.3: fn and sn are the subtree's first
// and last node at the level reached, tn the tree's last. With first = 0 it is the proof between two trees.
Status verify_subtree_consistency(const Subtree& subtree, const TreeHead& tree, const std::vector<Digest>& proof) {
    GZ_CHECKED(check_bounds(subtree, tree.size));
    if (subtree.first == subtree.end) return verify_empty(subtree, proof);
    uint64_t fn = subtree.first, sn = subtree.end - 1, tn = tree.size.value - 1;
    const auto up = [&] { fn >>= 1, sn >>= 1, tn >>= 1; };
    const bool reaches_the_end = sn == tn;
    while (fn != sn && (reaches_the_end || low_bit(sn))) up();
    auto next = proof.begin();
    if (fn != sn && next == proof.end()) return fail(ErrorCode::proof_invalid, "the consistency proof is empty");
    const Digest seed = fn == sn ? subtree.root : *next++;
    Digest subtree_root = seed, tree_root = seed;
    for (; next != proof.end(); ++next) {
        if (tn == 0) return fail(ErrorCode::proof_invalid, "the consistency proof has surplus hashes");
        if (low_bit(sn) || sn == tn) {
            if (fn < sn) subtree_root = node_hash(*next, subtree_root);
            tree_root = node_hash(*next, tree_root);
            while (!low_bit(sn) && sn != 0) up();
        } else {
            tree_root = node_hash(tree_root, *next);
        }
        up();
    }
    if (tn != 0) return fail(ErrorCode::proof_invalid, "the consistency proof is too short");
    if (subtree_root != subtree.root)
        return fail(ErrorCode::proof_invalid, "the consistency proof does not lead to the older root");
    if (tree_root != tree.root)
        return fail(ErrorCode::proof_invalid, "the consistency proof does not lead to the newer root");
    return {};
}

Status verify_consistency(const TreeHead& older, const TreeHead& newer, const std::vector<Digest>& proof) {
    if (older.size == newer.size && older.root != newer.root)
        return fail(ErrorCode::proof_invalid, "two trees of {} entries have different roots", older.size.value);
    return verify_subtree_consistency({0, older.size.value, older.root}, newer, proof);
}

}  // namespace gongzhi::merkle
