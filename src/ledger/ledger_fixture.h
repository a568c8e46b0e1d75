// A node's ledger in a temporary folder, and drafts for it: for this module's tests.
#pragma once

#include <future>
#include <set>

#include "base/bytes.h"
#include "base/clock.h"
#include "crypto/digest.h"
#include "ledger/ledger.h"
#include "testing/temp_folder.h"

namespace gongzhi::ledger::testing_support {

// A signed message as the exchange would receive it.
inline Envelope signed_envelope(BytesView body, const crypto::KeyPair& sender, uint64_t seq = 1) {
    MessageHeader header;
    header.id = MessageId("0190a0b0-1234-7abc-8def-0123456789ab");
    header.from = PartyId("platform-y");
    header.to = PartyId("authority-x");
    header.type = "order";
    header.thread = "case/7";
    header.seq = seq;
    header.body = {crypto::sha256(body), body.size(), "text/plain"};
    Envelope envelope;
    envelope.header = header.json();
    envelope.base = fmt::format(
        "\"@method\": POST\n\"content-digest\": sha-256=:{}:\n\"gongzhi-message\": :{}:\n"
        "\"@signature-params\": (\"@method\" \"content-digest\" \"gongzhi-message\");created=1;tag=\"gongzhi-exchange-v1\"",
        to_base64(crypto::sha256(body).view()), to_base64(envelope.header));
    envelope.signature = sender.sign(envelope.base).value;
    envelope.key_id = "platform-y/1";
    return envelope;
}

struct Node {
    testing::TempFolder folder;
    FixedClock clock{UtcTime(1'772'000'000 * kMicrosPerSecond)};
    SystemRandom random;
    std::string origin;
    int64_t interval;
    crypto::KeyPair log_key = crypto::KeyPair::generate(crypto::ed25519(), random);
    crypto::KeyPair witness_key = crypto::KeyPair::generate(crypto::ed25519(), random);
    crypto::KeyPair sender = crypto::KeyPair::generate(crypto::ed25519(), random);
    std::unique_ptr<Ledger> ledger;

    explicit Node(std::string name, int64_t interval_micros = 0) : origin(std::move(name)), interval(interval_micros) {
        reopen();
    }

    Result<std::unique_ptr<Ledger>> try_open() {
        return Ledger::open({folder.path(), origin, log_key, witness_key, interval, {}}, clock, random);
    }
    void reopen() {
        ledger.reset();
        ledger = try_open().value();
    }
    Draft message(BytesView body) {
        NodeStatement statement;
        statement.kind = "order";
        statement.received_time = clock.now();
        statement.auth = "signature";
        Draft draft;
        draft.kind = statement.kind;
        draft.envelope = signed_envelope(body, sender).bytes();
        draft.statement = statement.bytes();
        return draft;
    }
    Draft trace(int number) {
        NodeStatement statement;
        statement.kind = "reveal";
        statement.received_time = clock.now();
        statement.auth = "self";
        statement.trace = {{"number", number}};
        Draft draft;
        draft.kind = statement.kind;
        draft.statement = statement.bytes();
        return draft;
    }
};

}  // namespace gongzhi::ledger::testing_support
