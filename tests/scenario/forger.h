// Signs messages with a party's own key, as its outbox does or as it should not.
#pragma once

#include "crypto/digest.h"
#include "party.h"

namespace gongzhi::scenario {

struct Forger {
    Party& from;
    Party& to;
    node::Keys keys = node::Keys::load(from.folder()).value();
    SystemRandom random;
    std::string key_id = from.id().value + "/message";

    ledger::MessageHeader header(uint64_t seq, BytesView body = "{}") {
        ledger::MessageHeader header;
        header.id = MessageId(make_uuid7(1'772'000'000'000, random));
        header.from = from.id();
        header.to = to.id();
        header.type = "notice";
        header.seq = seq;
        header.body = {crypto::sha256(body), body.size(), "application/json"};
        return header;
    }
    exchange::IncomingMessage sign(const std::string& header, const Bytes& body = "{}",
                                   std::string media = "application/json") {
        const std::string uri = to.node().config().url + "/v1/messages";
        const auto fields = exchange::sign_request({"POST", uri, media, crypto::sha256(body), header}, keys.message,
                                                   {key_id, to.node().clock().now(), random.bytes(16)});
        return {
            {"POST", uri, media, fields.content_digest, fields.message, fields.signature_input, fields.signature, true},
            body};
    }
    Result<std::string> send(const ledger::MessageHeader& header, const Bytes& body = "{}") {
        return to.deliver(sign(header.json(), body));
    }
    // `internal` where it was taken.
    ErrorCode refusal(const ledger::MessageHeader& header) {
        const auto answer = send(header);
        return answer ? ErrorCode::internal : answer.error().code;
    }
};

}  // namespace gongzhi::scenario
