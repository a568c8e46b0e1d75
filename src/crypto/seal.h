// Sealing: zstd, then XChaCha20-Poly1305 with a random 24-byte nonce in front. Compression before encryption is safe
// here because nobody who can choose part of a sealed value sees its length (docs/formats/vault.md).
#pragma once

#include "base/random.h"
#include "base/result.h"
#include "base/types.h"

namespace gongzhi::crypto {

using DataKey = Strong<Bytes, struct DataKeyTag>;  // 32 bytes

constexpr size_t kSealOverheadBytes = 24 + 16;

DataKey make_data_key(Random& random);
// nonce(24) ‖ ciphertext ‖ tag(16); `context` is authenticated, not stored.
Bytes seal(const DataKey& key, BytesView plain, BytesView context, Random& random);
// `corrupt` where key, context or bytes do not fit; `too_large` past bytes_max after unpacking.
Result<Bytes> unseal(const DataKey& key, BytesView sealed, BytesView context, size_t bytes_max = size_t{1} << 30);

// zstd level 1 with the content size in the frame.
Bytes compress(BytesView plain);
Result<Bytes> decompress(BytesView packed, size_t bytes_max);

// Overwrites secret bytes before they are freed.
void wipe(Bytes& secret);

}  // namespace gongzhi::crypto
