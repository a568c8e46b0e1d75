// The witness against the table of C2SP tlog-witness, and the ledger's parsers against hostile bytes.
#include <gtest/gtest.h>

#include "base/file.h"
#include "ledger/ledger_fixture.h"
#include "merkle/hash.h"

namespace gongzhi::ledger {
namespace {

using testing_support::Node;
using testing_support::signed_envelope;

struct Bench {
    Node node{"witness.example"};
    crypto::KeyPair log = crypto::KeyPair::generate(crypto::ed25519(), node.random);
    std::string origin = "log.example";
    std::vector<Digest> leaves;

    Bench() {
        node.ledger->witness().trust(origin, {merkle::log_verifier(origin, log)});
        for (int i = 0; i < 20; ++i) leaves.push_back(merkle::leaf_hash(fmt::format("leaf {}", i)));
    }
    merkle::TreeHead head(uint64_t size) const {
        return {TreeSize(size), merkle::root_of({leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(size)})};
    }
    std::string note(const merkle::TreeHead& at) const {
        merkle::Note note{merkle::Checkpoint{origin, at}.text(), {}};
        note.signatures.push_back(merkle::sign_note(note.text, origin, log));
        return note.format();
    }
    std::vector<Digest> proof(uint64_t older, uint64_t newer) const {
        return merkle::prove_consistency(TreeSize(older), TreeSize(newer),
                                         [this](merkle::NodePosition at) -> Result<Digest> {
                                             const auto first =
                                                 leaves.begin() + static_cast<std::ptrdiff_t>(at.index << at.level);
                                             return merkle::root_of({first, first + (std::ptrdiff_t{1} << at.level)});
                                         })
            .value();
    }
    HttpReply add(uint64_t older, const merkle::TreeHead& at, std::vector<Digest> hashes) {
        return node.ledger->witness().add_checkpoint(
            AddCheckpoint{TreeSize(older), std::move(hashes), note(at)}.format());
    }
};

TEST(Witness, AnswersAsTheSpecificationsTable) {
    Bench b;
    Witness& witness = b.node.ledger->witness();
    EXPECT_EQ(witness.add_checkpoint("nonsense").status, 400);
    EXPECT_EQ(witness.add_checkpoint("old 0\n\nnonsense").status, 400);
    EXPECT_EQ(b.add(7, b.head(5), {}).status, 400) << "old larger than the checkpoint";
    EXPECT_EQ(b.add(3, b.head(5), b.proof(3, 5)).status, 409) << "nothing was cosigned yet";
    EXPECT_EQ(b.add(0, b.head(5), {b.leaves[0]}).status, 422) << "a proof from nothing";
    merkle::TreeHead odd_empty{TreeSize(0), b.leaves[0]};
    EXPECT_EQ(b.add(0, odd_empty, {}).status, 422);
    const HttpReply first = b.add(0, b.head(5), {});
    ASSERT_EQ(first.status, 200);
    const merkle::Note cosigned{merkle::Checkpoint{b.origin, b.head(5)}.text(),
                                {merkle::NoteSignature::parse(first.body.substr(0, first.body.size() - 1)).value()}};
    EXPECT_EQ(merkle::verify_signature(cosigned, witness.verifier()).value(),
              static_cast<uint64_t>(b.node.clock.now().value / kMicrosPerSecond));
    EXPECT_EQ(b.add(0, b.head(7), {}).status, 409);
    EXPECT_EQ(b.add(0, b.head(7), {}).content_type, "text/x.tlog.size");
    EXPECT_EQ(b.add(0, b.head(7), {}).body, "5\n");
    EXPECT_EQ(b.add(5, b.head(9), b.proof(4, 9)).status, 422);
    EXPECT_EQ(b.add(5, b.head(9), {}).status, 422);
    EXPECT_EQ(b.add(5, b.head(9), b.proof(5, 9)).status, 200);
    EXPECT_EQ(b.add(9, b.head(9), {}).status, 200) << "the same head again";
    b.node.reopen();
    b.node.ledger->witness().trust(b.origin, {merkle::log_verifier(b.origin, b.log)});
    EXPECT_EQ(b.add(5, b.head(9), b.proof(5, 9)).body, "9\n") << "the state survives";
}

TEST(Witness, TrustsOnlyTheLogsKeys) {
    Bench b;
    Witness& witness = b.node.ledger->witness();
    const std::string good = AddCheckpoint{TreeSize(0), {}, b.note(b.head(3))}.format();
    std::string other_origin = good;
    other_origin.replace(other_origin.find("log.example"), 11, "lag.example");
    EXPECT_EQ(witness.add_checkpoint(other_origin).status, 404);
    std::string bad_signature = good;
    bad_signature[good.size() - 10] = good[good.size() - 10] == 'A' ? 'B' : 'A';
    EXPECT_EQ(witness.add_checkpoint(bad_signature).status, 403);
    merkle::Note stranger{merkle::Checkpoint{b.origin, b.head(3)}.text(), {}};
    stranger.signatures.push_back(merkle::sign_note(stranger.text, "stranger.example", b.node.log_key));
    EXPECT_EQ(witness.add_checkpoint(AddCheckpoint{TreeSize(0), {}, stranger.format()}.format()).status, 403);
    EXPECT_EQ(witness.add_checkpoint(good).status, 200);
}

TEST(Witness, KeepsAForkAsTwoNotesAndStops) {
    Bench b;
    ASSERT_EQ(b.add(0, b.head(5), {}).status, 200);
    merkle::TreeHead other = b.head(5);
    other.root.bytes[0] ^= 1;
    EXPECT_EQ(b.add(5, other, {}).status, 422);
    const auto forks = b.node.ledger->witness().forks().value();
    ASSERT_EQ(forks.size(), 1u);
    EXPECT_EQ(forks[0].origin, b.origin);
    EXPECT_TRUE(forks[0].first_note.starts_with(merkle::Checkpoint{b.origin, b.head(5)}.text()));
    EXPECT_EQ(forks[0].second_note, b.note(other));
    EXPECT_EQ(b.add(5, b.head(9), b.proof(5, 9)).status, 422) << "never again";
}

TEST(Witness, ConcurrentRequestsNeverRollItBack) {
    Bench b;
    ASSERT_EQ(b.add(0, b.head(2), {}).status, 200);
    std::atomic<int> accepted = 0;
    {
        std::vector<std::jthread> threads;
        for (uint64_t size = 3; size <= 18; ++size)
            threads.emplace_back(
                [&, size] { accepted += b.add(2, b.head(size), b.proof(2, size)).status == 200 ? 1 : 0; });
    }
    EXPECT_EQ(accepted, 1) << "whoever came second did not start from the latest size";
}

TEST(AddCheckpoint, RefusesTruncations) {
    Bench b;
    const std::string good = AddCheckpoint{TreeSize(5), b.proof(5, 9), b.note(b.head(9))}.format();
    EXPECT_EQ(AddCheckpoint::parse(good)->format(), good);
    const size_t note_at = good.size() - b.note(b.head(9)).size();
    for (size_t length = 0; length < note_at; ++length) EXPECT_FALSE(AddCheckpoint::parse(good.substr(0, length)));
    for (size_t length = note_at; length < good.size(); ++length)
        EXPECT_EQ(b.node.ledger->witness().add_checkpoint(good.substr(0, length)).status, 400);
}

TEST(Envelope, RoundTripsAndRefusesTruncations) {
    Bench b;
    const Bytes good = signed_envelope("body", b.log).bytes();
    EXPECT_EQ(Envelope::parse(good)->bytes(), good);
    for (size_t length = 0; length < good.size(); ++length)
        EXPECT_FALSE(Envelope::parse(BytesView(good).substr(0, length)));
    EXPECT_FALSE(Envelope::parse(good + "x"));
    Envelope half = signed_envelope("body", b.log);
    half.key_id.clear();
    EXPECT_FALSE(Envelope::parse(half.bytes()));
}

TEST(Envelope, TheSignatureCoversHeaderAndBody) {
    Bench b;
    const Envelope good = signed_envelope("body", b.log);
    EXPECT_TRUE(verify_envelope(good, crypto::ed25519(), b.log.public_key()));
    Envelope other = good;  // signed by the same key, but over another header, no header, two headers
    other.header = signed_envelope("body", b.log, 2).header;
    EXPECT_EQ(verify_envelope(other, crypto::ed25519(), b.log.public_key()).error().code, ErrorCode::signature_invalid);
    other = good;
    const size_t line = other.base.find("\"gongzhi-message\": ");
    const std::string text = other.base.substr(line, other.base.find('\n', line) + 1 - line);
    for (const std::string& base :
         {std::string(good.base).erase(line, text.size()), std::string(good.base).insert(line, text)}) {
        other.base = base;
        other.signature = b.log.sign(base).value;
        EXPECT_EQ(verify_envelope(other, crypto::ed25519(), b.log.public_key()).error().code,
                  ErrorCode::signature_invalid);
    }
    EXPECT_FALSE(verify_envelope(good, crypto::ed25519(), b.node.log_key.public_key()));
}

TEST(MessageHeader, RoundTripsAndRefusesUnknownMembers) {
    MessageHeader header;
    header.id = MessageId("0190a0b0-1234-7abc-8def-0123456789ab");
    header.from = PartyId("platform-y");
    header.to = PartyId("authority-x");
    header.type = "answer";
    header.seq = 12;
    header.in_reply_to =
        MessageHeader::InReplyTo{MessageId("0190a0b0-1234-7abc-8def-0123456789ac"), merkle::leaf_hash("a")};
    header.basis = "E-Commerce Law, article 25";
    header.deadline = UtcTime(1'772'000'000 * kMicrosPerSecond);
    header.body = {merkle::leaf_hash("b"), 17, "application/json"};
    header.record_root = merkle::leaf_hash("c");
    const std::string json = header.json();
    EXPECT_EQ(MessageHeader::parse(json)->json(), json);
    for (size_t length = 0; length < json.size(); ++length) EXPECT_FALSE(MessageHeader::parse(json.substr(0, length)));
    for (const auto& [from, to] :
         std::vector<std::pair<std::string, std::string>>{{"\"seq\":12", "\"seq\":-1"},
                                                          {"\"seq\":12", "\"seq\":\"12\""},
                                                          {"platform-y", "Platform"},
                                                          {"\"type\":\"answer\"", "\"type\":\"\""},
                                                          {"\"seq\":12", "\"seq\":12,\"extra\":1"},
                                                          {"\"seq\":12", "\"seq\":12,\"seq\":12"},
                                                          {"0190a0b0", "x190a0b0"}}) {
        std::string changed = json;
        changed.replace(changed.find(from), from.size(), to);
        EXPECT_FALSE(MessageHeader::parse(changed)) << changed;
    }
}

TEST(NodeStatement, RoundTripsAndRefusesTruncations) {
    NodeStatement statement;
    statement.kind = "submission";
    statement.received_time = UtcTime(1'772'000'000 * kMicrosPerSecond);
    statement.auth = "token:7";
    statement.pack = NodeStatement::Pack{"cn", "2026.1", merkle::leaf_hash("p")};
    statement.record_count = 3;
    statement.record_root = merkle::leaf_hash("r");
    statement.verdicts_digest = merkle::leaf_hash("v");
    statement.trace = {{"why", "test"}};
    const Bytes bytes = statement.bytes();
    EXPECT_EQ(NodeStatement::parse(bytes)->bytes(), bytes);
    for (size_t length = 0; length < bytes.size(); ++length)
        EXPECT_FALSE(NodeStatement::parse(BytesView(bytes).substr(0, length)));
}

TEST(Entry, RoundTripsAndRefusesTruncations) {
    Entry entry{EntryIndex(4), "order", {Bytes(32, 's'), "envelope", "statement"}, {}};
    entry.parts = {{Part::open_records, 2, PartForm::open, 10, merkle::leaf_hash("d"), {}},
                   {Part::original, 0, PartForm::blob, 99, {}, {1, 2, 3}}};
    const Bytes stored = entry.stored();
    const Entry again = Entry::parse(EntryIndex(4), stored).value();
    EXPECT_EQ(again.stored(), stored);
    EXPECT_EQ(again.find(Part::original, 0)->body_id[2], 3);
    for (size_t length = 0; length < stored.size(); ++length)
        EXPECT_FALSE(Entry::parse(EntryIndex(4), BytesView(stored).substr(0, length)));
    // Moving a byte between envelope and statement makes another commitment.
    const Opening a{Bytes(32, 's'), "ab", "c"}, b{Bytes(32, 's'), "a", "bc"};
    EXPECT_NE(a.commitment(), b.commitment());
    EXPECT_EQ(a.entry_bytes().size(), 33u);
    const Bytes opening = a.bytes();
    for (size_t length = 0; length < opening.size(); ++length)
        EXPECT_FALSE(Opening::parse(BytesView(opening).substr(0, length)));
}

// The vector of docs/formats/entry.md.
TEST(Entry, MatchesThePublishedVector) {
    const Opening opening{Bytes(32, '\x01'), "envelope", R"({"kind":"test"})"};
    const Bytes document = read_file(std::filesystem::path(GONGZHI_SOURCE_DIR) / "docs/formats/entry.md").value();
    for (const std::string& value :
         {to_hex(opening.entry_bytes()), to_hex(merkle::leaf_hash(opening.entry_bytes()).view())})
        EXPECT_NE(document.find(value), Bytes::npos) << value;
}

TEST(AcceptedNote, IsNeverACheckpoint) {
    const AcceptedNote note{"log.example", EntryIndex(5), 3, merkle::leaf_hash("r"),
                            UtcTime(1'772'000'000 * kMicrosPerSecond)};
    EXPECT_EQ(AcceptedNote::parse(note.text())->text(), note.text());
    EXPECT_FALSE(merkle::Checkpoint::parse(note.text()));
    EXPECT_FALSE(
        AcceptedNote::parse(merkle::Checkpoint{"log.example/accepted", {TreeSize(5), merkle::leaf_hash("r")}}.text()));
    const std::string text = note.text();
    for (size_t length = 0; length < text.size(); ++length) EXPECT_FALSE(AcceptedNote::parse(text.substr(0, length)));
}

}  // namespace
}  // namespace gongzhi::ledger
