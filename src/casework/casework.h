// Cases, requests, orders, objections, both sides. Each is a thread: a command names the step it saw, its entry claims the
// next, and the sequencer refuses the second of two. Safe for concurrent use.
#pragma once

#include "access/units.h"
#include "casework/case_thread.h"
#include "casework/request_gate.h"
#include "ledger/outgoing.h"
#include "sql/database.h"

namespace gongzhi::casework {

constexpr std::string_view kRequestBlocked = "request.blocked";
constexpr std::string_view kRequestAnswered = "request.answered";
constexpr std::string_view kObjectionReceived = "objection.received";

struct CaseworkOptions {
    PartyId party;
    std::string unit_level;  // of an actor without a unit
};

class Casework {
public:
    Casework(CaseworkOptions options, const pack::Pack& pack, ledger::Ledger& ledger, const ledger::ClaimKeys& claims,
             ledger::Sender& sender, const access::Units& units, const Clock& clock, Random& random);

    // --- cases, at the authority (cases.cc) ---

    // 核查: opens a case on an accepted finding that nobody dismissed, at the unit responsible for the region. `conflict`
    // when the finding has one.
    struct Opened {
        std::string case_id;
        EntryIndex index;
    };
    Result<Opened> open_case(const access::Actor& actor, const std::string& finding_id);
    Result<CaseThread> load_case(const std::string& case_id) const;

    // What the other commands name: the case, and the last step that the actor saw (0: whatever is last).
    struct Seen {
        std::string case_id;
        uint64_t seq = 0;
    };
    // One level down to a unit below (dispatch), or up to the unit above (report).
    Result<EntryIndex> move_case(const access::Actor& actor, const Seen& seen, const std::string& to_unit,
                                 const std::string& note);
    // 立案.
    Result<EntryIndex> file_case(const access::Actor& actor, const Seen& seen, const std::string& grounds);
    Result<EntryIndex> check_effect(const access::Actor& actor, const Seen& seen, bool effective,
                                    const std::string& statement);
    // 办结. `outcome` is one of kOutcomes.
    Result<EntryIndex> close_case(const access::Actor& actor, const Seen& seen, const std::string& outcome,
                                  const std::string& reason);

    // --- requests (requests.cc) ---

    // Sends a request to the platform of the case (or to `to`, where the order type needs no case), or stops it:
    // `blocked` with the reasons, which are then on record. `held` are the record types of which this authority holds
    // the shop's records.
    struct Requested {
        ledger::SentMessage message;
        UtcTime deadline;
    };
    // What the gate would say, without a trace: for who is still writing. Empty: it may leave.
    Result<std::vector<GateReason>> check_request(const access::Actor& actor, const InformationRequest& request,
                                                  const std::vector<std::string>& held) const;
    Result<std::vector<GateReason>> check_order(const access::Actor& actor, const ActOrder& order) const;
    Result<Requested> send_request(const access::Actor& actor, const InformationRequest& request,
                                   const std::vector<std::string>& held, const PartyId& to = {});
    // The platform's answer to a received request. `conflict` when it was answered.
    struct Answer {
        std::string outcome;                // one of the order type's
        Json rows = Json::object();         // record type → list of objects with the asked fields only
        std::vector<std::string> personal;  // "<record type>/<record id>" of rows that show protected values
        std::string statement = {};         // in words
    };
    Result<ledger::SentMessage> answer_request(const access::Actor& actor, const std::string& request_id,
                                               const Answer& answer);
    Result<InformationRequest> received_request(const std::string& request_id) const;
    // Reaction to a received answer: checks that it answers a request or order of ours and holds no field that was not
    // asked for.
    Status take_in_answer(const access::Actor& actor, const ledger::Entry& received);

    // --- orders and objections (orders.cc) ---

    Result<Requested> send_order(const access::Actor& actor, const ActOrder& order);
    Result<ActOrder> received_order(const std::string& order_id) const;
    // The platform's answer to an order.
    Result<ledger::SentMessage> answer_order(const access::Actor& actor, const std::string& order_id,
                                             const std::string& outcome, const std::string& statement);
    // The platform objects, for itself or for the merchant concerned. One objection to an order.
    struct Objection {
        std::string order_id;
        std::string by;  // platform or merchant
        std::string grounds;
    };
    Result<ledger::SentMessage> object(const access::Actor& actor, const Objection& objection);
    // Reaction: an objection in time is due for an answer; a late one is recorded as late.
    Status take_in_objection(const access::Actor& actor, const ledger::Entry& received);
    // upheld (the order is withdrawn), rejected, or partly upheld.
    Result<ledger::SentMessage> answer_objection(const access::Actor& actor, const std::string& objection_id,
                                                 const std::string& outcome, const std::string& reasons);

private:
    struct Message {
        ledger::Entry entry;
        Bytes header_bytes;
        ledger::MessageHeader header;
    };
    Result<ledger::Entry> entry_of(std::string_view space, std::initializer_list<BytesView> parts) const;
    Result<Message> message_of(std::string_view space, std::initializer_list<BytesView> parts) const;
    Result<Message> answered_by(const ledger::Entry& received) const;
    Result<Json> body_of(const ledger::Entry& entry) const;
    Result<CaseThread> case_for(const access::Actor& actor, access::Action action, const Seen& seen) const;
    Result<EntryIndex> append_step(const access::Actor& actor, const CaseThread& thread, std::string_view kind,
                                   Json trace);
    Result<CaseThread> thread_of_request(const access::Actor& actor, const InformationRequest& request) const;
    Status record_blocked(const access::Actor& actor, const Json& request, const CaseThread& thread,
                          const std::vector<GateReason>& reasons);
    Result<UtcTime> end_of_working_day(int working_days) const;
    std::string level_of(const access::Actor& actor, const CaseThread& thread) const;
    Status check_answer(const ledger::MessageHeader& asked, const Json& body, const Json& answer) const;

    CaseworkOptions options_;
    const pack::Pack& pack_;
    ledger::Ledger& ledger_;
    const ledger::ClaimKeys& claims_;
    ledger::Sender& sender_;
    const access::Units& units_;
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
