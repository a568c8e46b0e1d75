// Tells the authorities which records this node holds, without showing them: the record root of each own submission that
// stays here goes out as a `commitment`, before any rule is known.
#pragma once

#include "intake/intake.h"

namespace gongzhi::intake {

// Idempotent for each pair of party and submission.
Status commit_records(const access::Actor& actor, const ledger::Entry& submission, const PartyId& to,
                      const ledger::Ledger& ledger, const ledger::ClaimKeys& claims, ledger::Sender& sender);

}  // namespace gongzhi::intake
