// Passwords of people: argon2id with libsodium's interactive limits (64 MiB, two passes). Slow on purpose: about 0.1 s.
#pragma once

#include <string>

#include "base/result.h"
#include "base/types.h"

namespace gongzhi::crypto {

constexpr size_t kPasswordBytesMin = 12, kPasswordBytesMax = 128;

// The text to keep: algorithm, limits, salt and hash. `invalid_argument` for a password that is too short or too long.
Result<std::string> hash_password(BytesView password);
bool verify_password(const std::string& hash, BytesView password);

}  // namespace gongzhi::crypto
