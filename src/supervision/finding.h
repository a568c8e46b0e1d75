// A finding: what a rule found, in words and with evidence that can be proved. JSON form: docs/formats/finding.md. Pure.
#pragma once

#include "records/evidence.h"
#include "supervision/rule.h"

namespace gongzhi::supervision {

struct Finding {
    std::string
        id;  // stable: rule, party, shop, subject and evidence records; the same breach has the same id in each run
    std::string subject, shop, verdict;  // verdict: suspect or undecidable
    std::string party;                   // whose records they are; the report's sender, so it does not travel
    pack::Wording explanation;
    Json columns;  // the rule's declared columns, by name
    std::vector<records::Evidence> evidence;

    Json to_json() const;
    static Result<Finding> from_json(const Json& json);
};

// What one run at a platform found, as it travels.
struct FindingsReport {
    std::string rule_id;
    int64_t rule_version = 0;
    Digest rule_digest;
    std::string bundle_message;  // id of the message that brought the rule
    uint64_t as_of = 0;          // entry index of the platform's ledger
    Digest result_digest;
    std::vector<Finding> findings;

    Json to_json() const;
    static Result<FindingsReport> from_json(const Json& json);
};

std::string finding_id(const PartyId& party, const std::string& rule_id, const Finding& finding);

}  // namespace gongzhi::supervision
