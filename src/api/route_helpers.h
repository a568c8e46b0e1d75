// What the route files share: JSON in and out, rows as JSON, a command's usual shape.
#pragma once

#include "api/api.h"
#include "base/json.h"
#include "node/rows.h"

namespace gongzhi::api {

using Command = std::function<Result<Json>(const access::Actor&, const http::Request&, const Json& body)>;

// A POST that carries JSON and answers JSON.
http::Route command_route(node::Node& node, std::string pattern, access::Action permission, std::string audit_event,
                          Command command);
// A GET that answers JSON.
using Query = std::function<Result<Json>(const http::Request&)>;
http::Route query_route(node::Node& node, std::string pattern, std::string audit_event, Query query);

// The same, where the answer depends on who asks.
using ActorQuery = std::function<Result<Json>(const access::Actor&, const http::Request&)>;
http::Route actor_query_route(node::Node& node, std::string pattern, std::string audit_event, ActorQuery query,
                              access::Action permission = access::Action::read);

http::Response answer(const Result<Json>& result);
// The rows that are within the actor's reach: by their column `region`, and for an actor of a unit those regions alone.
Json within_reach(const Json& rows, const access::Actor& actor, const access::Units& units);
// A list of rows with a region, each caller seeing its own.
http::Route regional_route(node::Node& node, std::string pattern, std::string audit_event, std::string sql);
using node::affairs_rows;

}  // namespace gongzhi::api
