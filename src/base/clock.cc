#include "base/clock.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>

#include "base/file.h"

namespace gongzhi {
namespace {

int64_t machine_micros() {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

// Reads exactly `count` digits at `at`; -1 where there are none.
int digits(std::string_view text, size_t at, size_t count) {
    if (at + count > text.size()) return -1;
    int value = 0;
    for (size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

struct Fraction {
    int64_t micros = 0;
    size_t end = 0;
};
Result<Fraction> parse_fraction(std::string_view text, size_t at) {
    if (at >= text.size() || text[at] != '.') return Fraction{0, at};
    int64_t scale = 100'000;
    Fraction fraction{0, at + 1};
    while (fraction.end < text.size() && text[fraction.end] >= '0' && text[fraction.end] <= '9') {
        if (scale == 0) return fail(ErrorCode::malformed, "a time finer than microseconds");
        fraction.micros += scale * (text[fraction.end++] - '0');
        scale /= 10;
    }
    if (fraction.end == at + 1) return fail(ErrorCode::malformed, "a time with an empty fraction");
    return fraction;
}

Result<int> parse_offset_minutes(std::string_view zone) {
    if (zone == "Z" || zone == "z") return 0;
    const int hours = digits(zone, 1, 2), minutes = digits(zone, 4, 2);
    if (zone.size() != 6 || zone[3] != ':' || hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
        return fail(ErrorCode::malformed, "a time without a zone (Z or +08:00)");
    if (zone[0] != '+' && zone[0] != '-') return fail(ErrorCode::malformed, "a time without a zone (Z or +08:00)");
    return (zone[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

UtcTime SystemClock::now() const { return UtcTime(machine_micros()); }

Status SimulatedClock::create(const std::filesystem::path& file, UtcTime start) {
    const int64_t offset = start.value - machine_micros();
    return write_file_atomic(file, BytesView(reinterpret_cast<const char*>(&offset), sizeof offset));
}

Result<std::unique_ptr<SimulatedClock>> SimulatedClock::open(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) return fail(ErrorCode::io, "the simulated clock file cannot be opened");
    void* mapped = ::mmap(nullptr, sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    if (mapped == MAP_FAILED) return fail(ErrorCode::io, "the simulated clock file cannot be mapped");
    return std::unique_ptr<SimulatedClock>(new SimulatedClock(mapped));
}

SimulatedClock::~SimulatedClock() { ::munmap(offset_, sizeof(int64_t)); }
UtcTime SimulatedClock::now() const { return UtcTime(machine_micros() + offset_->load()); }
void SimulatedClock::advance(int64_t micros) { offset_->fetch_add(micros); }

CivilDate civil_date(int year, unsigned month, unsigned day) {
    using namespace std::chrono;
    return CivilDate(static_cast<int32_t>(
        sys_days(year_month_day(std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)))
            .time_since_epoch()
            .count()));
}

std::string format_date(CivilDate date) {
    const std::chrono::year_month_day ymd{std::chrono::sys_days(std::chrono::days(date.value))};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                       static_cast<unsigned>(ymd.day()));
}

Result<CivilDate> parse_date(std::string_view text) {
    const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    if (text.size() != 10 || text[4] != '-' || text[7] != '-' || year < 1 || month < 0 || day < 0)
        return fail(ErrorCode::malformed, "not a date of the form 2026-03-01");
    const std::chrono::year_month_day ymd{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                          std::chrono::day(static_cast<unsigned>(day))};
    if (!ymd.ok()) return fail(ErrorCode::malformed, "a date that does not exist");
    return civil_date(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
}

std::string format_utc(UtcTime time) {
    const CivilDate date = date_in_zone(time, 0);
    const int64_t in_day = time.value - int64_t{date.value} * kMicrosPerDay;
    const int64_t seconds = in_day / kMicrosPerSecond;
    return fmt::format("{}T{:02}:{:02}:{:02}.{:06}Z", format_date(date), seconds / 3600, seconds / 60 % 60,
                       seconds % 60, in_day % kMicrosPerSecond);
}

Result<UtcTime> parse_utc(std::string_view text) {
    GZ_TRY(const CivilDate date, parse_date(text.substr(0, std::min<size_t>(10, text.size()))));
    const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
    if (text.size() < 20 || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' || text[16] != ':' || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return fail(ErrorCode::malformed, "not a time of the form 2026-03-01T08:00:00Z");
    GZ_TRY(const Fraction fraction, parse_fraction(text, 19));
    GZ_TRY(const int offset, parse_offset_minutes(text.substr(fraction.end)));
    const int64_t seconds = (hour * 60 + minute - offset) * int64_t{60} + second;
    return UtcTime(date.value * kMicrosPerDay + seconds * kMicrosPerSecond + fraction.micros);
}

CivilDate date_in_zone(UtcTime time, int offset_minutes) {
    const int64_t local = time.value + offset_minutes * 60 * kMicrosPerSecond;
    const int64_t day = local >= 0 ? local / kMicrosPerDay : -((-local + kMicrosPerDay - 1) / kMicrosPerDay);
    return CivilDate(static_cast<int32_t>(day));
}

}  // namespace gongzhi
