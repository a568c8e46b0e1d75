#include "market_tables.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "intake/json_line.h"
#include "pack/columns.h"
#include "pack/record_check.h"
#include "supervision/cases.h"

namespace gongzhi::testing {
namespace {

void append(sql::Appender& appender, const pack::Column& column, const pack::FieldValue& value, int zone_minutes) {
    if (!value.present || column.part == pack::Column::Part::token) return appender.append_null();
    if (column.part == pack::Column::Part::civil_date)
        return appender.append_date(date_in_zone(UtcTime(value.number), zone_minutes));
    switch (column.type) {
        case pack::ColumnType::text: return appender.append_text(value.text);
        case pack::ColumnType::integer: return appender.append_int64(value.number);
        case pack::ColumnType::boolean: return appender.append_bool(value.number != 0);
        case pack::ColumnType::date: return appender.append_date(CivilDate(static_cast<int32_t>(value.number)));
        case pack::ColumnType::timestamp: return appender.append_timestamp(UtcTime(value.number));
    }
}

}  // namespace

MarketTables::MarketTables(const pack::Pack& pack, sql::Connection& connection) : pack_(pack), connection_(connection) {
    for (const std::string& statement : supervision::store_statements(supervision::catalogue_of(pack.records()), {}))
        EXPECT_TRUE(connection.execute(statement)) << connection.diagnosis();
}

size_t MarketTables::load(const std::string& party, const std::filesystem::path& file, const std::string& record_type) {
    const pack::RecordType& type = *pack_.record_type(record_type);
    const auto columns = pack::columns_of(type);
    Bytes content = read_file(file).value();
    content.append(intake::kLinePaddingBytes, '\0');
    intake::JsonLineParser parser(type);
    const auto appender = *connection_.appender("store", record_type);
    size_t lines = 0;
    for (size_t at = 0; at + intake::kLinePaddingBytes < content.size();) {
        const size_t end = content.find('\n', at);
        pack::RecordView record(type.fields.size());
        std::vector<pack::FieldProblem> problems;
        parser.parse(std::string_view(content).substr(at, end - at), record, problems);
        if (problems.empty()) pack::check_record(type, record, problems);
        ++lines;
        for (const pack::FieldProblem& problem : problems)
            ADD_FAILURE() << file << ":" << lines << " " << problem.field << " " << problem.en;
        if (problems.empty()) {
            appender->append_int64(0);  // entry_from
            appender->append_null();    // entry_to
            appender->append_text(party);
            appender->append_text(pack::record_id_of(type, record));
            for (const pack::Column& column : columns)
                append(*appender, column, record[column.slot], pack_.zone_offset_minutes());
            EXPECT_TRUE(appender->end_row());
        }
        at = end + 1;
    }
    EXPECT_TRUE(appender->flush());
    return lines;
}

}  // namespace gongzhi::testing
