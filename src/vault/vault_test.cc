// The vault: what is erased is gone with its key, what is not stays readable, nothing opens in another place, and a
// restart never gives a key out twice.
#include "vault/vault.h"

#include <gtest/gtest.h>

#include <set>

#include "base/bytes.h"
#include "base/file.h"
#include "testing/temp_folder.h"

namespace gongzhi::vault {
namespace {

struct Fixture {
    testing::TempFolder folder;
    SystemRandom random;
    std::unique_ptr<journal::Journal> journal;
    std::unique_ptr<Vault> vault;

    Fixture() { reopen(); }
    void reopen(const std::string& origin = "node.example") {
        vault.reset();
        journal.reset();
        journal::Options options;
        options.folder = folder.path();
        journal = journal::Journal::open(options).value();
        vault = Vault::open({folder.path() / "keys", origin}, *journal, random).value();
    }
    void store(const SealedBody& body, std::vector<journal::LocalWrite> more = {}) {
        journal::Draft draft;
        draft.leaf_entry = "entry";
        draft.bodies = {{1, 0, body.bytes}};
        draft.local = Vault::marks({&body, 1});
        draft.local.insert(draft.local.end(), more.begin(), more.end());
        ASSERT_TRUE(journal->append(std::move(draft)));
    }
};

std::vector<Bytes> people() { return {"Alice's number", "Bob's number", "Carol's number"}; }

TEST(Vault, ErasesOneItemAndKeepsTheOthers) {
    Fixture f;
    const auto items = people();
    const SealedBody body = f.vault->seal_segment(items).value();
    f.store(body);
    EXPECT_EQ(f.vault->unseal_segment(body.id, body.bytes).value()[1], "Bob's number");
    const uint32_t erased[] = {1};
    const Vault::Erasure erasure = f.vault->erase_items(body.id, body.bytes, erased).value();
    EXPECT_EQ(erasure.body.id, body.id);
    EXPECT_NE(erasure.body.key_number, body.key_number);
    EXPECT_TRUE(f.vault->has_key(body.key_number)) << "until the trace is durable the old key stays";
    f.store(erasure.body, erasure.local);
    ASSERT_TRUE(f.vault->finish_erasures());
    EXPECT_EQ(f.vault->unseal_segment(body.id, body.bytes).error().code, ErrorCode::erased);
    const auto left = f.vault->unseal_segment(body.id, erasure.body.bytes).value();
    EXPECT_EQ(left[0], "Alice's number");
    EXPECT_FALSE(left[1]);
    EXPECT_EQ(left[2], "Carol's number");
    f.reopen();
    EXPECT_FALSE(f.vault->has_key(body.key_number));
    EXPECT_TRUE(f.vault->unseal_segment(body.id, erasure.body.bytes));
}

TEST(Vault, AnErasureThatACrashInterruptedEndsAtTheNextStart) {
    Fixture f;
    const auto items = people();
    const SealedBody body = f.vault->seal_segment(items).value();
    f.store(body);
    const uint32_t erased[] = {0};
    const Vault::Erasure erasure = f.vault->erase_items(body.id, body.bytes, erased).value();
    f.store(erasure.body, erasure.local);
    f.reopen();  // without finish_erasures
    EXPECT_FALSE(f.vault->has_key(body.key_number));
    EXPECT_TRUE(f.vault->unseal_segment(body.id, erasure.body.bytes));
}

TEST(KeyRing, ADestroyedKeyIsGoneFromTheFiles) {
    testing::TempFolder folder;
    SystemRandom random;
    const auto ring = KeyRing::open(folder.path(), random, 0).value();
    const auto first = ring->take().value(), second = ring->take().value();
    const Bytes old_file = read_file(folder.path() / "vault").value();
    const Bytes old_root = read_file(folder.path() / "root").value();
    const uint32_t gone[] = {first.number};
    ASSERT_TRUE(ring->destroy(gone));
    ASSERT_TRUE(ring->destroy_epoch());
    EXPECT_EQ(ring->epoch(), 2u);
    // Nothing that is left opens the old file, and the new one has no such key.
    const Bytes new_root = read_file(folder.path() / "root").value();
    EXPECT_EQ(new_root.find(old_root.substr(old_root.size() - 32)), Bytes::npos);
    const auto again = KeyRing::open(folder.path(), random, 0).value();
    EXPECT_EQ(again->find(first.number).error().code, ErrorCode::erased);
    EXPECT_EQ(again->find(second.number).value(), second.key);
    EXPECT_EQ(again->size(), kPoolKeys - 1);
    ASSERT_TRUE(write_file_atomic(folder.path() / "vault", old_file));
    EXPECT_EQ(KeyRing::open(folder.path(), random, 0).error().code, ErrorCode::corrupt);
}

TEST(KeyRing, ABrokenFileIsNeverTakenForAnEmptyOne) {
    testing::TempFolder folder;
    SystemRandom random;
    ASSERT_TRUE(KeyRing::open(folder.path(), random, 0).value()->take());
    const Bytes good = read_file(folder.path() / "vault").value();
    for (size_t length = 0; length < good.size(); length += 97) {
        ASSERT_TRUE(write_file_atomic(folder.path() / "vault", BytesView(good).substr(0, length)));
        EXPECT_FALSE(KeyRing::open(folder.path(), random, 0));
    }
    ASSERT_TRUE(write_file_atomic(folder.path() / "vault", good));
    std::filesystem::remove(folder.path() / "root");
    EXPECT_FALSE(KeyRing::open(folder.path(), random, 0));
}

TEST(Vault, ARestartNeverGivesAStoredKeyOutAgain) {
    Fixture f;
    std::set<uint32_t> used;
    for (int round = 0; round < 5; ++round) {
        for (int i = 0; i < 3; ++i) {
            const SealedBody body = f.vault->seal_blob("blob", Vault::BlobKey::own).value();
            EXPECT_TRUE(used.insert(body.key_number).second) << body.key_number;
            f.store(body);
        }
        f.reopen();
    }
    for (uint32_t i = 0; i < kPoolKeys + 10; ++i)
        EXPECT_TRUE(used.insert(f.vault->seal_blob("b", Vault::BlobKey::own)->key_number).second);
}

TEST(Vault, OpensNothingInAnotherPlace) {
    Fixture f;
    const SealedBody own = f.vault->seal_blob("letter", Vault::BlobKey::own).value();
    const SealedBody one = f.vault->seal_blob("message", Vault::BlobKey::shared).value();
    const SealedBody two = f.vault->seal_blob("message", Vault::BlobKey::shared).value();
    EXPECT_EQ(one.key_number, two.key_number);
    EXPECT_EQ(f.vault->unseal_blob(Form::shared_blob, one.id, one.bytes).value(), "message");
    EXPECT_EQ(f.vault->unseal_blob(Form::shared_blob, one.id, two.bytes).error().code, ErrorCode::corrupt);
    EXPECT_FALSE(f.vault->unseal_blob(Form::blob, one.id, one.bytes));
    EXPECT_FALSE(f.vault->unseal_segment(own.id, own.bytes));
    EXPECT_EQ(f.vault->erase_body(Form::shared_blob, one.bytes).error().code, ErrorCode::conflict);
    for (size_t length = 0; length < own.bytes.size(); ++length)
        EXPECT_FALSE(f.vault->unseal_blob(Form::blob, own.id, BytesView(own.bytes).substr(0, length)));
    f.store(own);
    f.store(one);
    f.reopen("other.example");
    EXPECT_EQ(f.vault->unseal_blob(Form::blob, own.id, own.bytes).error().code, ErrorCode::corrupt);
}

TEST(Vault, RefusesSegmentsThatAreTooLarge) {
    Fixture f;
    EXPECT_FALSE(f.vault->seal_segment({}));
    EXPECT_FALSE(f.vault->seal_segment(std::vector<Bytes>(kSegmentItemsMax + 1)));
    EXPECT_TRUE(f.vault->seal_segment(std::vector<Bytes>(kSegmentItemsMax)));
}

}  // namespace
}  // namespace gongzhi::vault
