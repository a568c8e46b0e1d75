#include "crypto/signature.h"

#include <sodium.h>

#include "base/bytes.h"
#include "base/file.h"
#include "crypto/digest.h"

namespace gongzhi::crypto {
namespace {

const unsigned char* raw(BytesView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* raw(Bytes& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

class Ed25519 final : public SignatureSuite {
public:
    Ed25519() { GZ_CHECK(sodium_init() >= 0, "libsodium cannot start"); }
    std::string_view name() const override { return "ed25519"; }
    size_t public_key_bytes() const override { return crypto_sign_PUBLICKEYBYTES; }
    size_t signature_bytes() const override { return crypto_sign_BYTES; }

    PublicKey public_key(BytesView seed) const override { return PublicKey(expand(seed).first); }

    Signature sign(BytesView seed, BytesView message) const override {
        Bytes secret = expand(seed).second;
        Bytes signature(crypto_sign_BYTES, '\0');
        crypto_sign_detached(raw(signature), nullptr, raw(message), message.size(), raw(secret));
        sodium_memzero(secret.data(), secret.size());
        return Signature(std::move(signature));
    }

    bool verify(const PublicKey& key, BytesView message, BytesView signature) const override {
        if (key.value.size() != crypto_sign_PUBLICKEYBYTES || signature.size() != crypto_sign_BYTES) return false;
        return crypto_sign_verify_detached(raw(signature), raw(message), message.size(), raw(key.value)) == 0;
    }

private:
    // libsodium's secret is seed ‖ public key; callers keep both halves so that signing does not derive the key again.
    static std::pair<Bytes, Bytes> expand(BytesView seed) {
        if (seed.size() == crypto_sign_SECRETKEYBYTES) return {Bytes(seed.substr(crypto_sign_SEEDBYTES)), Bytes(seed)};
        GZ_CHECK(seed.size() == crypto_sign_SEEDBYTES, "an Ed25519 seed has 32 bytes");
        Bytes key(crypto_sign_PUBLICKEYBYTES, '\0'), secret(crypto_sign_SECRETKEYBYTES, '\0');
        crypto_sign_seed_keypair(raw(key), raw(secret), raw(seed));
        return {std::move(key), std::move(secret)};
    }
};

}  // namespace

const SignatureSuite& ed25519() {
    static const Ed25519 suite;
    return suite;
}

KeyPair KeyPair::generate(const SignatureSuite& suite, Random& random) {
    return from_seed(suite, random.bytes(crypto_sign_SEEDBYTES)).value();
}

Result<KeyPair> KeyPair::from_seed(const SignatureSuite& suite, BytesView seed) {
    if (seed.size() != crypto_sign_SEEDBYTES) return fail(ErrorCode::malformed, "a key of {} bytes", seed.size());
    PublicKey key = suite.public_key(seed);
    return KeyPair(suite, Bytes(seed) + key.value, key);
}

Result<KeyPair> KeyPair::load(const std::filesystem::path& file) {
    GZ_TRY(const Bytes text, read_file(file, 4096));
    const size_t space = text.find(' '), end = text.find('\n');
    if (space == Bytes::npos || end == Bytes::npos || text.substr(0, space) != ed25519().name())
        return fail(ErrorCode::malformed, "the key file {} is not of a known form", file.filename().string());
    GZ_TRY(const Bytes seed, from_base64(std::string_view(text).substr(space + 1, end - space - 1)));
    return from_seed(ed25519(), seed);
}

Status KeyPair::save(const std::filesystem::path& file) const {
    const std::string_view seed = std::string_view(seed_).substr(0, crypto_sign_SEEDBYTES);
    return write_file_atomic(file, fmt::format("{} {}\n", suite_->name(), to_base64(seed)), FileMode::secret);
}

Signature KeyPair::sign(BytesView message) const { return suite_->sign(seed_, message); }

std::string key_fingerprint(const PublicKey& key) {
    const std::string hex = to_hex(sha256(key.value).view().substr(0, 16));
    std::string grouped;
    for (size_t i = 0; i < hex.size(); i += 4) grouped += (i ? "-" : "") + hex.substr(i, 4);
    return grouped;
}

}  // namespace gongzhi::crypto
