// Signatures behind one suite interface: Ed25519 now (libsodium), SM2/SM3 as a second suite later.
//
// A KeyPair's secret never leaves this module except sealed or into its key file. Safe for concurrent use.
#pragma once

#include <filesystem>
#include <memory>

#include "base/random.h"
#include "base/result.h"
#include "base/types.h"

namespace gongzhi::crypto {

using PublicKey = Strong<Bytes, struct PublicKeyTag>;  // raw, 32 bytes for Ed25519
using Signature = Strong<Bytes, struct SignatureTag>;  // raw, 64 bytes for Ed25519

class SignatureSuite {
public:
    virtual ~SignatureSuite() = default;
    virtual std::string_view name() const = 0;  // the RFC 9421 `alg`
    virtual size_t public_key_bytes() const = 0;
    virtual size_t signature_bytes() const = 0;
    // Seed of 32 bytes → the public key; the seed is the secret.
    virtual PublicKey public_key(BytesView seed32) const = 0;
    virtual Signature sign(BytesView seed32, BytesView message) const = 0;
    virtual bool verify(const PublicKey& key, BytesView message, BytesView signature) const = 0;
};

// RFC 8032 Ed25519. libsodium refuses small-order keys and non-canonical signatures.
const SignatureSuite& ed25519();

class KeyPair {
public:
    static KeyPair generate(const SignatureSuite& suite, Random& random);
    static Result<KeyPair> from_seed(const SignatureSuite& suite, BytesView seed32);
    // File: one line "<suite> <base64 seed>", mode 0600.
    static Result<KeyPair> load(const std::filesystem::path& file);
    Status save(const std::filesystem::path& file) const;

    const SignatureSuite& suite() const { return *suite_; }
    const PublicKey& public_key() const { return public_key_; }
    Signature sign(BytesView message) const;

private:
    KeyPair(const SignatureSuite& suite, Bytes expanded, PublicKey key)
        : suite_(&suite), seed_(std::move(expanded)), public_key_(std::move(key)) {}
    const SignatureSuite* suite_;
    Bytes seed_;
    PublicKey public_key_;
};

// First 16 bytes of SHA-256 of the raw key, in groups of four hex digits: read aloud when two parties meet.
std::string key_fingerprint(const PublicKey& key);

}  // namespace gongzhi::crypto
