// Result<T>: the one way to report what can fail in normal life (house-style 16).
//
// An Error has a code from the closed table error_codes.def, a sentence for the reader, an optional field path and a
// chain of contexts added on the way up. Broken invariants are CHECKs, never Results. Values; no thread rules.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace gongzhi {

enum class ErrorCode {
#define X(name, http, exit_code, zh, en) name,
#include "base/error_codes.def"
#undef X
};

// What the table says of a code.
struct ErrorCodeInfo {
    std::string_view name;
    int http_status;
    int exit_code;
    std::string_view zh;
    std::string_view en;
};

const ErrorCodeInfo& error_info(ErrorCode code);
const std::vector<ErrorCodeInfo>& error_table();

struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string message;                // one sentence, no personal data, no SQL, no path of the machine
    std::string field;                  // JSON pointer or column name, when one field is at fault
    std::vector<std::string> contexts;  // innermost first

    Error&& with(std::string context) && {
        contexts.push_back(std::move(context));
        return std::move(*this);
    }
    // "code: message (field) [context; context]", for logs and the command line.
    std::string describe() const;
};

template <typename T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

template <typename... Args>
tl::unexpected<Error> fail(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
    return tl::unexpected(Error{code, fmt::format(format, std::forward<Args>(args)...), {}, {}});
}
inline tl::unexpected<Error> fail_field(ErrorCode code, std::string field, std::string message) {
    return tl::unexpected(Error{code, std::move(message), std::move(field), {}});
}
template <typename T>
tl::unexpected<Error> pass_on(Result<T>&& failed) {
    return tl::unexpected(std::move(failed).error());
}

[[noreturn]] void check_failed(const char* condition, const char* file, int line, std::string_view why);

}  // namespace gongzhi

// GZ_TRY(auto value, call()): binds the value or returns the error.
#define GZ_CONCAT_INNER(a, b) a##b
#define GZ_CONCAT(a, b) GZ_CONCAT_INNER(a, b)
#define GZ_TRY(declaration, expression) GZ_TRY_INNER(GZ_CONCAT(gz_result_, __LINE__), declaration, expression)
#define GZ_TRY_INNER(result, declaration, expression)              \
    auto result = (expression);                                    \
    if (!result) return tl::unexpected(std::move(result).error()); \
    declaration = *std::move(result)
// GZ_CHECKED(call()): for a Status.
#define GZ_CHECKED(expression)                                                                              \
    do {                                                                                                    \
        if (auto gz_status = (expression); !gz_status) return tl::unexpected(std::move(gz_status).error()); \
    } while (false)
// CHECK(cond, why): a broken invariant ends the program, in release too. Never reachable from input.
#define GZ_CHECK(condition, why)                                                        \
    do {                                                                                \
        if (!(condition)) ::gongzhi::check_failed(#condition, __FILE__, __LINE__, why); \
    } while (false)
