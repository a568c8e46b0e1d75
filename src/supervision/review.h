// A person looks at a finding: confirms it, or dismisses it with a reason. Once for each finding; outcomes are the rule's
// precision.
#pragma once

#include "access/units.h"
#include "ledger/outgoing.h"
#include "tables/applier.h"

namespace gongzhi::supervision {

constexpr std::string_view kFindingReviewed = "finding.reviewed";

struct Review {
    std::string finding_id;
    bool confirmed = false;
    std::string reason;  // in words; needed for a dismissal
};

// `not_found` without such a finding within the actor's reach, `conflict` when somebody reviewed it before.
Result<EntryIndex> review_finding(const access::Actor& actor, const Review& review, const access::Units& units,
                                  ledger::Ledger& ledger, const ledger::ClaimKeys& claims, const Clock& clock);

// Reviews → the `affairs` store: table finding_review, who said what of which finding and why. What that makes of the
// finding: finding_tables.h.
class ReviewsHandler final : public tables::Handler {
public:
    bool takes(std::string_view kind) const override { return kind == kFindingReviewed; }
    Status create(sql::Connection& connection) override;
    Status apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) override;
};

}  // namespace gongzhi::supervision
