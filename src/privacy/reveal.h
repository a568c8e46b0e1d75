// Reveal (调阅): opening one protected value, for a case and a purpose, approved by a second person, shown once; the data's
// provider is told who, when, why before the value is shown. There is no way to open many.
//
// A reveal is a thread: reveal/<id>/1 requested, 2 decided, 3 shown. Safe for concurrent use.
#pragma once

#include "access/units.h"
#include "ledger/outgoing.h"
#include "pack/pack.h"

namespace gongzhi::privacy {

constexpr std::string_view kRevealRequested = "reveal.requested";
constexpr std::string_view kRevealDecided = "reveal.decided";
constexpr std::string_view kRevealShown = "reveal.shown";
constexpr std::string_view kRevealRefused = "reveal.refused";

struct RevealRequest {
    std::string case_id;
    std::string record_type, record_id, field;
    std::string purpose;  // an id of the pack's list
    std::string note;     // why now, in words
    Json to_json() const;
};

// Whose case it is, as casework says.
struct CaseFacts {
    PartyId party;  // that provided the record
    std::string unit;
    bool closed = false;
};

class Reveals {
public:
    Reveals(const pack::Pack& pack, ledger::Ledger& ledger, const ledger::ClaimKeys& claims, ledger::Sender& sender,
            const access::Units& units, const Clock& clock, Random& random);

    // `invalid_argument` where field or purpose are not in the pack, `not_found` without such a record.
    Result<std::string> request(const access::Actor& actor, const RevealRequest& request, const CaseFacts& facts);
    // The second person: somebody else, with the case in reach. `forbidden` for the one who asked, `conflict` when it
    // was decided.
    Result<EntryIndex> decide(const access::Actor& actor, const std::string& reveal_id, bool approved,
                              const std::string& reason);
    // The value, once, for the one who asked. Without approval `forbidden`, and the try is on record.
    struct Shown {
        std::string value;
        MessageId told;  // the message to the provider
    };
    Result<Shown> look(const access::Actor& actor, const std::string& reveal_id);

private:
    struct Asked {
        RevealRequest request;
        CaseFacts facts;
        std::string by;
    };
    struct Place {
        const pack::RecordType* type = nullptr;
        size_t slot = 0;
        EntryIndex entry;  // the latest version
    };
    Result<std::optional<ledger::Entry>> step(const std::string& reveal_id, int number) const;
    Result<Asked> asked(const std::string& reveal_id) const;
    Result<Place> place_of(const RevealRequest& request, const PartyId& party) const;
    Result<bool> approved(const std::string& reveal_id) const;
    Status record_refusal(const access::Actor& actor, const std::string& reveal_id, const std::string& why);

    const pack::Pack& pack_;
    ledger::Ledger& ledger_;
    const ledger::ClaimKeys& claims_;
    ledger::Sender& sender_;
    const access::Units& units_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace gongzhi::privacy
