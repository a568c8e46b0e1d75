#include "merkle/frontier.h"

#include <bit>

#include "base/result.h"
#include "merkle/hash.h"

namespace gongzhi::merkle {

Frontier::Frontier(TreeSize size, std::vector<Digest> subtree_roots)
    : size_(size.value), subtrees_(std::move(subtree_roots)) {
    GZ_CHECK(subtrees_.size() == static_cast<size_t>(std::popcount(size_)),
             "a frontier has one root for each set bit of its size");
}

void Frontier::append(const Digest& leaf_hash) {
    Digest node = leaf_hash;
    for (uint64_t rest = size_; rest & 1; rest >>= 1) {
        node = node_hash(subtrees_.back(), node);
        subtrees_.pop_back();
    }
    subtrees_.push_back(node);
    ++size_;
}

Digest Frontier::root() const {
    if (subtrees_.empty()) return empty_root();
    Digest root = subtrees_.back();
    for (size_t i = subtrees_.size() - 1; i-- > 0;) root = node_hash(subtrees_[i], root);
    return root;
}

}  // namespace gongzhi::merkle
