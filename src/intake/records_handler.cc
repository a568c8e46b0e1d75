#include "intake/records_handler.h"

#include "pack/columns.h"
#include "pack/record_check.h"

namespace gongzhi::intake {
namespace {

// Who the records are of: the message's sender, or for taken-in ones the party that the trace names.
Result<std::string> party_of(const ledger::Entry& entry, const ledger::NodeStatement& said) {
    if (entry.is_trace()) return json_text(said.trace, "from");
    GZ_TRY(const ledger::Envelope envelope, entry.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    return header.from.value;
}

class RowWriter {
public:
    RowWriter(const pack::RecordType& type, const TokenMaker& tokens, int zone_minutes, sql::Appender& appender)
        : type_(type),
          columns_(pack::columns_of(type)),
          tokens_(tokens),
          zone_minutes_(zone_minutes),
          appender_(appender) {}

    void write_fields(const pack::RecordView& record) {
        for (const pack::Column& column : columns_) write(column, record[column.slot]);
    }

private:
    void write(const pack::Column& column, const pack::FieldValue& value) {
        if (!value.present) return appender_.append_null();
        switch (column.part) {
            case pack::Column::Part::token:
                return appender_.append_text(tokens_.token(type_.fields[column.slot].join_domain, value.text));
            case pack::Column::Part::currency: return appender_.append_text(value.text);
            case pack::Column::Part::civil_date:
                return appender_.append_date(date_in_zone(UtcTime(value.number), zone_minutes_));
            case pack::Column::Part::value: break;
        }
        switch (column.type) {
            case pack::ColumnType::text: return appender_.append_text(value.text);
            case pack::ColumnType::integer: return appender_.append_int64(value.number);
            case pack::ColumnType::boolean: return appender_.append_bool(value.number != 0);
            case pack::ColumnType::date: return appender_.append_date(CivilDate(static_cast<int32_t>(value.number)));
            case pack::ColumnType::timestamp: return appender_.append_timestamp(UtcTime(value.number));
        }
    }

    const pack::RecordType& type_;
    const std::vector<pack::Column> columns_;
    const TokenMaker& tokens_;
    const int zone_minutes_;
    sql::Appender& appender_;
};

// Rows that a newer version in the same table ends.
Status close_superseded(const pack::RecordType& type, sql::Connection& connection) {
    return connection.execute(fmt::format(
        "UPDATE store.{0} AS old SET entry_to = (SELECT min(n.entry_from) FROM store.{0} n WHERE n.party = old.party AND n.record_id = old.record_id "
        "AND n.version = old.version + 1) WHERE old.entry_to IS NULL AND EXISTS (SELECT 1 FROM store.{0} n WHERE n.party = old.party "
        "AND n.record_id = old.record_id AND n.version = old.version + 1)",
        type.name));
}

}  // namespace

std::string TokenMaker::token(std::string_view join_domain, std::string_view value) const {
    return to_hex(hmac_.mac({"gongzhi/token/v1\n", join_domain, "\n", value}).view().substr(0, 16));
}

Status RecordsHandler::create(sql::Connection& connection) {
    GZ_CHECKED(connection.execute("CREATE SCHEMA IF NOT EXISTS store"));
    for (const pack::RecordType& type : pack_.records()) {
        GZ_CHECKED(connection.execute(pack::table_ddl(type)));
        GZ_CHECKED(connection.execute(pack::view_ddl(type)));
    }
    return {};
}

Status RecordsHandler::apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) {
    for (const ledger::Entry& entry : entries)
        GZ_CHECKED(entry.kind == kErasureKind ? apply_erasure(entry, connection) : apply_submission(entry, connection));
    return {};
}

Status RecordsHandler::apply_submission(const ledger::Entry& entry, sql::Connection& connection) {
    GZ_TRY(const ledger::NodeStatement said, entry.statement());
    GZ_TRY(const std::string party, party_of(entry, said));
    GZ_TRY(const std::string name, records::stored_type_name(ledger_, entry));
    const pack::RecordType* type = pack_.record_type(name);
    if (!type) return fail(ErrorCode::unsupported, "entry {} has a record type that the pack lacks", entry.index.value);
    GZ_TRY(const auto appender, connection.appender("store", type->name));
    RowWriter writer(*type, tokens_, pack_.zone_offset_minutes(), *appender);
    const std::string pack_version = said.pack ? said.pack->version : pack_.version();
    GZ_TRY(const uint32_t groups, records::group_count(entry));
    pack::RecordView view;
    bool corrected = false;
    for (uint32_t number = 0; number < groups; ++number) {
        GZ_TRY(const records::OpenGroup group, records::read_group(ledger_, entry, *type, number));
        std::vector<vault::Item> items;
        if (type->has_protected) {
            GZ_TRY(items, ledger_.read_segment(entry, ledger::Part::protected_records, number));
        }
        for (size_t i = 0; i < group.records.size(); ++i) {
            view.assign(type->fields.size(), pack::FieldValue{});
            GZ_CHECKED(pack::decode_open(*type, group.records[i].open, view));
            if (i < items.size() && items[i]) {
                GZ_TRY(const auto item, records::ProtectedItem::parse(*items[i]));
                GZ_CHECKED(pack::decode_protected(*type, item.encoded, view));
            }
            appender->append_text(party);
            appender->append_text(pack::record_id_of(*type, view));
            appender->append_int64(static_cast<int64_t>(entry.index.value));
            appender->append_null();
            appender->append_int64(static_cast<int64_t>(group.first + i));
            appender->append_int64(group.records[i].version);
            appender->append_text(pack_version);
            writer.write_fields(view);
            GZ_CHECKED(appender->end_row());
            corrected |= group.records[i].version > 1;
        }
    }
    GZ_CHECKED(appender->flush());
    return corrected ? close_superseded(*type, connection) : Status{};
}

Status RecordsHandler::apply_erasure(const ledger::Entry& entry, sql::Connection& connection) {
    GZ_TRY(const ledger::NodeStatement said, entry.statement());
    GZ_TRY(const std::string name, json_text(said.trace, "record_type"));
    const pack::RecordType* type = pack_.record_type(name);
    if (!type) return fail(ErrorCode::unsupported, "entry {} has a record type that the pack lacks", entry.index.value);
    std::string assignments;
    for (const pack::Column& column : pack::columns_of(*type))
        if (column.part == pack::Column::Part::token)
            assignments += (assignments.empty() ? "" : ", ") + column.name + " = NULL";
    for (const Json& record : said.trace["records"]) {
        GZ_TRY(const int64_t index, json_int(record, "entry"));
        GZ_TRY(const int64_t number, json_int(record, "record_no"));
        const std::string sql =
            fmt::format("UPDATE store.{} SET {} WHERE entry_from = $1 AND record_no = $2", type->name, assignments);
        GZ_TRY(const int64_t changed, connection.change(sql, {index, number}));
        if (changed != 1) return fail(ErrorCode::corrupt, "an erasure names a record that the tables lack");
    }
    return {};
}

Status FiguresHandler::create(sql::Connection& connection) {
    return connection.execute(
        "CREATE TABLE IF NOT EXISTS submission(entry BIGINT NOT NULL, party VARCHAR NOT NULL, message_id VARCHAR NOT NULL, record_type VARCHAR NOT NULL, "
        "record_count BIGINT NOT NULL, record_root VARCHAR NOT NULL, received_time TIMESTAMP NOT NULL, dated BIGINT NOT NULL, late BIGINT NOT NULL)");
}

// A day that no calendar reaches is not late: nothing is guessed.
Result<FiguresHandler::Dated> FiguresHandler::dated_in(const ledger::Entry& entry, const std::string& type_name,
                                                       UtcTime received) const {
    Dated figures;
    const pack::RecordType* type = pack_.record_type(type_name);
    if (!type || !type->due) return figures;
    const CivilDate came = date_in_zone(received, pack_.zone_offset_minutes());
    GZ_TRY(const uint32_t groups, records::group_count(entry));
    for (uint32_t group = 0; group < groups; ++group) {
        GZ_TRY(const records::OpenGroup open, records::read_group(ledger_, entry, *type, group));
        for (const pack::BatchRecord& record : open.records) {
            pack::RecordView view(type->fields.size());
            GZ_CHECKED(pack::decode_open(*type, record.open, view));
            const pack::FieldValue& after = view[type->due->after];
            if (!after.present) continue;
            ++figures.dated;
            const auto due = pack_.calendar().add_working_days(CivilDate(static_cast<int32_t>(after.number)),
                                                               type->due->working_days);
            figures.late += due && came > *due ? 1 : 0;
        }
    }
    return figures;
}

Status FiguresHandler::apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) {
    GZ_TRY(const auto appender, connection.appender("main", "submission"));
    for (const ledger::Entry& entry : entries) {
        GZ_TRY(const ledger::NodeStatement said, entry.statement());
        GZ_TRY(const std::string party, party_of(entry, said));
        GZ_TRY(const std::string name, records::stored_type_name(ledger_, entry));
        std::string id;
        if (entry.is_trace()) {
            GZ_TRY(id, json_text(said.trace, "message_id"));
        } else {
            GZ_TRY(const ledger::Envelope envelope, entry.envelope());
            GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
            id = header.id.value;
        }
        appender->append_int64(static_cast<int64_t>(entry.index.value));
        appender->append_text(party);
        appender->append_text(id);
        appender->append_text(name);
        appender->append_int64(static_cast<int64_t>(said.record_count.value_or(0)));
        appender->append_text(to_base64(said.record_root.value_or(Digest{}).view()));
        appender->append_timestamp(said.received_time);
        GZ_TRY(const Dated dated, dated_in(entry, name, said.received_time));
        appender->append_int64(dated.dated);
        appender->append_int64(dated.late);
        GZ_CHECKED(appender->end_row());
    }
    return appender->flush();
}

}  // namespace gongzhi::intake
