#include "supervision/explanation.h"

#include <algorithm>
#include <chrono>

#include "pack/record_check.h"

namespace gongzhi::supervision {
namespace {

struct Slot {
    std::string column, filter, argument;
};

// Calls `text` and `slot` in order; false where a brace is not closed.
template <typename Text, typename OnSlot>
bool walk(std::string_view pattern, Text text, OnSlot slot) {
    while (!pattern.empty()) {
        const size_t open = pattern.find('{');
        text(pattern.substr(0, open));
        if (open == std::string_view::npos) return true;
        if (pattern.substr(open, 2) == "{{") {
            text("{");
            pattern.remove_prefix(open + 2);
            continue;
        }
        const size_t close = pattern.find('}', open);
        if (close == std::string_view::npos) return false;
        const std::string_view inside = pattern.substr(open + 1, close - open - 1);
        const size_t bar = std::min(inside.find('|'), inside.size());
        const std::string_view filter = bar < inside.size() ? inside.substr(bar + 1) : "";
        const size_t colon = std::min(filter.find(':'), filter.size());
        slot(Slot{std::string(inside.substr(0, bar)), std::string(filter.substr(0, colon)),
                  colon < filter.size() ? std::string(filter.substr(colon + 1)) : ""});
        pattern.remove_prefix(close + 1);
    }
    return true;
}

std::string problem_in(const std::string& pattern, const std::vector<std::string>& columns) {
    std::string problem;
    const auto known = [&](const std::string& name) {
        return std::find(columns.begin(), columns.end(), name) != columns.end();
    };
    const bool closed = walk(
        pattern, [](std::string_view) {},
        [&](const Slot& slot) {
            if (!known(slot.column)) problem = fmt::format("the result has no column \"{}\"", slot.column);
            const bool money = slot.filter == "money" && known(slot.argument);
            if (!slot.filter.empty() && slot.filter != "date" && !money)
                problem = fmt::format("unknown filter on \"{}\"", slot.column);
        });
    return closed ? problem : "a brace is not closed";
}

enum class Reader { zh, en };

std::string day_words(CivilDate day, Reader reader) {
    constexpr std::string_view months[] = {"January", "February", "March",     "April",   "May",      "June",
                                           "July",    "August",   "September", "October", "November", "December"};
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day.value))};
    const int year = static_cast<int>(date.year());
    const unsigned month = static_cast<unsigned>(date.month()), number = static_cast<unsigned>(date.day());
    return reader == Reader::zh ? fmt::format("{}年{}月{}日", year, month, number)
                                : fmt::format("{} {} {}", number, months[month - 1], year);
}

// Nobody knows what an amount without a currency is worth, so it is no amount.
std::string money_words(const sql::Value& minor, const sql::Value& currency, Reader reader) {
    if (sql::is_null(minor) || sql::is_null(currency)) return "—";
    const std::string& code = sql::text_of(currency);
    const std::string amount = pack::format_amount(sql::integer_of(minor), code);
    return reader == Reader::zh && code == "CNY" ? amount + "元" : amount + " " + code;
}

std::string plain_words(const sql::Value& value, Reader reader) {
    if (sql::is_null(value)) return "—";
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* date = std::get_if<CivilDate>(&value)) return day_words(*date, reader);
    if (const auto* time = std::get_if<UtcTime>(&value)) return format_utc(*time);
    if (const auto* flag = std::get_if<bool>(&value))
        return reader == Reader::zh ? (*flag ? "是" : "否") : (*flag ? "yes" : "no");
    return std::to_string(sql::integer_of(value));
}

std::string fill(const std::string& pattern, const sql::Table& result, size_t row, Reader reader) {
    std::string out;
    walk(
        pattern, [&](std::string_view text) { out += text; },
        [&](const Slot& slot) {
            const sql::Value& value = result.at(row, slot.column);
            out += slot.filter == "money" ? money_words(value, result.at(row, slot.argument), reader)
                                          : plain_words(value, reader);
        });
    return out;
}

}  // namespace

Result<Explanation> read_explanation(const pack::YamlView& view, const std::vector<std::string>& columns) {
    Explanation explanation;
    GZ_TRY(explanation.by, view.text("by"));
    if (std::find(columns.begin(), columns.end(), explanation.by) == columns.end())
        return view.error_at("by", fmt::format("the result has no column \"{}\"", explanation.by));
    GZ_TRY(const pack::YamlView texts, view.at("texts"));
    if (!texts.json().is_object()) return view.error_at("texts", "a mapping is expected here");
    for (const auto& [value, ignored] : texts.json().items()) {
        GZ_TRY(pack::Wording wording, texts.wording(value));
        for (const std::string& pattern : {wording.zh, wording.en})
            if (const std::string problem = problem_in(pattern, columns); !problem.empty())
                return texts.error_at(value, problem);
        explanation.templates.emplace(value, std::move(wording));
    }
    return explanation;
}

pack::Wording explain(const Explanation& explanation, const sql::Table& result, size_t row) {
    const sql::Value& chooser = result.at(row, explanation.by);
    const auto* code = std::get_if<std::string>(&chooser);
    const auto found = explanation.templates.find(code ? *code : "");
    if (found == explanation.templates.end()) return {"—", "—"};
    return {fill(found->second.zh, result, row, Reader::zh), fill(found->second.en, result, row, Reader::en)};
}

}  // namespace gongzhi::supervision
