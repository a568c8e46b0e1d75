#include "service/identity_check.h"

#include <gtest/gtest.h>

#include "ledger/ledger_fixture.h"

namespace gongzhi::service {
namespace {

struct Registry {
    std::unique_ptr<sql::Database> database = sql::open_duckdb({}).value();
    std::unique_ptr<sql::Connection> connection = database->connect().value();
    Registry() {
        EXPECT_TRUE(connection->execute("CREATE TABLE registry(credit_code VARCHAR, name VARCHAR, status VARCHAR)"));
        EXPECT_TRUE(
            connection->execute("INSERT INTO registry VALUES ('A', '示例 公司', 'valid'), ('B', '旧公司', 'revoked')"));
    }
    std::string_view verdict(const std::string& code, const std::string& name) {
        return identity_verdict_name(check_identity({code, name}, *connection).value());
    }
};

TEST(IdentityCheck, TellsAStatusAndNothingElse) {
    Registry registry;
    EXPECT_EQ(registry.verdict("A", "示例公司"), "valid");
    EXPECT_EQ(registry.verdict("A", " 示例公司 "), "valid");
    EXPECT_EQ(registry.verdict("A", "别的公司"), "name_differs");
    EXPECT_EQ(registry.verdict("B", "旧公司"), "revoked");
    EXPECT_EQ(registry.verdict("B", "别的公司"), "revoked") << "a struck-off entry says nothing of names";
    EXPECT_EQ(registry.verdict("C", "示例公司"), "unknown");
    EXPECT_EQ(registry.verdict("A' OR '1'='1", "x"), "unknown");
}

class NoSender final : public ledger::Sender {
public:
    Result<ledger::SentMessage> send(ledger::OutgoingMessage message) override {
        last = std::move(message);
        return ledger::SentMessage{MessageId("m"), EntryIndex(0), false};
    }
    std::optional<ledger::OutgoingMessage> last;
};

TEST(Checks, AreAskedByThePlatformsPeopleWithinLimits) {
    ledger::testing_support::Node node{"service.example"};
    const ledger::ClaimKeys claims(Bytes(32, 'c'));
    NoSender sender;
    Checks checks(*node.ledger, claims, sender, node.clock);
    const access::Actor clerk{"token:clerk", access::Role::clerk}, officer{"token:officer", access::Role::officer};
    EXPECT_EQ(checks.ask(officer, PartyId("a"), {{"A", "n"}}).error().code, ErrorCode::forbidden);
    EXPECT_EQ(checks.ask(clerk, PartyId("a"), {}).error().code, ErrorCode::malformed);
    EXPECT_EQ(checks.ask(clerk, PartyId("a"), std::vector<IdentityItem>(kCheckItemsMax + 1, {"A", "n"})).error().code,
              ErrorCode::too_large);
    EXPECT_FALSE(sender.last);
    ASSERT_TRUE(checks.ask(clerk, PartyId("a"), {{"A", "n"}}));
    EXPECT_EQ(sender.last->type, "check");
    EXPECT_EQ(checks.answer_to("m").error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace gongzhi::service
