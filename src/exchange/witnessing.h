// Asks every peer to cosign each new checkpoint, so that neither side can rewrite its log alone. One thread, at most one
// request a second and peer.
#pragma once

#include <thread>

#include "exchange/http_client.h"
#include "exchange/peers.h"
#include "ledger/ledger.h"

namespace gongzhi::exchange {

class Witnessing {
public:
    Witnessing(Peers& peers, ledger::Ledger& ledger) : peers_(peers), ledger_(ledger) {}
    ~Witnessing();
    void start();
    // One round now, for the connection test and for tests: the number of peers that cosigned.
    Result<size_t> ask_all();
    // What this node's witness must trust.
    void trust_peers();

private:
    Status ask(const PartyDescriptor& peer, HttpClient& client);
    void run(std::stop_token stop);

    Peers& peers_;
    ledger::Ledger& ledger_;
    std::map<PartyId, TreeSize> asked_;
    std::mutex asking_;
    std::jthread worker_;
};

}  // namespace gongzhi::exchange
