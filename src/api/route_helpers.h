// What the route files share: JSON in and out, rows as JSON, a command's usual shape.
#pragma once

#include "api/api.h"
#include "base/json.h"

namespace gongzhi::api {

using Command = std::function<Result<Json>(const access::Actor&, const http::Request&, const Json& body)>;

// A POST that carries JSON and answers JSON.
http::Route command_route(node::Node& node, std::string pattern, access::Action permission, std::string audit_event,
                          Command command);
// A GET that answers JSON.
using Query = std::function<Result<Json>(const http::Request&)>;
http::Route query_route(node::Node& node, std::string pattern, std::string audit_event, Query query);

http::Response answer(const Result<Json>& result);
Json rows_of(const sql::Table& table);
// Rows of a fixed query over `affairs`, after this node's own writes are in it.
Result<Json> affairs_rows(node::Node& node, std::string_view sql, const sql::Parameters& parameters = {});

}  // namespace gongzhi::api
