// Rows of a fixed query over one of a node's two stores, as JSON, after the node's own writes are in it: at most two seconds
// are waited for them; afterwards the tables are shown as they are.
#pragma once

#include "node/node.h"

namespace gongzhi::node {

Result<Json> affairs_rows(Node& node, std::string_view sql, const sql::Parameters& parameters = {});
Result<Json> records_rows(Node& node, std::string_view sql, const sql::Parameters& parameters = {});

}  // namespace gongzhi::node
