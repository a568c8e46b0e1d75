// Holds a whole page to what every page must be, from its bytes alone: well-formed, one h1, headings in order, ids once,
// every field labelled, every reference leading somewhere, language, headers, nothing that a template left undone; no script
// but the one on the page that checks receipts.
#pragma once

#include "http/message.h"

namespace gongzhi::testing {

// Sentences about what is wrong; none: the page is good. `language` is the code that the page must be in.
std::vector<std::string> page_problems(const http::Response& response, std::string_view language);

}  // namespace gongzhi::testing
