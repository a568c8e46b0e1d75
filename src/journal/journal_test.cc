// The journal: concurrent appends, claims inside one batch and across batches, restart, tiles against a naive tree, the
// signed head.
#include "journal/journal.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <set>
#include <thread>

#include "base/bytes.h"
#include "base/file.h"
#include "base/random.h"
#include "merkle/hash.h"
#include "testing/temp_folder.h"

namespace gongzhi::journal {
namespace {

std::unique_ptr<Journal> open_journal(const std::filesystem::path& folder) {
    Options options;
    options.folder = folder;
    auto journal = Journal::open(std::move(options));
    EXPECT_TRUE(journal) << (journal ? "" : journal.error().describe());
    return journal ? *std::move(journal) : nullptr;
}

Draft draft_of(BytesView entry) {
    Draft draft;
    draft.leaf_entry = entry;
    draft.stored = fmt::format("detail of {}", entry);
    return draft;
}

Claim claim_of(uint8_t key, uint8_t content, Claim::OnTaken on_taken = Claim::OnTaken::refuse) {
    Claim claim;
    claim.key.fill(key);
    claim.content.fill(content);
    claim.on_taken = on_taken;
    return claim;
}

TEST(Journal, AppendsReadsAndRestarts) {
    testing::TempFolder folder;
    std::vector<Digest> leaves;
    {
        const auto journal = open_journal(folder.path());
        EXPECT_EQ(journal->root(), merkle::empty_root());
        for (int i = 0; i < 600; ++i) {
            Draft draft = draft_of(fmt::format("entry {}", i));
            draft.bodies.push_back({1, 0, fmt::format("body {}", i)});
            draft.bodies.push_back({1, 1, Bytes(5'000, 'b')});
            const Outcome outcome = journal->append(std::move(draft));
            ASSERT_TRUE(outcome);
            EXPECT_EQ(outcome->index.value, static_cast<uint64_t>(i));
            leaves.push_back(outcome->leaf_hash);
            EXPECT_EQ(
                merkle::root_from_inclusion(EntryIndex(outcome->position.offset), TreeSize(outcome->position.count),
                                            outcome->leaf_hash, outcome->position.path)
                    .value(),
                outcome->position.batch_root);
        }
    }
    const auto journal = open_journal(folder.path());
    EXPECT_EQ(journal->size().value, 600u);
    EXPECT_EQ(journal->root(), merkle::root_of(leaves));
    EXPECT_EQ(journal->read_entry(EntryIndex(77))->leaf_entry, "entry 77");
    EXPECT_EQ(journal->read_entry(EntryIndex(77))->stored, "detail of entry 77");
    EXPECT_EQ(journal->read_body(EntryIndex(599), 1, 1).value(), Bytes(5'000, 'b'));
    EXPECT_EQ(journal->read_body(EntryIndex(599), 1, 2).error().code, ErrorCode::not_found);
    EXPECT_EQ(journal->read_entry(EntryIndex(600)).error().code, ErrorCode::not_found);
    for (const uint64_t size : {1u, 255u, 256u, 257u, 511u, 512u, 600u}) {
        const std::vector<Digest> part(leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(journal->root_at(TreeSize(size)).value(), merkle::root_of(part));
        const EntryIndex last(size - 1);
        EXPECT_EQ(journal->leaf_hash(last).value(), leaves[size - 1]);
        EXPECT_TRUE(merkle::verify_inclusion(last, TreeSize(size), leaves[size - 1],
                                             journal->prove_inclusion(last, TreeSize(size)).value(),
                                             merkle::root_of(part)));
        EXPECT_TRUE(merkle::verify_consistency({TreeSize(size), merkle::root_of(part)}, journal->head(),
                                               journal->prove_consistency(TreeSize(size), TreeSize(600)).value()));
    }
    EXPECT_EQ(journal->read_tile({0, 2, 89}).error().code, ErrorCode::not_found);
    EXPECT_EQ(journal->read_tile({1, 0, 2})->size(), 64u);
    std::vector<uint32_t> numbers;
    EXPECT_TRUE(journal->visit_bodies(EntryIndex(3), [&](uint8_t, uint32_t number, BytesView) {
        numbers.push_back(number);
        return Status();
    }));
    EXPECT_EQ(numbers, (std::vector<uint32_t>{0, 1}));
}

TEST(Journal, DecidesClaimsInOrder) {
    testing::TempFolder folder;
    const auto journal = open_journal(folder.path());
    constexpr auto kRepeat = Claim::OnTaken::same_content_is_duplicate;
    Draft first = draft_of("first");
    first.claims = {claim_of(1, 1, kRepeat), claim_of(2, 2)};
    ASSERT_TRUE(journal->append(first));
    const Outcome again = journal->append(first);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->duplicate);
    EXPECT_EQ(again->index.value, 0u);
    EXPECT_EQ(again->leaf_hash, merkle::leaf_hash("first"));
    Draft other = draft_of("other");
    other.claims = {claim_of(3, 3), claim_of(1, 9, kRepeat)};
    const Outcome clash = journal->append(other);
    EXPECT_EQ(clash.error().code, ErrorCode::duplicate);
    EXPECT_EQ(clash.refusal->claim, 1u);
    EXPECT_EQ(clash.refusal->holder.value, 0u);
    other.claims = {claim_of(2, 2)};
    EXPECT_EQ(journal->append(other).error().code, ErrorCode::conflict);
    other.claims = {claim_of(5, 1), claim_of(5, 1)};
    EXPECT_EQ(journal->append(other).error().code, ErrorCode::duplicate);
    EXPECT_EQ(journal->size().value, 1u);
    const std::vector<ClaimBytes> keys = {claim_of(9, 0).key, claim_of(2, 0).key, claim_of(1, 0).key,
                                          claim_of(2, 0).key};
    const auto holders = journal->find_claims(keys).value();
    EXPECT_FALSE(holders[0]);
    EXPECT_EQ(holders[1]->content, claim_of(0, 2).content);
    EXPECT_EQ(holders[2]->index.value, 0u);
    EXPECT_TRUE(holders[3]);
    EXPECT_FALSE(journal->find_claims(std::vector{claim_of(3, 3).key}).value()[0]) << "a refused draft claims nothing";
}

// Queued together they land in one group commit: the first wins, the rest see it.
TEST(Journal, DecidesClaimsInsideOneBatch) {
    testing::TempFolder folder;
    const auto journal = open_journal(folder.path());
    std::atomic<int> appended = 0, refused = 0, repeated = 0;
    std::vector<std::promise<void>> done(200);
    for (size_t i = 0; i < done.size(); ++i) {
        Draft draft = draft_of(fmt::format("entry {}", i));
        const bool repeat = i % 2 == 0;
        draft.claims = {claim_of(static_cast<uint8_t>(i % 10), 7,
                                 repeat ? Claim::OnTaken::same_content_is_duplicate : Claim::OnTaken::refuse)};
        journal->append_async(std::move(draft), [&, i](Outcome outcome) {
            if (outcome && outcome->duplicate)
                ++repeated;
            else if (outcome)
                ++appended;
            else
                ++refused;
            done[i].set_value();
        });
    }
    for (auto& each : done) each.get_future().wait();
    EXPECT_EQ(appended, 10);
    EXPECT_EQ(repeated, 95);
    EXPECT_EQ(refused, 95);
    EXPECT_EQ(journal->size().value, 10u);
    EXPECT_LT(journal->counters().batches, 100u);
}

TEST(Journal, ManyThreadsShareFsyncs) {
    testing::TempFolder folder;
    const auto journal = open_journal(folder.path());
    constexpr int kThreads = 64, kEach = 40;
    const Counters before = journal->counters();
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::vector<uint64_t>> indexes(kThreads);
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < kThreads; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < kEach; ++i)
                    indexes[static_cast<size_t>(t)].push_back(
                        journal->append(draft_of(fmt::format("{}/{}", t, i)))->index.value);
            });
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const Counters after = journal->counters();
    RecordProperty("entries_per_second", std::to_string(kThreads * kEach / seconds));
    std::printf("%d threads: %.0f entries/s, %.1f entries a batch, %.2f fsyncs a batch\n", kThreads,
                kThreads * kEach / seconds, double(kThreads * kEach) / double(after.batches - before.batches),
                double(after.fsyncs - before.fsyncs) / double(after.batches - before.batches));
    EXPECT_EQ(after.entries, static_cast<uint64_t>(kThreads * kEach));
    EXPECT_LE(after.fsyncs - before.fsyncs, (after.batches - before.batches) * 13 / 10 + 1);
    std::set<uint64_t> all;
    for (const auto& each : indexes) {
        EXPECT_TRUE(std::is_sorted(each.begin(), each.end()));
        all.insert(each.begin(), each.end());
    }
    EXPECT_EQ(all.size(), static_cast<size_t>(kThreads * kEach));
    EXPECT_EQ(*all.rbegin(), static_cast<uint64_t>(kThreads * kEach - 1));
    EXPECT_TRUE(journal->wait_for_size(TreeSize(kThreads * kEach), 0));
    EXPECT_FALSE(journal->wait_for_size(TreeSize(kThreads * kEach + 1), 1'000));
}

TEST(Journal, LocalWritesAreAtomicAndConditional) {
    testing::TempFolder folder;
    const auto journal = open_journal(folder.path());
    ASSERT_TRUE(journal->write_local({{"a/1", "x"}, {"a/2", "y"}, {"b", "z"}}));
    EXPECT_EQ(journal->write_local({{"a/1", "w"}}, {{"a/2", "not y"}}).error().code, ErrorCode::conflict);
    EXPECT_EQ(journal->read_local("a/1").value(), "x");
    ASSERT_TRUE(journal->write_local({{"a/1", std::nullopt}}, {{"a/2", "y"}, {"c", std::nullopt}}));
    EXPECT_FALSE(journal->read_local("a/1").value());
    Draft draft = draft_of("entry");
    draft.local = {{"a/3", "in the entry's batch"}};
    draft.conditions = {{"a/1", "x"}};
    EXPECT_EQ(journal->append(draft).error().code, ErrorCode::conflict);
    draft.conditions = {};
    ASSERT_TRUE(journal->append(draft));
    std::vector<Bytes> keys;
    ASSERT_TRUE(journal->visit_local("a/", 10, [&](BytesView key, BytesView) {
        keys.emplace_back(key);
        return Status();
    }));
    EXPECT_EQ(keys, (std::vector<Bytes>{"a/2", "a/3"}));
}

// Erasure: an entry's draft replaces one body of an earlier entry and deletes another.
TEST(Journal, ADraftRewritesEarlierBodies) {
    testing::TempFolder folder;
    const auto journal = open_journal(folder.path());
    Draft first = draft_of("first");
    first.bodies = {{1, 0, "old"}, {1, 1, "goes"}};
    ASSERT_TRUE(journal->append(first));
    Draft trace = draft_of("trace");
    trace.bodies = {{1, 0, "new", EntryIndex(0)}};
    trace.deletes = {{EntryIndex(0), 1, 1}};
    ASSERT_TRUE(journal->append(trace));
    EXPECT_EQ(journal->read_body(EntryIndex(0), 1, 0).value(), "new");
    EXPECT_FALSE(journal->read_body(EntryIndex(0), 1, 1));
}

TEST(Journal, RefusesWhatDoesNotFit) {
    testing::TempFolder folder;
    const auto journal = open_journal(folder.path());
    EXPECT_EQ(journal->append(draft_of("")).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(journal->append(draft_of(Bytes(65'536, 'e'))).error().code, ErrorCode::invalid_argument);
    EXPECT_TRUE(journal->append(draft_of(Bytes(65'535, 'e'))));
}

TEST(Journal, NeverOpensBelowOrBesideItsSignedHead) {
    testing::TempFolder folder;
    merkle::TreeHead head;
    {
        const auto journal = open_journal(folder.path());
        for (int i = 0; i < 300; ++i) ASSERT_TRUE(journal->append(draft_of(fmt::format("{}", i))));
        head = journal->head();
        EXPECT_EQ(journal->record_signed_head({TreeSize(301), head.root}, "note").error().code, ErrorCode::conflict);
        EXPECT_EQ(journal->record_signed_head({TreeSize(299), head.root}, "note").error().code, ErrorCode::conflict);
        ASSERT_TRUE(journal->record_signed_head(head, "note"));
        EXPECT_EQ(
            journal->record_signed_head({TreeSize(10), journal->root_at(TreeSize(10)).value()}, "note").error().code,
            ErrorCode::conflict);
    }
    Options options;
    options.folder = folder.path();
    EXPECT_EQ(Journal::open(options).value()->signed_head()->note, "note");
    const Bytes good = read_file(folder.path() / "head").value();
    Bytes smaller = good;  // pretends that 310 were signed
    smaller.replace(smaller.find("300"), 3, "310");
    ASSERT_TRUE(write_file_atomic(folder.path() / "head", smaller));
    EXPECT_NE(Journal::open(options).error().message.find("fewer than the 310"), std::string::npos);
    Bytes different = good;
    different.replace(different.find("300"), 3, "299");
    ASSERT_TRUE(write_file_atomic(folder.path() / "head", different));
    EXPECT_NE(Journal::open(options).error().message.find("differs from the last signed head"), std::string::npos);
    for (size_t length = 0; length < good.size(); length += 16) {
        ASSERT_TRUE(write_file_atomic(folder.path() / "head", BytesView(good).substr(0, length)));
        EXPECT_EQ(Journal::open(options).error().code, ErrorCode::corrupt);
    }
    ASSERT_TRUE(write_file_atomic(folder.path() / "head", good));
    EXPECT_TRUE(Journal::open(options));
}

TEST(Journal, ReadOnlyReadsAndRefusesToWrite) {
    testing::TempFolder folder;
    { ASSERT_TRUE(open_journal(folder.path())->append(draft_of("entry"))); }
    const auto journal = Journal::open_read_only(folder.path()).value();
    EXPECT_EQ(journal->size().value, 1u);
    EXPECT_EQ(journal->append(draft_of("more")).error().code, ErrorCode::unsupported);
    EXPECT_EQ(journal->write_local({{"a", "b"}}).error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace gongzhi::journal
