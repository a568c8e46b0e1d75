#include "tables/row_batch.h"

#include <algorithm>

namespace gongzhi::tables {
namespace {

// Made anew for each use: emptied tables in memory would keep the space of what was deleted.
constexpr std::string_view kStageKeys = "CREATE OR REPLACE TEMP TABLE staged_key(key VARCHAR NOT NULL)";
constexpr std::string_view kStageChanges = "CREATE OR REPLACE TEMP TABLE staged_change(entry BIGINT NOT NULL{})";

struct ValueAppender {
    sql::Appender& appender;
    void operator()(sql::Null) const { appender.append_null(); }
    void operator()(bool value) const { appender.append_bool(value); }
    void operator()(int64_t value) const { appender.append_int64(value); }
    void operator()(const std::string& value) const { appender.append_text(value); }
    void operator()(CivilDate value) const { appender.append_date(value); }
    void operator()(UtcTime value) const { appender.append_timestamp(value); }
    void operator()(const sql::HugeInt&) const { GZ_CHECK(false, "no table has a column of this type"); }
    void operator()(const sql::Decimal&) const { GZ_CHECK(false, "no table has a column of this type"); }
};

// "VARCHAR NOT NULL" as the type of a staged column is "VARCHAR".
std::string_view bare_type(std::string_view type) { return type.substr(0, type.find(' ')); }

}  // namespace

std::string TableLayout::create_sql() const {
    std::string list;
    for (const TableColumn& column : columns)
        list += fmt::format("{}{} {}", list.empty() ? "" : ", ", column.name, column.type);
    return fmt::format("CREATE TABLE IF NOT EXISTS {}({})", name, list);
}

Status append_row(const sql::Row& row, sql::Appender& appender) {
    for (const sql::Value& value : row) std::visit(ValueAppender{appender}, value);
    return appender.end_row();
}

Status stage_keys(const std::set<std::string>& keys, sql::Connection& connection) {
    GZ_CHECKED(connection.execute(kStageKeys));
    GZ_TRY(const auto appender, connection.appender("main", "staged_key"));
    for (const std::string& key : keys) {
        appender->append_text(key);
        GZ_CHECKED(appender->end_row());
    }
    return appender->flush();
}

Status RowBatch::load(const std::set<std::string>& keys, sql::Connection& connection) {
    GZ_CHECK(rows_.empty() && layout_.key != TableLayout::kNoKey, "rows are read by their key, before any is inserted");
    if (keys.empty() || (keys.size() == 1 && keys.begin()->empty())) return {};
    GZ_CHECKED(stage_keys(keys, connection));
    std::vector<size_t> read;
    std::string list;
    for (size_t i = 0; i < layout_.columns.size(); ++i) {
        if (i != 0 && i != layout_.key && layout_.columns[i].later == Later::nothing) continue;
        list += fmt::format("{}{}", read.empty() ? "" : ", ", layout_.columns[i].name);
        read.push_back(i);
    }
    GZ_TRY(sql::Table table,
           connection.query(fmt::format("SELECT {} FROM {} WHERE {} IN (SELECT key FROM staged_key) ORDER BY entry",
                                        list, layout_.name, layout_.columns[layout_.key].name)));
    for (sql::Row& values : table.rows) {
        sql::Row row(layout_.columns.size());
        for (size_t i = 0; i < read.size(); ++i) row[read[i]] = std::move(values[i]);
        hold({std::move(row), true, false});
    }
    return {};
}

void RowBatch::hold(Held held) {
    GZ_CHECK(held.row.size() == layout_.columns.size(), "a row has a value for each column of its table");
    if (layout_.key != TableLayout::kNoKey)
        if (const std::string& key = sql::text_of(held.row[layout_.key]); !key.empty())
            by_key_[key].push_back(rows_.size());
    rows_.push_back(std::move(held));
}

size_t RowBatch::change(const std::string& key, const Change& change) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return 0;
    size_t count = 0;
    for (const size_t index : found->second) {
        if (!change(rows_[index].row)) continue;
        rows_[index].changed = true;
        ++count;
    }
    return count;
}

const sql::Row* RowBatch::first(const std::string& key) const {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : &rows_[found->second.front()].row;
}

void RowBatch::visit_all(const Visit& visit) const {
    for (const Held& held : rows_) visit(held.row);
}

void RowBatch::visit_new(const Visit& visit) const {
    for (const Held& held : rows_)
        if (!held.stored) visit(held.row);
}

Status RowBatch::write(sql::Connection& connection) const {
    GZ_CHECKED(append_new(connection));
    return update_stored(connection);
}

Status RowBatch::append_new(sql::Connection& connection) const {
    if (std::ranges::all_of(rows_, [](const Held& held) { return held.stored; })) return {};
    GZ_TRY(const auto appender, connection.appender("main", layout_.name));
    for (const Held& held : rows_)
        if (!held.stored) GZ_CHECKED(append_row(held.row, *appender));
    return appender->flush();
}

Status RowBatch::update_stored(sql::Connection& connection) const {
    const auto to_update = [](const Held& held) { return held.stored && held.changed; };
    if (std::ranges::none_of(rows_, to_update)) return {};
    std::vector<size_t> written;
    std::string columns, assignments;
    for (size_t i = 0; i < layout_.columns.size(); ++i) {
        const TableColumn& column = layout_.columns[i];
        if (column.later != Later::changed) continue;
        columns += fmt::format(", {} {}", column.name, bare_type(column.type));
        assignments += fmt::format("{0}{1} = s.{1}", written.empty() ? "" : ", ", column.name);
        written.push_back(i);
    }
    GZ_CHECKED(connection.execute(fmt::format(kStageChanges, columns)));
    {
        GZ_TRY(const auto appender, connection.appender("main", "staged_change"));
        for (const Held& held : rows_) {
            if (!to_update(held)) continue;
            sql::Row row{held.row[0]};
            for (const size_t i : written) row.push_back(held.row[i]);
            GZ_CHECKED(append_row(row, *appender));
        }
        GZ_CHECKED(appender->flush());
    }
    return connection.execute(
        fmt::format("UPDATE {0} SET {1} FROM staged_change s WHERE {0}.entry = s.entry", layout_.name, assignments));
}

}  // namespace gongzhi::tables
