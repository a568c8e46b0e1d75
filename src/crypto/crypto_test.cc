#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/file.h"
#include "crypto/digest.h"
#include "crypto/seal.h"
#include "crypto/signature.h"
#include "testing/temp_folder.h"

namespace gongzhi::crypto {
namespace {

TEST(Sha256, MatchesPublishedVectors) {
    EXPECT_EQ(to_hex(sha256("").view()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(sha256({"a", "b", "c"}).view()),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// RFC 4231, cases 1, 2 and 6.
TEST(Hmac, MatchesRfc4231) {
    EXPECT_EQ(to_hex(HmacKey(Bytes(20, '\x0b')).mac("Hi There").view()),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(to_hex(HmacKey("Jefe").mac("what do ya want for nothing?").view()),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(to_hex(HmacKey(Bytes(131, '\xaa')).mac("Test Using Larger Than Block-Size Key - Hash Key First").view()),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// RFC 8032 section 7.1, test 2.
TEST(Ed25519, MatchesRfc8032) {
    const auto pair =
        KeyPair::from_seed(ed25519(),
                           from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb").value())
            .value();
    EXPECT_EQ(to_hex(pair.public_key().value), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    const Signature signature = pair.sign("\x72");
    EXPECT_EQ(to_hex(signature.value),
              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
              "387b2eaeb4302aeeb00d291612bb0c00");
    EXPECT_TRUE(ed25519().verify(pair.public_key(), "\x72", signature.value));
    EXPECT_FALSE(ed25519().verify(pair.public_key(), "\x73", signature.value));
    EXPECT_FALSE(ed25519().verify(pair.public_key(), "\x72", signature.value.substr(1)));
}

TEST(KeyPair, SavesSecretlyAndLoads) {
    testing::TempFolder folder;
    SystemRandom random;
    const KeyPair pair = KeyPair::generate(ed25519(), random);
    const auto file = folder.path() / "key";
    ASSERT_TRUE(pair.save(file));
    EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms(0600));
    EXPECT_EQ(KeyPair::load(file).value().public_key(), pair.public_key());
    ASSERT_TRUE(write_file_atomic(file, "ed25519 AAAA\n"));
    EXPECT_FALSE(KeyPair::load(file));
    EXPECT_EQ(key_fingerprint(pair.public_key()).size(), 39u);
}

TEST(Seal, OpensOnlyWithKeyContextAndUnchangedBytes) {
    SystemRandom random;
    const DataKey key = make_data_key(random);
    const Bytes plain(100'000, 'p');
    const Bytes sealed = seal(key, plain, "context", random);
    EXPECT_LT(sealed.size(), 1000u);
    EXPECT_EQ(unseal(key, sealed, "context").value(), plain);
    EXPECT_EQ(unseal(key, sealed, "other").error().code, ErrorCode::corrupt);
    EXPECT_EQ(unseal(make_data_key(random), sealed, "context").error().code, ErrorCode::corrupt);
    for (size_t at = 0; at < sealed.size(); at += 7) {
        Bytes changed = sealed;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        EXPECT_FALSE(unseal(key, changed, "context"));
    }
    EXPECT_FALSE(unseal(key, "short", "context"));
    EXPECT_EQ(unseal(key, sealed, "context", 10).error().code, ErrorCode::too_large);
}

}  // namespace
}  // namespace gongzhi::crypto
