// One party's node: its ledger, tables, messages and domain commands, wired together. Owns all threads but the faces'.
//
// Construction order is the order of dependence; destruction stops threads before what they use. Faces call the public
// members; they are safe for concurrent use.
#pragma once

#include "access/audit.h"
#include "access/users.h"
#include "accountability/cockpit.h"
#include "accountability/comments_handler.h"
#include "accountability/deadlines.h"
#include "accountability/metric.h"
#include "base/file.h"
#include "casework/cases_handler.h"
#include "exchange/admission.h"
#include "exchange/inbox.h"
#include "exchange/messages_handler.h"
#include "exchange/witnessing.h"
#include "intake/records_handler.h"
#include "node/config.h"
#include "node/reactor.h"
#include "node/scheduler.h"
#include "privacy/reveals_handler.h"
#include "service/checks_handler.h"
#include "sql/reader_pool.h"
#include "supervision/finding_proof.h"
#include "supervision/findings_handler.h"
#include "supervision/review.h"

namespace gongzhi::node {

constexpr int64_t kReadWaitMicros = 2 * kMicrosPerSecond;  // how long a page waits for its own write

class Node {
public:
    static Result<std::unique_ptr<Node>> open(const std::filesystem::path& folder);
    // Drops and rebuilds the tables of a node that is not running.
    static Status drop_tables(const std::filesystem::path& folder);

    const std::filesystem::path& folder() const { return folder_; }
    const NodeConfig& config() const { return config_; }
    const pack::Pack& pack() const { return *pack_; }
    const Clock& clock() const { return *clock_; }
    Random& random() { return random_; }
    ledger::Ledger& ledger() { return *ledger_; }
    const exchange::PartyDescriptor& self() const { return self_->descriptor; }

    access::Tokens& tokens() { return *tokens_; }
    access::Units& units() { return *units_; }
    const access::Units& units() const { return *units_; }
    access::Users& users() { return *users_; }
    access::AuditLog& audit_log() { return *audit_log_; }
    const ledger::ClaimKeys& claims() const { return *claims_; }
    intake::Intake& intake() { return *intake_; }
    exchange::Peers& peers() { return *peers_; }
    exchange::Outbox& outbox() { return *outbox_; }
    exchange::Inbox& inbox() { return *inbox_; }
    exchange::Admission& admission() { return *admission_; }
    exchange::Witnessing& witnessing() { return *witnessing_; }
    supervision::RuleDesk& rules() { return *rules_; }
    casework::Casework& casework() { return *casework_; }
    service::Checks& checks() { return *checks_; }
    privacy::Reveals& reveals() { return *reveals_; }
    accountability::Comments& comments() { return *comments_; }
    const std::vector<accountability::Metric>& metrics() const { return metrics_; }
    const std::vector<accountability::Deadline>& deadlines() const { return deadlines_; }
    const Reactor& reactor() const { return *reactor_; }

    // A connection to one of the two stores, for reading; that to `affairs` is kept for the next reader.
    Result<std::unique_ptr<sql::Connection>> affairs() const { return affairs_readers_->take(); }
    Result<std::unique_ptr<sql::Connection>> records() const { return records_->connect(); }
    // Waits until both stores have applied what is durable now. False after `timeout`.
    bool wait_applied(int64_t timeout_micros = kReadWaitMicros) const;
    bool wait_applied(EntryIndex index, int64_t timeout_micros = kReadWaitMicros) const;
    // The same for one store: who reads cases does not wait until a million records are in.
    bool wait_affairs(int64_t timeout_micros = kReadWaitMicros) const;
    bool wait_records(int64_t timeout_micros = kReadWaitMicros) const;
    TreeSize applied_affairs() const { return affairs_applier_->applied(); }
    TreeSize applied_records() const { return records_applier_->applied(); }

    // The region of a shop's trader as the records have it; "" where none says.
    Result<std::string> region_of_shop(const PartyId& party, const std::string& shop) const;

