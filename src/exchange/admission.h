// How two parties meet: the authority invites (a one-time code and its key's fingerprint, given out of band), the platform
// joins (proves its key, shows the code, checks the fingerprint), and both have the admission in their ledgers.
#pragma once

#include "access/access.h"
#include "exchange/outbox.h"

namespace gongzhi::exchange {

constexpr int64_t kInvitationMicros = 7 * kMicrosPerDay;

struct Invitation {
    std::string url;          // of the inviting node
    std::string code;         // one-time
    std::string fingerprint;  // of the inviting node's message key
    // "url code fingerprint", to be handed over on paper or by telephone.
    std::string text() const { return url + " " + code + " " + fingerprint; }
};

// What the joining party sends: the invitation's name and a proof of its code, which itself never travels.
Bytes join_body(const std::string& code, const PartyDescriptor& descriptor);

class Admission {
public:
    Admission(const Self& self, Peers& peers, ledger::Ledger& ledger, const ledger::ClaimKeys& claims,
              const Clock& clock, Random& random);

    Result<Invitation> invite(const access::Actor& actor, const PartyId& party);

    // The inviting side of POST /v1/join: signature by the key that the body names, a code that is unused and for this
    // party, the same simulated or real time. Answers with this node's descriptor and the receipt of admission.
    struct JoinRequest {
        ReceivedRequest request;
        Bytes body;
    };
    Result<Json> admit(const JoinRequest& join);

    // The joining side. The admission is in this node's ledger too when it returns.
    struct Joined {
        PartyDescriptor peer;
        std::string receipt;  // of the admission, signed by the peer's log
    };
    Result<Joined> join(const access::Actor& actor, const std::string& url, const std::string& code,
                        const std::string& fingerprint);

private:
    Status check_descriptor(const PartyDescriptor& descriptor) const;
    Result<ledger::Appended> record(const PartyDescriptor& descriptor, const std::string& actor,
                                    std::vector<journal::LocalWrite> local,
                                    std::vector<journal::LocalCondition> conditions);

    const Self& self_;
    Peers& peers_;
    ledger::Ledger& ledger_;
    const ledger::ClaimKeys& claims_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace gongzhi::exchange
