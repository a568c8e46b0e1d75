// Bytes of a submission → valid records in their canonical encoding, and the problems of the others. Pure.
#pragma once

#include "base/result.h"
#include "intake/submission.h"

namespace gongzhi::intake {

struct DecodedRecord {
    uint64_t line = 0;
    std::string id;
    Bytes open;
    Bytes protected_part;  // "" for types without one
};

struct DecodedSubmission {
    std::vector<DecodedRecord> records;
    std::vector<pack::FieldProblem> problems;
    uint64_t refused = 0;
    uint64_t problems_omitted = 0;

    void refuse(std::vector<pack::FieldProblem>&& found, uint64_t line);
};

// `malformed` where the file as a whole cannot be read (encoding, mapping, header row).
Result<DecodedSubmission> decode_submission(const pack::RecordType& type, const SubmissionRequest& request);

}  // namespace gongzhi::intake
