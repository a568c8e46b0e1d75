#include "intake/decode.h"

#include "intake/csv.h"
#include "intake/json_line.h"
#include "intake/mapping.h"
#include "pack/record_check.h"
#include "pack/record_codec.h"

namespace gongzhi::intake {
namespace {

// Checks one parsed record and keeps it or its problems.
void take(const pack::RecordType& type, const pack::RecordView& view, std::vector<pack::FieldProblem>& problems,
          uint64_t line, DecodedSubmission& out) {
    if (problems.empty()) pack::check_record(type, view, problems);
    if (!problems.empty()) return out.refuse(std::move(problems), line);
    DecodedRecord record;
    record.line = line;
    record.id = pack::record_id_of(type, view);
    pack::encode_open(type, view, record.open);
    if (type.has_protected) pack::encode_protected(type, view, record.protected_part);
    out.records.push_back(std::move(record));
}

Status too_many() { return fail(ErrorCode::too_large, "at most {} records in one submission", kRecordsMax); }

Result<DecodedSubmission> decode_ndjson(const pack::RecordType& type, const SubmissionRequest& request) {
    DecodedSubmission out;
    JsonLineParser parser(type);
    pack::RecordView view;
    std::vector<pack::FieldProblem> problems;
    Bytes padded = request.body;
    padded.append(kLinePaddingBytes, ' ');
    std::string_view rest = std::string_view(padded).substr(0, request.body.size());
    if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
    uint64_t line = request.line_offset;
    while (!rest.empty()) {
        ++line;
        const size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view text = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        if (out.records.size() >= kRecordsMax) GZ_CHECKED(too_many());
        problems.clear();
        parser.parse(text, view, problems);
        take(type, view, problems, line, out);
    }
    return out;
}

Result<DecodedSubmission> decode_csv(const pack::RecordType& type, const SubmissionRequest& request) {
    GZ_TRY(const std::string text, to_utf8(request.body));
    Mapping mapping = Mapping::by_name(type);
    if (!request.mapping.empty()) {
        GZ_TRY(mapping, Mapping::parse(request.mapping, type));
    }
    CsvReader reader(text);
    std::vector<std::string_view> cells;
    DecodedSubmission out;
    GZ_TRY(const bool has_header, reader.next(cells));
    if (!has_header) return fail(ErrorCode::malformed, "the file is empty: not even a header row");
    if (auto missing = mapping.bind(cells); !missing.empty()) {
        out.refuse(std::move(missing), 1);
        return out;
    }
    pack::RecordView view;
    std::vector<pack::FieldProblem> problems;
    while (true) {
        GZ_TRY(const bool more, reader.next(cells));
        if (!more) return out;
        if (cells.size() == 1 && cells[0].empty()) continue;
        if (out.records.size() >= kRecordsMax) GZ_CHECKED(too_many());
        const uint64_t line = reader.line() + request.line_offset;
        problems.clear();
        mapping.apply(cells, line, view, problems);
        take(type, view, problems, line, out);
    }
}

}  // namespace

void DecodedSubmission::refuse(std::vector<pack::FieldProblem>&& found, uint64_t line) {
    ++refused;
    for (pack::FieldProblem& problem : found) {
        problem.line = line;
        if (problems.size() < kProblemsMax)
            problems.push_back(std::move(problem));
        else
            ++problems_omitted;
    }
}

Result<DecodedSubmission> decode_submission(const pack::RecordType& type, const SubmissionRequest& request) {
    if (request.body.size() > kSubmissionBytesMax)
        return fail(ErrorCode::too_large, "a submission of more than {} bytes", kSubmissionBytesMax);
    return request.format == Format::csv ? decode_csv(type, request) : decode_ndjson(type, request);
}

}  // namespace gongzhi::intake
