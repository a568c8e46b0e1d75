#include "testing/golden.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/file.h"

namespace gongzhi::testing {

void expect_golden(const std::filesystem::path& file, std::string_view actual) {
    const std::filesystem::path whole = std::filesystem::path(GONGZHI_SOURCE_DIR) / file;
    if (std::getenv("GONGZHI_GOLDEN_UPDATE")) {
        const Status written = write_file_atomic(whole, actual);
        ASSERT_TRUE(written) << written.error().describe();
    }
    EXPECT_EQ(read_file(whole).value_or(""), actual) << file << " is stale: run ./dev golden --update";
}

}  // namespace gongzhi::testing
