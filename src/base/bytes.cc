#include "base/bytes.h"

#include <array>

namespace gongzhi {
namespace {

template <typename T>
void put_big_endian(Bytes& out, T value) {
    for (int shift = (static_cast<int>(sizeof(T)) - 1) * 8; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>((value >> shift) & 0xff));
}

template <typename T>
T big_endian(BytesView bytes) {
    T value = 0;
    for (unsigned char byte : bytes) value = static_cast<T>((value << 8) | byte);
    return value;
}

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode_base64(BytesView bytes, std::string_view alphabet, bool padded) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (size_t i = 0; i < bytes.size(); i += 3) {
        const size_t count = std::min<size_t>(3, bytes.size() - i);
        uint32_t group = 0;
        for (size_t k = 0; k < 3; ++k) group = (group << 8) | (k < count ? static_cast<uint8_t>(bytes[i + k]) : 0u);
        for (size_t k = 0; k < 4; ++k) {
            if (k <= count)
                out.push_back(alphabet[(group >> (18 - 6 * k)) & 63]);
            else if (padded)
                out.push_back('=');
        }
    }
    return out;
}

Result<Bytes> decode_base64(std::string_view text, std::string_view alphabet) {
    if (text.size() % 4 == 1) return fail(ErrorCode::malformed, "base64 of an impossible length");
    Bytes out;
    uint32_t group = 0;
    int bits = 0;
    for (char c : text) {
        const size_t value = alphabet.find(c);
        if (value == std::string_view::npos) return fail(ErrorCode::malformed, "a character that is not base64");
        group = (group << 6) | static_cast<uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out.push_back(static_cast<char>((group >> bits) & 0xff));
        }
    }
    if (bits > 0 && (group & ((1u << bits) - 1)) != 0) return fail(ErrorCode::malformed, "base64 with stray bits");
    return out;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

void put_u8(Bytes& out, uint8_t value) { out.push_back(static_cast<char>(value)); }
void put_u16(Bytes& out, uint16_t value) { put_big_endian(out, value); }
void put_u32(Bytes& out, uint32_t value) { put_big_endian(out, value); }
void put_u64(Bytes& out, uint64_t value) { put_big_endian(out, value); }
void put_i64(Bytes& out, int64_t value) { put_big_endian(out, static_cast<uint64_t>(value)); }
void put_sized(Bytes& out, BytesView value) {
    GZ_CHECK(value.size() <= UINT32_MAX, "a sized field longer than its prefix can say");
    put_u32(out, static_cast<uint32_t>(value.size()));
    out.append(value);
}

std::string to_hex(BytesView bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (unsigned char byte : bytes) {
        out.push_back("0123456789abcdef"[byte >> 4]);
        out.push_back("0123456789abcdef"[byte & 15]);
    }
    return out;
}

Result<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return fail(ErrorCode::malformed, "hex of an odd length");
    Bytes out;
    for (size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_value(text[i]), low = hex_value(text[i + 1]);
        if (high < 0 || low < 0) return fail(ErrorCode::malformed, "a character that is not hex");
        out.push_back(static_cast<char>(high * 16 + low));
    }
    return out;
}

std::string to_base64(BytesView bytes) { return encode_base64(bytes, kBase64, true); }
std::string to_base64url(BytesView bytes) { return encode_base64(bytes, kBase64Url, false); }

Result<Bytes> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return fail(ErrorCode::malformed, "base64 without its padding");
    size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
    return decode_base64(text.substr(0, text.size() - padding), kBase64);
}

Result<Bytes> from_base64url(std::string_view text) { return decode_base64(text, kBase64Url); }

Result<BytesView> ByteReader::take(size_t count) {
    if (count > rest_.size()) return fail(ErrorCode::malformed, "{} bytes expected, {} left", count, rest_.size());
    BytesView taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
}
Result<uint8_t> ByteReader::u8() { return take(1).map(big_endian<uint8_t>); }
Result<uint16_t> ByteReader::u16() { return take(2).map(big_endian<uint16_t>); }
Result<uint32_t> ByteReader::u32() { return take(4).map(big_endian<uint32_t>); }
Result<uint64_t> ByteReader::u64() { return take(8).map(big_endian<uint64_t>); }
Result<int64_t> ByteReader::i64() {
    return take(8).map([](BytesView b) { return static_cast<int64_t>(big_endian<uint64_t>(b)); });
}
Result<BytesView> ByteReader::sized(size_t max) {
    GZ_TRY(const uint32_t length, u32());
    if (length > max) return fail(ErrorCode::malformed, "a part of {} bytes where at most {} are allowed", length, max);
    return take(length);
}
Status ByteReader::expect_end() const {
    if (!rest_.empty()) return fail(ErrorCode::malformed, "{} bytes behind the end", rest_.size());
    return {};
}

}  // namespace gongzhi
