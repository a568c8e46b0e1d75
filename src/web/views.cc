#include "pack/record_check.h"
#include "web/pages.h"
#include "web/pieces.h"

namespace gongzhi::web {
namespace {

std::string shown(const pack::Field& field, const pack::FieldValue& value, Language language, int zone_minutes) {
    switch (field.type) {
        case pack::FieldType::text: return std::string(value.text);
        case pack::FieldType::integer: return std::to_string(value.number);
        case pack::FieldType::boolean: return text(language, value.number ? "yes" : "no");
        case pack::FieldType::date: return day_text(language, CivilDate(static_cast<int32_t>(value.number)));
        case pack::FieldType::time: return time_text(language, UtcTime(value.number), zone_minutes);
        case pack::FieldType::money:
            return pack::format_amount(value.number, value.text) + " " + std::string(value.text);
    }
    return {};
}

// One piece of evidence as a card, proved again while the page is made.
Json evidence_view(const records::Evidence& evidence, const pack::Pack& pack, Language language, size_t number) {
    Json rows = Json::array();
    const pack::RecordType* type = pack.record_type(evidence.record_type);
    pack::RecordView record;
    const bool proved = type && records::verify_evidence(evidence, *type, record).has_value();
    for (size_t slot = 0; proved && slot < type->fields.size(); ++slot)
        if (record[slot].present)
            rows.push_back({{"key", pick(language, type->fields[slot].title)},
                            {"value", shown(type->fields[slot], record[slot], language, pack.zone_offset_minutes())}});
    return {{"id", fmt::format("evidence-{}", number)},
            {"title", type ? pick(language, type->title) : evidence.record_type},
            {"rows", rows},
            {"note", text(language, proved ? "proof_ok" : "proof_bad")},
            {"note_bad", !proved}};
}

Json identity_view(const Json& finding, const std::string& platform, UtcTime accepted, int zone_minutes,
                   Language language) {
    const std::string verdict = finding.at("verdict").get<std::string>();
    const Json tag = {{"text", text(language, "verdict_" + verdict)},
                      {"colour", verdict == "suspect" ? "orange" : "grey"}};
    return {{"items",
             {{{"key", text(language, "state")}, {"tag", tag}},
              {{"key", text(language, "shop")}, {"number", finding.at("shop")}},
              {{"key", text(language, "platform")}, {"value", platform}},
              {{"key", text(language, "accepted_time")}, {"value", time_text(language, accepted, zone_minutes)}}}}};
}

}  // namespace

Result<Json> finding_view(node::Node& node, const std::string& finding_id, Language language) {
    GZ_TRY(const Json finding, node.finding(finding_id));
    GZ_TRY(const std::string rule_id, json_text(finding, "rule"));
    GZ_TRY(const supervision::RuleVersion rule, node.rules().rule(rule_id));
    Json basis = Json::array(), evidence = Json::array();
    for (const pack::LegalBasis& item : rule.basis)
        basis.push_back({{"law", item.law}, {"article", item.article}, {"unverified", item.unverified}});
    for (const Json& item : finding["evidence"]) {
        GZ_TRY(const records::Evidence parsed, records::Evidence::from_json(item));
        evidence.push_back(evidence_view(parsed, node.pack(), language, evidence.size() + 1));
    }
    GZ_TRY(const std::string accepted, json_text(finding, "accepted_time"));
    GZ_TRY(const UtcTime accepted_time, parse_utc(accepted));
    GZ_TRY(const std::string party, json_text(finding, "party"));
    const std::string platform = party_name(node, language, party);
    Json file_href = false;
    if (node.finding_file(finding_id)) file_href = link(fmt::format("/findings/{}/file", finding_id));
    return Json{
        {"subject", finding["subject"]},
        {"identity", identity_view(finding, platform, accepted_time, node.pack().zone_offset_minutes(), language)},
        {"explanation", finding[language == Language::zh ? "explanation_zh" : "explanation_en"]},
        {"people_decide", {{"text", text(language, "people_decide")}}},
        {"source_text", text(language, "finding_source_text", {{"platform", platform}})},
        {"rule_title", pick(language, rule.title)},
        {"rule_code", rule.code},
        {"basis", basis},
        {"evidence", evidence},
        {"file_href", file_href}};
}

}  // namespace gongzhi::web
