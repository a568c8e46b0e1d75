#include "node/rows.h"

#include "sql/json.h"

namespace gongzhi::node {
namespace {

Result<Json> rows_of(Result<std::unique_ptr<sql::Connection>> opened, std::string_view sql,
                     const sql::Parameters& parameters) {
    GZ_TRY(const auto connection, std::move(opened));
    GZ_TRY(const sql::Table table, connection->query(sql, parameters));
    return sql::to_json(table);
}

}  // namespace

Result<Json> affairs_rows(Node& node, std::string_view sql, const sql::Parameters& parameters) {
    (void)node.wait_affairs();
    return rows_of(node.affairs(), sql, parameters);
}

Result<Json> records_rows(Node& node, std::string_view sql, const sql::Parameters& parameters) {
    (void)node.wait_records();
    return rows_of(node.records(), sql, parameters);
}

}  // namespace gongzhi::node
