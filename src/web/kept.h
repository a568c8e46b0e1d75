// What is dear to compute from the tables, kept for a moment: lists and counts that many people look at.
//
// What is kept is exact while the tables have not moved; when they have, it may be a second old, or twenty times as old as it
// took to compute (so that computing takes at most a twentieth of the time, whatever grows), except for who acted by a form
// a moment ago: what follows a command shows what it did. What depends on the clock has it in its key.
// Safe for concurrent use; of many who ask at once one computes.
#pragma once

#include <algorithm>
#include <chrono>
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
        const std::lock_guard lock(mutex_);  // the others wait for what they would compute themselves
        if (const auto found = kept_.find(key); found != kept_.end() && serves(visit, found->second))
            return found->second.value;
        const TreeSize applied = visit.node.applied_affairs();  // what is read may be newer, never older
        const auto started = Steady::now();
        GZ_TRY(T value, compute());
        const auto shared = std::make_shared<const T>(std::move(value));
        if (kept_.size() >= kKeptMax) kept_.clear();
        const auto lasts = std::clamp((Steady::now() - started) * kTimesItsCost, kShortest, kLongest);
        kept_[key] = {shared, applied, Steady::now() + lasts};
        return Shared(shared);
    }

private:
    static constexpr size_t kKeptMax = 64;
    static constexpr int kTimesItsCost = 20;
    static constexpr Steady::duration kShortest = std::chrono::seconds(1), kLongest = std::chrono::seconds(30);
    struct Entry {
        Shared value;
        TreeSize applied;
        Steady::time_point good_until;
    };
    static bool serves(const Visit& visit, const Entry& entry) {
        if (entry.applied == visit.node.applied_affairs()) return true;
        const bool acted = !visit.request.cookie(kActedCookie).empty();
        return !acted && Steady::now() < entry.good_until;
    }

    std::mutex mutex_;
    std::map<std::string, Entry> kept_;
};

}  // namespace gongzhi::web
