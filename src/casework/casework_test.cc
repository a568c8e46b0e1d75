#include "casework/casework.h"

#include <gtest/gtest.h>

#include "ledger/ledger_fixture.h"

namespace gongzhi::casework {
namespace {

using Codes = std::vector<std::string>;

const access::Actor kOfficer{"token:officer", access::Role::officer};
const access::Actor kClerk{"token:clerk", access::Role::clerk};
const access::Actor kSystem{"system", access::Role::system};

const pack::Pack& cn() {
    static const pack::Pack pack = pack::Pack::load(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs" / "cn").value();
    return pack;
}

InformationRequest good_request(std::string case_id = "c") {
    return {std::move(case_id),
            "information-request",
            "电子商务法第二十五条",
            "核实价格",
            {"sale.price", "sale.sale_time"},
            {"S-1", "L-1", civil_date(2026, 2, 1), civil_date(2026, 3, 1)}};
}

Codes gate_codes(const InformationRequest& request, const GateFacts& facts = {"S-1", "county", {}}) {
    Codes codes;
    for (const GateReason& reason : gate(request, cn().order_type(request.order_type), facts))
        codes.push_back(reason.code);
    return codes;
}

TEST(Gate, LetsALawfulRequestThroughAndNamesEachReason) {
    EXPECT_EQ(gate_codes(good_request()), Codes());
    const auto with = [](auto change) {
        InformationRequest request = good_request();
        change(request);
        return gate_codes(request);
    };
    EXPECT_EQ(with([](auto& r) { r.order_type = "anything"; }), Codes{"order_type"});
    EXPECT_EQ(with([](auto& r) { r.basis = ""; }), Codes{"no_basis"});
    EXPECT_EQ(with([](auto& r) { r.purpose = ""; }), Codes{"no_purpose"});
    EXPECT_EQ(with([](auto& r) { r.fields = {}; }), Codes{"no_fields"});
    EXPECT_EQ(with([](auto& r) { r.fields.push_back("sale.buyer"); }), Codes{"surplus_field"});
    EXPECT_EQ(with([](auto& r) {
                  r.fields = {"sale", "sale.", "nothing.at_all"};
              }),
              (Codes{"surplus_field", "surplus_field", "surplus_field"}));
    EXPECT_EQ(with([](auto& r) { r.scope.shop = "S-2"; }), Codes{"scope"});
    EXPECT_EQ(with([](auto& r) { std::swap(r.scope.from, r.scope.until); }), Codes{"period"});
    EXPECT_EQ(with([](auto& r) { r.scope.from = civil_date(2025, 2, 27); }), Codes{"period"});
    EXPECT_EQ(with([](auto& r) { r.scope.from = civil_date(2025, 2, 28); }), Codes());
    EXPECT_EQ(with([](auto& r) { r.scope.until = r.scope.from; }), Codes());
    InformationRequest held = good_request();
    held.fields = {"trader.contact", "sale.price"};
    EXPECT_EQ(gate_codes(held, {"S-1", "county", {"trader"}}), Codes{"already_held"});
    EXPECT_EQ(gate_codes(good_request(), {"S-1", "village", {}}), Codes{"level"});
    held.basis = held.purpose = "";
    EXPECT_EQ(gate_codes(held, {"S-9", "village", {"trader"}}),
              (Codes{"no_basis", "no_purpose", "level", "already_held", "scope"}));
}

TEST(Request, RoundTripsAndRefusesWhatItCannotRead) {
    const Json json = good_request().to_json();
    EXPECT_EQ(InformationRequest::from_json(json).value().to_json(), json);
    for (const char* key : {"order_type", "fields", "scope"}) {
        Json without = json;
        without.erase(key);
        EXPECT_FALSE(InformationRequest::from_json(without)) << key;
        without[key] = 7;
        EXPECT_FALSE(InformationRequest::from_json(without)) << key;
    }
    for (const Json& odd : {Json(), Json(1), Json::array(), Json("x")})
        EXPECT_FALSE(InformationRequest::from_json(odd));
}

// Keeps what was sent in the ledger as the outbox does, without a wire.
class LedgerSender final : public ledger::Sender {
public:
    LedgerSender(ledger::Ledger& ledger, const ledger::ClaimKeys& claims, const Clock& clock, Random& random)
        : ledger_(ledger), claims_(claims), clock_(clock), random_(random) {}

    Result<ledger::SentMessage> send(ledger::OutgoingMessage message) override {
        ledger::MessageHeader header;
        header.id = MessageId(make_uuid7(1'772'000'000'000, random_));
        header.from = PartyId("authority-x");
        header.to = message.to;
        header.type = message.type;
        header.thread = message.thread;
        header.seq = ++seq_;
        header.in_reply_to = message.in_reply_to;
        header.basis = message.basis;
        header.deadline = message.deadline;
        header.body = {crypto::sha256(message.body), message.body.size(), message.media};
        message.claims.push_back(claims_.refuse("sent", {header.id.value}));
        GZ_TRY(const EntryIndex index, store("sent." + message.type, header, message.body, std::move(message.claims)));
        last = header;
        last_body = message.body;
        return ledger::SentMessage{header.id, index, false};
    }
    Result<EntryIndex> store(const std::string& kind, const ledger::MessageHeader& header, BytesView body,
                             std::vector<journal::Claim> claims) {
        ledger::NodeStatement said;
        said.kind = kind;
        said.received_time = clock_.now();
        said.auth = "token:test";
        ledger::Draft draft;
        draft.kind = kind;
        draft.envelope = ledger::Envelope{header.json(), {}, {}, {}}.bytes();
        draft.statement = said.bytes();
        GZ_TRY(vault::SealedBody sealed, ledger_.vault().seal_blob(body, vault::Vault::BlobKey::shared));
        draft.sealed.push_back({ledger::Part::message_body, 0, std::move(sealed)});
        draft.claims = std::move(claims);
        const ledger::Outcome outcome = ledger_.append(std::move(draft));
        if (!outcome) return tl::unexpected(outcome.error());
        return outcome->index;
    }
    ledger::MessageHeader last;
    Bytes last_body;

private:
    ledger::Ledger& ledger_;
    const ledger::ClaimKeys& claims_;
    const Clock& clock_;
    Random& random_;
    uint64_t seq_ = 0;
};

struct Desk {
    ledger::testing_support::Node node{"casework.example"};
    ledger::ClaimKeys claims{Bytes(32, 'c')};
    LedgerSender sender{*node.ledger, claims, node.clock, node.random};
    access::Units units{node.ledger->journal()};
    Casework casework{
        {PartyId("authority-x"), "county"}, cn(), *node.ledger, claims, sender, units, node.clock, node.random};

    std::string open_case(const std::string& finding = "f-1") {
        ledger::Draft draft = ledger::trace_draft("finding",
                                                  {{"finding", finding},
                                                   {"party", "platform-y"},
                                                   {"shop", "S-1"},
                                                   {"subject", "L-1"},
                                                   {"rule", "price-reference"}},
                                                  node.clock.now(), "system");
        draft.claims = {claims.repeatable("finding", {finding}, finding)};
        EXPECT_TRUE(node.ledger->append(std::move(draft)));
        const auto opened = casework.open_case(kOfficer, finding);
        EXPECT_TRUE(opened);
        return opened ? opened->case_id : "";
    }
    // Puts a request into this ledger as if an authority had sent it here.
    std::string receive_request(const InformationRequest& request) {
        ledger::MessageHeader header;
        header.id = MessageId(make_uuid7(1'772'000'000'000, node.random));
        header.from = PartyId("authority-x");
        header.to = PartyId("platform-y");
        header.type = "request";
        header.seq = 1;
        const Bytes body = canonical_json(request.to_json());
        header.body = {crypto::sha256(body), body.size(), "application/json"};
        EXPECT_TRUE(sender.store("received.request", header, body,
                                 {claims.repeatable("received_request", {header.id.value}, "x")}));
        return header.id.value;
    }
    // An answer that came in from `from` to the request that was sent last.
    Status receive_answer(const Json& body, const std::string& from = "platform-y") {
        ledger::MessageHeader header;
        header.id = MessageId(make_uuid7(1'772'000'000'000, node.random));
        header.from = PartyId(from);
        header.to = PartyId("authority-x");
        header.type = "answer";
        header.seq = 1;
        header.in_reply_to = ledger::MessageHeader::InReplyTo{sender.last.id, crypto::sha256(sender.last.json())};
        const Bytes bytes = canonical_json(body);
        header.body = {crypto::sha256(bytes), bytes.size(), "application/json"};
        const auto index = sender.store("received.answer", header, bytes, {});
        return casework.take_in_answer(kSystem, node.ledger->read(*index).value());
    }
    // A message of the platform about what was sent last; its entry.
    ledger::Entry receive(const std::string& type, const Json& body, const std::string& thread = "") {
        ledger::MessageHeader header;
        header.id = MessageId(make_uuid7(1'772'000'000'000, node.random));
        header.from = PartyId("platform-y");
        header.to = PartyId("authority-x");
        header.type = type;
        header.thread = thread;
        header.seq = 1;
        header.in_reply_to = ledger::MessageHeader::InReplyTo{sender.last.id, crypto::sha256(sender.last.json())};
        const Bytes bytes = canonical_json(body);
        header.body = {crypto::sha256(bytes), bytes.size(), "application/json"};
        const auto index = sender.store("received." + type, header, bytes,
                                        {claims.repeatable("received_" + type, {header.id.value}, "x")});
        received_id = header.id.value;
        return node.ledger->read(*index).value();
    }
    std::string received_id;
    ledger::Entry last_entry() {
        return node.ledger->read(EntryIndex(node.ledger->journal().size().value - 1)).value();
    }
};

TEST(Casework, AFindingHasOneCaseAndAnUnknownOneHasNone) {
    Desk desk;
    EXPECT_FALSE(desk.open_case().empty());
    EXPECT_EQ(desk.casework.open_case(kOfficer, "f-1").error().code, ErrorCode::conflict);
    EXPECT_EQ(desk.casework.open_case(kOfficer, "f-2").error().code, ErrorCode::not_found);
    EXPECT_EQ(desk.casework.open_case(kClerk, "f-1").error().code, ErrorCode::forbidden);
}

TEST(Casework, ABlockedRequestLeavesNothingButARecord) {
    Desk desk;
    InformationRequest request = good_request(desk.open_case());
    request.fields.push_back("sale.buyer");
    const auto stopped = desk.casework.send_request(kOfficer, request, {});
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::blocked);
    EXPECT_EQ(stopped.error().field, "surplus_field");
    const ledger::Entry entry = desk.last_entry();
    EXPECT_EQ(entry.kind, kRequestBlocked);
    const Json trace = entry.statement()->trace;
    EXPECT_EQ(trace["request"], request.to_json());
    EXPECT_EQ(trace["reasons"].size(), 1u);
    EXPECT_EQ(trace["reasons"][0]["code"], "surplus_field");
    EXPECT_EQ(entry.statement()->auth, kOfficer.name);
    EXPECT_TRUE(desk.sender.last_body.empty());
    EXPECT_EQ(desk.casework.send_request(kOfficer, good_request("no-such-case"), {}).error().code,
              ErrorCode::not_found);
    EXPECT_EQ(desk.casework.send_request(kClerk, request, {}).error().code, ErrorCode::forbidden);
}

// Ten working days from 10 February 2026: the Spring Festival is free, 14 and 28 February are worked.
TEST(Casework, TheDeadlineCountsWorkingDaysInThePacksZone) {
    Desk desk;
    const auto deadline_from = [&](std::string_view now) {
        desk.node.clock.advance(parse_utc(now)->value - desk.node.clock.now().value);
        const auto sent = desk.casework.send_request(kOfficer, good_request(desk.open_case(std::string(now))), {});
        EXPECT_TRUE(sent);
        return sent ? format_utc(sent->deadline) : "";
    };
    EXPECT_EQ(deadline_from("2026-02-10T02:00:00Z"), "2026-03-02T15:59:59.000000Z");
    // 17:00 in London is the next day in Beijing.
    EXPECT_EQ(deadline_from("2026-02-09T17:00:00Z"), "2026-03-02T15:59:59.000000Z");
    EXPECT_EQ(deadline_from("2026-02-09T15:00:00Z"), "2026-02-28T15:59:59.000000Z");
    EXPECT_EQ(desk.sender.last.deadline, parse_utc("2026-02-28T15:59:59Z").value());
    // A year without a calendar is never guessed.
    desk.node.clock.advance(parse_utc("2026-12-25T00:00:00Z")->value - desk.node.clock.now().value);
    EXPECT_EQ(desk.casework.send_request(kOfficer, good_request(desk.open_case("late")), {}).error().code,
              ErrorCode::unsupported);
}

TEST(Casework, AnAnswerHoldsWhatWasAskedForAndIsGivenOnce) {
    Desk desk;
    const std::string id = desk.receive_request(good_request());
    const auto code = [&](std::string outcome, Json rows, const access::Actor& actor = kClerk) {
        const auto sent = desk.casework.answer_request(actor, id, {std::move(outcome), std::move(rows)});
        return sent ? ErrorCode::internal : sent.error().code;
    };
    const Json rows = {{"sale", Json::array({{{"price", {{"amount", "1.00"}, {"currency", "CNY"}}}}})}};
    EXPECT_EQ(code("answered", rows, kOfficer), ErrorCode::forbidden);
    EXPECT_EQ(code("answered", {{"sale", Json::array({{{"buyer", "b"}}})}}), ErrorCode::rejected);
    EXPECT_EQ(code("answered", {{"offer", Json::array({{{"price", 1}}})}}), ErrorCode::rejected);
    EXPECT_EQ(code("answered", Json::array()), ErrorCode::malformed);
    EXPECT_EQ(code("answered", {{"sale", 1}}), ErrorCode::malformed);
    EXPECT_EQ(code("answered", {{"sale", Json::array({1})}}), ErrorCode::malformed);
    EXPECT_EQ(code("whatever", rows), ErrorCode::rejected);
    EXPECT_EQ(code("answered", rows), ErrorCode::internal) << "it is sent";
    EXPECT_EQ(code("nothing_held", Json::object()), ErrorCode::conflict);
    EXPECT_EQ(desk.sender.last.in_reply_to->id.value, id);
    EXPECT_EQ(desk.casework.answer_request(kClerk, "no-such-id", {"answered", rows}).error().code,
              ErrorCode::not_found);
}

TEST(Casework, TakesInOnlyTheAnswerToItsOwnRequest) {
    Desk desk;
    ASSERT_TRUE(desk.casework.send_request(kOfficer, good_request(desk.open_case()), {}));
    const Json rows = {{"sale", Json::array({{{"price", 1}}, {{"price", 2}}})}};
    const auto code = [&](const Json& body, const std::string& from = "platform-y") {
        const Status taken = desk.receive_answer(body, from);
        return taken ? ErrorCode::internal : taken.error().code;
    };
    EXPECT_EQ(code({{"outcome", "answered"}, {"rows", rows}}, "platform-z"), ErrorCode::rejected);
    EXPECT_EQ(code({{"outcome", "whatever"}, {"rows", rows}}), ErrorCode::rejected);
    EXPECT_EQ(code({{"outcome", "answered"}}), ErrorCode::malformed);
    EXPECT_EQ(code({{"outcome", "answered"}, {"rows", {{"sale", Json::array({{{"buyer", "b"}}})}}}}),
              ErrorCode::rejected);
    EXPECT_EQ(code(Json::array()), ErrorCode::malformed);
    EXPECT_EQ(code({{"outcome", "answered"}, {"rows", rows}}), ErrorCode::internal) << "it is taken";
    const ledger::Entry entry = desk.last_entry();
    EXPECT_EQ(entry.kind, kRequestAnswered);
    EXPECT_EQ(entry.statement()->trace["rows"], 2);
    EXPECT_EQ(code({{"outcome", "nothing_held"}, {"rows", Json::object()}}), ErrorCode::duplicate);
    EXPECT_EQ(desk.casework.take_in_answer(kClerk, entry).error().code, ErrorCode::forbidden);
}

ActOrder good_order(std::string case_id) {
    return {std::move(case_id),
            "order-to-act",
            "价格法第四十条",
            "改正价格标示",
            {"correct_price_display"},
            "请标明被比较价格的含义",
            "S-1",
            "L-1"};
}

TEST(Casework, ACaseGoesThroughItsStepsInOrderAndEachStepOnce) {
    Desk desk;
    const std::string id = desk.open_case();
    auto& casework = desk.casework;
    const auto code = [](const auto& result) { return result ? ErrorCode::internal : result.error().code; };
    EXPECT_EQ(code(casework.send_order(kOfficer, good_order(id))), ErrorCode::rejected) << "not filed";
    EXPECT_EQ(code(casework.check_effect(kOfficer, {id, 1}, true, "x")), ErrorCode::rejected) << "no order";
    EXPECT_EQ(code(casework.close_case(kOfficer, {id, 1}, "penalised", "x")), ErrorCode::rejected) << "not filed";
    EXPECT_EQ(code(casework.file_case(kOfficer, {id, 1}, "")), ErrorCode::invalid_argument);
    EXPECT_EQ(code(casework.file_case(kClerk, {id, 1}, "x")), ErrorCode::forbidden);
    ASSERT_TRUE(casework.file_case(kOfficer, {id, 1}, "核查属实"));
    EXPECT_EQ(code(casework.file_case(kOfficer, {id, 1}, "x")), ErrorCode::conflict) << "somebody was here";
    EXPECT_EQ(code(casework.file_case(kOfficer, {id, 2}, "x")), ErrorCode::rejected) << "filed already";
    const auto sent = casework.send_order(kOfficer, good_order(id));
    ASSERT_TRUE(sent) << sent.error().describe();
    EXPECT_EQ(desk.sender.last.type, "order");
    EXPECT_EQ(casework.load_case(id)->seq, 3u);
    EXPECT_EQ(code(casework.close_case(kOfficer, {id, 3}, "corrected", "x")), ErrorCode::rejected) << "unchecked";
    ASSERT_TRUE(casework.check_effect(kOfficer, {id, 3}, true, "已标明"));
    EXPECT_EQ(code(casework.close_case(kOfficer, {id, 4}, "forgotten", "x")), ErrorCode::invalid_argument);
    ASSERT_TRUE(casework.close_case(kOfficer, {id, 4}, "corrected", "已改正"));
    EXPECT_EQ(casework.load_case(id)->state, CaseState::closed);
    EXPECT_EQ(code(casework.send_request(kOfficer, good_request(id), {})), ErrorCode::rejected);
    EXPECT_EQ(code(casework.check_effect(kOfficer, {id, 5}, true, "x")), ErrorCode::rejected);
    EXPECT_EQ(code(casework.load_case("nothing")), ErrorCode::not_found);
}

TEST(Casework, AnOrderOutsideTheLawIsStoppedOnRecord) {
    Desk desk;
    const std::string id = desk.open_case();
    ASSERT_TRUE(desk.casework.file_case(kOfficer, {id, 1}, "x"));
    ActOrder order = good_order(id);
    order.measures = {"close_the_platform"};
    order.basis = "";
    order.shop = "S-2";
    EXPECT_EQ(desk.casework.send_order(kOfficer, order).error().field, "no_basis");
    const Json reasons = desk.last_entry().statement()->trace["reasons"];
    ASSERT_EQ(reasons.size(), 3u);
    EXPECT_EQ(reasons[1]["code"], "measure");
    EXPECT_EQ(reasons[2]["code"], "scope");
    EXPECT_EQ(desk.casework.load_case(id)->seq, 2u) << "nothing happened in the case";
}

TEST(Casework, AnObjectionIsDueForAnAnswerAndGetsOne) {
    Desk desk;
    const std::string id = desk.open_case();
    ASSERT_TRUE(desk.casework.file_case(kOfficer, {id, 1}, "x"));
    ASSERT_TRUE(desk.casework.send_order(kOfficer, good_order(id)));
    const auto entry = desk.receive("objection", {{"by", "merchant"}, {"grounds", "含义已标明"}}, id);
    ASSERT_TRUE(desk.casework.take_in_objection(kSystem, entry));
    const Json trace = desk.last_entry().statement()->trace;
    EXPECT_EQ(trace["late"], false);
    EXPECT_EQ(trace["case"], id);
    EXPECT_FALSE(trace["due_time"].get<std::string>().empty());
    const std::string objection = desk.received_id;
    EXPECT_EQ(desk.casework.answer_objection(kOfficer, objection, "perhaps", "x").error().code,
              ErrorCode::invalid_argument);
    EXPECT_EQ(desk.casework.answer_objection(kClerk, objection, "rejected", "x").error().code, ErrorCode::forbidden);
    ASSERT_TRUE(desk.casework.answer_objection(kOfficer, objection, "rejected", "未标明"));
    EXPECT_EQ(desk.sender.last.type, "objection_answer");
    EXPECT_EQ(desk.sender.last.in_reply_to->id.value, objection);
    EXPECT_EQ(desk.casework.answer_objection(kOfficer, objection, "upheld", "x").error().code, ErrorCode::conflict);
}

TEST(Casework, ALateObjectionSaysSo) {
    Desk desk;
    const std::string id = desk.open_case();
    ASSERT_TRUE(desk.casework.file_case(kOfficer, {id, 1}, "x"));
    ASSERT_TRUE(desk.casework.send_order(kOfficer, good_order(id)));
    desk.node.clock.advance(40 * kMicrosPerDay);
    const auto entry = desk.receive("objection", {{"by", "platform"}, {"grounds", "x"}}, id);
    ASSERT_TRUE(desk.casework.take_in_objection(kSystem, entry));
    EXPECT_EQ(desk.last_entry().statement()->trace["late"], true);
}

}  // namespace
}  // namespace gongzhi::casework
