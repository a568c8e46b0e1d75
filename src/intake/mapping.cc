#include "intake/mapping.h"

#include <iconv.h>

#include <algorithm>
#include <charconv>

#include "base/clock.h"
#include "pack/checks.h"
#include "pack/problem.h"
#include "pack/record_check.h"
#include "pack/yaml_view.h"

namespace gongzhi::intake {
namespace {

using pack::FieldType;
using pack::make_problem;
using pack::ProblemCode;
using pack::YamlView;

constexpr std::string_view kLineWord = "@line";
constexpr int64_t kZoneMinutesMax = 24 * 60;

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// "2010-12-01 08:26:00" and "2010-12-01T08:26" get the mapping's zone; a zone that is written wins.
Result<UtcTime> read_time(std::string_view text, int zone_minutes) {
    if (const auto exact = parse_utc(text)) return exact;
    std::string padded(text);
    if (padded.size() == 10) padded += "T00:00:00";
    if (padded.size() == 16) padded += ":00";
    GZ_TRY(const UtcTime local, parse_utc(padded + "Z"));
    return UtcTime(local.value - int64_t{zone_minutes} * 60 * kMicrosPerSecond);
}

// A whole number as spreadsheets write it: "6" or "6.0".
std::optional<int64_t> read_integer(std::string_view text) {
    if (text.ends_with(".0")) text.remove_suffix(2);
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<bool> read_boolean(std::string_view text) {
    for (std::string_view yes : {"true", "TRUE", "1", "是", "yes"})
        if (text == yes) return true;
    for (std::string_view no : {"false", "FALSE", "0", "否", "no"})
        if (text == no) return false;
    return std::nullopt;
}

}  // namespace

Result<Mapping> Mapping::parse(std::string_view yaml, const pack::RecordType& type) {
    GZ_TRY(const YamlDocument document, YamlDocument::parse(yaml, "mapping.yaml"));
    const YamlView root(document);
    GZ_CHECKED(root.allow_keys({"columns", "refuse"}));
    GZ_TRY(const YamlView columns, root.at("columns"));
    if (!columns.json().is_object()) return columns.error("a mapping of field to source is expected here");
    Mapping mapping;
    mapping.type_ = &type;
    for (const auto& [field, unused] : columns.json().items()) {
        GZ_TRY(const YamlView view, columns.at(field));
        GZ_CHECKED(
            view.allow_keys({"value", "column", "join", "amount", "currency", "currency_column", "zone_minutes"}));
        const auto slot = type.slot_of(field);
        if (!slot) return view.error(fmt::format("{} has no field \"{}\"", type.name, field));
        Source source;
        source.slot = *slot;
        GZ_TRY(const int64_t zone, view.integer_or("zone_minutes", 0));
        if (zone < -kZoneMinutesMax || zone > kZoneMinutesMax)
            return view.error_at("zone_minutes", "a zone lies within a day of UTC");
        source.zone_minutes = static_cast<int>(zone);
        GZ_TRY(source.currency, view.text_or("currency", ""));
        const bool money = type.fields[*slot].type == FieldType::money;
        if (view.has("currency_column")) {
            GZ_TRY(const std::string name, view.text("currency_column"));
            source.currency_column = Piece{Piece::Kind::column, name, 0};
        }
        if (money && (!view.has("amount") || (source.currency.empty() && !source.currency_column)))
            return view.error("money needs `amount` and `currency` or `currency_column`");
        if (view.has("join")) {
            GZ_TRY(const std::vector<std::string> parts, view.texts("join"));
            // A part is a column where the header has one of that name (bind decides), else literal text.
            for (const std::string& part : parts)
                source.pieces.push_back({part == kLineWord ? Piece::Kind::line : Piece::Kind::literal, part, 0});
        } else if (view.has("value")) {
            GZ_TRY(const std::string text, view.text("value"));
            source.pieces.push_back({Piece::Kind::literal, text, SIZE_MAX});
        } else {
            GZ_TRY(const std::string name, view.text(money ? "amount" : "column"));
            source.pieces.push_back({Piece::Kind::column, name, 0});
        }
        mapping.sources_.push_back(std::move(source));
    }
    GZ_TRY(const std::vector<YamlView> refusals, root.list("refuse"));
    for (const YamlView& view : refusals) {
        GZ_CHECKED(view.allow_keys({"column", "starts_with", "field", "zh", "en"}));
        Refusal refusal;
        GZ_TRY(refusal.column, view.text("column"));
        GZ_TRY(refusal.starts_with, view.text("starts_with"));
        GZ_TRY(refusal.field, view.text("field"));
        GZ_TRY(refusal.zh, view.text("zh"));
        GZ_TRY(refusal.en, view.text("en"));
        if (refusal.starts_with.empty() || !type.slot_of(refusal.field))
            return view.error("`starts_with` must not be empty and `field` must be one of the record's");
        mapping.refusals_.push_back(std::move(refusal));
    }
    return mapping;
}

Mapping Mapping::by_name(const pack::RecordType& type) {
    Mapping mapping;
    mapping.type_ = &type;
    for (size_t slot = 0; slot < type.fields.size(); ++slot) {
        const pack::Field& field = type.fields[slot];
        Source source;
        source.slot = slot;
        source.required_column = field.required;
        const bool money = field.type == FieldType::money;
        source.pieces.push_back(
            {Piece::Kind::column, money ? field.name + "_amount" : field.name, 0, {field.title.zh, field.title.en}});
        if (money)
            source.currency_column = Piece{Piece::Kind::column,
                                           field.name + "_currency",
                                           0,
                                           {field.title.zh + "货币", field.title.en + " currency"}};
        mapping.sources_.push_back(std::move(source));
    }
    return mapping;
}

std::vector<pack::FieldProblem> Mapping::bind(const std::vector<std::string_view>& header) {
    std::vector<pack::FieldProblem> problems;
    column_count_ = header.size();
    const auto index_of = [&](std::string_view name) -> std::optional<size_t> {
        for (size_t i = 0; i < header.size(); ++i)
            if (trimmed(header[i]) == name) return i;
        return std::nullopt;
    };
    const auto bind_column = [&](std::string_view name, const std::vector<std::string>& titles, size_t& bound,
                                 bool required) {
        auto found = index_of(name);
        for (size_t i = 0; i < titles.size() && !found; ++i) found = index_of(titles[i]);
        if (!found && required) problems.push_back(make_problem(ProblemCode::missing_column, "", name));
        bound = found.value_or(SIZE_MAX);
    };
    for (Source& source : sources_) {
        for (Piece& piece : source.pieces) {
            if (piece.kind == Piece::Kind::column)
                bind_column(piece.text, piece.titles, piece.column, source.required_column);
            const auto named =
                piece.kind == Piece::Kind::literal && source.pieces.size() > 1 ? index_of(piece.text) : std::nullopt;
            if (named) piece = {Piece::Kind::column, piece.text, *named};
        }
        if (source.currency_column)
            bind_column(source.currency_column->text, source.currency_column->titles, source.currency_column->column,
                        source.required_column);
    }
    for (Refusal& refusal : refusals_) bind_column(refusal.column, {}, refusal.bound, true);
    return problems;
}

std::string_view Mapping::assemble(const Source& source, const std::vector<std::string_view>& cells, uint64_t line) {
    const auto text_of = [&](const Piece& piece) -> std::string_view {
        if (piece.kind == Piece::Kind::literal) return piece.text;
        if (piece.kind == Piece::Kind::line) return made_.emplace_back(std::to_string(line));
        return piece.column < cells.size() ? trimmed(cells[piece.column]) : std::string_view();
    };
    if (source.pieces.size() == 1) return text_of(source.pieces[0]);
    std::string joined;
    for (const Piece& piece : source.pieces) joined += text_of(piece);
    return made_.emplace_back(std::move(joined));
}

void Mapping::convert(const Source& source, std::string_view text, const std::vector<std::string_view>& cells,
                      pack::FieldValue& out, std::vector<pack::FieldProblem>& problems) const {
    const pack::Field& field = type_->fields[source.slot];
    const std::string pointer = "/" + field.name;
    switch (field.type) {
        case FieldType::text: out = {true, 0, text}; return;
        case FieldType::integer: {
            const auto number = read_integer(text);
            if (!number)
                problems.push_back(make_problem(ProblemCode::wrong_type, pointer, "整数", "a whole number"));
            else
                out = {true, *number, {}};
            return;
        }
        case FieldType::boolean: {
            const auto flag = read_boolean(text);
            if (!flag)
                problems.push_back(make_problem(ProblemCode::wrong_type, pointer, "是或否", "true or false"));
            else
                out = {true, *flag ? 1 : 0, {}};
            return;
        }
        case FieldType::date: {
            const auto date = parse_date(text);
            if (!date)
                problems.push_back(make_problem(ProblemCode::bad_date, pointer));
            else
                out = {true, date->value, {}};
            return;
        }
        case FieldType::time: {
            const auto time = read_time(text, source.zone_minutes);
            if (!time)
                problems.push_back(make_problem(ProblemCode::bad_time, pointer));
            else
                out = {true, time->value, {}};
            return;
        }
        case FieldType::money: {
            std::string_view currency = source.currency;
            if (source.currency_column)
                currency = source.currency_column->column < cells.size()
                               ? trimmed(cells[source.currency_column->column])
                               : std::string_view();
            const int decimals = pack::currency_decimals(currency);
            const auto minor = pack::parse_amount(text, std::max(decimals, 0));
            if (decimals < 0)
                problems.push_back(make_problem(ProblemCode::bad_currency, pointer + "/currency"));
            else if (!minor)
                problems.push_back(
                    make_problem(ProblemCode::bad_amount, pointer + "/amount", std::to_string(decimals)));
            else
                out = {true, *minor, currency};
            return;
        }
    }
}

void Mapping::apply(const std::vector<std::string_view>& cells, uint64_t line, pack::RecordView& record,
                    std::vector<pack::FieldProblem>& problems) {
    record.assign(type_->fields.size(), pack::FieldValue{});
    made_.clear();
    if (cells.size() != column_count_) {
        problems.push_back(make_problem(ProblemCode::column_count, "", std::to_string(column_count_)));
        return;
    }
    for (const Refusal& refusal : refusals_)
        if (trimmed(cells[refusal.bound]).starts_with(refusal.starts_with))
            problems.push_back(make_problem(ProblemCode::not_counted, "/" + refusal.field, refusal.zh, refusal.en));
    for (const Source& source : sources_) {
        const std::string_view text = assemble(source, cells, line);
        if (!text.empty()) convert(source, text, cells, record[source.slot], problems);
    }
}

Result<std::string> utf8_from_gb18030(std::string_view text) {
    const iconv_t converter = ::iconv_open("UTF-8", "GB18030");
    if (converter == reinterpret_cast<iconv_t>(-1))
        return fail(ErrorCode::unsupported, "this system has no GB18030 table");
    std::string out(text.size() * 2 + 16, '\0');
    char* in = const_cast<char*>(text.data());
    char* to = out.data();
    size_t in_left = text.size(), out_left = out.size();
    const size_t failed = ::iconv(converter, &in, &in_left, &to, &out_left);
    ::iconv_close(converter);
    if (failed == static_cast<size_t>(-1))
        return fail(ErrorCode::malformed, "neither UTF-8 nor GB18030 from byte {} on", text.size() - in_left);
    out.resize(out.size() - out_left);
    return out;
}

Result<std::string> to_utf8(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (pack::utf8_length(text) >= 0) return std::string(text);
    return utf8_from_gb18030(text);
}

}  // namespace gongzhi::intake
