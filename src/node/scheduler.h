// What a node does by itself as time passes: short jobs at intervals of its own clock, and one at the turn of each civil day.
//
// The clock is the node's, so simulated time drives it too. A day that passed while the node was down is made up for
// once, at the start. A job that fails is logged and runs again at its next turn.
#pragma once

#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "journal/journal.h"

namespace gongzhi::node {

struct Job {
    std::string name;
    int64_t interval_micros = 0;  // 0: once for each civil day
    std::function<Status(CivilDate today)> run;
};

class Scheduler {
public:
    Scheduler(journal::Journal& journal, const Clock& clock, int zone_offset_minutes, std::vector<Job> jobs)
        : journal_(journal), clock_(clock), zone_offset_minutes_(zone_offset_minutes), jobs_(std::move(jobs)) {}
    void start();
    // Runs what is due now. The thread does nothing else; tests call it themselves.
    void run_due();

private:
    Status run_daily(const Job& job, CivilDate today);

    journal::Journal& journal_;
    const Clock& clock_;
    int zone_offset_minutes_;
    std::vector<Job> jobs_;
    std::vector<int64_t> next_micros_;  // of the jobs at intervals
    std::mutex running_;
    std::jthread thread_;
};

}  // namespace gongzhi::node
