// What a stranger, a repeater and a platform that breaks the protocol get at the authority's inbox.
#include "forger.h"

namespace gongzhi::scenario {
namespace {

// A pair of which the platform has sent one commitment.
struct Exchanged : Pair {
    Forger forger{platform, authority};
    exchange::IncomingMessage first;

    Exchanged() {
        EXPECT_TRUE(platform.node().intake().submit(kClerk, submission("sale", sale_line("A-1"))));
        EXPECT_TRUE(settle());
        first = authority.captured();
    }
    TreeSize size() { return authority.node().ledger().journal().size(); }
};

TEST(Replay, ACapturedRequestIsRefusedAndTheSameMessageSignedAnewIsAnsweredAsBefore) {
    Exchanged pair;
    const TreeSize before = pair.size();
    const auto replayed = pair.authority.deliver(pair.first);
    ASSERT_FALSE(replayed);
    EXPECT_EQ(replayed.error().code, ErrorCode::replayed);

    const auto claim = exchange::read_signature(pair.first.request, pair.first.body, pair.clock.clock->now()).value();
    const auto again = pair.forger.sign(claim.message, pair.first.body, pair.first.request.content_type);
    const auto receipt = pair.authority.deliver(again);
    ASSERT_TRUE(receipt) << receipt.error().describe();
    const auto verified = pair.authority.verify(*receipt);
    ASSERT_TRUE(verified) << verified.error().describe();
    const auto sent = pair.platform.affairs("SELECT message_id FROM message WHERE direction = 'sent'");
    const auto original = pair.authority.verify(
        pair.platform.node().outbox().delivery_receipt(MessageId(sql::text_of(sent.rows.at(0).at(0)))).value());
    EXPECT_EQ(verified->index, original->index);
    EXPECT_EQ(verified->opening.bytes(), original->opening.bytes());
    // The second signature is used up too.
    EXPECT_EQ(pair.authority.deliver(again).error().code, ErrorCode::replayed);
    EXPECT_EQ(pair.size(), before);
}

TEST(Replay, ARestartForgetsNoNonce) {
    Exchanged pair;
    pair.authority.stop();
    pair.authority.start();
    EXPECT_EQ(pair.authority.deliver(pair.first).error().code, ErrorCode::replayed);
}

TEST(Replay, NumbersOnlyGrowAndAGapIsOnRecord) {
    Exchanged pair;
    EXPECT_EQ(pair.forger.refusal(pair.forger.header(1)), ErrorCode::conflict);
    EXPECT_EQ(pair.forger.refusal(pair.forger.header(0)), ErrorCode::conflict);
    const auto receipt = pair.forger.send(pair.forger.header(5));
    ASSERT_TRUE(receipt) << receipt.error().describe();
    const auto verified = pair.authority.verify(*receipt).value();
    EXPECT_EQ(verified.statement.trace, (Json{{"missing_from_seq", 2}, {"missing_until_seq", 4}}));
    EXPECT_EQ(pair.forger.refusal(pair.forger.header(3)), ErrorCode::conflict);
}

TEST(Replay, TheSameIdWithOtherContentIsRefused) {
    Exchanged pair;
    auto header = pair.forger.header(2);
    ASSERT_TRUE(pair.forger.send(header));
    header.seq = 3;
    EXPECT_EQ(pair.forger.refusal(header), ErrorCode::duplicate);
}

TEST(Replay, StrangersAndForeignWordsAreRefusedBeforeTheyAreLogged) {
    Exchanged pair;
    const TreeSize before = pair.size();
    auto header = pair.forger.header(2);
    header.from = PartyId("platform-z");
    EXPECT_EQ(pair.forger.refusal(header), ErrorCode::forbidden);
    header = pair.forger.header(2);
    header.to = PartyId("authority-w");
    EXPECT_EQ(pair.forger.refusal(header), ErrorCode::forbidden);
    header = pair.forger.header(2);
    header.type = "request";
    EXPECT_EQ(pair.forger.refusal(header), ErrorCode::forbidden);
    header = pair.forger.header(2, "other");
    EXPECT_EQ(pair.forger.refusal(header), ErrorCode::signature_invalid);

    exchange::IncomingMessage message = pair.forger.sign(pair.forger.header(2).json());
    message.body = "[]";
    EXPECT_EQ(pair.authority.deliver(message).error().code, ErrorCode::signature_invalid);
    message = pair.forger.sign(pair.forger.header(2).json());
    message.request.target_uri = pair.platform.node().config().url + "/v1/messages";
    EXPECT_EQ(pair.authority.deliver(message).error().code, ErrorCode::signature_invalid);

    pair.forger.key_id = "platform-z/message";
    EXPECT_EQ(pair.forger.refusal(pair.forger.header(2)), ErrorCode::unauthenticated);
    pair.forger.key_id = "platform-y/message";
    pair.forger.keys.message = crypto::KeyPair::generate(crypto::ed25519(), pair.forger.random);
    EXPECT_EQ(pair.forger.refusal(pair.forger.header(2)), ErrorCode::signature_invalid);
    EXPECT_EQ(pair.size(), before);
}

TEST(Replay, AnOldSignatureIsRefusedAndItsNonceMayBeForgotten) {
    Exchanged pair;
    const auto old = pair.forger.sign(pair.forger.header(2).json());
    EXPECT_EQ(pair.authority.node().inbox().prune_nonces().value(), 0u);
    pair.clock.clock->advance((exchange::kSignatureLifeSeconds + 2 * exchange::kClockSkewSeconds) * kMicrosPerSecond);
    EXPECT_EQ(pair.authority.deliver(old).error().code, ErrorCode::signature_invalid);
    EXPECT_EQ(pair.authority.node().inbox().prune_nonces().value(), 1u);
    EXPECT_EQ(pair.authority.deliver(pair.first).error().code, ErrorCode::signature_invalid);
}

}  // namespace
}  // namespace gongzhi::scenario
