#include "supervision/finding.h"

#include "base/bytes.h"
#include "crypto/digest.h"

namespace gongzhi::supervision {
namespace {

constexpr size_t kFindingsMax = 20'000;
constexpr size_t kEvidenceMax = 20;

Result<Digest> read_digest(const Json& json, const char* key) {
    GZ_TRY(const std::string text, json_text(json, key));
    GZ_TRY(const Bytes raw, from_base64(text));
    if (raw.size() != 32) return fail_field(ErrorCode::malformed, key, "a digest has 32 bytes");
    return Digest::from(raw);
}

Result<const Json*> read_list(const Json& json, const char* key, size_t max) {
    if (!json.is_object() || !json.contains(key) || !json[key].is_array())
        return fail_field(ErrorCode::malformed, key, "a list is expected");
    if (json[key].size() > max) return fail_field(ErrorCode::too_large, key, fmt::format("at most {} items", max));
    return &json[key];
}

}  // namespace

Json Finding::to_json() const {
    Json list = Json::array();
    for (const records::Evidence& item : evidence) list.push_back(item.to_json());
    return {{"id", id},
            {"subject", subject},
            {"shop", shop},
            {"verdict", verdict},
            {"explanation", {{"zh", explanation.zh}, {"en", explanation.en}}},
            {"columns", columns},
            {"evidence", list}};
}

Result<Finding> Finding::from_json(const Json& json) {
    Finding finding;
    GZ_TRY(finding.id, json_text(json, "id"));
    GZ_TRY(finding.subject, json_text(json, "subject"));
    GZ_TRY(finding.shop, json_text(json, "shop"));
    GZ_TRY(finding.verdict, json_text(json, "verdict"));
    if (finding.verdict != "suspect" && finding.verdict != "undecidable")
        return fail_field(ErrorCode::malformed, "verdict", "suspect or undecidable");
    if (!json.contains("explanation") || !json.contains("columns") || !json["columns"].is_object())
        return fail(ErrorCode::malformed, "a finding without explanation or columns");
    GZ_TRY(finding.explanation.zh, json_text(json["explanation"], "zh"));
    GZ_TRY(finding.explanation.en, json_text(json["explanation"], "en"));
    finding.columns = json["columns"];
    GZ_TRY(const Json* list, read_list(json, "evidence", kEvidenceMax));
    for (const Json& item : *list) {
        GZ_TRY(records::Evidence evidence, records::Evidence::from_json(item));
        finding.evidence.push_back(std::move(evidence));
    }
    return finding;
}

Json FindingsReport::to_json() const {
    Json list = Json::array();
    for (const Finding& finding : findings) list.push_back(finding.to_json());
    return {{"rule", rule_id},
            {"rule_version", rule_version},
            {"rule_digest", to_base64(rule_digest.view())},
            {"bundle", bundle_message},
            {"as_of", as_of},
            {"result_digest", to_base64(result_digest.view())},
            {"findings", list}};
}

Result<FindingsReport> FindingsReport::from_json(const Json& json) {
    FindingsReport report;
    GZ_TRY(report.rule_id, json_text(json, "rule"));
    GZ_TRY(report.rule_version, json_int(json, "rule_version"));
    GZ_TRY(report.rule_digest, read_digest(json, "rule_digest"));
    GZ_TRY(report.bundle_message, json_text(json, "bundle"));
    GZ_TRY(const int64_t as_of, json_int(json, "as_of"));
    report.as_of = static_cast<uint64_t>(as_of);
    GZ_TRY(report.result_digest, read_digest(json, "result_digest"));
    GZ_TRY(const Json* list, read_list(json, "findings", kFindingsMax));
    for (const Json& item : *list) {
        GZ_TRY(Finding finding, Finding::from_json(item));
        report.findings.push_back(std::move(finding));
    }
    return report;
}

std::string finding_id(const PartyId& party, const std::string& rule_id, const Finding& finding) {
    Bytes framed;
    for (BytesView part : {BytesView("gongzhi/finding/v1"), BytesView(party.value), BytesView(rule_id),
                           BytesView(finding.shop), BytesView(finding.subject)})
        put_sized(framed, part);
    for (const records::Evidence& item : finding.evidence) {
        put_sized(framed, item.record_type);
        put_sized(framed, item.record_id);
    }
    return to_hex(crypto::sha256(framed).view().substr(0, 16));
}

}  // namespace gongzhi::supervision
