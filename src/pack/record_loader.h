// Reads records/*.yaml into RecordTypes, refusing whatever a validation plan could not carry out.
#pragma once

#include "base/yaml.h"
#include "pack/types.h"

namespace gongzhi::pack {

Result<RecordType> load_record_type(const YamlDocument& document);

}  // namespace gongzhi::pack
