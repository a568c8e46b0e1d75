#include "base/random.h"

#include <sys/random.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/result.h"

namespace gongzhi {

void SystemRandom::fill(char* out, size_t count) {
    while (count > 0) {
        const ssize_t got = ::getrandom(out, count, 0);
        GZ_CHECK(got > 0 || errno == EINTR, "the system's random source failed");
        if (got <= 0) continue;
        out += got;
        count -= static_cast<size_t>(got);
    }
}

uint64_t SeededRandom::next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

void SeededRandom::fill(char* out, size_t count) {
    for (size_t i = 0; i < count; i += 8) {
        const uint64_t word = next();
        for (size_t k = 0; k < 8 && i + k < count; ++k) out[i + k] = static_cast<char>((word >> (8 * k)) & 0xff);
    }
}

uint64_t SeededRandom::below(uint64_t bound) {
    GZ_CHECK(bound > 0, "an empty range has no element");
    const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
    uint64_t value = next();
    while (value >= limit) value = next();
    return value % bound;
}

int64_t SeededRandom::between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(below(static_cast<uint64_t>(high - low) + 1));
}

std::string make_uuid7(int64_t unix_millis, Random& random) {
    Bytes raw;
    put_u64(raw, static_cast<uint64_t>(unix_millis) << 16);
    raw.resize(6);
    raw += random.bytes(10);
    raw[6] = static_cast<char>((raw[6] & 0x0f) | 0x70);
    raw[8] = static_cast<char>((raw[8] & 0x3f) | 0x80);
    std::string hex = to_hex(raw);
    for (size_t at : {20, 16, 12, 8}) hex.insert(at, "-");
    return hex;
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const char c = text[i];
        if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    }
    return true;
}

}  // namespace gongzhi
