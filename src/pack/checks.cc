#include "pack/checks.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/clock.h"

namespace gongzhi::pack {
namespace {

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Bytes of the well-formed UTF-8 sequence at the front, 0 where it is not one.
size_t sequence_bytes(std::string_view text) {
    const auto byte = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0}; };
    const auto tail = [&](size_t i, uint8_t low = 0x80, uint8_t high = 0xbf) {
        return byte(i) >= low && byte(i) <= high;
    };
    const uint8_t lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xc2 && lead <= 0xdf) return tail(1) ? 2 : 0;
    if (lead >= 0xe0 && lead <= 0xef) {
        const uint8_t low = lead == 0xe0 ? 0xa0 : 0x80, high = lead == 0xed ? 0x9f : 0xbf;
        return tail(1, low, high) && tail(2) ? 3 : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        const uint8_t low = lead == 0xf0 ? 0x90 : 0x80, high = lead == 0xf4 ? 0x8f : 0xbf;
        return tail(1, low, high) && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

constexpr std::pair<std::string_view, bool (*)(std::string_view)> kChecks[] = {
    {"credit_code", valid_credit_code},
    {"id_card", valid_id_card},
    {"region", valid_region_form},
    {"url", valid_url_form},
};

}  // namespace

bool valid_credit_code(std::string_view code) {
    constexpr std::string_view letters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    constexpr int weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    if (code.size() != 18) return false;
    size_t sum = 0;
    for (size_t i = 0; i < 18; ++i) {
        const size_t value = letters.find(code[i]);
        if (value == std::string_view::npos) return false;
        if (i < 17) sum += value * static_cast<size_t>(weights[i]);
    }
    return letters[(31 - sum % 31) % 31] == code[17];
}

bool valid_id_card(std::string_view number) {
    constexpr int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    if (number.size() != 18 || !all_digits(number.substr(0, 17))) return false;
    const std::string date = std::string(number.substr(6, 4)) + "-" + std::string(number.substr(10, 2)) + "-" +
                             std::string(number.substr(12, 2));
    if (!parse_date(date)) return false;
    int sum = 0;
    for (size_t i = 0; i < 17; ++i) sum += (number[i] - '0') * weights[i];
    return "10X98765432"[sum % 11] == number[17];
}

bool valid_region_form(std::string_view code) { return code.size() == 6 && all_digits(code); }

bool valid_url_form(std::string_view url) {
    const size_t scheme = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
    if (scheme == 0 || url.size() == scheme || url[scheme] == '/') return false;
    return std::none_of(url.begin(), url.end(),
                        [](char c) { return static_cast<uint8_t>(c) <= ' ' || c == '"' || c == '<' || c == '>'; });
}

bool known_check(std::string_view name) {
    return std::any_of(std::begin(kChecks), std::end(kChecks), [&](const auto& check) { return check.first == name; });
}

bool passes_check(std::string_view name, std::string_view value) {
    for (const auto& [known, check] : kChecks)
        if (known == name) return check(value);
    return true;
}

int64_t utf8_length(std::string_view text) {
    int64_t count = 0;
    while (!text.empty()) {
        const size_t bytes = sequence_bytes(text);
        if (bytes == 0) return -1;
        text.remove_prefix(bytes);
        ++count;
    }
    return count;
}

bool has_control_character(std::string_view text) {
    for (size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<uint8_t>(text[i]);
        if (byte < 0x20 || byte == 0x7f) return true;
        if (byte == 0xc2 && i + 1 < text.size() && static_cast<uint8_t>(text[i + 1]) < 0xa0) return true;
    }
    return false;
}

int currency_decimals(std::string_view code) {
    constexpr std::string_view two[] = {"CNY", "EUR", "USD", "GBP", "BRL", "HKD", "CHF", "SEK",
                                        "PLN", "CZK", "DKK", "HUF", "RON", "BGN", "NOK"};
    if (std::find(std::begin(two), std::end(two), code) != std::end(two)) return 2;
    return code == "JPY" || code == "KRW" ? 0 : -1;
}

}  // namespace gongzhi::pack
