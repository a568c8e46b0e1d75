// One NDJSON line → one record of a type: every value converted, unknown and repeated fields refused, nothing behind the end.
//
// On-demand parsing validates only what is read, so the plan walks every field of the line. Not thread-safe: one parser a
// thread. Texts of the record borrow from the parser until the next line.
#pragma once

#include <memory>

#include "pack/types.h"

namespace gongzhi::intake {

constexpr size_t kLineBytesMax = 256u << 10;
constexpr size_t kLinePaddingBytes = 64;  // readable bytes that must follow every line

class JsonLineParser {
public:
    explicit JsonLineParser(const pack::RecordType& type);
    ~JsonLineParser();

    // `record` gets one slot per field; problems are appended without a line number. `line` must be followed by
    // kLinePaddingBytes readable bytes.
    void parse(std::string_view line, pack::RecordView& record, std::vector<pack::FieldProblem>& problems);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace gongzhi::intake
