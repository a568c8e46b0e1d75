#include "crypto/digest.h"

// The EVP interface costs more than the hash for 65-byte inputs; this older one is the same code below it.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/sha.h>

namespace gongzhi::crypto {
namespace {

SHA256_CTX* context(unsigned char* state) { return reinterpret_cast<SHA256_CTX*>(state); }

Bytes padded_key(BytesView key, char pad) {
    Bytes block(SHA256_CBLOCK, '\0');
    if (key.size() > block.size()) {
        const Digest digest = sha256(key);
        std::copy(digest.bytes.begin(), digest.bytes.end(), block.begin());
    } else {
        std::copy(key.begin(), key.end(), block.begin());
    }
    for (char& c : block) c = static_cast<char>(c ^ pad);
    return block;
}

}  // namespace

Sha256::Sha256() {
    static_assert(sizeof(SHA256_CTX) <= sizeof state_);
    SHA256_Init(context(state_));
}
Sha256& Sha256::update(BytesView bytes) {
    SHA256_Update(context(state_), bytes.data(), bytes.size());
    return *this;
}
Digest Sha256::finish() {
    Digest digest;
    SHA256_Final(digest.bytes.data(), context(state_));
    return digest;
}

Digest sha256(BytesView bytes) { return Sha256().update(bytes).finish(); }
Digest sha256(std::initializer_list<BytesView> parts) {
    Sha256 hash;
    for (BytesView part : parts) hash.update(part);
    return hash.finish();
}

HmacKey::HmacKey(BytesView key) {
    inner_.update(padded_key(key, 0x36));
    outer_.update(padded_key(key, 0x5c));
}
Digest HmacKey::mac(BytesView message) const { return mac({message}); }
Digest HmacKey::mac(std::initializer_list<BytesView> parts) const {
    Sha256 inner = inner_, outer = outer_;
    for (BytesView part : parts) inner.update(part);
    return outer.update(inner.finish().view()).finish();
}

bool equal_constant_time(BytesView a, BytesView b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace gongzhi::crypto
