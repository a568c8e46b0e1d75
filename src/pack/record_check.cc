#include "pack/record_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "pack/checks.h"
#include "pack/problem.h"

namespace gongzhi::pack {
namespace {

// "registered（已登记的经营者）、…": what to write, and what it means.
std::string choices_zh(const Field& field) {
    std::string list;
    for (size_t i = 0; i < field.values.size(); ++i)
        list += fmt::format("{}{}（{}）", i == 0 ? "" : "、", field.values[i], field.value_titles[i].zh);
    return list;
}

std::string choices_en(const Field& field) {
    std::string list;
    for (size_t i = 0; i < field.values.size(); ++i)
        list += fmt::format("{}{} ({})", i == 0 ? "" : ", ", field.values[i], field.value_titles[i].en);
    return list;
}

constexpr int64_t kMinorMax = 100'000'000'000'000;  // 10^12 of a currency with two decimals

constexpr int64_t kFirstDay = -719'162, kLastDay = 2'932'896;  // 0001-01-01 to 9999-12-31
constexpr int64_t kDayMicros = 86'400'000'000;

class RecordCheck {
public:
    RecordCheck(const RecordType& type, const RecordView& record, std::vector<FieldProblem>& problems)
        : type_(type), record_(record), problems_(problems) {}

    void run() {
        for (size_t slot = 0; slot < type_.fields.size(); ++slot) {
            presence(slot);
            if (record_[slot].present) value(type_.fields[slot], record_[slot]);
        }
        for (const auto& [later, earlier] : type_.not_before) order(later, earlier);
    }

private:
    void report(ProblemCode code, const Field& field, std::string_view limit_zh = {}, std::string_view limit_en = {}) {
        problems_.push_back(make_problem(code, "/" + field.name, limit_zh, limit_en));
    }

    void presence(size_t slot) {
        const Field& field = type_.fields[slot];
        if (field.required && !record_[slot].present) return report(ProblemCode::required, field);
        for (const PresenceRule& rule : field.presence) {
            const FieldValue& when = record_[rule.when_field];
            const bool applies = when.present && std::find(rule.when_values.begin(), rule.when_values.end(),
                                                           when.text) != rule.when_values.end();
            if (!applies || rule.must_be_present == record_[slot].present) continue;
            return report(rule.must_be_present ? ProblemCode::required : ProblemCode::not_allowed_here, field);
        }
    }

    void value(const Field& field, const FieldValue& value) {
        switch (field.type) {
            case FieldType::text: return text(field, value.text);
            case FieldType::integer: return range(field, value.number);
            case FieldType::money:
                if (currency_decimals(value.text) < 0) return report(ProblemCode::bad_currency, field);
                return range(field, value.number);
            case FieldType::boolean: return;
            case FieldType::date: return calendar(field, value.number, kFirstDay, kLastDay);
            case FieldType::time: return calendar(field, value.number, kFirstDay * kDayMicros, kLastDay * kDayMicros);
        }
    }

    void text(const Field& field, std::string_view text) {
        if (text.empty()) return report(ProblemCode::empty, field);
        const int64_t length = utf8_length(text);
        if (length < 0) return report(ProblemCode::bad_utf8, field);
        if (length > static_cast<int64_t>(field.chars_max))
            return report(ProblemCode::too_long, field, std::to_string(field.chars_max));
        if (has_control_character(text)) return report(ProblemCode::control_character, field);
        if (!field.values.empty() && std::find(field.values.begin(), field.values.end(), text) == field.values.end())
            return report(ProblemCode::not_in_list, field, choices_zh(field), choices_en(field));
        if (!passes_check(field.check, text)) {
            const bool has_digit = field.check == "credit_code" || field.check == "id_card";
            if (has_digit) return report(ProblemCode::bad_check, field);
            return report(ProblemCode::bad_form, field, field.example.empty() ? field.check : field.example);
        }
    }

