#include "affairs_history.h"

#include <gtest/gtest.h>

#include "ledger/outgoing.h"

namespace gongzhi::scenario {
namespace {

constexpr uint32_t kOddPerMille = 120;

// Removes and gives one of them, so that it happens to each at most once; "" when none is left.
std::string take_one(std::vector<std::string>& ids, SeededRandom& random) {
    if (ids.empty()) return "";
    std::swap(ids[random.below(ids.size())], ids.back());
    std::string id = std::move(ids.back());
    ids.pop_back();
    return id;
}

}  // namespace

const std::vector<AffairsHistory::Named>& AffairsHistory::operations() {
    using H = AffairsHistory;
    static const std::vector<Named> all = {
        {"find", &H::find},
        {"find", &H::find},
        {"find again", &H::find_again},
        {"refuse", &H::refuse},
        {"review", &H::review},
        {"send bundle", &H::send_bundle},
        {"receive bundle", &H::receive_bundle},
        {"run rule", &H::run_rule},
        {"open case", &H::open_case},
        {"open case twice", &H::open_case_twice},
        {"move case", &H::move_case},
        {"file case", &H::file_case},
        {"check effect", &H::check_effect},
        {"close case", &H::close_case},
        {"block request", &H::block_request},
        {"send request", &H::send_request},
        {"send order", &H::send_order},
        {"receive request", &H::receive_request},
        {"receive order", &H::receive_order},
        {"take answer", &H::take_answer},
        {"send answer", &H::send_answer},
        {"receive objection", &H::receive_objection},
        {"send objection", &H::send_objection},
        {"take objection", &H::take_objection},
        {"receive objection answer", &H::receive_objection_answer},
        {"send objection answer", &H::send_objection_answer},
    };
    return all;
}

void AffairsHistory::run(size_t count) {
    for (const Named& operation : operations()) done_.try_emplace(operation.name, 0);
    for (size_t i = 0; i < count; ++i) {
        const Named& next = operations()[random_.below(operations().size())];
        const size_t before = numbers_;
        node_.clock.advance(static_cast<int64_t>(1 + random_.below(3'600)) * kMicrosPerSecond);
        (this->*next.run)();
        if (numbers_ != before) ++done_[next.name];
    }
    while (open_ > 0) std::this_thread::yield();
}

std::vector<ledger::Entry> AffairsHistory::entries() const {
    std::vector<ledger::Entry> all;
    for (uint64_t i = 0; i < node_.ledger->journal().size().value; ++i)
        all.push_back(node_.ledger->read(EntryIndex(i)).value());
    return all;
}

// --- findings ---

void AffairsHistory::find() {
    const std::string id = fmt::format("finding-{}", numbers_);
    trace("finding", {{"finding", id},
                      {"party", random_.chance(500) ? "platform-a" : "platform-b"},
                      {"rule", fmt::format("rule-{}", random_.below(3))},
                      {"shop", fmt::format("S-{}", random_.below(3))},
                      {"subject", fmt::format("L-{}", random_.below(4))},
                      {"region", region()},
                      {"verdict", random_.chance(700) ? "suspect" : "undecidable"},
                      {"explanation_zh", "疑点"},
                      {"explanation_en", "suspect"},
                      {"columns", {{"price", "1.00"}}}});
    for (auto* ids : {&findings_, &undecided_, &reviewable_, &caseable_}) ids->push_back(id);
}

// A claim in the ledger forbids it; the tables would have two rows. Only before anything is decided on the first.
void AffairsHistory::find_again() {
    if (undecided_.empty()) return;
    trace("finding", {{"finding", undecided_[random_.below(undecided_.size())]},
                      {"party", "platform-a"},
                      {"rule", "rule-2"},
                      {"shop", "S-0"},
                      {"subject", "L-0"},
                      {"region", region()},
                      {"verdict", "suspect"},
                      {"columns", Json::object()}});
}

void AffairsHistory::refuse() {
    trace("finding.refused",
          {{"finding", some(findings_)}, {"party", "platform-a"}, {"rule", "rule-1"}, {"reason", "不可证"}});
}

void AffairsHistory::review() {
    const std::string id = random_.chance(kOddPerMille) ? "unknown" : take_one(reviewable_, random_);
    if (id.empty()) return;
    std::erase(undecided_, id);
    trace("finding.reviewed",
          {{"finding", id}, {"outcome", random_.chance(500) ? "confirmed" : "dismissed"}, {"reason", "r"}});
}

Json AffairsHistory::bundle() { return {{"rule", {{"rule", "rule-1"}, {"version", 1 + random_.below(3)}}}}; }

void AffairsHistory::send_bundle() { message({"sent", "rule_bundle", {}, {}, body(bundle())}); }

void AffairsHistory::receive_bundle() {
    bundles_.push_back(message({"received", "rule_bundle", {}, {}, body(bundle())}));
}

void AffairsHistory::run_rule() {
    if (bundles_.empty()) return;
    trace("rule.run", {{"bundle", bundles_[random_.below(bundles_.size())]}, {"findings", random_.below(9)}});
}

// --- cases ---

void AffairsHistory::open_case() {
    const std::string finding = random_.chance(kOddPerMille) ? "unknown" : take_one(caseable_, random_);
    if (finding.empty()) return;
    std::erase(undecided_, finding);
    cases_.push_back(fmt::format("case-{}", numbers_));
    trace("case.opened", {{"case", cases_.back()},
                          {"finding", finding},
                          {"party", "platform-a"},
                          {"shop", "S-1"},
                          {"subject", "L-1"},
                          {"rule", "rule-1"},
                          {"unit", "county"},
                          {"region", region()}});
}

void AffairsHistory::open_case_twice() {
    trace("case.opened", {{"case", some(cases_)}, {"finding", "unknown"}, {"region", region()}});
}

void AffairsHistory::move_case() {
    trace("case.moved", {{"case", some(cases_)}, {"to_unit", fmt::format("unit-{}", numbers_)}, {"note", "n"}});
}

void AffairsHistory::file_case() { trace("case.filed", {{"case", some(cases_)}, {"grounds", "核查属实"}}); }

void AffairsHistory::check_effect() {
    trace("case.effect_checked", {{"case", some(cases_)}, {"effective", random_.chance(500)}, {"statement", "s"}});
}

void AffairsHistory::close_case() {
    trace("case.closed", {{"case", some(cases_)}, {"outcome", "corrected"}, {"reason", "r"}});
}

// --- requests and orders ---

Json AffairsHistory::request_body() {
    Json json = {{"order_type", "information-request"},
                 {"purpose", fmt::format("p {}", numbers_)},
                 {"scope", {{"shop", "S-1"}, {"listing", "L-1"}, {"region", region()}}}};
    if (random_.chance(800)) json["case"] = some(cases_);
    if (random_.chance(500)) json["fields"] = {"sale.price"};
    if (random_.chance(500)) json["measures"] = {"correct_price_display"};
    if (random_.chance(300)) json["shop"] = "S-2", json.erase("scope");
    return json;
}

void AffairsHistory::block_request() {
    trace("request.blocked", {{"request", request_body()},
                              {"reasons", Json::array({{{"code", "scope"}}})},
                              {"unit", "county"},
                              {"region", region()}});
}

void AffairsHistory::send_request() {
    requests_sent_.push_back(message({"sent", "request", {}, {}, body(request_body()), true}));
}
void AffairsHistory::send_order() {
    requests_sent_.push_back(message({"sent", "order", {}, {}, body(request_body()), true}));
}
void AffairsHistory::receive_request() {
    requests_received_.push_back(message({"received", "request", {}, {}, body(request_body()), true}));
}
void AffairsHistory::receive_order() {
    requests_received_.push_back(message({"received", "order", {}, {}, body(request_body())}));
}

void AffairsHistory::take_answer() {
    trace("request.answered", {{"request", some(requests_sent_)}, {"rows", random_.below(9)}, {"outcome", "answered"}});
}
void AffairsHistory::send_answer() {
    message({"sent", "answer", {}, some(requests_received_), body({{"outcome", "answered"}})});
}

// --- objections ---

void AffairsHistory::receive_objection() {
    objections_received_.push_back(message({"received", "objection", some(cases_), some(requests_sent_),
                                            body({{"by", "merchant"}, {"grounds", "含义已标明"}})}));
}
void AffairsHistory::send_objection() {
    objections_sent_.push_back(message(
        {"sent", "objection", some(cases_), some(requests_received_), body({{"by", "platform"}, {"grounds", "g"}})}));
}
void AffairsHistory::take_objection() {
    trace("objection.received", {{"objection", some(objections_received_)},
                                 {"due_time", random_.chance(800) ? "2026-05-01T00:00:00Z" : "some day"},
                                 {"late", random_.chance(500)},
                                 {"by", "platform"}});
}
void AffairsHistory::receive_objection_answer() {
    message({"received",
             "objection_answer",
             {},
             some(objections_sent_),
             body({{"outcome", random_.chance(500) ? "upheld" : "rejected"}, {"reasons", "r"}})});
}
void AffairsHistory::send_objection_answer() {
    message({"sent",
             "objection_answer",
             {},
             some(objections_received_),
             body({{"outcome", random_.chance(500) ? "upheld" : "rejected"}, {"reasons", "r"}})});
}

// --- how it is written ---

void AffairsHistory::append(ledger::Draft draft) {
    ++numbers_;
    ++open_;
    node_.ledger->append_async(std::move(draft), [this](const ledger::Outcome& outcome) {
        EXPECT_TRUE(outcome);
        --open_;
    });
}

void AffairsHistory::trace(std::string_view kind, Json said) {
    append(ledger::trace_draft(std::string(kind), std::move(said), node_.clock.now(), "token:officer"));
}

// Known or, now and then, unknown: always the same few, so that unknown ones meet as well.
std::string AffairsHistory::some(const std::vector<std::string>& ids) {
    if (ids.empty() || random_.chance(kOddPerMille))
        return fmt::format("0190a0b0-1234-7abc-8def-00000000000{}", random_.below(3));
    return ids[random_.below(ids.size())];
}

Bytes AffairsHistory::body(const Json& json) {
    const char* odd[] = {"no JSON",
                         "[]",
                         "7",
                         R"({"case": 5, "fields": "x", "scope": [], "outcome": null})",
                         R"({"purpose": "a\u0000b \"'; 🦊", "fields": {"a": [1, null]}, "scope": {"shop": 1}})",
                         ""};
    if (random_.chance(kOddPerMille)) return odd[random_.below(std::size(odd))];
    return canonical_json(json);
}

std::string AffairsHistory::message(const Said& said) {
    const bool sent = said.direction == "sent";
    // Two peers may give two messages the same id.
    const auto& others = said.type == "objection" ? objections_received_ : requests_received_;
    const bool twice = !sent && !others.empty() && random_.chance(kOddPerMille);
    ledger::MessageHeader header;
    header.id =
        MessageId(twice ? others[random_.below(others.size())] : make_uuid7(node_.clock.now().value / 1'000, random_));
    header.from = PartyId(sent ? "authority-x" : (random_.chance(500) ? "platform-a" : "platform-b"));
    header.to = PartyId(sent ? "platform-a" : "authority-x");
    header.type = said.type;
    header.thread = said.thread;
    header.seq = numbers_ + 1;
    header.basis = "电子商务法第二十五条";
    if (!said.answers.empty())
        header.in_reply_to = ledger::MessageHeader::InReplyTo{MessageId(said.answers), crypto::sha256(said.answers)};
    if (said.with_deadline) header.deadline = UtcTime(node_.clock.now().value + 10 * kMicrosPerDay);
    header.body = {crypto::sha256(said.body), said.body.size(), "application/json"};
    ledger::NodeStatement statement;
    statement.kind = said.direction + "." + said.type;
    statement.received_time = node_.clock.now();
    statement.auth = "token:clerk";
    ledger::Draft draft;
    draft.kind = statement.kind;
    draft.envelope = ledger::Envelope{header.json(), {}, {}, {}}.bytes();
    draft.statement = statement.bytes();
    auto sealed = node_.ledger->vault().seal_blob(said.body, vault::Vault::BlobKey::shared);
    draft.sealed.push_back({ledger::Part::message_body, 0, std::move(sealed).value()});
    append(std::move(draft));
    return header.id.value;
}

}  // namespace gongzhi::scenario
