// NDJSON of the sample market: one line for one value. Inside of this module.
#pragma once

#include "base/file.h"
#include "market/market.h"

namespace gongzhi::market {

// The values need no escaping: names and numbers of this module hold no quotes, backslashes or control characters.
class Line {
public:
    explicit Line(std::string& out) : out_(out) { out_ += '{'; }
    Line& text(std::string_view name, std::string_view value) {
        if (!value.empty()) put(name) += fmt::format("\"{}\"", value);
        return *this;
    }
    Line& number(std::string_view name, int64_t value) {
        put(name) += std::to_string(value);
        return *this;
    }
    Line& whole(std::string_view name, std::optional<int64_t> value) {
        if (value) number(name, *value);
        return *this;
    }
    Line& flag(std::string_view name, std::optional<bool> value) {
        if (value) put(name) += *value ? "true" : "false";
        return *this;
    }
    Line& money(std::string_view name, std::optional<int64_t> minor, std::string_view currency) {
        if (minor)
            put(name) +=
                fmt::format("{{\"amount\":\"{}.{:02}\",\"currency\":\"{}\"}}", *minor / 100, *minor % 100, currency);
        return *this;
    }
    Line& date(std::string_view name, std::optional<CivilDate> day) {
        if (day) put(name) += fmt::format("\"{}\"", format_date(*day));
        return *this;
    }
    Line& time(std::string_view name, const std::optional<Moment>& at) {
        if (at)
            put(name) += fmt::format("\"{}T{:02}:{:02}:{:02}+08:00\"", format_date(at->day), at->second / 3600,
                                     at->second / 60 % 60, at->second % 60);
        return *this;
    }
    void end() { out_ += "}\n"; }

private:
    std::string& put(std::string_view name) {
        if (out_.back() != '{') out_ += ',';
        out_ += '"';
        out_ += name;
        return out_ += "\":";
    }
    std::string& out_;
};

void write_line(std::string& out, const Trader& trader);
void write_line(std::string& out, const Offer& offer);
void write_line(std::string& out, const Sale& sale);
void write_line(std::string& out, const Coverage& coverage);

template <typename Record>
Status write_lines(const std::filesystem::path& file, const std::vector<Record>& records) {
    std::string out;
    out.reserve(records.size() * 256);
    for (const Record& record : records) write_line(out, record);
    return write_file_atomic(file, out);
}

}  // namespace gongzhi::market
