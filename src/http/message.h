// A request and its answer as plain values: no face and no domain module sees the HTTP library.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gongzhi::http {

using Headers = std::vector<std::pair<std::string, std::string>>;  // names in lower case, values trimmed

struct Request {
    std::string method;
    std::string target;  // as received: path and query
    std::string path;
    Headers headers;
    std::string body;
    bool local = false;  // over the Unix socket in the node's folder: the caller owns the node
    std::map<std::string, std::string, std::less<>> path_values;  // of {name} in the route's pattern

    // The first field of that name, "" where there is none.
    std::string_view header(std::string_view name) const;
    size_t header_count(std::string_view name) const;
    // One decoded query value, the last of that name, "" where it is absent; or all of them in their order.
    std::string query_value(std::string_view name) const;
    std::vector<std::string> query_values(std::string_view name) const;
    // The value of that cookie, "" where there is none.
    std::string_view cookie(std::string_view name) const;
    // Fields of a form's body, urlencoded or multipart (none where that does not arrive whole); of a name that stands
    // twice the last, or all in their order.
    std::map<std::string, std::string> form() const;
    std::vector<std::pair<std::string, std::string>> form_fields() const;
};

struct Response {
    int status = 200;
    Headers headers;
    std::string body;

    static Response json(int status, std::string body);
    static Response text(int status, std::string body, std::string media = "text/plain; charset=utf-8");
    static Response html(int status, std::string body);
};

// What every answer carries unless its handler says otherwise: nothing is sniffed, framed, sent on or kept, no script runs.
const Headers& default_headers();

// RFC 9457, from the error table: type, title in both languages, status, detail, field.
Response problem(const Error& error);

// Percent-decoding; '+' is a space in queries and forms. Malformed escapes stay as they are.
std::string url_decode(std::string_view text, bool plus_is_space);

// Called once, from any thread.
using Respond = std::function<void(Response)>;

}  // namespace gongzhi::http
