// Builds the problems of field_problems.def in both languages.
#pragma once

#include "pack/types.h"

namespace gongzhi::pack {

enum class ProblemCode {
#define P(code, zh, en) code,
#include "pack/field_problems.def"
#undef P
};

struct ProblemText {
    std::string_view code, zh, en;
};
const ProblemText& problem_text(ProblemCode code);

// `limit_zh`/`limit_en` fill {0}. Never pass a value of the record: problems travel in answers and logs.
FieldProblem make_problem(ProblemCode code, std::string field, std::string_view limit_zh = {},
                          std::string_view limit_en = {});

}  // namespace gongzhi::pack
