// What is submitted and what comes back. Values.
#pragma once

#include <vector>

#include "base/clock.h"
#include "pack/types.h"

namespace gongzhi::intake {

constexpr size_t kSubmissionBytesMax = 64u << 20;
constexpr size_t kRecordsMax = 1u << 20;  // of one submission
constexpr size_t kProblemsMax = 20'000;   // listed; the rest is counted

enum class Format { ndjson, csv };

struct SubmissionRequest {
    std::string message_id;  // UUID; the same id with the same bytes is answered again, not stored again
    std::string record_type;
    Format format = Format::ndjson;
    std::string mapping;  // YAML, for CSV; "" when columns are named like the fields
    Bytes body;
    bool lenient = false;      // take the valid records and give back the rest
    bool corrects = false;     // records that exist already with other content get a new version
    uint64_t line_offset = 0;  // lines of the file before this piece of it
};

struct SubmissionResult {
    MessageId id;
    EntryIndex index;
    bool repeated = false;  // this very submission was here before
    uint64_t accepted = 0;  // new records, corrections among them
    uint64_t corrected = 0;
    uint64_t duplicates = 0;                   // held already with equal content: harmless
    uint64_t refused = 0;                      // records with at least one problem
    std::vector<pack::FieldProblem> problems;  // in order of line
    uint64_t problems_omitted = 0;
    Digest record_root;
    std::string receipt;  // the accepted receipt; "" when nothing was stored
    bool stored() const { return !receipt.empty(); }
};

}  // namespace gongzhi::intake
