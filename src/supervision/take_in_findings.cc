// The authority's side of a report: which rule of ours was run, does each proof hold, was the root committed before the
// rule was known. Only then is a finding taken.
#include "base/bytes.h"
#include "base/log.h"
#include "crypto/digest.h"
#include "supervision/rule_desk.h"

namespace gongzhi::supervision {

Result<RuleDesk::SentRule> RuleDesk::sent_rule(const FindingsReport& report, const PartyId& from) const {
    const journal::ClaimBytes key = claims_.key("sent", {report.bundle_message});
    GZ_TRY(const auto holder, ledger_.journal().find_claims(std::span(&key, 1)));
    if (!holder[0]) return fail(ErrorCode::rejected, "the report is about a rule that was never sent");
    GZ_TRY(const ledger::Entry entry, ledger_.read(holder[0]->index));
    GZ_TRY(const ledger::Envelope envelope, entry.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    if (header.type != "rule_bundle" || header.to != from)
        return fail(ErrorCode::rejected, "the report is about a rule that was sent to somebody else");
    GZ_TRY(RuleVersion version, compile_bundle(entry));
    if (version.digest != report.rule_digest || version.id != report.rule_id)
        return fail(ErrorCode::rejected, "another version of the rule was run than was sent");
    return SentRule{std::move(version), holder[0]->index};
}

Status RuleDesk::verify(const Finding& finding, const SentRule& sent, const FindingsReport& report,
                        const PartyId& from) const {
    if (finding.id != finding_id(from, report.rule_id, finding))
        return fail(ErrorCode::rejected, "the finding's id does not name its content");
    if (finding.verdict == "suspect" && finding.evidence.empty())
        return fail(ErrorCode::proof_invalid, "a suspicion without evidence");
    for (const records::Evidence& evidence : finding.evidence) {
        const bool declared =
            std::any_of(sent.rule.evidence.begin(), sent.rule.evidence.end(),
                        [&](const EvidenceColumn& c) { return c.record_type == evidence.record_type; });
        const pack::RecordType* type = pack_.record_type(evidence.record_type);
        if (!declared || !type) return fail(ErrorCode::rejected, "evidence of a type that the rule does not disclose");
        pack::RecordView record;
        GZ_CHECKED(records::verify_evidence(evidence, *type, record));
        const auto shop = type->slot_of("shop");
        if (sent.rule.by_shop ? !shop || record[*shop].text != finding.shop : !finding.shop.empty())
            return fail(ErrorCode::proof_invalid, "the evidence is of another shop");
        const journal::ClaimBytes key = claims_.key("commitment", {from.value, evidence.record_root.view()});
        GZ_TRY(const auto holder, ledger_.journal().find_claims(std::span(&key, 1)));
        if (!holder[0]) return fail(ErrorCode::proof_invalid, "the evidence's root was never committed");
        if (holder[0]->index >= sent.sent_at)
            return fail(ErrorCode::proof_invalid, "the evidence's root was committed after the rule was sent");
    }
    return {};
}

Json RuleDesk::finding_trace(const Finding& finding, const PartyId& party, const RuleVersion& rule) const {
    return {{"finding", finding.id},
            {"party", party.value},
            {"rule", rule.id},
            {"rule_version", rule.version},
            {"rule_digest", to_base64(rule.digest.view())},
            {"subject", finding.subject},
            {"shop", finding.shop},
            {"region", region_of_(party, finding.shop)},
            {"verdict", finding.verdict},
            {"explanation_zh", finding.explanation.zh},
            {"explanation_en", finding.explanation.en},
            {"columns", finding.columns},
            {"evidence", finding.to_json()["evidence"]}};
}

Status RuleDesk::take_in_one(const access::Actor& actor, const Finding& finding, const SentRule& sent,
                             const FindingsReport& report, const ledger::MessageHeader& header) {
    const Status verified = verify(finding, sent, report, header.from);
    Json trace = {{"finding", finding.id},
                  {"party", header.from.value},
                  {"message", header.id.value},
                  {"rule", report.rule_id},
                  {"bundle", report.bundle_message}};
    if (verified) {
        trace.update(finding_trace(finding, header.from, sent.rule));
    } else {
        trace["reason"] = verified.error().message;
        log_warning("finding {} of {} refused: {}", finding.id, header.from.value, verified.error().describe());
    }
    ledger::Draft draft = ledger::trace_draft(std::string(verified ? kFindingAccepted : kFindingRefused),
                                              std::move(trace), clock_.now(), actor.name);
    // The same breach may be found again by a later run: it is one finding.
    if (verified)
        draft.claims = {claims_.repeatable("finding", {finding.id}, finding.id)};
    else
        draft.claims = {claims_.repeatable("finding_refused", {header.id.value, finding.id}, finding.id)};
    const ledger::Outcome outcome = ledger_.append(std::move(draft));
    if (!outcome) return tl::unexpected(outcome.error());
    return {};
}

Status RuleDesk::take_in_findings(const access::Actor& actor, const ledger::Entry& received) {
    GZ_CHECKED(access::may(actor, access::Action::take_in_message));
    GZ_TRY(const ledger::Envelope envelope, received.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    GZ_TRY(const Bytes body, ledger_.read_blob(received, ledger::Part::message_body, 0));
    GZ_TRY(const Json json, parse_json(body, {.bytes_max = 32u << 20}));
    GZ_TRY(const FindingsReport report, FindingsReport::from_json(json));
    GZ_TRY(const SentRule sent, sent_rule(report, header.from));
    for (const Finding& finding : report.findings) GZ_CHECKED(take_in_one(actor, finding, sent, report, header));
    return {};
}

}  // namespace gongzhi::supervision
