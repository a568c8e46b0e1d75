#include "tables/applier.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "crypto/digest.h"
#include "sql/canonical.h"

namespace gongzhi::tables {
namespace {

constexpr int64_t kIdleWaitMicros = 200'000;
constexpr int kTriesMax = 5;

// What a batch holds of an entry at least, with all its bodies.
uint64_t bytes_of(const ledger::Entry& entry) {
    uint64_t bytes = entry.opening.envelope.size() + entry.opening.statement.size();
    for (const ledger::PartInfo& part : entry.parts) bytes += part.length;
    return bytes;
}

// "main.request.state VARCHAR NO": every column of the store's tables.
Result<std::set<std::string>> columns_of(sql::Connection& connection) {
    GZ_TRY(const sql::Table table,
           connection.query(
               "SELECT c.table_schema, c.table_name, c.column_name, c.data_type, c.is_nullable FROM "
               "information_schema.columns c JOIN information_schema.tables t ON t.table_schema = c.table_schema AND "
               "t.table_name = c.table_name WHERE t.table_type = 'BASE TABLE'"));
    std::set<std::string> columns;
    for (const sql::Row& row : table.rows)
        columns.insert(fmt::format("{}.{}.{} {} {}", sql::text_of(row[0]), sql::text_of(row[1]), sql::text_of(row[2]),
                                   sql::text_of(row[3]), sql::text_of(row[4])));
    return columns;
}

}  // namespace

Applier::Applier(std::string name, sql::Database& database, ledger::Ledger& ledger, std::vector<Handler*> handlers)
    : name_(std::move(name)), database_(database), ledger_(ledger), handlers_(std::move(handlers)) {}

Result<std::unique_ptr<Applier>> Applier::start(std::string name, sql::Database& database, ledger::Ledger& ledger,
                                                std::vector<Handler*> handlers) {
    std::unique_ptr<Applier> applier(new Applier(std::move(name), database, ledger, std::move(handlers)));
    GZ_CHECKED(applier->prepare());
    applier->thread_ = std::jthread([raw = applier.get()](std::stop_token stop) { raw->run(stop); });
    return applier;
}

Applier::~Applier() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
}

// Tables that another version made, or another pack: a column that is not there would be missed only when something comes
// in for it, and a table that is new would lack all that came in before.
Status Applier::check_shape() {
    GZ_TRY(const std::set<std::string> actual, columns_of(*connection_));
    if (actual.empty()) return {};  // a new store
    GZ_TRY(const auto blank, sql::open_duckdb({}));
    GZ_TRY(const auto connection, blank->connect());
    for (Handler* handler : handlers_) GZ_CHECKED(handler->create(*connection));
    GZ_TRY(const std::set<std::string> expected, columns_of(*connection));
    if (std::includes(actual.begin(), actual.end(), expected.begin(), expected.end())) return {};
    return fail(ErrorCode::unsupported, "the tables {} are of another version or another pack: run `gongzhi rebuild`",
                name_);
}

Status Applier::prepare() {
    GZ_TRY(connection_, database_.connect());
    GZ_CHECKED(check_shape());
    GZ_CHECKED(connection_->execute("CREATE TABLE IF NOT EXISTS applied(size BIGINT NOT NULL)"));
    for (Handler* handler : handlers_) GZ_CHECKED(handler->create(*connection_));
    GZ_TRY(const sql::Table table, connection_->query("SELECT size FROM applied"));
    if (table.rows.empty()) GZ_CHECKED(connection_->execute("INSERT INTO applied VALUES (0)"));
    applied_ = TreeSize(table.rows.empty() ? 0 : static_cast<uint64_t>(sql::integer_of(table.rows[0][0])));
    if (applied_ > ledger_.journal().size())
        return fail(ErrorCode::corrupt, "the tables {} are ahead of the ledger: run `gongzhi rebuild`", name_);
    return {};
}

TreeSize Applier::applied() const {
    const std::lock_guard lock(mutex_);
    return applied_;
}

std::optional<Error> Applier::stopped() const {
    const std::lock_guard lock(mutex_);
    return stopped_;
}

bool Applier::wait_for(TreeSize size, int64_t timeout_micros) const {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::microseconds(timeout_micros), [&] { return applied_ >= size || stopped_; });
    return applied_ >= size;
}

void Applier::run(std::stop_token stop) {
    int tries = 0;
    while (!stop.stop_requested()) {
        const TreeSize from = applied(), until = ledger_.journal().size();
        if (from >= until) {
            ledger_.journal().wait_for_size(TreeSize(from.value + 1), kIdleWaitMicros);
            continue;
        }
        auto done = apply_batch(from, until);
        // Tried again: a rule run may hold the instance's memory for a while, and an erasure may destroy the key of a
        // segment between its bytes being read and opened; the next read finds the new ones.
        const bool passing = !done && (done.error().code == ErrorCode::busy || done.error().code == ErrorCode::erased);
        if (passing && ++tries < kTriesMax) continue;
        tries = 0;
        const std::lock_guard lock(mutex_);
        if (done)
            applied_ = *done;
        else
            stopped_ = done.error();
        changed_.notify_all();
        if (!done) {
            log_error("tables {} stopped at entry {}: {}", name_, from.value, done.error().describe());
            return;
        }
    }
}

Result<TreeSize> Applier::apply_batch(TreeSize from, TreeSize until) {
    std::vector<std::vector<ledger::Entry>> taken(handlers_.size());
    uint64_t bytes = 0;
    TreeSize next = from;
    while (next < until && next.value - from.value < kBatchEntriesMax && bytes < kBatchBytesMax) {
        GZ_TRY(const ledger::Entry entry, ledger_.read(EntryIndex(next.value)));
        for (size_t i = 0; i < handlers_.size(); ++i) {
            if (!handlers_[i]->takes(entry.kind)) continue;
            taken[i].push_back(entry);
            bytes += bytes_of(entry);
        }
        next = TreeSize(next.value + 1);
    }
    GZ_TRY(sql::Transaction transaction, sql::Transaction::begin(*connection_));
    for (size_t i = 0; i < handlers_.size(); ++i)
        if (!taken[i].empty()) GZ_CHECKED(handlers_[i]->apply(taken[i], *connection_));
    GZ_CHECKED(connection_->change("UPDATE applied SET size = $1", {static_cast<int64_t>(next.value)}));
    GZ_CHECKED(transaction.commit());
    return next;
}

Result<Digest> store_digest(sql::Connection& connection) {
    GZ_TRY(const sql::Table names,
           connection.query(
               "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' "
               "ORDER BY table_schema, table_name"));
    crypto::Sha256 hash;
    for (const sql::Row& name : names.rows) {
        const std::string table = sql::text_of(name[0]) + "." + sql::text_of(name[1]);
        GZ_TRY(sql::Table rows, connection.query("SELECT * FROM " + table));
        sql::sort_rows(rows);
        hash.update(table).update(sql::canonical_encoding(rows));
    }
    return hash.finish();
}

}  // namespace gongzhi::tables
