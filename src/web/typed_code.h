// Numbers and codes as people type them: with spaces from a licence, in small letters, in the full-width forms of a Chinese
// keyboard. Pure.
#pragma once

#include <string>
#include <string_view>

namespace gongzhi::web {

constexpr int kCreditCodeChars = 18;

// Full-width letters, digits and spaces as plain ones, without white space around it.
std::string plain_form(std::string_view typed);
// Besides without any space and in capital letters: as a credit code is written.
std::string as_credit_code(std::string_view typed);
// Eighteen digits and capital letters; its check character is not looked at.
bool has_code_form(std::string_view code);

}  // namespace gongzhi::web
