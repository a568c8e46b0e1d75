// The JSON API of one node: translates HTTP to the node's commands and tables, and decides nothing itself.
#pragma once

#include "http/router.h"
#include "node/node.h"

namespace gongzhi::api {

// Adds the routes; `node` outlives the router.
void add_exchange_routes(http::Router& router, node::Node& node);  // between nodes, and for anybody who checks
void add_submission_routes(http::Router& router, node::Node& node);
void add_supervision_routes(http::Router& router, node::Node& node);
void add_record_routes(http::Router& router, node::Node& node);
void add_case_routes(http::Router& router, node::Node& node);
void add_service_routes(http::Router& router, node::Node& node);
void add_operator_routes(http::Router& router, node::Node& node);

inline void add_routes(http::Router& router, node::Node& node) {
    add_exchange_routes(router, node);
    add_submission_routes(router, node);
    add_supervision_routes(router, node);
    add_record_routes(router, node);
    add_case_routes(router, node);
    add_service_routes(router, node);
    add_operator_routes(router, node);
}

// The caller of a request: its bearer token, or the role that the owner of the folder takes over the Unix socket.
Result<access::Actor> actor_of(const http::Request& request, node::Node& node);

}  // namespace gongzhi::api
