// Identity numbers and other text checks that a record type may name. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace gongzhi::pack {

// GB 32100-2015: 18 characters of the 31-letter set, check character mod 31.
bool valid_credit_code(std::string_view code);
// GB 11643-1999: 18 characters, a real birth date, check character mod 11.
bool valid_id_card(std::string_view number);
// GB/T 2260: six digits. Whether the code is in force is the region table's business.
bool valid_region_form(std::string_view code);
// http or https, a host, no spaces, no control characters.
bool valid_url_form(std::string_view url);

// Whether a pack may name this check.
bool known_check(std::string_view name);
bool passes_check(std::string_view name, std::string_view value);

// UTF-8: code points, or -1 where the bytes are not well formed (RFC 3629: no surrogates, no overlong forms).
int64_t utf8_length(std::string_view text);
// C0 controls (tabs and newlines too), DEL and C1 controls do not belong in a catalogue field.
bool has_control_character(std::string_view text);

// Minor units of a currency (ISO 4217 exponent), or -1 where we do not know it.
int currency_decimals(std::string_view code);

}  // namespace gongzhi::pack
