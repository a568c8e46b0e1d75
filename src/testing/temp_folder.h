// A folder that a test owns: removed when the test passed, kept and named when it failed.
#pragma once

#include <filesystem>

namespace gongzhi::testing {

class TempFolder {
public:
    TempFolder();
    TempFolder(const TempFolder&) = delete;
    ~TempFolder();
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// shared/data beside the checkout (or $GONGZHI_SHARED_DATA); empty where it is absent: the caller skips, saying so.
std::filesystem::path shared_data(const std::filesystem::path& below);

}  // namespace gongzhi::testing
