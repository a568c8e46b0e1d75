#include "pack/problem.h"

#include <fmt/format.h>

#include <array>

namespace gongzhi::pack {

const ProblemText& problem_text(ProblemCode code) {
    static const ProblemText table[] = {
#define P(code, zh, en) {#code, zh, en},
#include "pack/field_problems.def"
#undef P
    };
    return table[static_cast<size_t>(code)];
}

FieldProblem make_problem(ProblemCode code, std::string field, std::string_view limit_zh, std::string_view limit_en) {
    const ProblemText& text = problem_text(code);
    FieldProblem problem;
    problem.field = std::move(field);
    problem.code = text.code;
    problem.zh = fmt::format(fmt::runtime(text.zh), limit_zh);
    problem.en = fmt::format(fmt::runtime(text.en), limit_en.empty() ? limit_zh : limit_en);
    return problem;
}

}  // namespace gongzhi::pack
