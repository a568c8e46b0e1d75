// A finding as a file that convinces an outsider: the receipt of the finding in the authority's log (its statement holds
// the finding with its evidence), the receipts of the commitments that its roots were taken from, and of the rule's
// sending. Verification is pure and offline. JSON form: docs/formats/finding.md.
#pragma once

#include "ledger/receipt.h"
#include "pack/pack.h"
#include "supervision/finding.h"

namespace gongzhi::supervision {

struct FindingFile {
    std::string finding;                   // proved receipt of the finding's entry
    std::string rule;                      // proved receipt of the rule bundle as sent
    std::vector<std::string> commitments;  // proved receipts of the commitments as received

    std::string format() const;  // canonical JSON and a newline
    static Result<FindingFile> parse(std::string_view text);
};

struct ProvedFinding {
    std::string id, party, rule, shop, subject, verdict;
    EntryIndex index;  // of the finding, in the authority's log
    EntryIndex rule_index;
    size_t evidence = 0;
    bool simulated = false;
};

// Every receipt under the policy, every piece of evidence under a root that was committed before the rule was sent.
Result<ProvedFinding> verify_finding_file(std::string_view text, const merkle::Policy& policy, const pack::Pack& pack);

}  // namespace gongzhi::supervision
