// Services back: a platform asks whether its traders are who they say they are, before it submits them; the authority's
// node answers at once from its registry, in a signed and dated message that both ledgers hold: proof of good faith.
//
// The answer tells a status and nothing else of the file. Safe for concurrent use, but for one connection a call.
#pragma once

#include "access/access.h"
#include "ledger/outgoing.h"
#include "sql/database.h"

namespace gongzhi::service {

constexpr size_t kCheckItemsMax = 5'000;
constexpr std::string_view kRegistryType = "registry";  // the record type of the authority's own entries

struct IdentityItem {
    std::string credit_code;
    std::string name;
};
// valid; unknown: no such entry; revoked; name_differs: the entry has another name.
enum class IdentityVerdict { valid, unknown, revoked, name_differs };
std::string_view identity_verdict_name(IdentityVerdict verdict);

// Looks one up. Names are compared without spaces.
Result<IdentityVerdict> check_identity(const IdentityItem& item, sql::Connection& records);

class Checks {
public:
    Checks(ledger::Ledger& ledger, const ledger::ClaimKeys& claims, ledger::Sender& sender, const Clock& clock)
        : ledger_(ledger), claims_(claims), sender_(sender), clock_(clock) {}

    // The platform asks. `invalid_argument` for no item, `too_large` for more than kCheckItemsMax.
    Result<ledger::SentMessage> ask(const access::Actor& actor, const PartyId& to,
                                    const std::vector<IdentityItem>& items);
    // Reaction of the authority to a received check. A check that was answered before a restart stays answered.
    Status answer(const access::Actor& actor, const ledger::Entry& received, sql::Connection& records);
    // What came back: {"check", "as_of", "results": [{"credit_code", "verdict"}]}; `unavailable` until it is here.
    Result<Json> answer_to(const std::string& check_id) const;

private:
    ledger::Ledger& ledger_;
    const ledger::ClaimKeys& claims_;
    ledger::Sender& sender_;
    const Clock& clock_;
};

}  // namespace gongzhi::service
