#include "csv_gz.h"

#include <algorithm>
#include <cstdio>
#include <memory>

#include "base/result.h"

namespace gongzhi::testing {
namespace {

std::string unpacked(const std::filesystem::path& file) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(fmt::format("gzip -dc '{}'", file.string()).c_str(), "r"),
                                                     ::pclose);
    GZ_CHECK(pipe, "gzip is part of every Debian");
    std::string out;
    char buffer[1 << 16];
    for (size_t got; (got = std::fread(buffer, 1, sizeof buffer, pipe.get())) > 0;) out.append(buffer, got);
    return out;
}

}  // namespace

const std::string& Csv::at(const std::vector<std::string>& row, std::string_view column) const {
    const auto found = std::find(columns.begin(), columns.end(), column);
    GZ_CHECK(found != columns.end(), "the test names a column of the file");
    return row.at(static_cast<size_t>(found - columns.begin()));
}

Csv read_csv_gz(const std::filesystem::path& file) {
    const std::string text = unpacked(file);
    Csv csv;
    std::vector<std::string> row(1);
    bool quoted = false;
    for (size_t i = text.starts_with("\xef\xbb\xbf") ? 3 : 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"')
            row.back() += text[i++];
        else if (c == '"')
            quoted = !quoted;
        else if (quoted || (c != ',' && c != '\n' && c != '\r'))
            row.back() += c;
        else if (c == ',')
            row.emplace_back();
        else if (c == '\n') {
            (csv.columns.empty() ? csv.columns : csv.rows.emplace_back()) = std::move(row);
            row.assign(1, "");
        }
    }
    return csv;
}

}  // namespace gongzhi::testing
