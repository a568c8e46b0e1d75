// What is dear to compute from the tables, kept for a moment: lists and counts that many people look at.
//
// What is kept is exact while the tables have not moved; when they have, it may be two seconds old, or twenty times as old as it
// took to compute (so that computing takes at most a twentieth of the time, whatever grows), except for who acted by a form
// a moment ago: what follows a command shows what it did. What depends on the clock has it in its key.
// Safe for concurrent use; of many who ask at once one computes, and the others get what there was before.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>

#include "web/staff_page.h"

namespace gongzhi::web {

// What a browser brings for some seconds after a form of its person acted.
constexpr std::string_view kActedCookie = "gongzhi_acted";
constexpr int kActedSeconds = 3;

template <typename T>
class Kept {
public:
    using Shared = std::shared_ptr<const T>;
    using Steady = std::chrono::steady_clock;

    // `compute` gives Result<T>; `key` names what it computes, with all that it depends on.
    template <typename Compute>
    Result<Shared> get(const Visit& visit, const std::string& key, Compute compute) {
        std::unique_lock lock(mutex_);
        for (;;) {
            const auto found = kept_.find(key);
            if (found == kept_.end()) break;
            const Entry& entry = found->second;
            if (entry.value && serves(visit, entry)) return entry.value;
            if (!entry.computing) break;
            // Somebody is at it: till then what there was serves all but who just acted.
            if (entry.value && !acted(visit)) return entry.value;
            computed_.wait(lock);
        }
        if (kept_.size() >= kKeptMax) std::erase_if(kept_, [](const auto& each) { return !each.second.computing; });
        kept_[key].computing = true;
        lock.unlock();
        const Turn turn{*this, key};
        const TreeSize applied = visit.node.applied_affairs();  // what is read may be newer, never older
        const auto started = Steady::now();
        GZ_TRY(T value, compute());
        const auto lasts = std::clamp((Steady::now() - started) * kTimesItsCost, kShortest, kLongest);
        lock.lock();
        Entry& entry = kept_[key];
        entry.value = std::make_shared<const T>(std::move(value));
        entry.applied = applied;
        entry.good_until = Steady::now() + lasts;
        const Shared shared = entry.value;
        lock.unlock();
        return shared;
    }

private:
    static constexpr size_t kKeptMax = 64;
    static constexpr int kTimesItsCost = 20;
    static constexpr Steady::duration kShortest = std::chrono::seconds(2), kLongest = std::chrono::seconds(30);
    struct Entry {
        Shared value;
        TreeSize applied;
        Steady::time_point good_until;
        bool computing = false;
    };
    // Ends with whoever computed, whatever came of it.
    struct Turn {
        Kept& kept;
        const std::string& key;
        ~Turn() {
            const std::lock_guard lock(kept.mutex_);
            kept.kept_[key].computing = false;
            kept.computed_.notify_all();
        }
    };
    static bool acted(const Visit& visit) { return !visit.request.cookie(kActedCookie).empty(); }
    static bool serves(const Visit& visit, const Entry& entry) {
        if (entry.applied == visit.node.applied_affairs()) return true;
        return !acted(visit) && Steady::now() < entry.good_until;
    }

    std::mutex mutex_;
    std::condition_variable computed_;
    std::map<std::string, Entry> kept_;
};

}  // namespace gongzhi::web
