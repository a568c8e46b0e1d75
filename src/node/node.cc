#include "node/node.h"

#include <thread>

#include "base/log.h"
#include "exchange/moving.h"
#include "node/background.h"

namespace gongzhi::node {
namespace {

constexpr int64_t kRecordsMemoryMb = 2048, kAffairsMemoryMb = 512;
constexpr int64_t kCheckWaitMicros = 10 * kMicrosPerSecond, kCheckStepMicros = 20'000;
constexpr int64_t kRuleWaitMicros = 60 * kMicrosPerSecond;

}  // namespace

Status Node::drop_tables(const std::filesystem::path& folder) {
    GZ_TRY(const FolderLock lock, FolderLock::acquire(folder));
    std::error_code error;
    std::filesystem::remove_all(folder / "tables", error);
    if (error) return fail(ErrorCode::io, "the tables cannot be removed: {}", error.message());
    return make_folders(folder / "tables");
}

Result<std::unique_ptr<Node>> Node::open(const std::filesystem::path& folder) {
    std::unique_ptr<Node> node(new Node());
    GZ_CHECKED(node->open_truth(folder));
    GZ_CHECKED(node->open_tables());
    GZ_CHECKED(node->open_domain());
    return node;
}

Status Node::open_truth(const std::filesystem::path& folder) {
    folder_ = folder;
    GZ_TRY(config_, NodeConfig::load(folder));
    GZ_TRY(FolderLock lock, FolderLock::acquire(folder));
    lock_.emplace(std::move(lock));
    Status clock_status;
    clock_ = open_clock(config_, clock_status);
    GZ_CHECKED(clock_status);
    GZ_TRY(keys_, Keys::load(folder));
    GZ_TRY(pack_, pack::Pack::load(config_.pack));
    claims_ = std::make_unique<ledger::ClaimKeys>(keys_->claims);
    token_maker_ = std::make_unique<intake::TokenMaker>(keys_->tokens);
    ledger::Options options{folder, config_.origin, keys_->log, keys_->witness};
    options.journal.on_fatal = [](const Error& error) {
        log_error("the journal has stopped: {}", error.describe());
        std::fprintf(stderr, "gongzhi: 写入失败，节点停止 / writing failed, the node stops\n");
        std::_Exit(error_info(error.code).exit_code);
    };
    GZ_TRY(ledger_, ledger::Ledger::open(std::move(options), *clock_, random_));
    exchange::PartyDescriptor descriptor{config_.party,
                                         config_.role,
                                         config_.name_zh,
                                         config_.name_en,
                                         config_.url,
                                         config_.origin,
                                         keys_->message.public_key(),
                                         ledger_->log_verifier().format(),
                                         ledger_->witness().verifier().format()};
    self_.emplace(exchange::Self{std::move(descriptor), keys_->message});
    // The pack used is itself on record: a later reader can tell which text an entry was checked under.
    ledger::Draft trace = ledger::trace_draft(
        "pack.used",
        {{"pack", pack_->id()}, {"version", pack_->version()}, {"digest", to_base64(pack_->digest().view())}},
        clock_->now(), "system");
    trace.claims = {claims_->refuse("pack", {pack_->digest().view()})};
    const ledger::Outcome traced = ledger_->append(std::move(trace));
    if (!traced && traced.error().code != ErrorCode::conflict) return tl::unexpected(traced.error());
    return {};
}

Status Node::open_tables() {
    const std::filesystem::path tables = folder_ / "tables";
    GZ_CHECKED(make_folders(tables / "spill"));
    GZ_TRY(affairs_, sql::open_duckdb(tables / "affairs.duckdb", {.threads = 1, .memory_limit_mb = kAffairsMemoryMb}));
    affairs_readers_ = std::make_unique<sql::ReaderPool>(*affairs_);
    GZ_TRY(records_,
           sql::open_duckdb(tables / "records.duckdb",
                            {.threads = 1, .memory_limit_mb = kRecordsMemoryMb, .temp_folder = tables / "spill"}));
    records_handler_ = std::make_unique<intake::RecordsHandler>(*pack_, *ledger_, *token_maker_);
    figures_handler_ = std::make_unique<intake::FiguresHandler>(*pack_, *ledger_);
    messages_handler_ = std::make_unique<exchange::MessagesHandler>();
    findings_handler_ = std::make_unique<supervision::FindingsHandler>(*ledger_);
    cases_handler_ = std::make_unique<casework::CasesHandler>(*ledger_);
    reviews_handler_ = std::make_unique<supervision::ReviewsHandler>();
    checks_handler_ = std::make_unique<service::ChecksHandler>(*ledger_);
    reveals_handler_ = std::make_unique<privacy::RevealsHandler>(*ledger_);
    comments_handler_ = std::make_unique<accountability::CommentsHandler>(*ledger_, pack_->zone_offset_minutes());
    GZ_TRY(records_applier_, tables::Applier::start("records", *records_, *ledger_, {records_handler_.get()}));
    GZ_TRY(affairs_applier_,
           tables::Applier::start(
               "affairs", *affairs_, *ledger_,
               {figures_handler_.get(), messages_handler_.get(), findings_handler_.get(), cases_handler_.get(),
                reviews_handler_.get(), checks_handler_.get(), reveals_handler_.get(), comments_handler_.get()}));
    return {};
}

Status Node::open_domain() {
    tokens_ = std::make_unique<access::Tokens>(ledger_->journal(), random_);
    units_ = std::make_unique<access::Units>(ledger_->journal());
    GZ_CHECKED(units_->load());
    audit_log_ = std::make_unique<access::AuditLog>(ledger_->journal(), *clock_, random_);
    users_ = std::make_unique<access::Users>(ledger_->journal(), *clock_);
    peers_ = std::make_unique<exchange::Peers>(ledger_->journal());
    GZ_CHECKED(peers_->load());
    outbox_ = std::make_unique<exchange::Outbox>(*self_, *peers_, *ledger_, *claims_, *clock_, random_);
    inbox_ = std::make_unique<exchange::Inbox>(*self_, *peers_, *ledger_, *claims_, *clock_);
    admission_ = std::make_unique<exchange::Admission>(*self_, *peers_, *ledger_, *claims_, *clock_, random_);
    witnessing_ = std::make_unique<exchange::Witnessing>(*peers_, *ledger_);
    const auto held_by =
        config_.role == exchange::PartyRole::platform ? pack::HeldBy::platform : pack::HeldBy::authority;
    intake_ = std::make_unique<intake::Intake>(intake::IntakeOptions{config_.party, held_by}, *pack_, *ledger_,
                                               *claims_, *clock_, random_);
    rules_ = std::make_unique<supervision::RuleDesk>(*pack_, *ledger_, *claims_, *outbox_, *clock_);
    casework_ = std::make_unique<casework::Casework>(casework::CaseworkOptions{config_.party, config_.unit_level},
                                                     *pack_, *ledger_, *claims_, *outbox_, *units_, *clock_, random_);

    checks_ = std::make_unique<service::Checks>(*ledger_, *claims_, *outbox_, *clock_);
    reveals_ = std::make_unique<privacy::Reveals>(*pack_, *ledger_, *claims_, *outbox_, *units_, *clock_, random_);
    comments_ =
        std::make_unique<accountability::Comments>(*ledger_, *claims_, *outbox_, *clock_, pack_->zone_offset_minutes());
    GZ_TRY(metrics_, accountability::load_metrics(pack_->folder()));
    GZ_TRY(deadlines_, accountability::load_deadlines(pack_->folder()));
    rules_->set_region_of([this](const PartyId& party, const std::string& shop) {
        return shop.empty() ? std::string() : region_of_shop(party, shop).value_or("");
    });
    reactor_ = std::make_unique<Reactor>(*ledger_, *claims_, *clock_, reactions());
    witnessing_->trust_peers();
    GZ_CHECKED(exchange::announce_address(*self_, *peers_, *ledger_, *outbox_));
    outbox_->start();
    witnessing_->start();
    GZ_CHECKED(reactor_->start());
    scheduler_ = std::make_unique<Scheduler>(ledger_->journal(), *clock_, pack_->zone_offset_minutes(), jobs());
    scheduler_->start();
    return {};
}

bool Node::wait_applied(int64_t timeout_micros) const {
    const TreeSize size = ledger_->journal().size();
    return affairs_applier_->wait_for(size, timeout_micros) && records_applier_->wait_for(size, timeout_micros);
}

bool Node::wait_affairs(int64_t timeout_micros) const {
    return affairs_applier_->wait_for(ledger_->journal().size(), timeout_micros);
}

bool Node::wait_records(int64_t timeout_micros) const {
    return records_applier_->wait_for(ledger_->journal().size(), timeout_micros);
}

bool Node::wait_applied(EntryIndex index, int64_t timeout_micros) const {
    const TreeSize size(index.value + 1);
    return affairs_applier_->wait_for(size, timeout_micros) && records_applier_->wait_for(size, timeout_micros);
}

Result<ledger::SentMessage> Node::submit_onward(const access::Actor& actor, EntryIndex submission, const PartyId& to) {
    GZ_CHECKED(access::may(actor, access::Action::submit));
    GZ_TRY(intake::Intake::Onward onward, intake_->onward_body(submission));
    ledger::OutgoingMessage message;
    message.actor = actor.name;
    message.to = to;
    message.type = "submission";
    const pack::RecordType* type = pack_->record_type(onward.record_type);
    message.basis = type->basis[0].law + type->basis[0].article;
    message.record_root = onward.record_root;
    message.media = "application/vnd.gongzhi.records";
    message.body = std::move(onward.body);
    message.claims = {claims_->refuse("onward", {to.value, std::to_string(submission.value)})};
    return outbox_->send(std::move(message));
}

Result<supervision::RuleDesk::Reported> Node::accept_rule(const access::Actor& actor, const std::string& message_id) {
    GZ_CHECKED(access::may(actor, access::Action::accept_rule));
    const TreeSize size = ledger_->journal().size();
    if (!records_applier_->wait_for(size, kRuleWaitMicros))
        return fail(ErrorCode::busy, "the tables are still being filled: try again in a moment");
    GZ_TRY(const auto connection, records());
    return in_background(
        [&] { return rules_->accept_rule(actor, message_id, EntryIndex(size.value - 1), *connection); });
}

Result<std::string> Node::region_of_shop(const PartyId& party, const std::string& shop) const {
    const pack::RecordType* trader = pack_->record_type("trader");
    if (!trader || !trader->slot_of("shop") || !trader->slot_of("region")) return std::string();
    GZ_TRY(const auto connection, records());
    GZ_TRY(const sql::Table rows,
           connection->query("SELECT max(region) FROM trader WHERE party = $1 AND shop = $2", {party.value, shop}));
    const sql::Value& region = rows.rows[0][0];
    return std::holds_alternative<sql::Null>(region) ? std::string() : sql::text_of(region);
}

Result<supervision::RuleDesk::RanHere> Node::run_rule_here(const access::Actor& actor, const std::string& rule_id) {
    GZ_CHECKED(access::may(actor, access::Action::run_rule));
    const TreeSize size = ledger_->journal().size();
    if (!records_applier_->wait_for(size, kRuleWaitMicros))
        return fail(ErrorCode::busy, "the tables are still being filled: try again in a moment");
    GZ_TRY(const auto connection, records());
    return in_background([&] { return rules_->run_here(actor, rule_id, EntryIndex(size.value - 1), *connection); });
}

Result<std::string> Node::request_reveal(const access::Actor& actor, const privacy::RevealRequest& request) {
    GZ_CHECKED(access::may(actor, access::Action::request_reveal));
    GZ_TRY(const casework::CaseThread thread, casework_->load_case(request.case_id));
    return reveals_->request(actor, request, {thread.party, thread.unit, thread.state == casework::CaseState::closed});
}

Result<Json> Node::check_traders(const access::Actor& actor, const PartyId& authority,
                                 const std::vector<service::IdentityItem>& items) {
    GZ_TRY(const ledger::SentMessage sent, checks_->ask(actor, authority, items));
    for (int64_t waited = 0;; waited += kCheckStepMicros) {
        auto answer = checks_->answer_to(sent.id.value);
        if (answer || answer.error().code != ErrorCode::unavailable || waited >= kCheckWaitMicros) return answer;
        std::this_thread::sleep_for(std::chrono::microseconds(kCheckStepMicros));
    }
}

Result<casework::Casework::Requested> Node::send_request(const access::Actor& actor,
                                                         const casework::InformationRequest& request,
                                                         const PartyId& to) {
    GZ_CHECKED(access::may(actor, access::Action::send_request));
    GZ_TRY(const std::vector<std::string> held, types_held_for(request));
    return casework_->send_request(actor, request, held, to);
}

Result<std::vector<casework::GateReason>> Node::check_request(const access::Actor& actor,
                                                              const casework::InformationRequest& request) const {
    GZ_CHECKED(access::may(actor, access::Action::send_request));
    GZ_TRY(const std::vector<std::string> held, types_held_for(request));
    return casework_->check_request(actor, request, held);
}

Result<std::vector<std::string>> Node::types_held_for(const casework::InformationRequest& request) const {
    if (request.case_id.empty()) return std::vector<std::string>{};
    GZ_TRY(const casework::CaseThread thread, casework_->load_case(request.case_id));
    return types_held_of(thread.party, request.scope.shop);
}

// The record types of which this authority holds records of the shop already: it may not ask for them again.
Result<std::vector<std::string>> Node::types_held_of(const PartyId& party, const std::string& shop) const {
    GZ_TRY(const auto connection, records());
    std::vector<std::string> held;
    for (const pack::RecordType& type : pack_->records()) {
        if (type.leaves_on != pack::LeavesOn::duty || !type.slot_of("shop")) continue;
        GZ_TRY(const sql::Table rows,
               connection->query(fmt::format("SELECT count(*) FROM {} WHERE party = $1 AND shop = $2", type.name),
                                 {party.value, shop}));
        if (sql::integer_of(rows.rows[0][0]) > 0) held.push_back(type.name);
    }
    return held;
}

Result<ledger::SentMessage> Node::answer_request(const access::Actor& actor, const std::string& request_id) {
    GZ_CHECKED(access::may(actor, access::Action::answer_request));
    GZ_TRY(const casework::InformationRequest request, casework_->received_request(request_id));
    GZ_TRY(const auto connection, records());
    GZ_TRY(casework::Gathered gathered, casework::gather_answer(request, *pack_, *ledger_, *connection));
    size_t count = 0;
    for (const auto& [type, list] : gathered.rows.items()) count += list.size();
    return casework_->answer_request(
        actor, request_id,
        {count > 0 ? "answered" : "nothing_held", std::move(gathered.rows), std::move(gathered.personal), {}});
}

Result<EntryIndex> Node::entry_of_message(const MessageId& id) const {
    std::vector<journal::ClaimBytes> keys = {claims_->key("sent", {id.value}),
                                             claims_->key("message", {config_.party.value, id.value})};
    for (const exchange::PartyDescriptor& peer : peers_->all())
        keys.push_back(claims_->key("message", {peer.party.value, id.value}));
    GZ_TRY(const auto holders, ledger_->journal().find_claims(keys));
    for (const auto& holder : holders)
        if (holder) return holder->index;
    return fail(ErrorCode::not_found, "no message of this id is in the ledger");
}

Result<EntryIndex> Node::holder_of(std::string_view space, std::initializer_list<BytesView> parts) const {
    const journal::ClaimBytes key = claims_->key(space, parts);
    GZ_TRY(const auto holder, ledger_->journal().find_claims(std::span(&key, 1)));
    if (!holder[0]) return fail(ErrorCode::not_found, "there is nothing of this id here");
    return holder[0]->index;
}

Result<Json> Node::finding(const std::string& finding_id) const {
    GZ_TRY(const EntryIndex index, holder_of("finding", {finding_id}));
    GZ_TRY(const ledger::Entry entry, ledger_->read(index));
    GZ_TRY(const ledger::NodeStatement said, entry.statement());
    Json finding = said.trace;
    finding["entry"] = index.value;
    finding["accepted_time"] = format_utc(said.received_time);
    return finding;
}

Result<supervision::FindingFile> Node::finding_file(const std::string& finding_id) const {
    GZ_TRY(const Json found, finding(finding_id));
    supervision::FindingFile file;
    GZ_TRY(file.finding, ledger_->receipt(EntryIndex(found["entry"].get<uint64_t>())));
    GZ_TRY(const std::string bundle, json_text(found, "bundle"));
    GZ_TRY(const EntryIndex rule, holder_of("sent", {bundle}));
    GZ_TRY(file.rule, ledger_->receipt(rule));
    std::set<EntryIndex> commitments;
    for (const Json& item : found["evidence"]) {
        GZ_TRY(const records::Evidence evidence, records::Evidence::from_json(item));
        GZ_TRY(const EntryIndex index,
               holder_of("commitment", {found["party"].get<std::string>(), evidence.record_root.view()}));
        commitments.insert(index);
    }
    for (const EntryIndex index : commitments) {
        GZ_TRY(std::string receipt, ledger_->receipt(index));
        file.commitments.push_back(std::move(receipt));
    }
    return file;
}

Result<Json> Node::test_connection(const PartyId& peer) {
    ledger::OutgoingMessage notice;
    notice.to = peer;
    notice.type = "notice";
    notice.body = R"({"notice":"connection test"})";
    GZ_TRY(const ledger::SentMessage sent, outbox_->send(std::move(notice)));
    const bool delivered = outbox_->wait_delivered(peer, 10 * kMicrosPerSecond);
    GZ_CHECKED(ledger_->checkpoint_now().map([](const auto&) {}));
    GZ_TRY(const size_t cosigned, witnessing_->ask_all());
    return Json{{"message", sent.id.value}, {"delivered", delivered}, {"cosigned", cosigned > 0}};
}

Result<Json> Node::table_digests() const {
    GZ_TRY(const auto affairs_connection, affairs());
    GZ_TRY(const auto records_connection, records());
    GZ_TRY(const Digest of_affairs, tables::store_digest(*affairs_connection));
    GZ_TRY(const Digest of_records, tables::store_digest(*records_connection));
    return Json{{"affairs", to_hex(of_affairs.view())}, {"records", to_hex(of_records.view())}};
}

}  // namespace gongzhi::node
