// Keeps one store of tables up with the ledger: entries in log order, in batches, each batch and its applied size in one
// transaction. What is in the tables can always be made again from the ledger (`rebuild`).
//
// Handlers belong to domain modules and own their tables; none reads another's. One thread per applier; wait_for may be
// called from any.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "ledger/ledger.h"
#include "sql/database.h"

namespace gongzhi::tables {

constexpr size_t kBatchEntriesMax = 2'048;
constexpr uint64_t kBatchBytesMax = 64u << 20;  // of statements, envelopes and bodies

class Handler {
public:
    virtual ~Handler() = default;
    // Whether entries of this kind are its business.
    virtual bool takes(std::string_view kind) const = 0;
    // CREATE … IF NOT EXISTS for its tables and views.
    virtual Status create(sql::Connection& connection) = 0;
    // Entries it takes, in log order, inside the batch's transaction. An illegal transition is a broken invariant.
    virtual Status apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) = 0;
};

class Applier {
public:
    // `name` is the store's ("affairs", "records"); handlers, ledger and database outlive the applier. `unsupported` where
    // the store's tables are of another shape than the handlers' (another version, another pack).
    static Result<std::unique_ptr<Applier>> start(std::string name, sql::Database& database, ledger::Ledger& ledger,
                                                  std::vector<Handler*> handlers);
    ~Applier();

    // Entries below this size are in the tables.
    TreeSize applied() const;
    // False when the time has passed first, or the applier has stopped.
    bool wait_for(TreeSize size, int64_t timeout_micros) const;
    // Why it stopped, if it did: a damaged entry or a full disk. Reading goes on with the tables as they are.
    std::optional<Error> stopped() const;

private:
    Applier(std::string name, sql::Database& database, ledger::Ledger& ledger, std::vector<Handler*> handlers);
    Status prepare();
    Status check_shape();
    void run(std::stop_token stop);
    Result<TreeSize> apply_batch(TreeSize from, TreeSize until);

    std::string name_;
    sql::Database& database_;
    ledger::Ledger& ledger_;
    std::vector<Handler*> handlers_;
    std::unique_ptr<sql::Connection> connection_;
    mutable std::mutex mutex_;  // guards what follows
    mutable std::condition_variable changed_;
    TreeSize applied_;
    std::optional<Error> stopped_;
    std::jthread thread_;
};

// A query's result in the order of its rows' bytes, so that two stores can be compared: every table and column of the
// database but DuckDB's own.
Result<Digest> store_digest(sql::Connection& connection);

}  // namespace gongzhi::tables
