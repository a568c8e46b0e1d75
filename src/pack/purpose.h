// purposes.yaml: what a protected value may be opened for.
#pragma once

#include "base/yaml.h"
#include "pack/types.h"

namespace gongzhi::pack {

struct Purpose {
    std::string id;
    Wording title;
    std::vector<LegalBasis> basis;
};

Result<std::vector<Purpose>> load_purposes(const YamlDocument& document);

}  // namespace gongzhi::pack
