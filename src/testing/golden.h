// A golden file: what the program prints must be what is stored. GONGZHI_GOLDEN_UPDATE=1 stores what it prints.
#pragma once

#include <filesystem>
#include <string_view>

namespace gongzhi::testing {

// Path relative to the source tree. Fails the running test when the two differ.
void expect_golden(const std::filesystem::path& file, std::string_view actual);

}  // namespace gongzhi::testing
