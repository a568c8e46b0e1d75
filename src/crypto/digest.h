// SHA-256 (OpenSSL, SHA-NI) and HMAC-SHA256 with the key's two blocks hashed once. Values; safe to copy.
#pragma once

#include <initializer_list>

#include "base/types.h"

namespace gongzhi::crypto {

class Sha256 {
public:
    Sha256();
    Sha256& update(BytesView bytes);
    Digest finish();  // once

private:
    alignas(8) unsigned char state_[112];  // SHA256_CTX, kept out of the header
};

Digest sha256(BytesView bytes);
Digest sha256(std::initializer_list<BytesView> parts);  // of their concatenation

// RFC 2104 with SHA-256.
class HmacKey {
public:
    explicit HmacKey(BytesView key);
    Digest mac(BytesView message) const;
    Digest mac(std::initializer_list<BytesView> parts) const;

private:
    Sha256 inner_, outer_;
};

bool equal_constant_time(BytesView a, BytesView b);

}  // namespace gongzhi::crypto
