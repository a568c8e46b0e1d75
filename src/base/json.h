// JSON at the edges: nlohmann behind limits. Duplicate keys, depth over the limit and bytes behind the end are errors.
//
// Bytes that are signed or hashed are never re-serialised: keep what was received. `canonical_json` is for bytes that
// this program makes itself: keys sorted, no whitespace, UTF-8 as it is.
#pragma once

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "base/types.h"

// Instantiated once, in json.cc: it is the dearest thing that a unit of this program compiles.
extern template class nlohmann::basic_json<>;

namespace gongzhi {

using Json = nlohmann::json;

struct JsonLimits {
    size_t bytes_max = 16u << 20;
    int depth_max = 32;
};

Result<Json> parse_json(std::string_view text, JsonLimits limits = {});
std::string canonical_json(const Json& value);

// Member access that reports `malformed` with the field's name instead of throwing.
Result<std::string> json_text(const Json& object, const char* key);
Result<int64_t> json_int(const Json& object, const char* key);
// The text, or "" where the key is absent; wrong types are an error all the same.
Result<std::string> json_text_or_empty(const Json& object, const char* key);

}  // namespace gongzhi
