#include "base/result.h"

#include <cstdio>
#include <cstdlib>

namespace gongzhi {

const std::vector<ErrorCodeInfo>& error_table() {
    static const std::vector<ErrorCodeInfo> table = {
#define X(name, http, exit_code, zh, en) {#name, http, exit_code, zh, en},
#include "base/error_codes.def"
#undef X
    };
    return table;
}

const ErrorCodeInfo& error_info(ErrorCode code) { return error_table().at(static_cast<size_t>(code)); }

std::string Error::describe() const {
    std::string text = fmt::format("{}: {}", error_info(code).name, message);
    if (!field.empty()) text += fmt::format(" ({})", field);
    if (!contexts.empty()) text += fmt::format(" [{}]", fmt::join(contexts, "; "));
    return text;
}

void check_failed(const char* condition, const char* file, int line, std::string_view why) {
    std::fprintf(stderr, "gongzhi: broken invariant at %s:%d: %.*s (%s)\n", file, line, static_cast<int>(why.size()),
                 why.data(), condition);
    std::abort();
}

}  // namespace gongzhi
