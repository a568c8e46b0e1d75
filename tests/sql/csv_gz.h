// Reads a gzipped CSV file of shared/data (RFC 4180 quoting, one header line) for tests over real data.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gongzhi::testing {

struct Csv {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;

    // The column must exist.
    const std::string& at(const std::vector<std::string>& row, std::string_view column) const;
};

Csv read_csv_gz(const std::filesystem::path& file);

}  // namespace gongzhi::testing
