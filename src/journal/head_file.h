// The file `head`: size, root and full note of the last signed head. Replaced atomically and fsynced. Inside this module.
#pragma once

#include <filesystem>

#include "journal/types.h"

namespace gongzhi::journal {

// Nothing where no head was ever signed; `corrupt` where the file is not one of ours.
Result<std::optional<SignedHead>> read_head_file(const std::filesystem::path& file);
Status write_head_file(const std::filesystem::path& file, const SignedHead& head);

}  // namespace gongzhi::journal
