// multipart/form-data (RFC 7578): what a browser sends for a form with a file in it. One pass, bounded, strict. Pure.
//
// A part is a name and its bytes; file names and media types are not kept: nothing is decided by what a sender calls it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace gongzhi::http {

constexpr size_t kPartsMax = 64;
constexpr size_t kPartHeaderBytesMax = 4u << 10;
constexpr size_t kBoundaryBytesMax = 70;  // RFC 2046, 5.1.1

// The boundary that a Content-Type names; "" where it is no multipart/form-data or the boundary is none.
std::string multipart_boundary(std::string_view content_type);
// Names and contents in their order. `malformed` for anything that does not end as it should, `too_large` past the limits.
Result<std::vector<std::pair<std::string, std::string>>> parse_multipart(std::string_view body,
                                                                         std::string_view boundary);

}  // namespace gongzhi::http
