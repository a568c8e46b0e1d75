// Files below web/ that were compiled into the program (tools/embed), each by its path below web/.
#pragma once

#include <string_view>
#include <vector>

namespace gongzhi::web {

struct EmbeddedFile {
    std::string_view name, content;
};
const std::vector<EmbeddedFile>& embedded_files();
// The content of a file that must be there.
std::string_view embedded_file(std::string_view name);

}  // namespace gongzhi::web
