#include "node/reactor.h"

#include "base/log.h"
#include "exchange/messages_handler.h"

namespace gongzhi::node {
namespace {

constexpr std::string_view kProgressKey = "reactor/done";
constexpr int64_t kIdleMicros = 200'000;
constexpr int kTriesMax = 5;

bool worth_retrying(ErrorCode code) {
    return code == ErrorCode::busy || code == ErrorCode::timeout || code == ErrorCode::unavailable;
}

}  // namespace

Reactor::~Reactor() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
}

Status Reactor::start() {
    GZ_TRY(const std::optional<Bytes> stored, ledger_.journal().read_local(kProgressKey));
    done_ = TreeSize(stored ? std::stoull(*stored) : 0);
    thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
    return {};
}

TreeSize Reactor::done() const {
    const std::lock_guard lock(mutex_);
    return done_;
}

bool Reactor::wait_for(TreeSize size, int64_t timeout_micros) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::microseconds(timeout_micros), [&] { return done_ >= size; });
}

Status Reactor::react_to(const ledger::Entry& entry) {
    for (const Reaction& reaction : reactions_) {
        if (reaction.kind != entry.kind) continue;
        Status reacted;
        for (int i = 0; i < kTriesMax; ++i) {
            reacted = reaction.react(entry);
            if (reacted || !worth_retrying(reacted.error().code)) break;
            std::this_thread::sleep_for(std::chrono::milliseconds(100 << i));
        }
        if (reacted) continue;
        if (reacted.error().code == ErrorCode::io) return reacted;
        log_warning("reaction to entry {} ({}) failed: {}", entry.index.value, entry.kind, reacted.error().describe());
        const Json trace = {{"entry", entry.index.value},
                            {"kind", entry.kind},
                            {"code", error_info(reacted.error().code).name},
                            {"reason", reacted.error().message}};
        ledger::Draft draft =
            ledger::trace_draft(std::string(exchange::kReactionFailed), trace, clock_.now(), "system");
        draft.claims = {claims_.refuse("reaction.failed", {std::to_string(entry.index.value)})};
        const ledger::Outcome recorded = ledger_.append(std::move(draft));
        // Taken: it failed, and was recorded, before a restart.
        if (!recorded && recorded.error().code != ErrorCode::conflict) return tl::unexpected(recorded.error());
    }
    return {};
}

void Reactor::run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        const TreeSize next = done();
        if (next >= ledger_.journal().size()) {
            ledger_.journal().wait_for_size(TreeSize(next.value + 1), kIdleMicros);
            continue;
        }
        const auto entry = ledger_.read(EntryIndex(next.value));
        const Status reacted = entry ? react_to(*entry) : Status(tl::unexpected(entry.error()));
        const TreeSize after(next.value + 1);
        if (reacted) {
            const bool idle = after == ledger_.journal().size();
            // Progress is only a hint where to go on: it need not be durable after each entry.
            if (idle || after.value % 256 == 0)
                (void)ledger_.journal().write_local({{Bytes(kProgressKey), std::to_string(after.value)}});
        }
        const std::lock_guard lock(mutex_);
        if (!reacted) {
            log_error("reactor stopped at entry {}: {}", next.value, reacted.error().describe());
            return;
        }
        done_ = after;
        changed_.notify_all();
    }
}

}  // namespace gongzhi::node
