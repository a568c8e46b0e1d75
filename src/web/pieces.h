// Pieces of views that several pages make alike: tables and their cells, names of people, parties and units, codes in words.
#pragma once

#include "node/rows.h"
#include "web/staff_page.h"

namespace gongzhi::web {

Json cell(std::string text);
Json number_cell(std::string text);
Json number_cell(int64_t number);
Json link_cell(std::string text, std::string href);
Json tag_cell(const Json& tag);
Json row_header(std::string text);
Json row(std::vector<Json> cells);
Json tag(std::string text, std::string_view colour);

struct TableColumn {
    std::string text;
    bool numeric = false;
};
// The table component; false without rows, for pages that then say why.
Json table(std::string_view id, std::string caption, const std::vector<TableColumn>& columns, Json rows);

using node::affairs_rows, node::records_rows;
// ",fj,fj-fz" for `string_to_array`, which every engine knows: ids of units, parties, rules, findings and cases hold no comma.
std::string list_parameter(const std::vector<std::string>& ids);

// A table for spreadsheets to take away, in UTF-8.
http::Response csv_file(std::string csv, std::string_view name);

std::string pick(Language language, const pack::Wording& wording);
// The text of prefix + code, or the code itself where nobody gave it words.
std::string coded(Language language, std::string_view prefix, const std::string& code);
// "token:wang" and "user:wang" are wang; what a machine did, the system did.
std::string person(Language language, const std::string& actor_name);
std::string party_name(node::Node& node, Language language, const std::string& party);
// "" is the whole party, named as its node.
std::string unit_name(node::Node& node, Language language, const std::string& unit);
// "sale.price" as its record type and field are called.
std::string field_name(const pack::Pack& pack, Language language, const std::string& dotted);
// A list in JSON text, such as fields or measures, in words.
std::string field_list(const pack::Pack& pack, Language language, const std::string& json_list);
std::string order_name(const pack::Pack& pack, Language language, const std::string& order_type);
// A time as rows have it; `none` where there is none.
std::string moment(const Visit& visit, const Json& time);
std::string text_at(const Json& row, std::string_view column);  // "" for null

// The address of one record's page.
std::string record_link(const std::string& record_type, const std::string& record_id);

// What became of a request or order: open, overdue, answered in time or late; `now` decides.
Json request_tag(const Visit& visit, const Json& request);
Json objection_tag(const Visit& visit, const Json& objection);
// Objections with their answers; false without any.
Json objections_table(const Visit& visit, const Json& rows);

}  // namespace gongzhi::web
