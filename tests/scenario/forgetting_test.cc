// What must be forgotten is forgotten everywhere: records, files as received, the messages that carried them, old keys.
#include "base/file.h"
#include "party.h"
#include "vault/recovery.h"

namespace gongzhi::scenario {
namespace {

struct TakenIn : Pair {
    EntryIndex traders;
    MessageId message;

    TakenIn() {
        traders = platform.node().intake().submit(kClerk, submission("trader", trader_line("T-1"))).value().index;
        message = platform.node().submit_onward(kClerk, traders, authority.id()).value().id;
        EXPECT_TRUE(settle());
    }
    // Of the message's body, at one of the two sides.
    ErrorCode body_error(Party& party) {
        const EntryIndex index = party.node().entry_of_message(message).value();
        const auto entry = party.node().ledger().read(index).value();
        const auto body = party.node().ledger().read_blob(entry, ledger::Part::message_body, 0);
        return body ? ErrorCode::internal : body.error().code;
    }
};

TEST(Forgetting, AnErasureReachesTheMessagesOnBothSides) {
    TakenIn pair;
    EXPECT_EQ(pair.body_error(pair.platform), ErrorCode::internal) << "still readable";
    ASSERT_TRUE(pair.platform.node().intake().erase_record(kEngineer, "trader", "T-1", "asked for"));
    EXPECT_EQ(pair.body_error(pair.platform), ErrorCode::erased);
    EXPECT_EQ(pair.authority.count_records("trader WHERE contact_token IS NOT NULL"), 1);

    auto& intake = pair.authority.node().intake();
    EXPECT_EQ(intake.erase_record(kEngineer, "trader", "T-1", "asked for").error().code, ErrorCode::not_found)
        << "it is the platform's record, not the authority's own";
    ASSERT_TRUE(intake.erase_record(kEngineer, "trader", "T-1", "asked for", pair.platform.id()));
    EXPECT_EQ(pair.body_error(pair.authority), ErrorCode::erased);
    ASSERT_TRUE(pair.settle());
    for (Party* party : {&pair.platform, &pair.authority})
        EXPECT_EQ(party->count_records("trader WHERE contact_token IS NOT NULL"), 0);
}

TEST(Forgetting, WhileAMessageIsOnItsWayNothingIsErased) {
    Pair pair;
    auto& node = pair.platform.node();
    const EntryIndex traders = node.intake().submit(kClerk, submission("trader", trader_line("T-1"))).value().index;
    pair.authority.close_door();
    ASSERT_TRUE(node.submit_onward(kClerk, traders, pair.authority.id()));
    EXPECT_EQ(node.intake().erase_record(kEngineer, "trader", "T-1", "asked for").error().code, ErrorCode::busy);
    pair.authority.open_door();
    ASSERT_TRUE(pair.settle());
    EXPECT_TRUE(node.intake().erase_record(kEngineer, "trader", "T-1", "asked for"));
}

TEST(Forgetting, TheEndOfADayDiscardsWhatIsDueAndChangesTheRootKey) {
    TakenIn pair;
    const auto root_file = [&] { return read_file(pair.platform.folder() / "keys" / "root").value(); };
    const Bytes before = root_file();
    pair.clock.clock->advance(kMicrosPerDay);
    ASSERT_TRUE(pair.settle());
    const auto original_error = [&] {
        const auto entry = pair.platform.node().ledger().read(pair.traders).value();
        const auto body = pair.platform.node().ledger().read_blob(entry, ledger::Part::original, 0);
        return body ? ErrorCode::internal : body.error().code;
    };
    for (int i = 0; i < 100 && root_file() == before; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_NE(root_file(), before);
    EXPECT_EQ(pair.body_error(pair.platform), ErrorCode::erased);
    EXPECT_EQ(original_error(), ErrorCode::internal) << "the file as received has thirty days";
    pair.clock.clock->advance(31 * kMicrosPerDay);
    for (int i = 0; i < 100 && original_error() == ErrorCode::internal; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_EQ(original_error(), ErrorCode::erased);
    pair.platform.stop();
    pair.platform.start();
    EXPECT_TRUE(pair.settle()) << "a start opens what is left under the new root key";
}

TEST(Forgetting, WhatWasLoadedBeforeJoiningIsCommittedAfterwards) {
    SharedClock clock;
    Party authority("authority-x", exchange::PartyRole::authority, clock),
        platform("platform-y", exchange::PartyRole::platform, clock);
    ASSERT_TRUE(platform.node().intake().submit(kClerk, submission("sale", sale_line("A-1"))));
    ASSERT_TRUE(platform.settle());
    const auto invitation = authority.node().admission().invite(kAdministrator, platform.id()).value();
    ASSERT_TRUE(
        platform.node().admission().join(kAdministrator, invitation.url, invitation.code, invitation.fingerprint));
    ASSERT_TRUE(platform.settle() && platform.node().outbox().wait_delivered(authority.id(), kPatience));
    ASSERT_TRUE(authority.settle());
    EXPECT_EQ(authority.count("message WHERE direction = 'received' AND type = 'commitment'"), 1);
}

TEST(Forgetting, ALostRootKeyComesBackWithBothCustodiansOnly) {
    Pair pair;
    SystemRandom random;
    const auto one = crypto::BoxKeyPair::generate(random), other = crypto::BoxKeyPair::generate(random),
               third = crypto::BoxKeyPair::generate(random);
    const auto keys = pair.platform.folder() / "keys";
    ASSERT_TRUE(vault::set_custodians(keys, one.public_key, other.public_key));
    auto& node = pair.platform.node();
    ASSERT_TRUE(node.intake().submit(kClerk, submission("trader", trader_line("T-1"))));
    ASSERT_TRUE(node.ledger().vault().destroy_epoch());  // the first epoch that has custodians
    EXPECT_EQ(vault::recovery_tested(keys).value(), std::nullopt);
    EXPECT_TRUE(vault::test_recovery(keys, other, one, civil_date(2026, 3, 2)));
    EXPECT_EQ(vault::recovery_tested(keys).value(), civil_date(2026, 3, 2));
    EXPECT_EQ(vault::test_recovery(keys, one, third, civil_date(2026, 3, 3)).error().code, ErrorCode::corrupt);
    EXPECT_EQ(vault::restore_root(keys, one, other).error().code, ErrorCode::conflict) << "it is not lost";
    ASSERT_TRUE(pair.settle());
    pair.platform.stop();
    std::filesystem::remove(keys / "root");
    EXPECT_EQ(vault::restore_root(keys, one, one).error().code, ErrorCode::corrupt);
    ASSERT_TRUE(vault::restore_root(keys, one, other));
    pair.platform.start();
    EXPECT_TRUE(pair.platform.node().intake().erase_record(kEngineer, "trader", "T-1", "asked for"));
}

}  // namespace
}  // namespace gongzhi::scenario
