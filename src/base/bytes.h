// Big-endian integers, hex and strict base64 (RFC 4648), and a bounds-checked reader for binary formats.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "base/types.h"

namespace gongzhi {

void put_u8(Bytes& out, uint8_t value);
void put_u16(Bytes& out, uint16_t value);
void put_u32(Bytes& out, uint32_t value);
void put_u64(Bytes& out, uint64_t value);
void put_i64(Bytes& out, int64_t value);
// u32 length, then the bytes.
void put_sized(Bytes& out, BytesView value);

std::string to_hex(BytesView bytes);
Result<Bytes> from_hex(std::string_view text);
std::string to_base64(BytesView bytes);
std::string to_base64url(BytesView bytes);  // no padding
// Padding required, no whitespace, unused bits zero: one text for each value.
Result<Bytes> from_base64(std::string_view text);
Result<Bytes> from_base64url(std::string_view text);

// Reads a binary format front to back. Every read checks the length; errors are `malformed`.
class ByteReader {
public:
    explicit ByteReader(BytesView bytes) : rest_(bytes) {}
    Result<uint8_t> u8();
    Result<uint16_t> u16();
    Result<uint32_t> u32();
    Result<uint64_t> u64();
    Result<int64_t> i64();
    Result<BytesView> take(size_t count);
    Result<BytesView> sized(size_t max);  // u32 length ≤ max, then the bytes
    Status expect_end() const;
    bool at_end() const { return rest_.empty(); }
    size_t left() const { return rest_.size(); }

private:
    BytesView rest_;
};

}  // namespace gongzhi
