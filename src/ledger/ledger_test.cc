// The ledger: entries and bodies, receipts of both stages, tiles, two ledgers that cosign each other, restart, fsck.
#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "ledger/fsck.h"
#include "ledger/ledger_fixture.h"

namespace gongzhi::ledger {
namespace {

using testing_support::Node;

TEST(Ledger, AppendsReadsAndRestarts) {
    Node node("market.example");
    Draft draft = node.message("hello");
    const vault::SealedBody letter = node.ledger->vault().seal_blob("the letter", vault::Vault::BlobKey::own).value();
    const std::vector<Bytes> people = {"Alice", "Bob"};
    const vault::SealedBody segment = node.ledger->vault().seal_segment(people).value();
    draft.open.push_back({Part::open_records, 0, "open parts"});
    draft.sealed = {{Part::original, 0, letter}, {Part::protected_records, 0, segment}};
    ASSERT_TRUE(node.ledger->append(draft));
    draft.open.push_back({Part::open_records, 0, "the same place again"});
    EXPECT_EQ(node.ledger->append(draft).error().code, ErrorCode::invalid_argument);
    node.reopen();
    const Entry entry = node.ledger->read(EntryIndex(0)).value();
    EXPECT_EQ(entry.kind, "order");
    EXPECT_EQ(MessageHeader::parse(entry.envelope()->header)->type, "order");
    EXPECT_EQ(node.ledger->read_open_part(entry, Part::open_records, 0).value(), "open parts");
    EXPECT_EQ(node.ledger->read_blob(entry, Part::original, 0).value(), "the letter");
    EXPECT_EQ(node.ledger->read_segment(entry, Part::protected_records, 0).value()[1], "Bob");
    EXPECT_EQ(node.ledger->read_open_part(entry, Part::verdicts, 0).error().code, ErrorCode::not_found);
    EXPECT_EQ(node.ledger->read(EntryIndex(1)).error().code, ErrorCode::not_found);
}

TEST(Ledger, RefusesDraftsThatContradictThemselves) {
    Node node("market.example");
    Draft draft = node.message("hello");
    draft.kind = "request";
    EXPECT_EQ(node.ledger->append(draft).error().code, ErrorCode::invalid_argument);
    draft = node.message("hello");
    draft.envelope = "\x01nonsense";
    EXPECT_FALSE(node.ledger->append(draft));
    draft = node.message("hello");
    draft.statement = "{}";
    EXPECT_FALSE(node.ledger->append(draft));
}

TEST(Receipt, BothStagesVerifyWithBodyAndSender) {
    Node node("market.example");
    const Outcome first = node.ledger->append(node.message("one"));
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(node.ledger->append(node.trace(i)));
    EXPECT_EQ(node.ledger->receipt(EntryIndex(0)).error().code, ErrorCode::unavailable);
    ASSERT_TRUE(node.ledger->checkpoint_now());
    const merkle::Policy policy = merkle::Policy::of_log(node.ledger->log_verifier());
    for (const std::string& text : {first->accepted, node.ledger->receipt(EntryIndex(0)).value(),
                                    node.ledger->accepted_receipt(EntryIndex(0)).value()}) {
        VerifyOptions options;
        options.body = "one";
        options.sender_key = node.sender.public_key();
        const auto receipt = verify_receipt(text, policy, options);
        ASSERT_TRUE(receipt) << receipt.error().describe();
        EXPECT_EQ(receipt->origin, "market.example");
        EXPECT_EQ(receipt->index.value, 0u);
        EXPECT_EQ(receipt->header->from.value, "platform-y");
        EXPECT_TRUE(receipt->body_checked && receipt->sender_signature_checked);
        options.body = "two";
        EXPECT_EQ(verify_receipt(text, policy, options).error().code, ErrorCode::proof_invalid);
        options.body = "one";
        options.sender_key = node.log_key.public_key();
        EXPECT_EQ(verify_receipt(text, policy, options).error().code, ErrorCode::signature_invalid);
        EXPECT_EQ(verify_receipt(text, merkle::Policy::of_log(merkle::log_verifier("other.example", node.log_key)))
                      .error()
                      .code,
                  ErrorCode::signature_invalid);
    }
    const auto trace = verify_receipt(node.ledger->receipt(EntryIndex(3)).value(), policy);
    ASSERT_TRUE(trace);
    EXPECT_FALSE(trace->header);
    EXPECT_EQ(trace->statement.trace["number"], 2);
    EXPECT_EQ(trace->checkpoint_size.value, 6u);
}

// No byte of a receipt is without meaning: whatever is changed, cut or added, it fails.
TEST(Receipt, EveryChangedByteMakesItFail) {
    Node node("market.example");
    const Outcome first = node.ledger->append(node.message("one"));
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(node.ledger->append(node.trace(i)));
    ASSERT_TRUE(node.ledger->checkpoint_now());
    const merkle::Policy policy = merkle::Policy::of_log(node.ledger->log_verifier());
    for (const std::string& good : {first->accepted, node.ledger->receipt(EntryIndex(0)).value()}) {
        ASSERT_TRUE(verify_receipt(good, policy));
        for (size_t at = 0; at < good.size(); ++at) {
            for (const int bit : {0, 5}) {
                std::string changed = good;
                changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
                ASSERT_FALSE(verify_receipt(changed, policy)) << at << ": " << good.substr(at, 20);
            }
            ASSERT_FALSE(verify_receipt(good.substr(0, at), policy)) << at;
        }
        EXPECT_FALSE(verify_receipt(good + "\n", policy));
        EXPECT_FALSE(verify_receipt(good + " ", policy));
    }
}

// How many commits there are is for the disk to say; each has one note, however many entries it holds.
TEST(Receipt, OneNoteServesAWholeGroupCommit) {
    Node node("market.example");
    std::vector<Draft> drafts;
    for (int i = 0; i < 300; ++i) drafts.push_back(node.trace(i));
    const uint64_t commits_before = node.ledger->journal().counters().batches;
    std::vector<std::promise<std::string>> done(drafts.size());
    for (size_t i = 0; i < drafts.size(); ++i)
        node.ledger->append_async(std::move(drafts[i]),
                                  [&, i](Outcome outcome) { done[i].set_value(outcome->accepted); });
    std::set<std::string> notes;
    const merkle::Policy policy = merkle::Policy::of_log(node.ledger->log_verifier());
    for (auto& each : done) {
        const std::string text = each.get_future().get();
        ASSERT_TRUE(verify_receipt(text, policy));
        notes.insert(text.substr(text.find("\n\n")));
    }
    EXPECT_EQ(notes.size(), node.ledger->journal().counters().batches - commits_before);
    EXPECT_LT(notes.size(), done.size()) << "no two of 300 entries at once went into one commit";
}

TEST(Ledger, ARepeatReturnsTheFirstEntrysReceipt) {
    Node node("market.example");
    Draft draft = node.message("one");
    journal::Claim claim;
    claim.key.fill(1);
    claim.on_taken = journal::Claim::OnTaken::same_content_is_duplicate;
    draft.claims = {claim};
    ASSERT_TRUE(node.ledger->append(draft));
    const Outcome again = node.ledger->append(draft);
    ASSERT_TRUE(again && again->duplicate);
    EXPECT_TRUE(verify_receipt(again->accepted, merkle::Policy::of_log(node.ledger->log_verifier())));
    draft.claims[0].content.fill(9);
    const Outcome clash = node.ledger->append(draft);
    EXPECT_EQ(clash.error().code, ErrorCode::duplicate);
    EXPECT_EQ(clash.refusal->holder.value, 0u);
}

TEST(Ledger, ServesTilesThatAPublishedCheckpointImplies) {
    Node node("market.example");
    EXPECT_FALSE(node.ledger->log_resource("checkpoint"));
    for (int i = 0; i < 260; ++i) ASSERT_TRUE(node.ledger->append(node.trace(i)));
    EXPECT_FALSE(node.ledger->log_resource("tile/0/000"));
    const auto checkpoint = node.ledger->checkpoint_now().value();
    EXPECT_EQ(node.ledger->log_resource("checkpoint")->bytes, checkpoint.note);
    const merkle::NodeReader read =
        merkle::node_reader(TreeSize(260), [&](const merkle::TilePosition& tile) -> Result<Bytes> {
            return node.ledger->log_resource(merkle::tile_path(tile)).map([](Resource resource) {
                return resource.bytes;
            });
        });
    EXPECT_EQ(merkle::root_at(TreeSize(260), read).value(), checkpoint.head.root);
    EXPECT_EQ(merkle::parse_bundle(node.ledger->log_resource("tile/entries/001.p/4")->bytes)->size(), 4u);
    EXPECT_EQ(node.ledger->log_resource("tile/0/000.p/7")->bytes.size(), 7u * 32);
    for (const char* path :
         {"tile/entries/001.p/5", "tile/0/001.p/5", "tile/0/002", "tile/2/000.p/1", "tile/1/000", "", "tile", "head"})
        EXPECT_FALSE(node.ledger->log_resource(path)) << path;
}

TEST(Ledger, TwoLedgersCosignEachOther) {
    Node market("market.example"), platform("platform.example");
    for (Node* node : {&market, &platform}) {
        Node& other = node == &market ? platform : market;
        node->ledger->witness().trust(other.origin, {other.ledger->log_verifier()});
    }
    for (int round = 0; round < 3; ++round) {
        for (Node* node : {&market, &platform}) {
            Node& other = node == &market ? platform : market;
            for (int i = 0; i <= round; ++i) ASSERT_TRUE(node->ledger->append(node->trace(i)));
            const auto checkpoint = node->ledger->checkpoint_now().value();
            const auto reply = other.ledger->witness().add_checkpoint(
                node->ledger->witness_request(other.ledger->witness().name()).value());
            ASSERT_EQ(reply.status, 200) << reply.body;
            ASSERT_TRUE(
                node->ledger->store_cosignature(checkpoint.head.size, reply.body, other.ledger->witness().verifier()));
            EXPECT_FALSE(
                node->ledger->store_cosignature(checkpoint.head.size, reply.body, node->ledger->witness().verifier()));
        }
        market.reopen();
        market.ledger->witness().trust(platform.origin, {platform.ledger->log_verifier()});
    }
    const merkle::Policy policy = merkle::Policy::parse(fmt::format("log {}\nwitness peer {}\nquorum peer\n",
                                                                    market.ledger->log_verifier().format(),
                                                                    platform.ledger->witness().verifier().format()))
                                      .value();
    const std::string text = market.ledger->receipt(EntryIndex(2)).value();
    const auto receipt = verify_receipt(text, policy);
    ASSERT_TRUE(receipt) << receipt.error().describe();
    EXPECT_EQ(receipt->cosigners[0].witness, "platform.example/w1");
    EXPECT_TRUE(receipt->time);
    for (size_t at = 0; at < text.size(); ++at) {
        std::string changed = text;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        ASSERT_FALSE(verify_receipt(changed, policy)) << at;
    }
    EXPECT_EQ(platform.ledger->witness().monitor(to_hex(crypto::sha256(market.origin).view())).value(),
              platform.ledger->witness().latest(market.origin).value());
}

TEST(Ledger, SignsCheckpointsByItself) {
    Node node("market.example", 20'000);
    ASSERT_TRUE(node.ledger->append(node.trace(1)));
    EXPECT_TRUE(node.ledger->wait_for_checkpoint(TreeSize(1), 5 * kMicrosPerSecond));
    EXPECT_FALSE(node.ledger->wait_for_checkpoint(TreeSize(2), 1'000));
}

TEST(Ledger, RefusesTheFolderOfAnotherLog) {
    Node node("market.example");
    ASSERT_TRUE(node.ledger->append(node.trace(1)));
    ASSERT_TRUE(node.ledger->checkpoint_now());
    node.ledger.reset();
    node.origin = "other.example";
    EXPECT_EQ(node.try_open().error().code, ErrorCode::conflict);
}

TEST(Fsck, IsCleanAlsoAfterAnErasure) {
    Node node("market.example");
    Draft draft = node.message("one");
    const std::vector<Bytes> people = {"Alice", "Bob"};
    draft.sealed = {{Part::protected_records, 0, node.ledger->vault().seal_segment(people).value()},
                    {Part::original, 0, node.ledger->vault().seal_blob("file", vault::Vault::BlobKey::own).value()}};
    draft.open = {{Part::open_records, 0, Bytes(3'000, 'o')}};
    ASSERT_TRUE(node.ledger->append(draft));
    for (int i = 0; i < 300; ++i) ASSERT_TRUE(node.ledger->append(node.trace(i)));
    ASSERT_TRUE(node.ledger->checkpoint_now());
    const Entry entry = node.ledger->read(EntryIndex(0)).value();
    const uint32_t erased[] = {1};
    const auto erasure =
        node.ledger->vault()
            .erase_items(entry.find(Part::protected_records, 0)->body_id,
                         node.ledger->read_sealed_bytes(entry, Part::protected_records, 0).value(), erased)
            .value();
    Draft trace = node.trace(1);
    trace.local = erasure.local;
    trace.shrunk = {{entry.index, Part::protected_records, 0, erasure.body},
                    {entry.index, Part::original, 0, std::nullopt}};
    ASSERT_TRUE(node.ledger->append(trace));
    ASSERT_TRUE(node.ledger->vault().finish_erasures());
    EXPECT_EQ(node.ledger->read_segment(entry, Part::protected_records, 0).value(),
              (std::vector<vault::Item>{"Alice", std::nullopt}));
    EXPECT_EQ(node.ledger->read_blob(entry, Part::original, 0).error().code, ErrorCode::erased);
    EXPECT_TRUE(verify_receipt(node.ledger->receipt(EntryIndex(0)).value(),
                               merkle::Policy::of_log(node.ledger->log_verifier())));
    node.ledger.reset();
    const auto report = fsck(node.folder.path(), node.origin).value();
    EXPECT_TRUE(report.clean()) << report.problems[0];
    EXPECT_EQ(report.entries, 302u);
    EXPECT_EQ(report.bodies, 2u);
    EXPECT_EQ(report.erased_bodies, 1u);
    EXPECT_FALSE(fsck(node.folder.path(), "other.example").value().clean()) << "sealed bodies are bound to the origin";
}

// Whoever can write the database, but not sign, changes one byte of a statement: the commitment tells.
TEST(Fsck, FindsWhatWasChangedInTheStore) {
    Node node("market.example");
    {
        Draft draft = node.trace(1);
        draft.open = {{Part::detail, 0, "body"}};
        ASSERT_TRUE(node.ledger->append(draft));
    }
    journal::Draft forged;  // a well-formed entry whose detail is not what it commits to
    const journal::StoredEntry stored = node.ledger->journal().read_entry(EntryIndex(0)).value();
    forged.leaf_entry = stored.leaf_entry;
    forged.stored = stored.stored;
    forged.stored[forged.stored.find("number")] = 'm';
    forged.bodies = {{static_cast<uint8_t>(Part::detail), 0, "ydob"},
                     {static_cast<uint8_t>(Part::detail), 0, "changed", EntryIndex(0)}};
    ASSERT_TRUE(node.ledger->journal().append(forged));
    EXPECT_EQ(node.ledger->read(EntryIndex(1)).error().code, ErrorCode::corrupt);
    node.ledger.reset();
    const auto report = fsck(node.folder.path(), node.origin).value();
    std::string all;
    for (const std::string& sentence : report.problems) all += sentence + "\n";
    EXPECT_NE(all.find("entry 1: its envelope and statement are not what was committed to"), std::string::npos) << all;
    EXPECT_NE(all.find("entry 0, body 6/0: missing or damaged"), std::string::npos) << all;
}

}  // namespace
}  // namespace gongzhi::ledger
