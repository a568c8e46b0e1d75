// C2SP tlog-checkpoint: origin, size, root. Extension lines are refused: our logs have none. Pure.
#pragma once

#include "merkle/note.h"
#include "merkle/proof.h"

namespace gongzhi::merkle {

struct Checkpoint {
    std::string origin;
    TreeHead head;
    std::string text() const;
    static Result<Checkpoint> parse(std::string_view text);
};

}  // namespace gongzhi::merkle