    void range(const Field& field, int64_t number) {
        const int64_t max = field.type == FieldType::money ? std::min(field.max, kMinorMax) : field.max;
        if (number >= field.min && number <= max) return;
        const std::string low = field.min == INT64_MIN ? "" : std::to_string(field.min);
        const std::string high = max == INT64_MAX ? "" : std::to_string(max);
        const std::string unit_zh = field.type == FieldType::money ? "（最小货币单位）" : "";
        const std::string unit_en = field.type == FieldType::money ? " (minor units)" : "";
        report(ProblemCode::out_of_range, field, fmt::format("{}…{}{}", low, high, unit_zh),
               fmt::format("{}…{}{}", low, high, unit_en));
    }

    // Records that arrive encoded may hold any number: what the tables cannot show is refused here.
    void calendar(const Field& field, int64_t number, int64_t first, int64_t last) {
        if (number < first || number > last) report(ProblemCode::out_of_range, field, "0001…9999", "0001…9999");
    }

    void order(size_t later, size_t earlier) {
        const FieldValue& a = record_[later];
        const FieldValue& b = record_[earlier];
        if (!a.present || !b.present || a.number >= b.number) return;
        const Wording& title = type_.fields[earlier].title;
        report(ProblemCode::order, type_.fields[later], title.zh, title.en);
    }

    const RecordType& type_;
    const RecordView& record_;
    std::vector<FieldProblem>& problems_;
};

void append_escaped(std::string& out, std::string_view part) {
    for (char c : part) {
        if (c == '/')
            out += "%2F";
        else if (c == '%')
            out += "%25";
        else
            out.push_back(c);
    }
}

}  // namespace

std::optional<size_t> RecordType::slot_of(std::string_view field_name) const {
    for (size_t slot = 0; slot < fields.size(); ++slot)
        if (fields[slot].name == field_name) return slot;
    return std::nullopt;
}

void check_record(const RecordType& type, const RecordView& record, std::vector<FieldProblem>& problems) {
    RecordCheck(type, record, problems).run();
}

std::string record_id_of(const RecordType& type, const RecordView& record) {
    std::string id;
    for (size_t slot : type.key) {
        if (!id.empty()) id.push_back('/');
        append_escaped(id, record[slot].text);
    }
    return id;
}

std::optional<int64_t> parse_amount(std::string_view text, int decimals) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const size_t point = text.find('.');
    std::string_view whole = text.substr(0, point);
    std::string_view fraction = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
    if (whole.empty() || whole.size() > 13 || (point != std::string_view::npos && fraction.empty()))
        return std::nullopt;
    if (whole.size() > 1 && whole[0] == '0') return std::nullopt;
    // Trailing zeros say nothing: 12.500 is 12.50.
    while (fraction.size() > static_cast<size_t>(decimals) && fraction.ends_with('0')) fraction.remove_suffix(1);
    if (fraction.size() > static_cast<size_t>(decimals)) return std::nullopt;
    int64_t minor = 0;
    for (std::string_view part : {whole, fraction}) {
        for (char c : part) {
            if (c < '0' || c > '9') return std::nullopt;
            minor = minor * 10 + (c - '0');
        }
    }
    for (size_t i = fraction.size(); i < static_cast<size_t>(decimals); ++i) minor *= 10;
    return negative ? -minor : minor;
}

std::string format_amount(int64_t minor, std::string_view currency) {
    const int decimals = std::max(0, currency_decimals(currency));
    int64_t scale = 1;
    for (int i = 0; i < decimals; ++i) scale *= 10;
    const std::string sign = minor < 0 ? "-" : "";
    const int64_t magnitude = minor < 0 ? -minor : minor;
    if (decimals == 0) return fmt::format("{}{}", sign, magnitude);
    return fmt::format("{}{}.{:0{}}", sign, magnitude / scale, magnitude % scale, decimals);
}

}  // namespace gongzhi::pack
