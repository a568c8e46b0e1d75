#include "crypto/sealed_box.h"

#include <sodium.h>

namespace gongzhi::crypto {
namespace {

static_assert(kBoxKeyBytes == crypto_box_PUBLICKEYBYTES && kBoxKeyBytes == crypto_box_SECRETKEYBYTES);

const unsigned char* raw(BytesView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* raw(Bytes& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

}  // namespace

BoxKeyPair BoxKeyPair::generate(Random& random) { return of_secret(random.bytes(kBoxKeyBytes)).value(); }

Result<BoxKeyPair> BoxKeyPair::of_secret(BytesView secret_key) {
    if (secret_key.size() != kBoxKeyBytes)
        return fail(ErrorCode::invalid_argument, "a custodian's key has {} bytes", kBoxKeyBytes);
    BoxKeyPair pair{Bytes(kBoxKeyBytes, '\0'), Bytes(secret_key)};
    crypto_scalarmult_base(raw(pair.public_key), raw(secret_key));
    return pair;
}

Result<Bytes> seal_to(BytesView public_key, BytesView plain) {
    if (public_key.size() != kBoxKeyBytes)
        return fail(ErrorCode::invalid_argument, "a custodian's key has {} bytes", kBoxKeyBytes);
    Bytes sealed(plain.size() + crypto_box_SEALBYTES, '\0');
    if (crypto_box_seal(raw(sealed), raw(plain), plain.size(), raw(public_key)) != 0)
        return fail(ErrorCode::invalid_argument, "this is no custodian's key");
    return sealed;
}

Result<Bytes> open_sealed(const BoxKeyPair& key, BytesView sealed) {
    if (sealed.size() < crypto_box_SEALBYTES) return fail(ErrorCode::corrupt, "a sealed copy is too short");
    Bytes plain(sealed.size() - crypto_box_SEALBYTES, '\0');
    if (crypto_box_seal_open(raw(plain), raw(sealed), sealed.size(), raw(key.public_key), raw(key.secret_key)) != 0)
        return fail(ErrorCode::corrupt, "a sealed copy does not open with this custodian's key");
    return plain;
}

}  // namespace gongzhi::crypto
