#include "exchange/http_signature.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "crypto/digest.h"

namespace gongzhi::exchange {
namespace {

const crypto::KeyPair& key() {
    static const auto pair =
        crypto::KeyPair::from_seed(crypto::ed25519(),
                                   from_base64url("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU").value())
            .value();
    return pair;
}

const UtcTime kNow(1618884473 * kMicrosPerSecond);

struct Signed {
    ReceivedRequest request;
    Bytes body;
};

Signed signed_request(std::string message = "{\"id\":1}") {
    const Bytes body = R"({"hello": "world"})";
    const SignatureFields fields =
        sign_request({"POST", "https://example.com/foo", "application/json", crypto::sha256(body), message}, key(),
                     {"test-key-ed25519", kNow, from_hex("000102030405060708090a0b0c0d0e0f").value()});
    return {{"POST", "https://example.com/foo", "application/json", fields.content_digest, fields.message,
             fields.signature_input, fields.signature, !message.empty()},
            body};
}

Status check(const Signed& given, UtcTime now = kNow) {
    GZ_TRY(const SignatureClaim claim, read_signature(given.request, given.body, now));
    return verify_signature(claim, crypto::ed25519(), key().public_key());
}

// The derived vector of the signature profile (same key as RFC 9421 B.1.4): base and signature byte for byte.
TEST(HttpSignature, MatchesThePublishedVectorWhenTheProfileAgrees) {
    const std::string base =
        "\"@method\": POST\n\"@target-uri\": https://example.com/foo\n\"content-type\": application/json\n"
        "\"content-digest\": sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:\n"
        "\"@signature-params\": (\"@method\" \"@target-uri\" \"content-type\" \"content-digest\");created=1618884473;expires=1618884773;"
        "nonce=\"AAECAwQFBgcICQoLDA0ODw\";keyid=\"test-key-ed25519\";alg=\"ed25519\";tag=\"exchange-v1\"";
    EXPECT_EQ(base.size(), 365u);
    EXPECT_EQ(to_base64(key().sign(base).value),
              "v4heCjy45PG5W7G0sIRveOFBzvYTDbE9MzL98/0909hoPTnNXM7FMKPmAA0Z/Ah4gAU8ggH0ZHPiA5DHtc1MCg==");
    // Ours differs in the tag alone.
    const Signed ours = signed_request("");
    std::string ours_base = read_signature(ours.request, ours.body, kNow)->base;
    ours_base.replace(ours_base.find("gongzhi-exchange-v1"), 19, "exchange-v1");
    EXPECT_EQ(ours_base, base);
}

TEST(HttpSignature, AcceptsWhatItSigned) {
    EXPECT_TRUE(check(signed_request()));
    EXPECT_TRUE(check(signed_request("")));
}

TEST(HttpSignature, RefusesEveryChange) {
    const auto refused = [](auto change) {
        Signed given = signed_request();
        change(given);
        return !check(given).has_value();
    };
    EXPECT_TRUE(refused([](Signed& s) { s.body += " "; }));
    EXPECT_TRUE(refused([](Signed& s) { s.request.method = "PUT"; }));
    EXPECT_TRUE(refused([](Signed& s) { s.request.target_uri += "?x"; }));
    EXPECT_TRUE(refused([](Signed& s) { s.request.content_type = "text/plain"; }));
    EXPECT_TRUE(refused([](Signed& s) { s.request.content_digest.clear(); }));
    EXPECT_TRUE(refused([](Signed& s) { s.request.signature.clear(); }));
    EXPECT_TRUE(refused([](Signed& s) { s.request.gongzhi_message.clear(); }));
    EXPECT_TRUE(refused([](Signed& s) { s.request.gongzhi_message = ":AAAA:"; }));
    EXPECT_TRUE(refused(
        [](Signed& s) { s.request.signature_input.replace(3, s.request.signature_input.find(')') - 2, "()"); }));
    EXPECT_TRUE(refused([](Signed& s) { s.request.signature_input += ";created=1618884473"; }));
    EXPECT_TRUE(refused([](Signed& s) { s.request.signature_input += ", other=()"; }));
    EXPECT_TRUE(refused([](Signed& s) {
        s.request.signature_input.replace(s.request.signature_input.find("expires=1618884773"), 18,
                                          "expires=1618894773");
    }));
    EXPECT_TRUE(refused([](Signed& s) { s.request.signature[10] = s.request.signature[10] == 'A' ? 'B' : 'A'; }));
}

TEST(HttpSignature, KeepsToTheClock) {
    EXPECT_TRUE(check(signed_request(), UtcTime(kNow.value + 359 * kMicrosPerSecond)));
    EXPECT_FALSE(check(signed_request(), UtcTime(kNow.value + 361 * kMicrosPerSecond)));
    EXPECT_TRUE(check(signed_request(), UtcTime(kNow.value - 59 * kMicrosPerSecond)));
    EXPECT_FALSE(check(signed_request(), UtcTime(kNow.value - 61 * kMicrosPerSecond)));
}

}  // namespace
}  // namespace gongzhi::exchange
