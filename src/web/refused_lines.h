// The refused lines of a file as a CSV that can be mended and sent again: the file's own columns, and the reasons in the
// last one, in the reader's language. Pure.
#pragma once

#include "intake/submission.h"
#include "web/language.h"

namespace gongzhi::web {

struct RefusedLines {
    const pack::RecordType& type;
    const std::vector<pack::FieldProblem>& problems;  // in order of line
    Language language;
};
// `text` is the whole file in UTF-8.
Result<std::string> refused_lines_csv(const std::string& text, bool csv, const RefusedLines& refused);

// "价格：请补充", by the field's title.
std::string reason_text(const pack::RecordType& type, const pack::FieldProblem& problem, Language language);

// Quoted always; what a spreadsheet would take for a formula begins with an apostrophe.
std::string csv_field(std::string value);

}  // namespace gongzhi::web
