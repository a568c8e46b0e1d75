#include "web/typed_code.h"

#include <algorithm>
#include <cctype>

namespace gongzhi::web {
namespace {

// U+FF01 to U+FF5E stand for '!' to '~', U+3000 for a space; in UTF-8 EF BC 81 to EF BD 9E, and E3 80 80.
constexpr char32_t kFullWidthFirst = 0xff01, kFullWidthLast = 0xff5e, kWideSpace = 0x3000, kFirst = '!';

char plain_of(std::string_view three) {
    const auto byte = [&](size_t at) { return static_cast<unsigned char>(three[at]); };
    if ((byte(0) & 0xf0) != 0xe0) return '\0';
    const char32_t point = char32_t(byte(0) & 0x0f) << 12 | char32_t(byte(1) & 0x3f) << 6 | char32_t(byte(2) & 0x3f);
    if (point == kWideSpace) return ' ';
    if (point < kFullWidthFirst || point > kFullWidthLast) return '\0';
    return static_cast<char>(point - kFullWidthFirst + kFirst);
}

}  // namespace

std::string plain_form(std::string_view typed) {
    std::string plain;
    for (size_t at = 0; at < typed.size();) {
        const char narrow = at + 3 <= typed.size() ? plain_of(typed.substr(at, 3)) : '\0';
        plain.push_back(narrow != '\0' ? narrow : typed[at]);
        at += narrow != '\0' ? 3 : 1;
    }
    constexpr std::string_view spaces = " \t\r\n";
    const size_t first = plain.find_first_not_of(spaces);
    if (first == std::string::npos) return {};
    return plain.substr(first, plain.find_last_not_of(spaces) - first + 1);
}

std::string as_credit_code(std::string_view typed) {
    std::string code = plain_form(typed);
    std::erase(code, ' ');
    std::transform(code.begin(), code.end(), code.begin(), [](unsigned char c) { return std::toupper(c); });
    return code;
}

bool has_code_form(std::string_view code) {
    return code.size() == kCreditCodeChars && std::all_of(code.begin(), code.end(), [](unsigned char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
           });
}

}  // namespace gongzhi::web
