// The published data dictionary (数据目录): Markdown generated from the catalogue, so that it cannot be out of date.
#pragma once

#include <string>

#include "pack/pack.h"

namespace gongzhi::pack {

std::string data_dictionary(const Pack& pack);

}  // namespace gongzhi::pack
