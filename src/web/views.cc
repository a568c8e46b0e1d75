#include "pack/record_check.h"
#include "web/pages.h"

namespace gongzhi::web {
namespace {

std::string text_of(Language language, const char* key) { return texts(language).at(key).get<std::string>(); }
std::string pick(Language language, const pack::Wording& wording) {
    return language == Language::zh ? wording.zh : wording.en;
}

// Minutes are enough for people; the zone is the pack's.
std::string local_time(UtcTime time, int zone_minutes) {
    const std::string text = format_utc(UtcTime(time.value + int64_t{zone_minutes} * 60 * kMicrosPerSecond));
    return text.substr(0, 10) + " " + text.substr(11, 5);
}

std::string shown(const pack::Field& field, const pack::FieldValue& value, Language language, int zone_minutes) {
    switch (field.type) {
        case pack::FieldType::text: return std::string(value.text);
        case pack::FieldType::integer: return std::to_string(value.number);
        case pack::FieldType::boolean: return text_of(language, value.number ? "yes" : "no");
        case pack::FieldType::date: return format_date(CivilDate(static_cast<int32_t>(value.number)));
        case pack::FieldType::time: return local_time(UtcTime(value.number), zone_minutes);
        case pack::FieldType::money:
            return pack::format_amount(value.number, value.text) + " " + std::string(value.text);
    }
    return {};
}

// One piece of evidence, proved again while the page is made.
Json evidence_view(const records::Evidence& evidence, const pack::Pack& pack, Language language, size_t number) {
    Json fields = Json::array();
    const pack::RecordType* type = pack.record_type(evidence.record_type);
    pack::RecordView record;
    const bool proved = type && records::verify_evidence(evidence, *type, record).has_value();
    for (size_t slot = 0; proved && slot < type->fields.size(); ++slot)
        if (record[slot].present)
            fields.push_back(
                {{"label", pick(language, type->fields[slot].title)},
                 {"value", shown(type->fields[slot], record[slot], language, pack.zone_offset_minutes())}});
    return {{"number", number},
            {"type_title", type ? pick(language, type->title) : evidence.record_type},
            {"fields", fields},
            {"proof_class", proved ? "good" : "bad"},
            {"proof_text", text_of(language, proved ? "proof_ok" : "proof_bad")}};
}

// "sent.request" in words, or as it is where there are none.
std::string kind_text(Language language, const std::string& kind) {
    std::string key = "kind_" + kind;
    std::replace(key.begin(), key.end(), '.', '_');
    return texts(language).value(key, kind);
}

Json receipt_rows(const ledger::Receipt& receipt, Language language, int zone_minutes) {
    Json rows = Json::array();
    const auto row = [&](const char* label, std::string value) {
        rows.push_back({{"label", text_of(language, label)}, {"value", std::move(value)}});
    };
    std::string cosigners;
    for (const auto& cosigner : receipt.cosigners) cosigners += (cosigners.empty() ? "" : ", ") + cosigner.witness;
    row("row_stage",
        text_of(language, receipt.stage == ledger::Receipt::Stage::proved ? "stage_proved" : "stage_accepted"));
    row("row_origin", receipt.origin);
    row("row_index", std::to_string(receipt.index.value));
    row("row_kind", kind_text(language, receipt.statement.kind));
    row("row_time", local_time(receipt.statement.received_time, zone_minutes));
    if (receipt.header) {
        row("row_from", receipt.header->from.value);
        row("row_to", receipt.header->to.value);
    }
    row("row_cosigners", cosigners.empty() ? text_of(language, "none") : cosigners);
    return rows;
}

// Browsers send CRLF for each line of a form.
std::string unix_lines(std::string text) {
    std::erase(text, '\r');
    if (!text.ends_with('\n')) text.push_back('\n');
    return text;
}

// This node's log and those of its peers, each by its own key: what this page can speak for.
Result<ledger::Receipt> verify_here(node::Node& node, const std::string& text) {
    std::vector<std::string> keys = {node.self().log_key};
    for (const exchange::PartyDescriptor& peer : node.peers().all()) keys.push_back(peer.log_key);
    Result<ledger::Receipt> last = fail(ErrorCode::proof_invalid, "no log is known here");
    for (const std::string& key : keys) {
        GZ_TRY(const merkle::VerifierKey log, merkle::VerifierKey::parse(key));
        std::string policy_text = "log " + key + "\n";
        for (const exchange::PartyDescriptor& peer : node.peers().all())
            if (peer.log_key != key) policy_text += fmt::format("witness {} {}\n", peer.party.value, peer.witness_key);
        if (key != node.self().log_key)
            policy_text += fmt::format("witness {} {}\n", node.self().party.value, node.self().witness_key);
        GZ_TRY(const merkle::Policy policy, merkle::Policy::parse(policy_text + "quorum none\n"));
        last = ledger::verify_receipt(text, policy);
        if (last) return last;
    }
    return last;
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
    GZ_TRY(const std::string verdict, json_text(finding, "verdict"));
    GZ_TRY(const std::string accepted, json_text(finding, "accepted_time"));
    GZ_TRY(const UtcTime accepted_time, parse_utc(accepted));
    GZ_TRY(const std::string party, json_text(finding, "party"));
    const auto peer = node.peers().find(PartyId(party));
    const std::string party_name = !peer ? party : language == Language::zh ? peer->name_zh : peer->name_en;
    return Json{{"subject", finding["subject"]},
                {"shop", finding["shop"]},
                {"party", party_name},
                {"verdict_text", text_of(language, verdict.c_str())},
                {"accepted_time", local_time(accepted_time, node.pack().zone_offset_minutes())},
                {"explanation", finding[language == Language::zh ? "explanation_zh" : "explanation_en"]},
                {"rule_title", pick(language, rule.title)},
                {"rule_code", rule.code},
                {"basis", basis},
                {"evidence", evidence},
                {"exportable", node.finding_file(finding_id).has_value()},
                {"file_link", fmt::format("/findings/{}/file", finding_id)}};
}

Json verification_view(node::Node& node, const std::string& pasted, Language language) {
    Json view = {
        {"action", fmt::format("/verify?lang={}", language_code(language))}, {"pasted", pasted}, {"result", false}};
    if (pasted.empty()) return view;
    const auto receipt = verify_here(node, unix_lines(pasted));
    if (receipt) {
        view["result"] = {{"class", "good"},
                          {"heading", text_of(language, "valid_heading")},
                          {"sentence", text_of(language, "valid_sentence")},
                          {"rows", receipt_rows(*receipt, language, node.pack().zone_offset_minutes())}};
    } else {
        view["result"] = {{"class", "bad"},
                          {"heading", text_of(language, "invalid_heading")},
                          {"sentence", text_of(language, "invalid_sentence")},
                          {"rows", Json::array()}};
    }
    return view;
}

}  // namespace gongzhi::web
