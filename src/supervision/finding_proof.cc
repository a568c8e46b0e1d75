#include "supervision/finding_proof.h"

namespace gongzhi::supervision {
namespace {

constexpr std::string_view kFormat = "gongzhi-finding/v1";
constexpr size_t kFileBytesMax = 4u << 20;
constexpr size_t kCommitmentsMax = 64;

Result<ledger::Receipt> proved(std::string_view text, const merkle::Policy& policy, std::string_view kind) {
    GZ_TRY(ledger::Receipt receipt, ledger::verify_receipt(text, policy));
    if (receipt.stage != ledger::Receipt::Stage::proved)
        return fail(ErrorCode::proof_invalid, "a receipt in the file is not proved by a checkpoint");
    if (receipt.statement.kind != kind)
        return fail(ErrorCode::proof_invalid, "a receipt in the file is of {}, not of {}", receipt.statement.kind,
                    kind);
    return receipt;
}

// The commitment whose header names this root; it must lie before the rule in the same log.
Status check_committed(const records::Evidence& evidence, const std::vector<ledger::Receipt>& commitments,
                       const ledger::Receipt& rule, std::string_view party) {
    for (const ledger::Receipt& receipt : commitments) {
        if (!receipt.header || receipt.header->record_root != evidence.record_root) continue;
        if (receipt.header->from.value != party)
            return fail(ErrorCode::proof_invalid, "the root was committed by another party");
        if (receipt.origin != rule.origin || receipt.index >= rule.index)
            return fail(ErrorCode::proof_invalid, "the root was not committed before the rule was sent");
        return {};
    }
    return fail(ErrorCode::proof_invalid, "no commitment in the file names the root of the evidence");
}

}  // namespace

std::string FindingFile::format() const {
    return canonical_json({{"format", kFormat}, {"finding", finding}, {"rule", rule}, {"commitments", commitments}}) +
           "\n";
}

Result<FindingFile> FindingFile::parse(std::string_view text) {
    if (!text.ends_with('\n')) return fail(ErrorCode::malformed, "the file does not end in a newline");
    GZ_TRY(const Json json, parse_json(text.substr(0, text.size() - 1), {.bytes_max = kFileBytesMax}));
    GZ_TRY(const std::string format, json_text(json, "format"));
    if (format != kFormat) return fail(ErrorCode::malformed, "not a finding file of a known form");
    FindingFile file;
    GZ_TRY(file.finding, json_text(json, "finding"));
    GZ_TRY(file.rule, json_text(json, "rule"));
    if (!json.contains("commitments") || !json["commitments"].is_array() ||
        json["commitments"].size() > kCommitmentsMax)
        return fail_field(ErrorCode::malformed, "commitments", "a list of receipts is expected");
    for (const Json& item : json["commitments"]) {
        if (!item.is_string()) return fail_field(ErrorCode::malformed, "commitments", "a receipt is a text");
        file.commitments.push_back(item.get<std::string>());
    }
    // One file for one content: a second spelling is not the file that was issued.
    if (file.format() != text) return fail(ErrorCode::malformed, "the file is not in its canonical form");
    return file;
}

Result<ProvedFinding> verify_finding_file(std::string_view text, const merkle::Policy& policy, const pack::Pack& pack) {
    GZ_TRY(const FindingFile file, FindingFile::parse(text));
    GZ_TRY(const ledger::Receipt finding, proved(file.finding, policy, "finding"));
    GZ_TRY(const ledger::Receipt rule, proved(file.rule, policy, "sent.rule_bundle"));
    std::vector<ledger::Receipt> commitments;
    for (const std::string& receipt_text : file.commitments) {
        GZ_TRY(ledger::Receipt receipt, proved(receipt_text, policy, "received.commitment"));
        commitments.push_back(std::move(receipt));
    }
    const Json& trace = finding.statement.trace;
    ProvedFinding result;
    GZ_TRY(result.id, json_text(trace, "finding"));
    GZ_TRY(result.party, json_text(trace, "party"));
    GZ_TRY(result.rule, json_text(trace, "rule"));
    GZ_TRY(result.shop, json_text(trace, "shop"));
    GZ_TRY(result.subject, json_text(trace, "subject"));
    GZ_TRY(result.verdict, json_text(trace, "verdict"));
    if (finding.origin != rule.origin || !rule.header || rule.header->to.value != result.party)
        return fail(ErrorCode::proof_invalid, "the rule in the file was sent to another party");
    if (!trace.contains("evidence") || !trace["evidence"].is_array())
        return fail(ErrorCode::malformed, "the finding has no evidence");
    for (const Json& item : trace["evidence"]) {
        GZ_TRY(const records::Evidence evidence, records::Evidence::from_json(item));
        const pack::RecordType* type = pack.record_type(evidence.record_type);
        if (!type) return fail(ErrorCode::unsupported, "the pack lacks the record type of the evidence");
        pack::RecordView record;
        GZ_CHECKED(records::verify_evidence(evidence, *type, record));
        GZ_CHECKED(check_committed(evidence, commitments, rule, result.party));
        ++result.evidence;
    }
    result.index = finding.index;
    result.rule_index = rule.index;
    result.simulated = finding.simulated();
    return result;
}

}  // namespace gongzhi::supervision