    // Commands that need both a domain module and the record tables.
    Result<ledger::SentMessage> submit_onward(const access::Actor& actor, EntryIndex submission, const PartyId& to);
    Result<supervision::RuleDesk::Reported> accept_rule(const access::Actor& actor, const std::string& message_id);
    // A rule over what was submitted to this node.
    Result<supervision::RuleDesk::RanHere> run_rule_here(const access::Actor& actor, const std::string& rule_id);
    Result<std::string> request_reveal(const access::Actor& actor, const privacy::RevealRequest& request);
    // Asks an authority about traders and waits for its answer; `unavailable` when it has not come in time: it is kept,
    // and checks().answer_to has it later.
    Result<Json> check_traders(const access::Actor& actor, const PartyId& authority,
                               const std::vector<service::IdentityItem>& items);
    Result<casework::Casework::Requested> send_request(const access::Actor& actor,
                                                       const casework::InformationRequest& request,
                                                       const PartyId& to = {});
    // What the gate would say to it, without a trace.
    Result<std::vector<casework::GateReason>> check_request(const access::Actor& actor,
                                                            const casework::InformationRequest& request) const;
    Result<ledger::SentMessage> answer_request(const access::Actor& actor, const std::string& request_id);
    // Of a submission here, or of a message sent or received.
    Result<EntryIndex> entry_of_message(const MessageId& id) const;
    // An accepted finding with its evidence, as the ledger has it.
    Result<Json> finding(const std::string& finding_id) const;
    // The finding as a file for outsiders; `unavailable` until a checkpoint covers it.
    Result<supervision::FindingFile> finding_file(const std::string& finding_id) const;
    // After joining: a signed notice there, and the peer's witness over our checkpoint.
    Result<Json> test_connection(const PartyId& peer);
    // Digests of both stores, for comparing before and after a rebuild.
    Result<Json> table_digests() const;

private:
    Node() = default;
    Result<std::vector<std::string>> types_held_for(const casework::InformationRequest& request) const;
    Result<std::vector<std::string>> types_held_of(const PartyId& party, const std::string& shop) const;
    Result<EntryIndex> holder_of(std::string_view space, std::initializer_list<BytesView> parts) const;
    Status open_truth(const std::filesystem::path& folder);
    Status open_tables();
    Status open_domain();
    std::vector<Reaction> reactions();
    std::vector<Job> jobs();
    Status answer_check(const ledger::Entry& received);
    Status commit_submission(const ledger::Entry& submission, const PartyId& authority);
    Status commit_to_authorities(const ledger::Entry& submission);
    Status commit_history(const ledger::Entry& admitted);
    Status take_in_submission(const ledger::Entry& received);
    Status end_day();

    std::filesystem::path folder_;
    std::optional<FolderLock> lock_;
    NodeConfig config_;
    std::unique_ptr<Clock> clock_;
    SystemRandom random_;
    std::optional<Keys> keys_;
    std::optional<pack::Pack> pack_;
    std::unique_ptr<ledger::ClaimKeys> claims_;
    std::unique_ptr<intake::TokenMaker> token_maker_;
    std::unique_ptr<ledger::Ledger> ledger_;
    std::optional<exchange::Self> self_;
    std::unique_ptr<sql::Database> affairs_, records_;
    std::unique_ptr<sql::ReaderPool> affairs_readers_;
    std::unique_ptr<intake::RecordsHandler> records_handler_;
    std::unique_ptr<intake::FiguresHandler> figures_handler_;
    std::unique_ptr<exchange::MessagesHandler> messages_handler_;
    std::unique_ptr<supervision::FindingsHandler> findings_handler_;
    std::unique_ptr<casework::CasesHandler> cases_handler_;
    std::unique_ptr<supervision::ReviewsHandler> reviews_handler_;
    std::unique_ptr<service::ChecksHandler> checks_handler_;
    std::unique_ptr<privacy::RevealsHandler> reveals_handler_;
    std::unique_ptr<accountability::CommentsHandler> comments_handler_;
    std::unique_ptr<tables::Applier> affairs_applier_, records_applier_;
    std::unique_ptr<access::Tokens> tokens_;
    std::unique_ptr<access::Units> units_;
    std::unique_ptr<access::AuditLog> audit_log_;
    std::unique_ptr<access::Users> users_;
    std::unique_ptr<exchange::Peers> peers_;
    std::unique_ptr<exchange::Outbox> outbox_;
    std::unique_ptr<exchange::Inbox> inbox_;
    std::unique_ptr<exchange::Admission> admission_;
    std::unique_ptr<exchange::Witnessing> witnessing_;
    std::unique_ptr<intake::Intake> intake_;
    std::unique_ptr<supervision::RuleDesk> rules_;
    std::unique_ptr<casework::Casework> casework_;
    std::unique_ptr<service::Checks> checks_;
    std::unique_ptr<privacy::Reveals> reveals_;
    std::unique_ptr<accountability::Comments> comments_;
    std::vector<accountability::Metric> metrics_;
    std::vector<accountability::Deadline> deadlines_;
    std::unique_ptr<Reactor> reactor_;
    std::unique_ptr<Scheduler> scheduler_;
};

}  // namespace gongzhi::node
