// An admitted peer may sign anything. Whatever it signs is on record, and neither tables nor reactions stop for it.
#include "forger.h"

namespace gongzhi::scenario {
namespace {

const std::vector<Bytes>& odd_bodies() {
    static const std::vector<Bytes> bodies = {
        "",
        "null",
        "[]",
        "{}",
        "\"x\"",
        "1",
        "\xff\xfe",
        Bytes(3, '\0'),
        Bytes(40, '['),
        "{\"a\":1,\"a\":2}",
        R"({"rule":1,"case":1,"outcome":1,"rows":1,"findings":1,"record_type":1})",
        R"({"rule":{"rule":"x\u0000y"},"case":"c\u0000","order_type":"information-request","fields":["a"],"scope":1})",
        R"({"case":"\u0000","order_type":"x","basis":"","purpose":"\u0000","fields":["\u0000"],"scope":{"shop":"\u0000","from_date":"2026-01-01","until_date":"2026-01-02"}})"};
    return bodies;
}

void send_all(Forger& forger, const std::vector<std::string>& types) {
    uint64_t seq = 1'000;
    for (const std::string& type : types)
        for (const Bytes& body : odd_bodies()) {
            ledger::MessageHeader header = forger.header(seq++, body);
            header.type = type;
            header.thread = Bytes("t\0x", 3);
            header.basis = Bytes("\0", 1);
            const auto receipt = forger.send(header, body);
            ASSERT_TRUE(receipt) << type << ": " << receipt.error().describe();
            EXPECT_TRUE(forger.to.verify(*receipt));
        }
}

TEST(OddMessages, FromAPlatformStopNothing) {
    Pair pair;
    Forger forger{pair.platform, pair.authority};
    send_all(forger, {"notice", "commitment", "submission", "findings", "answer", "objection"});
    EXPECT_TRUE(pair.authority.settle());
    EXPECT_EQ(pair.authority.count("message WHERE direction = 'received'"),
              static_cast<int64_t>(6 * odd_bodies().size()));
    EXPECT_EQ(pair.authority.count("finding"), 0);
}

TEST(OddMessages, FromAnAuthorityStopNothing) {
    Pair pair;
    Forger forger{pair.authority, pair.platform};
    send_all(forger, {"notice", "rule_bundle", "request"});
    EXPECT_TRUE(pair.platform.settle());
    EXPECT_EQ(pair.platform.count("request WHERE direction = 'received'"), static_cast<int64_t>(odd_bodies().size()));
    EXPECT_EQ(pair.platform.count("rule_bundle"), static_cast<int64_t>(odd_bodies().size()));
    for (const auto& row : pair.platform.affairs("SELECT message_id FROM message WHERE direction = 'received'").rows) {
        EXPECT_FALSE(pair.platform.node().answer_request(kClerk, sql::text_of(row[0])));
        EXPECT_FALSE(pair.platform.node().accept_rule(kEngineer, sql::text_of(row[0])));
    }
}

}  // namespace
}  // namespace gongzhi::scenario
