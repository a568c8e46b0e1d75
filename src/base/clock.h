// Time: an injected clock (house-style 19), UTC microseconds, civil dates.
//
// SystemClock is the machine's; SimulatedClock adds an offset kept in a small file that all nodes of a run share;
// FixedClock stands still until a test moves it. All are safe for concurrent use.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/types.h"

namespace gongzhi {

using UtcTime = Strong<int64_t, struct UtcTimeTag>;      // microseconds since 1970-01-01T00:00:00Z
using CivilDate = Strong<int32_t, struct CivilDateTag>;  // days since 1970-01-01, in a zone that the context names

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

class Clock {
public:
    virtual ~Clock() = default;
    virtual UtcTime now() const = 0;
};

class SystemClock final : public Clock {
public:
    UtcTime now() const override;
};

// now = machine's time + offset; the offset (8 bytes, microseconds) lives in a memory-mapped file, so every process of
// one simulated run reads the same time and one of them may move it forward.
class SimulatedClock final : public Clock {
public:
    static Result<std::unique_ptr<SimulatedClock>> open(const std::filesystem::path& file);
    // Creates the file so that the simulated time starts at `start` now.
    static Status create(const std::filesystem::path& file, UtcTime start);
    ~SimulatedClock() override;
    UtcTime now() const override;
    void advance(int64_t micros);

private:
    explicit SimulatedClock(void* mapped) : offset_(static_cast<std::atomic<int64_t>*>(mapped)) {}
    std::atomic<int64_t>* offset_;  // mapped, shared between processes
};

class FixedClock final : public Clock {
public:
    explicit FixedClock(UtcTime start) : micros_(start.value) {}
    UtcTime now() const override { return UtcTime(micros_.load()); }
    void advance(int64_t micros) { micros_ += micros; }

private:
    std::atomic<int64_t> micros_;
};

// "2026-03-01T08:00:00.000000Z"; parsing takes RFC 3339 with `Z` or a numeric offset, 0 to 6 fraction digits.
std::string format_utc(UtcTime time);
Result<UtcTime> parse_utc(std::string_view text);
// "2026-03-01"; parsing refuses dates that do not exist, years 1 to 9999.
std::string format_date(CivilDate date);
Result<CivilDate> parse_date(std::string_view text);
CivilDate civil_date(int year, unsigned month, unsigned day);
// The civil day of an instant in a zone at a fixed distance from UTC.
CivilDate date_in_zone(UtcTime time, int offset_minutes);

}  // namespace gongzhi
