// What a received entry sets in motion: each entry, once and in log order, is shown to the domain command that acts on it.
//
// Progress is kept in the journal's local key space, behind what was done; every reaction is idempotent by its own claims,
// so a crash between the two repeats it harmlessly. A reaction that fails for good is recorded and does not stop the rest.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "ledger/outgoing.h"

namespace gongzhi::node {

struct Reaction {
    std::string kind;  // of the entry
    std::function<Status(const ledger::Entry&)> react;
};

class Reactor {
public:
    Reactor(ledger::Ledger& ledger, const ledger::ClaimKeys& claims, const Clock& clock,
            std::vector<Reaction> reactions)
        : ledger_(ledger), claims_(claims), clock_(clock), reactions_(std::move(reactions)) {}
    ~Reactor();
    Status start();
    TreeSize done() const;
    // True when every entry below `size` has had its reaction.
    bool wait_for(TreeSize size, int64_t timeout_micros) const;

private:
    void run(std::stop_token stop);
    Status react_to(const ledger::Entry& entry);

    ledger::Ledger& ledger_;
    const ledger::ClaimKeys& claims_;
    const Clock& clock_;
    std::vector<Reaction> reactions_;
    mutable std::mutex mutex_;  // guards done_
    mutable std::condition_variable changed_;
    TreeSize done_;
    std::jthread thread_;
};

}  // namespace gongzhi::node
