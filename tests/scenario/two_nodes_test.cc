// Loop 1 (submit) and the exchange below it, between an authority and a platform.
#include "merkle/policy.h"
#include "party.h"

namespace gongzhi::scenario {
namespace {

using exchange::PartyRole;

// Submits at the platform; the entry's index, or a failed test.
EntryIndex submitted(Pair& pair, const std::string& type, const Bytes& body) {
    const auto result = pair.platform.node().intake().submit(kClerk, submission(type, body));
    EXPECT_TRUE(result && result->stored()) << (result ? "refused" : result.error().describe());
    return result ? result->index : EntryIndex();
}

TEST(TwoNodes, AdmissionIsInBothLedgersAndACodeIsGoodOnce) {
    Pair pair;
    const auto receipt = pair.authority.verify(pair.admission_receipt);
    ASSERT_TRUE(receipt) << receipt.error().describe();
    EXPECT_EQ(receipt->statement.kind, "party.admitted");
    EXPECT_TRUE(receipt->simulated());
    ASSERT_TRUE(pair.settle());
    EXPECT_EQ(pair.authority.count("party WHERE party = 'platform-y' AND role = 'platform'"), 1);
    EXPECT_EQ(pair.platform.count("party WHERE party = 'authority-x' AND role = 'authority'"), 1);
    EXPECT_EQ(pair.authority.node().admission().invite(kAdministrator, pair.platform.id()).error().code,
              ErrorCode::conflict);

    auto& admission = pair.authority.node().admission();
    const auto invitation = admission.invite(kAdministrator, PartyId("platform-z")).value();
    Party other("platform-q", PartyRole::platform, pair.clock);
    const auto refused =
        other.node().admission().join(kAdministrator, invitation.url, invitation.code, invitation.fingerprint);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("403"), std::string::npos) << refused.error().describe();
    EXPECT_FALSE(pair.authority.node().peers().find(other.id()));
}

TEST(TwoNodes, AWrongFingerprintIsNoticedBeforeAnythingIsRecorded) {
    SharedClock clock;
    Party authority("authority-x", PartyRole::authority, clock), platform("platform-y", PartyRole::platform, clock);
    const auto invitation = authority.node().admission().invite(kAdministrator, platform.id()).value();
    const auto joined = platform.node().admission().join(kAdministrator, invitation.url, invitation.code, "0000 0000");
    ASSERT_FALSE(joined);
    EXPECT_EQ(joined.error().code, ErrorCode::signature_invalid);
    EXPECT_FALSE(platform.node().peers().find(authority.id()));
}

TEST(TwoNodes, TwoAuthoritiesOrTwoClocksDoNotMeet) {
    SharedClock clock;
    Party authority("authority-x", PartyRole::authority, clock), second("authority-w", PartyRole::authority, clock);
    const auto invitation = authority.node().admission().invite(kAdministrator, second.id()).value();
    EXPECT_FALSE(
        second.node().admission().join(kAdministrator, invitation.url, invitation.code, invitation.fingerprint));
    EXPECT_TRUE(authority.node().peers().all().empty());
}

TEST(TwoNodes, WhatAPlatformLoadsIsCommittedAtTheAuthorityAndNothingElseLeaves) {
    Pair pair;
    const EntryIndex sales = submitted(pair, "sale", sale_line("A-1") + sale_line("A-2"));
    submitted(pair, "offer", offer_line("O-1"));
    submitted(pair, "trader", trader_line("T-1"));
    ASSERT_TRUE(pair.settle());
    EXPECT_EQ(pair.platform.count_records("sale"), 2);
    EXPECT_EQ(pair.platform.count("submission"), 3);
    EXPECT_EQ(pair.authority.count("message WHERE direction = 'received' AND type = 'commitment'"), 3);
    EXPECT_EQ(pair.authority.count("message WHERE direction = 'received' AND type <> 'commitment'"), 0);
    for (const char* type : {"sale", "offer", "trader"}) EXPECT_EQ(pair.authority.count_records(type), 0) << type;

    // The root that the authority holds is the one in the platform's own ledger.
    const auto said = pair.platform.node().ledger().read(sales)->statement().value();
    const sql::Table sent =
        pair.platform.affairs("SELECT message_id FROM message WHERE direction = 'sent' ORDER BY seq");
    const auto receipt = pair.authority.verify(
        pair.platform.node().outbox().delivery_receipt(MessageId(sql::text_of(sent.rows[0][0]))).value());
    ASSERT_TRUE(receipt) << receipt.error().describe();
    EXPECT_EQ(receipt->header->record_root, said.record_root);
    EXPECT_EQ(receipt->statement.kind, "received.commitment");
    EXPECT_TRUE(pair.platform.node().outbox().pending()->empty());
}

TEST(TwoNodes, TradersGoOnwardWithTheSameRootAndSalesStay) {
    Pair pair;
    const EntryIndex traders = submitted(pair, "trader", trader_line("T-1") + trader_line("T-2", "S-2"));
    const EntryIndex sales = submitted(pair, "sale", sale_line("A-1"));
    auto& node = pair.platform.node();
    ASSERT_TRUE(node.submit_onward(kClerk, traders, pair.authority.id()));
    EXPECT_EQ(node.submit_onward(kClerk, traders, pair.authority.id()).error().code, ErrorCode::conflict);
    EXPECT_EQ(node.submit_onward(kClerk, sales, pair.authority.id()).error().code, ErrorCode::blocked);
    ASSERT_TRUE(pair.settle());

    EXPECT_EQ(pair.authority.count_records("trader WHERE party = 'platform-y' AND contact_token IS NOT NULL"), 2);
    EXPECT_EQ(pair.authority.count_records("sale"), 0);
    const auto root = [](Party& party) {
        return sql::text_of(
            party.affairs("SELECT record_root FROM submission WHERE record_type = 'trader'").rows.at(0).at(0));
    };
    EXPECT_EQ(root(pair.authority), root(pair.platform));
    // Tokens never leave a node: the same value has another one here.
    const auto token = [](Party& party) {
        return sql::text_of(party.records("SELECT contact_token FROM trader WHERE trader_id = 'T-1'").rows.at(0).at(0));
    };
    EXPECT_NE(token(pair.authority), token(pair.platform));
}

TEST(TwoNodes, ACorrectionThatGoesOnwardClosesTheOldRowThere) {
    Pair pair;
    const EntryIndex first = submitted(pair, "trader", trader_line("T-1", "S-1"));
    ASSERT_TRUE(pair.platform.node().submit_onward(kClerk, first, pair.authority.id()));
    auto correction = submission("trader", trader_line("T-1", "S-9"));
    correction.corrects = true;
    const auto corrected = pair.platform.node().intake().submit(kClerk, correction).value();
    EXPECT_EQ(corrected.corrected, 1u);
    ASSERT_TRUE(pair.platform.node().submit_onward(kClerk, corrected.index, pair.authority.id()));
    ASSERT_TRUE(pair.settle());
    EXPECT_EQ(pair.authority.count_records("store.trader"), 2);
    EXPECT_EQ(pair.authority.count_records("trader WHERE shop = 'S-9'"), 1);
    EXPECT_EQ(pair.authority.count_records("trader WHERE shop = 'S-1'"), 0);
}

TEST(TwoNodes, MessagesWaitForAPeerThatIsDownAndSurviveTheSendersRestart) {
    Pair pair;
    ASSERT_TRUE(pair.settle());
    pair.authority.close_door();
    for (int i = 0; i < 5; ++i) submitted(pair, "sale", sale_line(fmt::format("A-{}", i)));
    ASSERT_TRUE(pair.platform.settle());
    EXPECT_FALSE(pair.platform.node().outbox().wait_delivered(pair.authority.id(), kMicrosPerSecond));
    EXPECT_EQ(pair.platform.node().outbox().pending()->size(), 5u);
    EXPECT_FALSE(pair.platform.node().outbox().pending()->at(0).last_problem.empty());
    pair.platform.stop();
    pair.platform.start();
    EXPECT_EQ(pair.platform.node().outbox().pending()->size(), 5u);
    submitted(pair, "offer", offer_line("O-1"));
    pair.authority.open_door();
    ASSERT_TRUE(pair.settle());
    EXPECT_EQ(pair.authority.count("message WHERE direction = 'received' AND type = 'commitment'"), 6);
    // In order and without gaps, as the sender numbered them.
    const sql::Table seqs =
        pair.authority.affairs("SELECT seq FROM message WHERE direction = 'received' ORDER BY entry");
    for (size_t i = 0; i < seqs.rows.size(); ++i)
        EXPECT_EQ(sql::integer_of(seqs.rows[i][0]), static_cast<int64_t>(i + 1));
}

TEST(TwoNodes, EachSideCosignsTheOthersLogAndReceiptsProveIt) {
    Pair pair;
    const EntryIndex sales = submitted(pair, "sale", sale_line("A-1"));
    ASSERT_TRUE(pair.settle());
    const auto proved = [](Party& side, Party& witness, EntryIndex index) {
        ASSERT_TRUE(side.node().ledger().checkpoint_now());
        ASSERT_TRUE(side.node().witnessing().ask_all());
        const auto receipt = side.node().ledger().receipt(index);
        ASSERT_TRUE(receipt) << receipt.error().describe();
        const auto policy =
            merkle::Policy::parse(fmt::format("log {}\nwitness w {}\nquorum w\n", side.node().self().log_key,
                                              witness.node().self().witness_key))
                .value();
        const auto verified = ledger::verify_receipt(*receipt, policy);
        ASSERT_TRUE(verified) << verified.error().describe();
        EXPECT_EQ(verified->stage, ledger::Receipt::Stage::proved);
        EXPECT_EQ(verified->cosigners.size(), 1u);
    };
    proved(pair.platform, pair.authority, sales);
    const auto received = pair.authority.affairs("SELECT entry FROM message WHERE type = 'commitment'");
    proved(pair.authority, pair.platform,
           EntryIndex(static_cast<uint64_t>(sql::integer_of(received.rows.at(0).at(0)))));
}

TEST(TwoNodes, TablesAreMadeAgainFromTheJournal) {
    Pair pair;
    const EntryIndex traders = submitted(pair, "trader", trader_line("T-1"));
    ASSERT_TRUE(pair.platform.node().submit_onward(kClerk, traders, pair.authority.id()));
    submitted(pair, "sale", sale_line("A-1") + sale_line("A-2"));
    ASSERT_TRUE(pair.settle());
    ASSERT_TRUE(pair.platform.node().intake().erase_record(kEngineer, "sale", "S-1/A-1", "asked for"));
    ASSERT_TRUE(pair.settle());
    for (Party* party : {&pair.authority, &pair.platform}) {
        const Json before = party->node().table_digests().value();
        party->stop();
        ASSERT_TRUE(node::Node::drop_tables(party->folder()));
        party->start();
        ASSERT_TRUE(party->settle());
        EXPECT_EQ(party->node().table_digests().value(), before) << party->id().value;
    }
}

}  // namespace
}  // namespace gongzhi::scenario
