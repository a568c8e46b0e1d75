// Messages on their way out: logged and queued in one atomic step, delivered in order, kept until the other side has
// signed for them; they survive restarts and a peer that is down.
//
// One worker thread. A refusal that no retry can mend stops that peer's queue and is shown by `pending()`: nothing is
// dropped. Safe for concurrent use.
#pragma once

#include <condition_variable>
#include <thread>

#include "exchange/http_client.h"
#include "exchange/http_signature.h"
#include "exchange/peers.h"
#include "ledger/outgoing.h"

namespace gongzhi::exchange {

constexpr size_t kMessageBytesMax = 32u << 20;
constexpr int64_t kRetryFirstMicros = 500'000, kRetryMaxMicros = 60 * kMicrosPerSecond;

struct Self {
    PartyDescriptor descriptor;
    const crypto::KeyPair& message_key;
};

class Outbox final : public ledger::Sender {
public:
    Outbox(const Self& self, Peers& peers, ledger::Ledger& ledger, const ledger::ClaimKeys& claims, const Clock& clock,
           Random& random);
    ~Outbox() override;
    void start();

    Result<ledger::SentMessage> send(ledger::OutgoingMessage message) override;

    struct Pending {
        PartyId to;
        MessageId id;
        std::string type;
        std::string last_problem;
    };
    Result<std::vector<Pending>> pending() const;
    // True when everything queued for the party so far has been signed for.
    bool wait_delivered(const PartyId& to, int64_t timeout_micros) const;
    // The accepted receipt that the other side gave for a delivered message; `not_found` until then.
    Result<std::string> delivery_receipt(const MessageId& id) const;

private:
    struct Waiting {
        int64_t next_try = 0;  // steady microseconds
        int64_t delay = 0;
        std::string problem;
    };
    void run(std::stop_token stop);
    // Delivers the first message of a queue; false when the queue is empty.
    Result<bool> deliver_next(const PartyDescriptor& peer, HttpClient& client);
    Status deliver(const PartyDescriptor& peer, const Bytes& key, const Json& item, HttpClient& client);
    Status accept_answer(const PartyDescriptor& peer, const HttpAnswer& answer, const Bytes& header,
                         const Bytes& outbox_key, const std::string& id);

    const Self& self_;
    Peers& peers_;
    ledger::Ledger& ledger_;
    const ledger::ClaimKeys& claims_;
    const Clock& clock_;
    Random& random_;
    std::mutex sending_;        // one sequence number at a time
    mutable std::mutex mutex_;  // guards what follows
    mutable std::condition_variable_any changed_;
    std::map<PartyId, Waiting> waiting_;
    bool woken_ = false;
    std::jthread worker_;
};

}  // namespace gongzhi::exchange
