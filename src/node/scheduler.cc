#include "node/scheduler.h"

#include <condition_variable>

#include "base/log.h"

namespace gongzhi::node {
namespace {

constexpr auto kLook = std::chrono::milliseconds(200);

Bytes done_key(const Job& job) { return "scheduler/" + job.name; }

}  // namespace

void Scheduler::start() {
    thread_ = std::jthread([this](std::stop_token stop) {
        std::mutex mutex;
        std::condition_variable_any wake;
        while (!stop.stop_requested()) {
            run_due();
            std::unique_lock lock(mutex);
            wake.wait_for(lock, stop, kLook, [] { return false; });
        }
    });
}

void Scheduler::run_due() {
    const std::lock_guard one_at_a_time(running_);
    const UtcTime now = clock_.now();
    const CivilDate today = date_in_zone(now, zone_offset_minutes_);
    next_micros_.resize(jobs_.size());
    for (size_t i = 0; i < jobs_.size(); ++i) {
        const Job& job = jobs_[i];
        Status status;
        if (job.interval_micros == 0) {
            status = run_daily(job, today);
        } else if (now.value >= next_micros_[i]) {
            next_micros_[i] = now.value + job.interval_micros;
            status = job.run(today);
        }
        if (!status) log_warning("the job {} failed: {}", job.name, status.error().describe());
    }
}

// The day is noted after the job: a crash between runs it twice, so a job is harmless when repeated.
Status Scheduler::run_daily(const Job& job, CivilDate today) {
    GZ_TRY(const std::optional<Bytes> done, journal_.read_local(done_key(job)));
    const std::string day = format_date(today);
    if (done && *done >= day) return {};
    GZ_CHECKED(job.run(today));
    return journal_.write_local({{done_key(job), day}});
}

}  // namespace gongzhi::node
