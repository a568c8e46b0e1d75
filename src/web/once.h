// Forms that were sent before: each carries a number that is good once. In memory only, the last few thousand: what a
// double click or the back button would do twice is minutes old. Safe for concurrent use.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>

namespace gongzhi::web {

class OnceForms {
public:
    static constexpr size_t kKeptMax = 4'096;

    struct Turn {
        bool taken_before = false;  // and led to `go_to`
        bool running = false;       // another request acts on it just now
        std::string go_to{};
    };
    Turn begin(const std::string& key) {
        const std::lock_guard lock(mutex_);
        const auto [found, fresh] = seen_.try_emplace(key);
        if (fresh) return {};
        if (found->second.empty()) return {false, true};
        return {true, false, found->second};
    }
    // It acted; the same form leads to the same place from now on.
    void done(const std::string& key, std::string go_to) {
        const std::lock_guard lock(mutex_);
        seen_[key] = std::move(go_to);
        order_.push_back(key);
        if (order_.size() <= kKeptMax) return;
        seen_.erase(order_.front());
        order_.pop_front();
    }
    // After begin: without done the form may be sent again.
    void end(const std::string& key) {
        const std::lock_guard lock(mutex_);
        if (const auto found = seen_.find(key); found != seen_.end() && found->second.empty()) seen_.erase(found);
    }

private:
    std::mutex mutex_;
    std::map<std::string, std::string> seen_;  // "": running
    std::deque<std::string> order_;
};

}  // namespace gongzhi::web
