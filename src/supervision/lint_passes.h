// Inside of the lint: the passes and what they report to. Not for other modules.
#pragma once

#include "supervision/lint.h"

namespace gongzhi::supervision {

// Collects problems at byte offsets of one rule's text.
class ProblemList {
public:
    explicit ProblemList(std::string_view sql) : sql_(sql) {}
    void add(LintCode code, uint64_t offset, std::string_view what = {});
    std::vector<LintProblem> take() { return std::move(problems_); }
    bool empty() const { return problems_.empty(); }

private:
    std::string_view sql_;
    std::vector<LintProblem> problems_;
};

void lint_tokens(std::string_view sql, ProblemList& problems);

// An ORDER BY expression without COLLATE: whether it is text is only known once types are.
struct BareOrder {
    std::string pointer;  // JSON pointer below the serialized statement list
    uint64_t offset = 0;
};
void lint_structure(const Json& statements, const Catalogue& catalogue, const LintOptions& options,
                    ProblemList& problems, std::vector<BareOrder>& bare_orders);

void lint_types(const Json& plan, ProblemList& problems);

}  // namespace gongzhi::supervision
