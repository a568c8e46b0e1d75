// Notes, cosignatures, checkpoints, tiles, proof files, policies: published vectors and hostile inputs.
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/bytes.h"
#include "base/file.h"
#include "merkle/checkpoint.h"
#include "merkle/frontier.h"
#include "merkle/hash.h"
#include "merkle/policy.h"
#include "merkle/proof_file.h"
#include "merkle/tile.h"
#include "testing/temp_folder.h"

namespace gongzhi::merkle {
namespace {

constexpr std::string_view kTesseraKey =
    "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
constexpr std::string_view kNeumannText =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";

crypto::KeyPair neumann_key() {
    const Bytes seed = from_hex("810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173").value();
    return crypto::KeyPair::from_seed(crypto::ed25519(), seed).value();
}

Note neumann_note() { return {std::string(kNeumannText), {sign_note(kNeumannText, "PeterNeumann", neumann_key())}}; }

TEST(Note, VerifiesTheSpecificationsExample) {
    const auto key =
        VerifierKey::parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").value();
    const auto note = Note::parse(
        "This is an example message.\n\n\u2014 example.com/foo "
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n");
    ASSERT_TRUE(note) << note.error().describe();
    EXPECT_TRUE(verify_signature(*note, key).value().has_value());
}

TEST(Note, SignsTheGoVectorByteForByte) {
    const VerifierKey key = log_verifier("PeterNeumann", neumann_key());
    EXPECT_EQ(key.format(), "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    EXPECT_EQ(VerifierKey::parse(key.format()).value(), key);
    EXPECT_EQ(
        neumann_note().signatures[0].line(),
        "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n");
}

TEST(Note, RefusesWhatGoRefuses) {
    const std::string good = neumann_note().format();
    ASSERT_TRUE(Note::parse(good));
    const std::string line = neumann_note().signatures[0].line();
    const std::string text(kNeumannText);
    std::string many = text + "\n";
    for (int i = 0; i < 101; ++i) many += NoteSignature{fmt::format("n{}", i), 1, "payload"}.line();
    std::string edge = text + "\n";
    for (size_t i = 0; i < kNoteSignaturesMax; ++i) edge += NoteSignature{fmt::format("n{}", i), 1, "payload"}.line();
    EXPECT_TRUE(Note::parse(edge));
    const std::string bad[] = {"",
                               "\n",
                               "\n\n",
                               text,
                               text + "\n",
                               text + line,
                               many,
                               good + "\n",
                               good + "x",
                               good + line,
                               "\x01" + good,
                               "\xff" + good,
                               good.substr(0, good.size() - 1),
                               text + "\n\u2014 Peter Neumann AAAAAAAA\n",
                               text + "\n\u2014 Peter+Neumann AAAAAAAA\n",
                               text + "\n\u2014 P AAAA\n",
                               text + "\n\u2014 P !!!!\n",
                               text + "\n- P AAAAAAAA\n",
                               text + "\n\u2014  AAAAAAAA\n",
                               text + "\n\u2014 P\u00a0Q AAAAAAAA\n",
                               text + "\n\u2014 P AAAAAAA=\n\n",
                               text + "\r" + line};
    for (const std::string& note : bad) EXPECT_FALSE(Note::parse(note)) << note;
    for (size_t length = 0; length < good.size(); ++length) EXPECT_FALSE(Note::parse(good.substr(0, length)));
}

TEST(Note, AKnownKeyWithABadSignatureIsAnError) {
    Note note = neumann_note();
    const VerifierKey key = log_verifier("PeterNeumann", neumann_key());
    note.signatures[0].payload[3] = static_cast<char>(note.signatures[0].payload[3] ^ 1);
    EXPECT_EQ(verify_signature(note, key).error().code, ErrorCode::signature_invalid);
    note.signatures[0].name = "somebody";
    EXPECT_FALSE(verify_signature(note, key).value().has_value());
}

TEST(VerifierKey, RefusesOtherIdsTypesAndNames) {
    for (const char* text :
         {"", "a", "a+b", "a+00000000+", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
          "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
          "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "a b+c74f20a3+ARpc2Q=="})
        EXPECT_FALSE(VerifierKey::parse(text)) << text;
}

TEST(Cosignature, MatchesTheDerivedVector) {
    const std::string text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    const NoteSignature signature = cosign(text, "witness.example.com/w1", neumann_key(), 1679315147);
    EXPECT_EQ(
        signature.line(),
        "\u2014 witness.example.com/w1 1GorGwAAAABkGFDLJeR//pqzhnEKVvEm2wWbh2RJ6oru5+cUUfm5X9NnlaGr8aSH9QE5RVZD4QGlxl2F5UpVIIi9"
        "4p178KLfqPPsAA==\n");
    const Note note{text, {signature}};
    EXPECT_EQ(verify_signature(note, witness_verifier("witness.example.com/w1", neumann_key())).value(), 1679315147u);
    EXPECT_FALSE(verify_signature(note, log_verifier("witness.example.com/w1", neumann_key())).value().has_value());
    EXPECT_EQ(Checkpoint::parse(text).value().head.size.value, 20852163u);
    EXPECT_EQ(Checkpoint::parse(text).value().text(), text);
}

TEST(Checkpoint, RefusesEverythingButOriginSizeRoot) {
    const std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    const std::string texts[] = {std::string(),
                                 std::string("a\n"),
                                 std::string("a\n1\n"),
                                 "a\n01\n" + root,
                                 "a\n-1\n" + root,
                                 "a\n+1\n" + root,
                                 "\n1\n" + root,
                                 "a\n1\nAAAA\n",
                                 "a\n1\n" + root + "more\n",
                                 "a\n99999999999999999999\n" + root,
                                 "a\n1 \n" + root};
    for (const std::string& text : texts) EXPECT_FALSE(Checkpoint::parse(text)) << text;
}

TEST(Tile, PathsAreTheSpecificationsAndNothingElse) {
    EXPECT_EQ(tile_number_path(0), "000");
    EXPECT_EQ(tile_number_path(999), "999");
    EXPECT_EQ(tile_number_path(1000), "x001/000");
    EXPECT_EQ(tile_number_path(1234067), "x001/x234/067");
    EXPECT_EQ(tile_number_path(123456078), "x123/x456/078");
    for (const char* path : {"tile/0/273.p/112", "tile/1/x001/000", "tile/2/000.p/1", "tile/0/000"})
        EXPECT_EQ(tile_path(parse_tile_path(path).value()), path);
    EXPECT_EQ(bundle_path(parse_bundle_path("tile/entries/273.p/112").value()), "tile/entries/273.p/112");
    for (const char* path :
         {"", "tile/", "tile/0", "tile/00/000", "tile/0/0", "tile/0/x000/001", "tile/0/000.p/0", "tile/0/000.p/256",
          "tile/0/000.p/01", "tile/64/000", "tile/0/1000", "tile/0/x1/000", "tile/0/000/", "tile/0/../checkpoint",
          "tile/entries/000", "tile/0/99999999999999999999999"})
        EXPECT_FALSE(parse_tile_path(path)) << path;
    const TreeSize size(70'000);
    EXPECT_EQ(tile_width_at(size, 0, 272), 256u);
    EXPECT_EQ(tile_width_at(size, 0, 273), 112u);
    EXPECT_EQ(tile_width_at(size, 0, 274), 0u);
    EXPECT_EQ(tile_width_at(size, 1, 1), 17u);
    EXPECT_EQ(tile_width_at(size, 2, 0), 1u);
    EXPECT_EQ(tile_width_at(size, 3, 0), 0u);
}

TEST(Tile, TheTesseraLogHashesToItsSignedRoots) {
    const auto archive = testing::shared_data("tlog_fixture/tessera-testdata.tar.gz");
    if (archive.empty()) GTEST_SKIP() << "tessera-testdata.tar.gz is not here";
    testing::TempFolder folder;
    ASSERT_EQ(std::system(fmt::format("tar xzf '{}' -C '{}'", archive.string(), folder.path().string()).c_str()), 0);
    const auto log = folder.path() / "testdata" / "log";
    const VerifierKey key = VerifierKey::parse(kTesseraKey).value();
    const Policy policy = Policy::of_log(key);
    for (uint32_t size = 0; size <= 15; ++size) {
        const Note note = Note::parse(read_file(log / fmt::format("checkpoint.{}", size)).value()).value();
        ASSERT_TRUE(policy.check(note, key.name)) << size;
        const Checkpoint checkpoint = Checkpoint::parse(note.text).value();
        ASSERT_EQ(checkpoint.head.size.value, size);
        if (size == 0) {
            EXPECT_EQ(checkpoint.head.root, empty_root());
            continue;
        }
        Frontier frontier;
        Bytes tile;
        const auto entries = parse_bundle(read_file(log / bundle_path({0, size})).value()).value();
        for (const Bytes& entry : entries) {
            frontier.append(leaf_hash(entry));
            tile += leaf_hash(entry).view();
        }
        EXPECT_EQ(frontier.root(), checkpoint.head.root);
        EXPECT_EQ(read_file(log / tile_path({0, 0, size})).value(), tile);
        const NodeReader read =
            node_reader(TreeSize(size), [&](const TilePosition& t) { return read_file(log / tile_path(t)); });
        EXPECT_EQ(root_at(TreeSize(size), read).value(), checkpoint.head.root);
        EXPECT_FALSE(read({0, size}));
    }
}

TEST(Bundle, RefusesTruncations) {
    Bytes bundle;
    append_to_bundle(bundle, "one");
    append_to_bundle(bundle, "");
    append_to_bundle(bundle, "three");
    EXPECT_EQ(parse_bundle(bundle).value(), (std::vector<Bytes>{"one", "", "three"}));
    for (size_t length = 0; length < bundle.size(); ++length)
        EXPECT_EQ(parse_bundle(BytesView(bundle).substr(0, length)).has_value(),
                  length == 0 || length == 5 || length == 7);
}

TEST(ProofFile, RoundTripsAndRefusesOtherTexts) {
    ProofFile file;
    file.extra = "opening";
    file.index = EntryIndex(7);
    file.path = {leaf_hash("a"), leaf_hash("b")};
    file.note = neumann_note().format();
    const std::string text = file.format();
    const ProofFile parsed = ProofFile::parse(text).value();
    EXPECT_EQ(parsed.format(), text);
    EXPECT_EQ(parsed.extra, "opening");
    EXPECT_EQ(parsed.path, file.path);
    const size_t note_at = text.size() - file.note.size();
    for (size_t length = 0; length < note_at; ++length)
        EXPECT_FALSE(ProofFile::parse(text.substr(0, length))) << length;
    EXPECT_FALSE(ProofFile::parse(text, "gongzhi/accepted@v1"));
    file.path.assign(kProofHashesMax + 1, Digest());
    EXPECT_FALSE(ProofFile::parse(file.format()));
}

TEST(Policy, CountsWitnessesByGroups) {
    SeededRandom random(5);
    const auto log = crypto::KeyPair::generate(crypto::ed25519(), random);
    std::vector<crypto::KeyPair> keys;
    std::string text = "# ours\nlog " + log_verifier("log.example", log).format() + " https://log.example\n";
    for (int i = 0; i < 3; ++i) {
        keys.push_back(crypto::KeyPair::generate(crypto::ed25519(), random));
        text +=
            fmt::format("witness W{} {}\n", i, witness_verifier(fmt::format("w{}.example", i), keys.back()).format());
    }
    const Policy policy =
        Policy::parse(text + "group outside any W1 W2\ngroup both all W0 outside\nquorum both\n").value();
    Note note{Checkpoint{"log.example", {TreeSize(0), empty_root()}}.text(), {}};
    EXPECT_FALSE(policy.check(note, "log.example"));
    note.signatures.push_back(sign_note(note.text, "log.example", log));
    EXPECT_FALSE(policy.check(note, "log.example"));
    EXPECT_FALSE(policy.check(note, "other.example"));
    note.signatures.push_back(cosign(note.text, "w0.example", keys[0], 100));
    EXPECT_FALSE(policy.check(note, "log.example"));
    note.signatures.push_back(cosign(note.text, "w2.example", keys[2], 101));
    const auto cosigners = policy.check(note, "log.example").value();
    EXPECT_EQ(cosigners, (std::vector<Policy::Cosignature>{{"w0.example", 100}, {"w2.example", 101}}));
    for (const char* bad :
         {"", "quorum none\nquorum none\n", "quorum W9\n", "group g 3 W0 W1\nquorum g\n",
          "group g any W0 W0\nquorum g\n", "group g 0 W0\nquorum g\n", "group W0 any W1\nquorum W0\n",
          "group g any g\nquorum g\n", "group a any W0\ngroup b any W0\nquorum b\n", "nonsense\n", "quorum none"})
        EXPECT_FALSE(Policy::parse(text + bad)) << bad;
    EXPECT_FALSE(Policy::parse("quorum none\n"));
    EXPECT_TRUE(Policy::parse(text + "quorum none\n"));
}

}  // namespace
}  // namespace gongzhi::merkle
