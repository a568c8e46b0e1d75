// One record through time: its versions, and the one that was current as of an entry. Open columns only.
#include <charconv>

#include "api/route_helpers.h"
#include "sql/json.h"

namespace gongzhi::api {
namespace {

// Tokens never leave a node: of a protected field it is said only whether there is a value.
void drop_tokens(const pack::RecordType& type, Json& version) {
    for (const pack::Field& field : type.fields) {
        const std::string column = field.name + "_token";
        if (!field.is_protected() || !version.contains(column)) continue;
        version[field.name + "_present"] = !version[column].is_null();
        version.erase(column);
    }
}

Result<Json> versions_of(node::Node& node, const http::Request& request) {
    const pack::RecordType* type = node.pack().record_type(request.path_values.at("type"));
    if (!type) return fail(ErrorCode::not_found, "the catalogue has no record type of this name");
    const std::string party = request.query_value("party");
    const std::string as_of = request.query_value("as_of");
    std::string sql = fmt::format("SELECT * FROM store.{} WHERE record_id = $1 AND party = $2", type->name);
    sql::Parameters parameters = {request.path_values.at("id"), party.empty() ? node.config().party.value : party};
    if (!as_of.empty()) {
        int64_t entry = 0;
        const auto [end, error] = std::from_chars(as_of.data(), as_of.data() + as_of.size(), entry);
        if (error != std::errc() || end != as_of.data() + as_of.size() || entry < 0)
            return fail_field(ErrorCode::invalid_argument, "as_of", "the index of an entry");
        parameters.push_back(entry);
        sql += " AND entry_from <= $3 AND (entry_to IS NULL OR entry_to > $3)";
    }
    (void)node.wait_applied();
    GZ_TRY(const auto connection, node.records());
    GZ_TRY(const sql::Table table, connection->query(sql + " ORDER BY version", parameters));
    if (table.rows.empty()) return fail(ErrorCode::not_found, "there is no such record here");
    Json versions = sql::to_json(table);
    for (Json& version : versions) drop_tokens(*type, version);
    return versions;
}

}  // namespace

void add_record_routes(http::Router& router, node::Node& node) {
    router.add(query_route(node, "/v1/records/{type}/{id}", "record.read",
                           [&node](const http::Request& request) { return versions_of(node, request); }));
}

}  // namespace gongzhi::api
