// A rule over what was submitted here: the authority holds the records itself, so there is nothing to prove to anybody
// yet; the evidence goes into the finding all the same, for who looks at it later.
#include "base/bytes.h"
#include "supervision/rule_desk.h"

namespace gongzhi::supervision {

Result<RuleDesk::RanHere> RuleDesk::run_here(const access::Actor& actor, const std::string& rule_id, EntryIndex as_of,
                                             sql::Connection& records) {
    GZ_CHECKED(access::may(actor, access::Action::run_rule));
    GZ_TRY(const RuleVersion version, rule(rule_id));
    GZ_TRY(const RuleRun run, run_rule(records, catalogue_of(pack_.records()), version, {}, as_of));
    GZ_TRY(std::vector<Finding> findings, findings_of(version, run, as_of, records));
    const ledger::Outcome traced =
        ledger_.append(ledger::trace_draft(std::string(kRuleRunHere),
                                           {{"rule", version.id},
                                            {"rule_digest", to_base64(version.digest.view())},
                                            {"as_of", as_of.value},
                                            {"pack_digest", to_base64(pack_.digest().view())},
                                            {"result_digest", to_base64(run.result_digest.view())},
                                            {"findings", findings.size()}},
                                           clock_.now(), actor.name));
    if (!traced) return tl::unexpected(traced.error());
    for (Finding& finding : findings) {
        const PartyId party(finding.party);
        finding.id = finding_id(party, version.id, finding);
        Json trace = finding_trace(finding, party, version);
        trace["run"] = traced->index.value;
        ledger::Draft draft =
            ledger::trace_draft(std::string(kFindingAccepted), std::move(trace), clock_.now(), actor.name);
        draft.claims = {claims_.repeatable("finding", {finding.id}, finding.id)};
        const ledger::Outcome outcome = ledger_.append(std::move(draft));
        if (!outcome) return tl::unexpected(outcome.error());
    }
    return RanHere{traced->index, findings.size()};
}

}  // namespace gongzhi::supervision
