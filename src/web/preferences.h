// What a visitor chose for all pages: language and large type. Chosen by a link (?lang=en, ?type=large), kept in a cookie
// for a year; no script, no account.
#pragma once

#include "http/message.h"
#include "web/language.h"

namespace gongzhi::web {

struct Preferences {
    Language language = Language::zh;
    bool large_type = false;
};

// The address decides, else the cookie, else Accept-Language; else Chinese in standard type.
Preferences preferences_of(const http::Request& request);
// Puts what the address chose into cookies.
void keep_preferences(const http::Request& request, http::Response& response);

// The address of the same page with one query value changed.
std::string with_query(const http::Request& request, std::string_view name, std::string_view value);
// One segment of a path: what would end or split it is encoded.
std::string path_segment(std::string_view text);
// A path of this site with query values: names and values are encoded. Pages make their links with it.
std::string link(std::string_view path, const std::vector<std::pair<std::string_view, std::string>>& query = {});

}  // namespace gongzhi::web
