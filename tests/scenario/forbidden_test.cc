// Every command asks `may` itself: called by somebody without grants it is `forbidden`, whatever the arguments.
#include "exchange/moving.h"
#include "intake/commitment.h"
#include "party.h"

namespace gongzhi::scenario {
namespace {

template <typename T>
void expect_forbidden(const char* command, const Result<T>& result) {
    ASSERT_FALSE(result) << command << " did something";
    EXPECT_EQ(result.error().code, ErrorCode::forbidden) << command << ": " << result.error().describe();
}

TEST(Forbidden, EveryCommandRefusesAnActorWithoutGrants) {
    SharedClock clock;
    Party party("authority-x", exchange::PartyRole::authority, clock);
    ASSERT_TRUE(party.settle());
    auto& node = party.node();
    const TreeSize before = node.ledger().journal().size();
    const ledger::Entry entry = node.ledger().read(EntryIndex(0)).value();
    const auto connection = node.records().value();
    const ledger::ClaimKeys claims(Bytes(32, 'c'));
#define FORBIDDEN(call) expect_forbidden(#call, call)
    FORBIDDEN(node.intake().submit(kNobody, submission("sale", sale_line("A-1"))));
    FORBIDDEN(node.intake().take_in(kNobody, ledger::MessageHeader{}, ""));
    FORBIDDEN(node.intake().erase_record(kNobody, "sale", "S-1/A-1", "x"));
    FORBIDDEN(intake::commit_records(kNobody, entry, PartyId("platform-y"), node.ledger(), claims, node.outbox()));
    FORBIDDEN(node.casework().open_case(kNobody, "f-1"));
    FORBIDDEN(node.casework().send_request(kNobody, {}, {}));
    FORBIDDEN(node.casework().answer_request(kNobody, "x", {}));
    FORBIDDEN(node.casework().take_in_answer(kNobody, entry));
    FORBIDDEN(node.casework().take_in_objection(kNobody, entry));
    FORBIDDEN(node.casework().move_case(kNobody, {"c", 1}, "u", "x"));
    FORBIDDEN(node.casework().file_case(kNobody, {"c", 1}, "x"));
    FORBIDDEN(node.casework().check_effect(kNobody, {"c", 1}, true, "x"));
    FORBIDDEN(node.casework().close_case(kNobody, {"c", 1}, "corrected", "x"));
    FORBIDDEN(node.casework().send_order(kNobody, {}));
    FORBIDDEN(node.casework().answer_order(kNobody, "x", "done", "x"));
    FORBIDDEN(node.casework().object(kNobody, {}));
    FORBIDDEN(node.casework().answer_objection(kNobody, "x", "upheld", "x"));
    FORBIDDEN(
        supervision::review_finding(kNobody, {"f-1", true, ""}, node.units(), node.ledger(), claims, node.clock()));
    FORBIDDEN(node.rules().run_here(kNobody, "price-reference", EntryIndex(0), *connection));
    FORBIDDEN(node.checks().ask(kNobody, PartyId("platform-y"), {}));
    FORBIDDEN(node.checks().answer(kNobody, entry, *connection));
    FORBIDDEN(node.reveals().request(kNobody, {}, {}));
    FORBIDDEN(node.reveals().decide(kNobody, "x", true, ""));
    FORBIDDEN(node.reveals().look(kNobody, "x"));
    FORBIDDEN(node.units().define(kNobody, {}, node.ledger(), claims, node.clock()));
    FORBIDDEN(node.users().add(kNobody, "x", "a long password", access::Role::clerk));
    FORBIDDEN(node.users().remove(kNobody, "x"));
    FORBIDDEN(node.audit_log().list(kNobody));
    FORBIDDEN(exchange::take_in_move(kNobody, entry, node.peers(), node.ledger(), claims, node.clock()));
    FORBIDDEN(node.run_rule_here(kNobody, "price-reference"));
    FORBIDDEN(node.request_reveal(kNobody, {}));
    FORBIDDEN(node.check_traders(kNobody, PartyId("platform-y"), {}));
    FORBIDDEN(node.rules().send_rule(kNobody, PartyId("platform-y"), "price-reference"));
    FORBIDDEN(node.rules().accept_rule(kNobody, "x", EntryIndex(0), *connection));
    FORBIDDEN(node.rules().take_in_findings(kNobody, entry));
    FORBIDDEN(node.admission().invite(kNobody, PartyId("platform-y")));
    FORBIDDEN(node.admission().join(kNobody, "http://127.0.0.1:1", "x", "x"));
    FORBIDDEN(node.submit_onward(kNobody, EntryIndex(0), PartyId("platform-y")));
    FORBIDDEN(node.accept_rule(kNobody, "x"));
    FORBIDDEN(node.send_request(kNobody, {}));
    FORBIDDEN(node.answer_request(kNobody, "x"));
#undef FORBIDDEN
    EXPECT_EQ(node.ledger().journal().size(), before);
}

// The roles that the node itself never lends: no token is `system`, and nobody may act as the node.
TEST(Forbidden, NoTokenActsAsTheNode) {
    SharedClock clock;
    Party party("authority-x", exchange::PartyRole::authority, clock);
    EXPECT_FALSE(access::role_of("system"));
    EXPECT_FALSE(access::role_of("none"));
    for (const access::Actor& actor : {kClerk, kEngineer, kOfficer, kAdministrator})
        expect_forbidden("take_in", party.node().intake().take_in(actor, ledger::MessageHeader{}, ""));
    const std::string token = party.node().tokens().issue("zhao", access::Role::officer).value();
    EXPECT_EQ(party.node().tokens().find(token)->role, access::Role::officer);
    EXPECT_EQ(party.node().tokens().find(token + "x").error().code, ErrorCode::unauthenticated);
}

}  // namespace
}  // namespace gongzhi::scenario
