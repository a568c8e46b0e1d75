// Cases and information requests, both sides. Each is a thread: a command names the number it saw, its entry claims the
// next, and the sequencer refuses the second of two. Safe for concurrent use.
#pragma once

#include "access/access.h"
#include "casework/request_gate.h"
#include "ledger/outgoing.h"
#include "sql/database.h"

namespace gongzhi::casework {

constexpr std::string_view kCaseOpened = "case.opened";
constexpr std::string_view kRequestBlocked = "request.blocked";
constexpr std::string_view kRequestAnswered = "request.answered";

struct CaseworkOptions {
    PartyId party;
    std::string unit_level;  // of the authority's unit: province, city, county
};

class Casework {
public:
    Casework(CaseworkOptions options, const pack::Pack& pack, ledger::Ledger& ledger, const ledger::ClaimKeys& claims,
             ledger::Sender& sender, const Clock& clock, Random& random);

    // 核查: opens a case on an accepted finding. `conflict` when the finding has one.
    struct Opened {
        std::string case_id;
        EntryIndex index;
    };
    Result<Opened> open_case(const access::Actor& actor, const std::string& finding_id);

    struct CaseFacts {
        PartyId party;
        std::string shop;
    };
    Result<CaseFacts> case_facts(const std::string& case_id) const;

    // Sends a request to the platform of the case, or stops it: `blocked` with the reasons, which are then on record.
    // `held` are the record types of which this authority holds the shop's records.
    struct Requested {
        ledger::SentMessage message;
        UtcTime deadline;
    };
    Result<Requested> send_request(const access::Actor& actor, const InformationRequest& request,
                                   const std::vector<std::string>& held);

    // The platform's answer to a received request. `conflict` when it was answered.
    struct Answer {
        std::string outcome;                // one of the order type's
        Json rows;                          // record type → list of objects with the asked fields only
        std::vector<std::string> personal;  // "<record type>/<record id>" of rows that show protected values
    };
    Result<ledger::SentMessage> answer_request(const access::Actor& actor, const std::string& request_id,
                                               const Answer& answer);
    Result<InformationRequest> received_request(const std::string& request_id) const;

    // Reaction to a received answer: checks that it answers a request of ours and holds no field that was not asked for.
    Status take_in_answer(const access::Actor& actor, const ledger::Entry& received);

private:
    Result<ledger::Entry> entry_of(std::string_view space, std::initializer_list<BytesView> parts) const;
    Status record_blocked(const access::Actor& actor, const InformationRequest& request,
                          const std::vector<GateReason>& reasons);
    Result<UtcTime> deadline_of(const pack::OrderType& order) const;

    CaseworkOptions options_;
    const pack::Pack& pack_;
    ledger::Ledger& ledger_;
    const ledger::ClaimKeys& claims_;
    ledger::Sender& sender_;
    const Clock& clock_;
    Random& random_;
};

// Gathers what a request asks for from the platform's own records: only rows in scope, only asked fields.
struct Gathered {
    Json rows;
    std::vector<std::string> personal;
};
Result<Gathered> gather_answer(const InformationRequest& request, const pack::Pack& pack, const ledger::Ledger& ledger,
                               sql::Connection& records);

}  // namespace gongzhi::casework
