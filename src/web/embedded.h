// Files below web/ that were compiled into the program.
#pragma once

#include <string_view>
#include <vector>

namespace gongzhi::web {

struct EmbeddedFile {
    std::string_view name, content;
};
const std::vector<EmbeddedFile>& embedded_files();

}  // namespace gongzhi::web
