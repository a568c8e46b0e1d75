#include "web/pieces.h"

namespace gongzhi::web {
namespace {

bool past(const Visit& visit, const Json& row, std::string_view column) {
    const auto time = parse_utc(text_at(row, column));
    return time && *time < visit.node.clock().now();
}

// About how wide a text stands, in Latin letters: a Chinese character counts for two.
size_t width_of(const std::string& text) {
    size_t width = 0;
    for (const char byte : text)
        if ((static_cast<uint8_t>(byte) & 0xc0) != 0x80) width += static_cast<uint8_t>(byte) < 0xe0 ? 1 : 2;
    return width;
}

// A column of sentences: it gets room, so that no row becomes a tower.
bool holds_sentences(const Json& rows, size_t column) {
    constexpr size_t kSentence = 36;
    return std::any_of(rows.begin(), rows.end(),
                       [&](const Json& row) { return width_of(row["cells"][column].value("text", "")) > kSentence; });
}

}  // namespace

Json cell(std::string text) { return {{"text", std::move(text)}}; }
Json number_cell(std::string text) { return {{"text", std::move(text)}, {"numeric", true}}; }
Json number_cell(int64_t number) { return number_cell(std::to_string(number)); }
Json link_cell(std::string text, std::string href) { return {{"text", std::move(text)}, {"href", std::move(href)}}; }
Json tag_cell(const Json& tag) { return {{"tag", tag}}; }
Json row_header(std::string text) { return {{"text", std::move(text)}, {"header", true}}; }
Json tag(std::string text, std::string_view colour) { return {{"text", std::move(text)}, {"colour", colour}}; }

Json row(std::vector<Json> cells) {
    Json list = Json::array();
    for (Json& one : cells) list.push_back(std::move(one));
    return {{"cells", std::move(list)}};
}

Json table(std::string_view id, std::string caption, const std::vector<TableColumn>& columns, Json rows) {
    if (rows.empty()) return false;
    Json heads = Json::array();
    for (const TableColumn& column : columns)
        heads.push_back(
            {{"text", column.text}, {"numeric", column.numeric}, {"wide", holds_sentences(rows, heads.size())}});
    return {{"id", id}, {"caption", std::move(caption)}, {"columns", std::move(heads)}, {"rows", std::move(rows)}};
}

std::string list_parameter(const std::vector<std::string>& ids) {
    std::string list;
    for (const std::string& id : ids) list += "," + id;
    return list;
}

http::Response csv_file(std::string csv, std::string_view name) {
    http::Response response = http::Response::text(200, std::move(csv), "text/csv; charset=utf-8");
    response.headers.emplace_back("content-disposition", fmt::format("attachment; filename=\"{}\"", name));
    return response;
}

std::string pick(Language language, const pack::Wording& wording) {
    return language == Language::zh ? wording.zh : wording.en;
}

std::string coded(Language language, std::string_view prefix, const std::string& code) {
    std::string key = std::string(prefix) + code;
    std::replace(key.begin(), key.end(), '.', '_');
    return texts(language).value(key, code);
}

std::string person(Language language, const std::string& actor_name) {
    if (actor_name == "system") return text(language, "role_system");
    return actor_name.substr(actor_name.find(':') + 1);
}

std::string party_name(node::Node& node, Language language, const std::string& party) {
    const node::NodeConfig& own = node.config();
    if (party == own.party.value) return language == Language::zh ? own.name_zh : own.name_en;
    const auto peer = node.peers().find(PartyId(party));
    if (!peer) return party;
    return language == Language::zh ? peer->name_zh : peer->name_en;
}

std::string unit_name(node::Node& node, Language language, const std::string& unit) {
    if (unit.empty()) return party_name(node, language, node.config().party.value);
    const auto found = node.units().find(unit);
    if (!found) return unit;
    return language == Language::zh ? found->name_zh : found->name_en;
}

std::string field_name(const pack::Pack& pack, Language language, const std::string& dotted) {
    const size_t dot = dotted.find('.');
    const pack::RecordType* type = pack.record_type(dotted.substr(0, dot));
    if (!type || dot == std::string::npos) return dotted;
    const auto slot = type->slot_of(dotted.substr(dot + 1));
    if (!slot) return dotted;
    return text(language, "field_of",
                {{"type", pick(language, type->title)}, {"field", pick(language, type->fields[*slot].title)}});
}

std::string field_list(const pack::Pack& pack, Language language, const std::string& json_list) {
    const auto list = parse_json(json_list);
    if (!list || !list->is_array()) return {};
    std::string joined;
    for (const Json& item : *list) {
        if (!item.is_string()) continue;
        const std::string code = item.get<std::string>();
        const std::string name =
            code.find('.') == std::string::npos ? coded(language, "measure_", code) : field_name(pack, language, code);
        joined += (joined.empty() ? "" : text(language, "list_comma")) + name;
    }
    return joined;
}

std::string order_name(const pack::Pack& pack, Language language, const std::string& order_type) {
    const pack::OrderType* type = pack.order_type(order_type);
    return type ? pick(language, type->title) : order_type;
}

std::string text_at(const Json& row, std::string_view column) {
    const auto found = row.find(column);
    return found != row.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string moment(const Visit& visit, const Json& time) {
    const auto parsed =
        time.is_string() ? parse_utc(time.get<std::string>()) : Result<UtcTime>(fail(ErrorCode::not_found, "no time"));
    return parsed ? time_text(visit.language, *parsed, visit.zone_minutes()) : visit.text("none");
}

std::string record_link(const std::string& record_type, const std::string& record_id) {
    return link("/records/" + path_segment(record_type) + "/" + path_segment(record_id));
}

Json request_tag(const Visit& visit, const Json& request) {
    if (text_at(request, "state") == "withdrawn") return tag(visit.text("due_withdrawn"), "grey");
    if (text_at(request, "state") != "answered")
        return past(visit, request, "deadline_time") ? tag(visit.text("due_overdue"), "red")
                                                     : tag(visit.text("due_open"), "blue");
    const auto answered = parse_utc(text_at(request, "answered_time"));
    const auto deadline = parse_utc(text_at(request, "deadline_time"));
    return answered && deadline && *answered > *deadline ? tag(visit.text("due_answered_late"), "orange")
                                                         : tag(visit.text("due_answered"), "green");
}

Json objection_tag(const Visit& visit, const Json& objection) {
    if (text_at(objection, "state") == "answered") return tag(visit.text("due_answered"), "green");
    return past(visit, objection, "due_time") ? tag(visit.text("due_overdue"), "red")
                                              : tag(visit.text("due_open"), "blue");
}

Json objections_table(const Visit& visit, const Json& rows) {
    Json lines = Json::array();
    for (const Json& each : rows) {
        std::string answer = coded(visit.language, "outcome_", text_at(each, "outcome"));
        if (const std::string reasons = text_at(each, "reasons"); !reasons.empty())
            answer += visit.text("colon") + reasons;
        if (each.value("late", Json(false)) == true) answer += visit.text("objection_late");
        lines.push_back(
            row({cell(moment(visit, each["raised_time"])),
                 cell(coded(visit.language, "raised_by_", text_at(each, "raised_by"))), cell(text_at(each, "grounds")),
                 cell(moment(visit, each["due_time"])), tag_cell(objection_tag(visit, each)), cell(answer)}));
    }
    return table("objections", visit.text("objections_caption"),
                 {{visit.text("column_raised")},
                  {visit.text("column_by")},
                  {visit.text("column_grounds")},
                  {visit.text("column_answer_due")},
                  {visit.text("state")},
                  {visit.text("column_answer")}},
                 std::move(lines));
}

}  // namespace gongzhi::web
