// One record with its versions side by side: nothing is overwritten, so what it said at any entry can be shown.
#include "pack/columns.h"
#include "pack/record_check.h"
#include "web/console_pages.h"
#include "web/pieces.h"
#include "web/record_values.h"

namespace gongzhi::web {
namespace {

constexpr size_t kVersionsShown = 6;

// The open columns; of protected fields not even the token is read.
Result<Json> versions_of(const Visit& visit, const pack::RecordType& type, const std::string& id) {
    std::string columns;
    for (const pack::Column& column : pack::columns_of(type))
        if (column.part != pack::Column::Part::token) columns += ", " + column.name;
    // A platform shows its own records; an authority those of every party.
    const bool all = staff_face(visit.node) == Face::console;
    return records_rows(visit.node,
                        fmt::format("SELECT party, entry_from, entry_to, version{} FROM store.{} WHERE record_id = $1 "
                                    "AND ($2 OR party = $3) ORDER BY party, version DESC LIMIT 200",
                                    columns, type.name),
                        {id, all, visit.node.config().party.value});
}

std::string shown(const Visit& visit, const pack::Field& field, const Json& row) {
    if (field.is_protected()) return visit.text("record_protected");
    if (field.type == pack::FieldType::money) {
        const Json& minor = row[field.name + "_minor"];
        const std::string currency = text_at(row, field.name + "_currency");
        return minor.is_null() ? visit.text("none")
                               : pack::format_amount(minor.get<int64_t>(), currency) + " " + currency;
    }
    return value_in_words(visit, field, row[field.name]);
}

// When an entry was taken in; the records have its number only.
Result<std::string> entry_time(const Visit& visit, int64_t entry) {
    GZ_TRY(const Json rows, affairs_rows(visit.node, "SELECT received_time FROM submission WHERE entry = $1", {entry}));
    return rows.empty() ? visit.text("none") : moment(visit, rows[0]["received_time"]);
}

std::string until_text(const Visit& visit, const Json& version) {
    return version["entry_to"].is_null() ? visit.text("record_current") : version["entry_to"].dump();
}

// The versions of one party: columns are versions, newest first; rows are what is known of each, then the fields.
Result<Json> party_table(const Visit& visit, const pack::RecordType& type, const Json& versions,
                         const std::string& page_href, size_t number) {
    const size_t count = std::min(versions.size(), kVersionsShown);
    std::vector<TableColumn> columns = {{visit.text("column_field")}};
    std::vector<Json> from = {row_header(visit.text("record_from_entry"))},
                      time = {row_header(visit.text("accepted_time"))},
                      until = {row_header(visit.text("record_until_entry"))};
    for (size_t i = 0; i < count; ++i) {
        const Json& version = versions[i];
        const std::string entry = version["entry_from"].dump();
        columns.push_back({visit.text("record_version", {{"number", version["version"].dump()}})});
        from.push_back(link_cell(entry, link(page_href, {{"as_of", entry}})));
        GZ_TRY(std::string when, entry_time(visit, version["entry_from"].get<int64_t>()));
        time.push_back(cell(std::move(when)));
        until.push_back(cell(until_text(visit, version)));
    }
    Json lines = Json::array({row(std::move(from)), row(std::move(time)), row(std::move(until))});
    for (const pack::Field& field : type.fields) {
        std::vector<Json> cells = {row_header(pick(visit.language, field.title))};
        for (size_t i = 0; i < count; ++i) {
            std::string value = shown(visit, field, versions[i]);
            if (i + 1 < versions.size() && value != shown(visit, field, versions[i + 1]))
                value += visit.text("record_changed");
            cells.push_back(cell(std::move(value)));
        }
        lines.push_back(row(std::move(cells)));
    }
    const std::string party = party_name(visit.node, visit.language, text_at(versions[0], "party"));
    return table(fmt::format("versions-{}", number), visit.text("record_by", {{"party", party}}), columns,
                 std::move(lines));
}

// The versions that were current at that entry.
Json current_at(const Json& versions, int64_t entry) {
    Json out = Json::array();
    for (const Json& version : versions)
        if (version["entry_from"].get<int64_t>() <= entry &&
            (version["entry_to"].is_null() || version["entry_to"].get<int64_t>() > entry))
            out.push_back(version);
    return out;
}

Result<std::optional<int64_t>> asked_entry(const http::Request& request) {
    const std::string given = request.query_value("as_of");
    if (given.empty()) return std::nullopt;
    if (given.size() > 18 || given.find_first_not_of("0123456789") != std::string::npos)
        return fail(ErrorCode::not_found, "as_of is the number of an entry");
    return std::stoll(given);
}

Result<StaffView> show_record(const Visit& visit) {
    const std::string id = visit.request.path_values.at("id");
    const pack::RecordType* type = visit.node.pack().record_type(visit.request.path_values.at("type"));
    if (!type) return fail(ErrorCode::not_found, "the pack has no such type of record");
    GZ_TRY(const auto as_of, asked_entry(visit.request));
    GZ_TRY(Json versions, versions_of(visit, *type, id));
    if (versions.empty()) return fail(ErrorCode::not_found, "there is no such record here");
    if (as_of) versions = current_at(versions, *as_of);
    const std::string href = record_link(type->name, id);
    Json tables = Json::array();
    for (size_t begin = 0; begin < versions.size();) {
        Json of_party = Json::array();
        size_t end = begin;
        while (end < versions.size() && versions[end]["party"] == versions[begin]["party"])
            of_party.push_back(versions[end++]);
        GZ_TRY(Json one, party_table(visit, *type, of_party, href, tables.size() + 1));
        if (of_party.size() > kVersionsShown)
            one["caption"] = one["caption"].get<std::string>() +
                             visit.text("record_newest", {{"number", std::to_string(kVersionsShown)},
                                                          {"all", std::to_string(of_party.size())}});
        tables.push_back(std::move(one));
        begin = end;
    }
    const std::string type_title = pick(visit.language, type->title);
    Json view = {{"type", type_title},
                 {"id", id},
                 {"purpose", pick(visit.language, type->purpose)},
                 {"as_of", as_of ? Json(visit.text("record_as_of", {{"entry", std::to_string(*as_of)}})) : Json(false)},
                 {"all_href", href},
                 {"tables", tables}};
    return StaffView{"record", type_title + " " + id, std::move(view)};
}

}  // namespace

void add_record_page(http::Router& router, node::Node& node) {
    add_staff_page(router, node, "/records/{type}/{id}", "page.record", show_record);
}

}  // namespace gongzhi::web
