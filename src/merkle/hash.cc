#include "merkle/hash.h"

#include "crypto/digest.h"
#include "merkle/frontier.h"

namespace gongzhi::merkle {

Digest leaf_hash(BytesView entry) { return crypto::sha256({BytesView("\x00", 1), entry}); }

Digest node_hash(const Digest& left, const Digest& right) {
    std::array<char, 65> bytes;
    bytes[0] = 1;
    std::copy(left.bytes.begin(), left.bytes.end(), bytes.begin() + 1);
    std::copy(right.bytes.begin(), right.bytes.end(), bytes.begin() + 33);
    return crypto::sha256(BytesView(bytes.data(), bytes.size()));
}

const Digest& empty_root() {
    static const Digest digest = crypto::sha256("");
    return digest;
}

Digest root_of(const std::vector<Digest>& leaf_hashes) {
    Frontier frontier;
    for (const Digest& leaf : leaf_hashes) frontier.append(leaf);
    return frontier.root();
}

}  // namespace gongzhi::merkle
