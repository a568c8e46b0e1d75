// Sealing to a person who is not there: X25519 with an ephemeral key (libsodium's sealed box). Whoever holds the public
// key can seal; only the secret key opens.
#pragma once

#include "base/random.h"
#include "base/result.h"

namespace gongzhi::crypto {

constexpr size_t kBoxKeyBytes = 32;

struct BoxKeyPair {
    Bytes public_key, secret_key;  // 32 bytes each
    static BoxKeyPair generate(Random& random);
    static Result<BoxKeyPair> of_secret(BytesView secret_key);
};

// `invalid_argument` where the key is not 32 bytes.
Result<Bytes> seal_to(BytesView public_key, BytesView plain);
// `corrupt` where it was sealed to another key, or changed.
Result<Bytes> open_sealed(const BoxKeyPair& key, BytesView sealed);

}  // namespace gongzhi::crypto
