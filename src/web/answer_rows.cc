#include "web/answer_rows.h"

#include <algorithm>

#include "web/record_values.h"
#include "web/refused_lines.h"

namespace gongzhi::web {
namespace {

std::string shown_value(const Visit& visit, const pack::Field& field, const Json& row) {
    if (field.is_protected()) return visit.text("answer_hidden");
    return value_in_words(visit, field, row.is_object() ? row.value(field.name, Json()) : Json());
}

// For a spreadsheet: codes and times as they were sent.
std::string sent_value(const Visit& visit, const pack::Field& field, const Json& row) {
    if (field.is_protected()) return visit.text("answer_hidden");
    const Json value = row.is_object() ? row.value(field.name, Json()) : Json();
    if (value.is_null()) return {};
    if (value.is_object()) return text_at(value, "amount") + " " + text_at(value, "currency");
    return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

const pack::Field* catalogue_field(const pack::Pack& pack, const std::string& dotted) {
    const size_t dot = dotted.find('.');
    const pack::RecordType* type = pack.record_type(dotted.substr(0, dot));
    const auto slot = type && dot != std::string::npos ? type->slot_of(dotted.substr(dot + 1)) : std::nullopt;
    return slot ? &type->fields[*slot] : nullptr;
}

std::vector<AnswerRows> answer_rows(const pack::Pack& pack, const std::vector<std::string>& fields, const Json& rows) {
    std::vector<AnswerRows> all;
    if (!rows.is_object()) return all;
    for (const auto& [name, list] : rows.items()) {
        AnswerRows one{pack.record_type(name), {}, list};
        if (!one.type || !list.is_array()) continue;
        for (const std::string& dotted : fields)
            if (const pack::Field* field = catalogue_field(pack, dotted); field && dotted.starts_with(name + "."))
                one.fields.push_back(field);
        all.push_back(std::move(one));
    }
    return all;
}

Json answer_table(const Visit& visit, const AnswerRows& answer, std::string caption, size_t shown_max) {
    std::vector<TableColumn> columns;
    for (const pack::Field* field : answer.fields) columns.push_back({pick(visit.language, field->title)});
    Json lines = Json::array();
    for (size_t i = 0; i < std::min(answer.rows.size(), shown_max); ++i) {
        std::vector<Json> cells;
        for (const pack::Field* field : answer.fields)
            cells.push_back(cell(shown_value(visit, *field, answer.rows[i])));
        lines.push_back(row(std::move(cells)));
    }
    return table("rows-" + answer.type->name, std::move(caption), columns, std::move(lines));
}

std::string answer_csv(const Visit& visit, const AnswerRows& answer) {
    std::string csv = "\xef\xbb\xbf";  // the mark by which spreadsheets know UTF-8
    const auto line = [&](const auto& value_of) {
        for (const pack::Field* field : answer.fields)
            csv += (field == answer.fields.front() ? "" : ",") + csv_field(value_of(*field));
        csv += "\r\n";
    };
    line([](const pack::Field& field) { return field.name; });
    for (const Json& each : answer.rows) line([&](const pack::Field& field) { return sent_value(visit, field, each); });
    return csv;
}

}  // namespace gongzhi::web
