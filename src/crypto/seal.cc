#include "crypto/seal.h"

#include <sodium.h>
#include <zstd.h>

namespace gongzhi::crypto {
namespace {

const unsigned char* raw(BytesView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

constexpr size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kNonce + kTag == kSealOverheadBytes);

}  // namespace

DataKey make_data_key(Random& random) { return DataKey(random.bytes(crypto_aead_xchacha20poly1305_ietf_KEYBYTES)); }

Bytes seal(const DataKey& key, BytesView plain, BytesView context, Random& random) {
    GZ_CHECK(key.value.size() == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "a data key has 32 bytes");
    const Bytes packed = compress(plain);
    Bytes out = random.bytes(kNonce);
    out.resize(kNonce + packed.size() + kTag);
    auto* bytes = reinterpret_cast<unsigned char*>(out.data());
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes + kNonce, nullptr, raw(packed), packed.size(), raw(context),
                                               context.size(), nullptr, bytes, raw(key.value));
    return out;
}

Result<Bytes> unseal(const DataKey& key, BytesView sealed, BytesView context, size_t bytes_max) {
    if (sealed.size() < kSealOverheadBytes || key.value.size() != crypto_aead_xchacha20poly1305_ietf_KEYBYTES)
        return fail(ErrorCode::corrupt, "a sealed value is too short");
    Bytes packed(sealed.size() - kSealOverheadBytes, '\0');
    const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        reinterpret_cast<unsigned char*>(packed.data()), nullptr, nullptr, raw(sealed) + kNonce, sealed.size() - kNonce,
        raw(context), context.size(), raw(sealed), raw(key.value));
    if (failed != 0) return fail(ErrorCode::corrupt, "a sealed value does not open: wrong key or changed bytes");
    return decompress(packed, bytes_max);
}

Bytes compress(BytesView plain) {
    Bytes out(ZSTD_compressBound(plain.size()), '\0');
    const size_t size = ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 1);
    GZ_CHECK(!ZSTD_isError(size), "zstd cannot fail with a buffer of its own bound");
    out.resize(size);
    return out;
}

Result<Bytes> decompress(BytesView packed, size_t bytes_max) {
    const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN)
        return fail(ErrorCode::malformed, "not zstd with a content size");
    if (size > bytes_max) return fail(ErrorCode::too_large, "unpacks to more than {} bytes", bytes_max);
    Bytes out(size, '\0');
    const size_t got = ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size());
    if (ZSTD_isError(got) || got != size) return fail(ErrorCode::malformed, "damaged zstd");
    return out;
}

void wipe(Bytes& secret) { sodium_memzero(secret.data(), secret.size()); }

}  // namespace gongzhi::crypto
