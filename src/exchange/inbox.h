// Messages that come in: signature, clock, addressee, replay, sequence, then one append; the answer is the accepted
// receipt, given only after the fsync. What a message means is the reactor's business, later and in log order.
//
// Replays are stopped four times over: nonce (durable, one step with the append), message id, sequence per sender, and
// the signed addressee. Safe for concurrent use.
#pragma once

#include <functional>
#include <set>

#include "exchange/http_signature.h"
#include "exchange/outbox.h"

namespace gongzhi::exchange {

struct IncomingMessage {
    ReceivedRequest request;
    Bytes body;
};

class Inbox {
public:
    Inbox(const Self& self, Peers& peers, ledger::Ledger& ledger, const ledger::ClaimKeys& claims, const Clock& clock);

    // Answers with the accepted receipt (same message again: the receipt of the first time). Errors: `malformed`,
    // `signature_invalid`, `replayed`, `duplicate` (same id, other content), `conflict` (out of order), `forbidden`.
    using Answer = std::function<void(Result<std::string>)>;
    void receive(IncomingMessage message, Answer answer);

    // The peer behind a signed request without a message, for reading.
    Result<PartyDescriptor> signer_of(const ReceivedRequest& request, BytesView body) const;
    // Forgets nonces that no clock skew can revive. Returns how many.
    Result<size_t> prune_nonces();

private:
    struct Checked {
        SignatureClaim claim;
        ledger::MessageHeader header;
        PartyDescriptor peer;
    };
    Result<Checked> check(const IncomingMessage& message) const;
    Result<std::optional<std::string>> answer_of_first_time(const Checked& checked) const;
    Status use_nonce(const SignatureClaim& claim) const;
    Result<ledger::Draft> draft_of(const Checked& checked, const Bytes& body);

    const Self& self_;
    Peers& peers_;
    ledger::Ledger& ledger_;
    const ledger::ClaimKeys& claims_;
    const Clock& clock_;
};

}  // namespace gongzhi::exchange
