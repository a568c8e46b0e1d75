#include "crypto/password.h"

#include <sodium.h>

namespace gongzhi::crypto {

Result<std::string> hash_password(BytesView password) {
    if (password.size() < kPasswordBytesMin || password.size() > kPasswordBytesMax)
        return fail_field(ErrorCode::invalid_argument, "password",
                          fmt::format("a password has {} to {} bytes", kPasswordBytesMin, kPasswordBytesMax));
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(hash, password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                              crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return fail(ErrorCode::unavailable, "there is not enough memory to check a password");
    return std::string(hash);
}

bool verify_password(const std::string& hash, BytesView password) {
    return password.size() <= kPasswordBytesMax &&
           crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace gongzhi::crypto
