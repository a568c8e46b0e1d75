#include "merkle/text.h"

#include <charconv>

#include "base/bytes.h"

namespace gongzhi::merkle {
namespace {

// Bytes of the UTF-8 sequence at the front of `text`, 0 where it is not valid (RFC 3629: no surrogates, no overlong).
size_t utf8_length(std::string_view text) {
    const auto at = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : 0u; };
    const auto tail = [&](size_t i) { return (at(i) & 0xc0u) == 0x80u; };
    const unsigned lead = at(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xc2 && lead <= 0xdf) return tail(1) ? 2 : 0;
    if (lead >= 0xe0 && lead <= 0xef) {
        if (!tail(1) || !tail(2)) return 0;
        if (lead == 0xe0 && at(1) < 0xa0) return 0;
        if (lead == 0xed && at(1) > 0x9f) return 0;
        return 3;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        if (!tail(1) || !tail(2) || !tail(3)) return 0;
        if (lead == 0xf0 && at(1) < 0x90) return 0;
        if (lead == 0xf4 && at(1) > 0x8f) return 0;
        return 4;
    }
    return 0;
}

}  // namespace

Result<uint64_t> parse_decimal(std::string_view text) {
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || (text.size() > 1 && text.front() == '0') ||
        value > uint64_t{INT64_MAX})
        return fail(ErrorCode::malformed, "a number is not written as a plain decimal");
    return value;
}

Result<Digest> parse_hash(std::string_view base64) {
    GZ_TRY(const Bytes raw, from_base64(base64));
    if (raw.size() != 32) return fail(ErrorCode::malformed, "a hash does not have 32 bytes");
    return Digest::from(raw);
}

std::optional<std::string_view> take_line(std::string_view& rest) {
    const size_t end = rest.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

bool is_clean_text(std::string_view text) {
    while (!text.empty()) {
        const auto lead = static_cast<uint8_t>(text.front());
        if ((lead < 0x20 && lead != '\n') || lead == 0x7f) return false;
        const size_t length = utf8_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

}  // namespace gongzhi::merkle
