// What C2SP lets a verifier ignore, and a careful reader does not: signature lines by keys that the policy does not name.
// A changed letter in such a line would go unnoticed, so `gongzhi verify` refuses it unless it is told to ignore them.
#pragma once

#include <string>

#include "base/result.h"

namespace gongzhi::ledger {

// `text` is a receipt or a finding file. `proof_invalid` names the first key that the policy does not.
Status refuse_unknown_signatures(const std::string& text, const std::string& policy);

}  // namespace gongzhi::ledger
