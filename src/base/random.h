// Randomness, injected: the system's for keys, salts and ids; a seeded one for generators and tests.
#pragma once

#include <cstdint>
#include <mutex>

#include "base/types.h"

namespace gongzhi {

class Random {
public:
    virtual ~Random() = default;
    virtual void fill(char* out, size_t count) = 0;
    Bytes bytes(size_t count) {
        Bytes out(count, '\0');
        fill(out.data(), count);
        return out;
    }
};

// getrandom(2). Safe for concurrent use.
class SystemRandom final : public Random {
public:
    void fill(char* out, size_t count) override;
};

// SplitMix64: equal seeds give equal streams on every machine. Not for secrets, one thread.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(uint64_t seed) : state_(seed) {}
    void fill(char* out, size_t count) override;
    uint64_t next();
    uint64_t below(uint64_t bound);              // uniform in [0, bound)
    int64_t between(int64_t low, int64_t high);  // uniform in [low, high]
    bool chance(uint32_t per_mille) { return below(1000) < per_mille; }

private:
    uint64_t state_;
};

// RFC 9562 UUIDv7, text form. Ids made in one millisecond need not be ordered.
std::string make_uuid7(int64_t unix_millis, Random& random);
bool is_uuid(std::string_view text);

}  // namespace gongzhi
