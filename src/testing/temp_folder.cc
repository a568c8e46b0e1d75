#include "testing/temp_folder.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdio>

namespace gongzhi::testing {

TempFolder::TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "gongzhi-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "no temporary folder can be made";
    path_ = pattern;
}

TempFolder::~TempFolder() {
    if (::testing::Test::HasFailure()) {
        std::printf("kept: %s\n", path_.c_str());
        return;
    }
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path shared_data(const std::filesystem::path& below) {
    const char* named = std::getenv("GONGZHI_SHARED_DATA");
    const std::filesystem::path root =
        named ? named : std::filesystem::path(GONGZHI_SOURCE_DIR) / ".." / "shared" / "data";
    const std::filesystem::path found = root / below;
    return std::filesystem::exists(found) ? found : std::filesystem::path();
}

}  // namespace gongzhi::testing
