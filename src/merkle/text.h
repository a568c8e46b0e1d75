// Strict text pieces that notes, checkpoints, proofs and policies share. Inside this module and the ledger's parsers.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace gongzhi::merkle {

// Decimal without leading zeros, up to 2^63 − 1.
Result<uint64_t> parse_decimal(std::string_view text);
// Strict base64 of exactly 32 bytes.
Result<Digest> parse_hash(std::string_view base64);
// Takes the line up to the next \n off the front; nothing where no \n is left.
std::optional<std::string_view> take_line(std::string_view& rest);
// Valid UTF-8 without control characters below 0x20 except \n, and without DEL.
bool is_clean_text(std::string_view text);

}  // namespace gongzhi::merkle
