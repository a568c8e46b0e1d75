#include "web/request_pieces.h"

namespace gongzhi::web {

std::string request_link(const std::string& id) { return link("/requests/" + path_segment(id)); }

std::string request_done_link(const std::string& id, std::string_view done) {
    return link("/requests/" + path_segment(id), {{"done", std::string(done)}});
}

std::string request_about(const Visit& visit, const Json& row) {
    std::string out = text_at(row, "shop");
    if (!out.empty()) out = visit.text("about_shop", {{"shop", out}});
    if (const std::string listing = text_at(row, "listing"); !listing.empty())
        out += (out.empty() ? "" : visit.text("list_comma")) + visit.text("about_listing", {{"listing", listing}});
    if (out.empty() && !text_at(row, "region").empty())
        out = visit.text("about_region", {{"region", text_at(row, "region")}});
    return out;
}

std::string request_what(const Visit& visit, const Json& row) {
    std::string what = order_name(visit.node.pack(), visit.language, text_at(row, "order_type"));
    if (text_at(row, "kind") == "order")
        what += visit.text("colon") + field_list(visit.node.pack(), visit.language, text_at(row, "fields"));
    const std::string about = request_about(visit, row);
    return about.empty() ? what : visit.text("with_note", {{"text", what}, {"note", about}});
}

Result<Json> message_body(const Visit& visit, EntryIndex entry) {
    GZ_TRY(const ledger::Entry read, visit.node.ledger().read(entry));
    const auto bytes = visit.node.ledger().read_blob(read, ledger::Part::message_body, 0);
    if (!bytes) return Json();
    return parse_json(*bytes);
}

Result<Json> reply_body(const Visit& visit, const std::string& direction, const std::string& type,
                        const std::string& in_reply_to) {
    GZ_TRY(const Json rows,
           affairs_rows(visit.node,
                        "SELECT entry, message_id FROM message WHERE direction = $1 AND type = $2 AND in_reply_to "
                        "= $3 ORDER BY entry LIMIT 1",
                        {direction, type, in_reply_to}));
    if (rows.empty()) return Json();
    GZ_TRY(Json body, message_body(visit, EntryIndex(static_cast<uint64_t>(rows[0]["entry"].get<int64_t>()))));
    if (body.is_object()) body["message_id"] = rows[0]["message_id"];
    return body;
}

}  // namespace gongzhi::web
