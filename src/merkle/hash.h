// RFC 9162 §2.1 hashing: leaf = SHA-256(0x00 ‖ entry), node = SHA-256(0x01 ‖ left ‖ right), empty tree = SHA-256("").
// Pure.
#pragma once

#include <vector>

#include "base/types.h"

namespace gongzhi::merkle {

Digest leaf_hash(BytesView entry);
Digest node_hash(const Digest& left, const Digest& right);
const Digest& empty_root();

// Root of a complete subtree or tree over leaf hashes, in order. Empty → empty_root().
Digest root_of(const std::vector<Digest>& leaf_hashes);

}  // namespace gongzhi::merkle
