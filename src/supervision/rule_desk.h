// The road of a rule: the authority sends it, the platform's engineer accepts it, the platform's node lints and runs it on
// its own tables and reports, the authority's node verifies each proof before it takes a finding.
//
// Safe for concurrent use, but for accept_rule on one connection.
#pragma once

#include <map>
#include <mutex>

#include "access/access.h"
#include "ledger/outgoing.h"
#include "pack/pack.h"
#include "supervision/finding.h"
#include "supervision/runner.h"

namespace gongzhi::supervision {

constexpr std::string_view kRuleRun = "rule.run";
constexpr std::string_view kRuleRunHere = "rule.run_here";
constexpr std::string_view kFindingAccepted = "finding";
constexpr std::string_view kFindingRefused = "finding.refused";

class RuleDesk {
public:
    RuleDesk(const pack::Pack& pack, ledger::Ledger& ledger, const ledger::ClaimKeys& claims, ledger::Sender& sender,
             const Clock& clock);

    // The pack's rule of that folder name, compiled; once, since a pack does not change while its node runs.
    Result<RuleVersion> rule(const std::string& rule_id) const;
    Result<pack::Wording> title(const std::string& rule_id) const;
    // The names of the pack's rules, sorted.
    Result<std::vector<std::string>> rule_ids() const;
    // `conflict` when this version went to this party on the same civil day: a later run shows what changed.
    Result<ledger::SentMessage> send_rule(const access::Actor& actor, const PartyId& to, const std::string& rule_id);

    // A received bundle, compiled and linted here: what the acceptance page shows. `rejected` or `malformed` where the
    // lint stops it.
    Result<RuleVersion> received_rule(const std::string& message_id) const;
    // The bytes of a rule that went out or came in by this message, as the ledger holds them: whatever the pack says today.
    Result<Bytes> bundle(const std::string& message_id) const;
    // A bundle as a rule by today's pack; read once while it is kept. `rejected` or `malformed` as for received_rule.
    Result<RuleVersion> compile(const Bytes& bundle) const;
    // Runs it over the records as of `as_of` and sends the report. Each bundle once.
    struct Reported {
        ledger::SentMessage message;
        size_t findings = 0;
        int64_t run_micros = 0;
    };
    Result<Reported> accept_rule(const access::Actor& actor, const std::string& message_id, EntryIndex as_of,
                                 sql::Connection& records);

    // Runs a rule of the pack over what was submitted here; its findings are taken in at once. (local_run.cc)
    struct RanHere {
        EntryIndex trace;
        size_t findings = 0;
    };
    Result<RanHere> run_here(const access::Actor& actor, const std::string& rule_id, EntryIndex as_of,
                             sql::Connection& records);

    // Where a shop's trader is, for the finding: "" where nothing says.
    using RegionOf = std::function<std::string(const PartyId& party, const std::string& shop)>;
    void set_region_of(RegionOf region_of) { region_of_ = std::move(region_of); }

    // Reaction to a received report: each finding is taken into the ledger, or refused there with the reason.
    Status take_in_findings(const access::Actor& actor, const ledger::Entry& received);

private:
    struct SentRule {
        RuleVersion rule;
        EntryIndex sent_at;
    };
    // The message of a rule by its claim, "sent" or "received_rule_bundle".
    Result<ledger::Entry> entry_of(std::string_view claim, const std::string& message_id) const;
    Result<RuleVersion> compile_bundle(const ledger::Entry& entry) const;
    Result<SentRule> sent_rule(const FindingsReport& report, const PartyId& from) const;
    Result<std::vector<Finding>> findings_of(const RuleVersion& rule, const RuleRun& run, EntryIndex as_of,
                                             sql::Connection& records) const;
    Status verify(const Finding& finding, const SentRule& sent, const FindingsReport& report,
                  const PartyId& from) const;
    Json finding_trace(const Finding& finding, const PartyId& party, const RuleVersion& rule) const;
    Status take_in_one(const access::Actor& actor, const Finding& finding, const SentRule& sent,
                       const FindingsReport& report, const ledger::MessageHeader& header);

    const pack::Pack& pack_;
    ledger::Ledger& ledger_;
    const ledger::ClaimKeys& claims_;
    ledger::Sender& sender_;
    const Clock& clock_;
    mutable std::mutex mutex_;  // guards what follows
    mutable std::map<std::string, RuleVersion> compiled_;
    mutable std::map<Digest, RuleVersion> opened_;  // of bundles; emptied when full
    RegionOf region_of_ = [](const PartyId&, const std::string&) { return std::string(); };
};

}  // namespace gongzhi::supervision
