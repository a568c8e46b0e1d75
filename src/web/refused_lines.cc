#include "web/refused_lines.h"

#include <map>

#include "base/json.h"
#include "intake/csv.h"

namespace gongzhi::web {
namespace {

using Reasons = std::map<uint64_t, std::string>;  // by line

Reasons reasons_of(const RefusedLines& refused) {
    Reasons reasons;
    for (const pack::FieldProblem& problem : refused.problems) {
        std::string& all = reasons[problem.line];
        all += (all.empty() ? "" : text(refused.language, "semicolon")) +
               reason_text(refused.type, problem, refused.language);
    }
    return reasons;
}

// Numbers keep their sign: a cell of the sender's own file comes back as it was.
std::string csv_cell(std::string_view value) {
    std::string quoted = "\"";
    for (const char c : value) {
        if (c == '"') quoted.push_back('"');
        quoted.push_back(c);
    }
    return quoted + "\"";
}

std::string line_of(const std::vector<std::string_view>& cells, std::string last) {
    std::string line;
    for (const std::string_view one : cells) line += csv_cell(one) + ",";
    return line + csv_field(std::move(last)) + "\r\n";
}

Result<std::string> from_csv(const std::string& text_of_file, const RefusedLines& refused) {
    const Reasons reasons = reasons_of(refused);
    intake::CsvReader reader(text_of_file);
    std::vector<std::string_view> cells;
    std::string out;
    const std::string heading = text(refused.language, "refused_column");
    // The file may be one that was handed out here before: its column of reasons is replaced.
    std::optional<size_t> old;
    while (true) {
        GZ_TRY(const bool more, reader.next(cells));
        if (!more) return out;
        const bool header = out.empty();
        if (header)
            for (size_t i = 0; i < cells.size(); ++i)
                if (cells[i] == text(Language::zh, "refused_column") ||
                    cells[i] == text(Language::en, "refused_column"))
                    old = i;
        const auto reason = reasons.find(reader.line());
        if (!header && reason == reasons.end()) continue;
        if (old && *old < cells.size()) cells.erase(cells.begin() + static_cast<std::ptrdiff_t>(*old));
        out += line_of(cells, header ? heading : reason->second);
    }
}

std::string text_of(const Json& value) {
    if (value.is_null()) return {};
    return value.is_string() ? value.get<std::string>() : value.dump();
}

// A line of JSON under the column names that a CSV would have; what is no object stands in the last column but one.
std::vector<std::string> cells_of(const pack::RecordType& type, const std::string& line) {
    const auto parsed = parse_json(line);
    const Json object = parsed && parsed->is_object() ? *parsed : Json::object();
    std::vector<std::string> cells;
    for (const pack::Field& field : type.fields) {
        const Json value = object.value(field.name, Json());
        if (field.type != pack::FieldType::money) {
            cells.push_back(text_of(value));
            continue;
        }
        cells.push_back(value.is_object() ? text_of(value.value("amount", Json())) : text_of(value));
        cells.push_back(value.is_object() ? text_of(value.value("currency", Json())) : std::string());
    }
    cells.push_back(parsed && parsed->is_object() ? std::string() : line);
    return cells;
}

std::string from_ndjson(const std::string& text_of_file, const RefusedLines& refused) {
    std::vector<std::string> heads;
    for (const pack::Field& field : refused.type.fields) {
        const bool money = field.type == pack::FieldType::money;
        heads.push_back(field.name + (money ? "_amount" : ""));
        if (money) heads.push_back(field.name + "_currency");
    }
    heads.push_back(text(refused.language, "refused_original"));
    std::string out = line_of({heads.begin(), heads.end()}, text(refused.language, "refused_column"));
    const Reasons reasons = reasons_of(refused);
    std::string_view rest = text_of_file;
    for (uint64_t number = 1; !rest.empty(); ++number) {
        const size_t end = std::min(rest.find('\n'), rest.size());
        std::string line(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.ends_with('\r')) line.pop_back();
        const auto reason = reasons.find(number);
        if (reason == reasons.end()) continue;
        const std::vector<std::string> cells = cells_of(refused.type, line);
        out += line_of({cells.begin(), cells.end()}, reason->second);
    }
    return out;
}

}  // namespace

std::string csv_field(std::string value) {
    if (!value.empty() && std::string_view("=+-@\t\r").find(value[0]) != std::string_view::npos) value.insert(0, "'");
    return csv_cell(value);
}

std::string reason_text(const pack::RecordType& type, const pack::FieldProblem& problem, Language language) {
    const std::string words = language == Language::zh ? problem.zh : problem.en;
    const std::string path = problem.field.starts_with('/') ? problem.field.substr(1) : problem.field;
    const auto slot = type.slot_of(path.substr(0, path.find('/')));
    if (!slot) return words;
    const pack::Wording& title = type.fields[*slot].title;
    return (language == Language::zh ? title.zh : title.en) + text(language, "colon") + words;
}

Result<std::string> refused_lines_csv(const std::string& text_of_file, bool csv, const RefusedLines& refused) {
    if (!csv) return "\xef\xbb\xbf" + from_ndjson(text_of_file, refused);
    GZ_TRY(std::string lines, from_csv(text_of_file, refused));
    return "\xef\xbb\xbf" + std::move(lines);  // the mark by which spreadsheets know UTF-8
}

}  // namespace gongzhi::web
