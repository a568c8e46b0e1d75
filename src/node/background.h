// Long work beside which people and peers must not wait, such as a rule over all records: on a thread of its own whose
// priority is low, so that whoever asks for a page gets the processor first. The caller waits for the result.
#pragma once

#include <sys/resource.h>

#include <optional>
#include <thread>

namespace gongzhi::node {

constexpr int kBackgroundNice = 10;  // a tenth of a page's share where both want all of a processor

// Of the calling thread, for good: a process without privileges cannot raise it again. On Linux a thread has its own.
inline void lower_own_priority() { (void)setpriority(PRIO_PROCESS, 0, kBackgroundNice); }

template <typename Work>
auto in_background(Work work) {
    std::optional<decltype(work())> result;
    std::jthread([&] {
        lower_own_priority();
        result.emplace(work());
    }).join();
    return *std::move(result);
}

}  // namespace gongzhi::node
