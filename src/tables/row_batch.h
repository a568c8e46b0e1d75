// Rows of one table while a batch of entries is applied: those that the batch may change are read once, all is changed in
// memory in log order, and the table is written with at most one append and one update.
//
// Each row is of one entry, which is its first column. Several rows may have one key: what is said of a key goes to all of
// them; the empty key names none. A batch of one entry and one of a thousand give the same rows. Belongs to one thread;
// lives for one batch.
#pragma once

#include <deque>
#include <functional>
#include <set>
#include <span>
#include <unordered_map>

#include "sql/database.h"

namespace gongzhi::tables {

// What happens to a column after its row is in the table.
enum class Later { nothing, read, changed };

struct TableColumn {
    std::string_view name;
    std::string_view type;  // as CREATE TABLE takes it
    Later later = Later::nothing;
};

struct TableLayout {
    static constexpr size_t kNoKey = 0;

    std::string_view name;
    std::span<const TableColumn> columns;  // the first is `entry BIGINT NOT NULL`, another number in each row
    size_t key = kNoKey;                   // the text column by which later entries name a row, if any does

    std::string create_sql() const;  // CREATE TABLE IF NOT EXISTS
};

class RowBatch {
public:
    // The layout outlives the batch.
    explicit RowBatch(const TableLayout& layout) : layout_(layout) {}

    // Reads the stored rows of these keys: before anything is inserted, and once. Of a stored row, only the columns that
    // are read or changed later are there; the rest is null.
    Status load(const std::set<std::string>& keys, sql::Connection& connection);
    void insert(sql::Row row) { hold({std::move(row), false, false}); }

    // `change` gets each row of this key, oldest first, and says whether it changed it. Gives how many it did.
    using Change = std::function<bool(sql::Row&)>;
    size_t change(const std::string& key, const Change& change);
    // The oldest row of this key; null where there is none.
    const sql::Row* first(const std::string& key) const;

    using Visit = std::function<void(const sql::Row&)>;
    void visit_all(const Visit& visit) const;  // stored ones first
    void visit_new(const Visit& visit) const;

    Status write(sql::Connection& connection) const;

private:
    struct Held {
        sql::Row row;
        bool stored, changed;
    };
    void hold(Held held);
    Status append_new(sql::Connection& connection) const;
    Status update_stored(sql::Connection& connection) const;

    const TableLayout& layout_;
    std::deque<Held> rows_;
    std::unordered_map<std::string, std::vector<size_t>> by_key_;
};

// Puts these keys into the connection's temporary table staged_key(key VARCHAR), for a statement that follows in the same
// transaction.
Status stage_keys(const std::set<std::string>& keys, sql::Connection& connection);

// One row, value by value, of the types that tables have.
Status append_row(const sql::Row& row, sql::Appender& appender);

}  // namespace gongzhi::tables
