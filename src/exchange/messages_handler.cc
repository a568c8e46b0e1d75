#include "exchange/messages_handler.h"

#include "exchange/peers.h"

namespace gongzhi::exchange {
namespace {

Status insert_party(const ledger::Entry& entry, sql::Connection& connection) {
    GZ_TRY(const ledger::NodeStatement said, entry.statement());
    GZ_TRY(const PartyDescriptor party, PartyDescriptor::from_json(said.trace["descriptor"]));
    return connection
        .change("INSERT INTO party VALUES ($1, $2, $3, $4, $5, $6, $7)",
                {static_cast<int64_t>(entry.index.value), party.party.value, std::string(party_role_name(party.role)),
                 party.name_zh, party.name_en, party.origin, said.received_time})
        .map([](int64_t) {});
}

// A received message that could not be acted on, by its entry.
Status insert_failure(const ledger::Entry& entry, sql::Connection& connection) {
    GZ_TRY(const ledger::NodeStatement said, entry.statement());
    GZ_TRY(const int64_t of, json_int(said.trace, "entry"));
    GZ_TRY(const std::string kind, json_text(said.trace, "kind"));
    GZ_TRY(const std::string code, json_text(said.trace, "code"));
    GZ_TRY(const std::string reason, json_text(said.trace, "reason"));
    return connection.change("INSERT INTO failed_message VALUES ($1, $2, $3, $4)", {of, kind, code, reason})
        .map([](int64_t) {});
}

Status append_message(const ledger::Entry& entry, sql::Appender& appender) {
    GZ_TRY(const ledger::Envelope envelope, entry.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    GZ_TRY(const ledger::NodeStatement said, entry.statement());
    appender.append_int64(static_cast<int64_t>(entry.index.value));
    appender.append_text(entry.kind.starts_with("sent.") ? "sent" : "received");
    appender.append_text(header.id.value);
    appender.append_text(header.from.value);
    appender.append_text(header.to.value);
    appender.append_text(header.type);
    appender.append_text(header.thread);
    appender.append_int64(static_cast<int64_t>(header.seq));
    if (header.in_reply_to)
        appender.append_text(header.in_reply_to->id.value);
    else
        appender.append_null();
    if (header.deadline)
        appender.append_timestamp(*header.deadline);
    else
        appender.append_null();
    appender.append_int64(static_cast<int64_t>(header.body.length));
    appender.append_timestamp(said.received_time);
    return appender.end_row();
}

}  // namespace

bool MessagesHandler::takes(std::string_view kind) const {
    return kind.starts_with("sent.") || kind.starts_with("received.") || kind == "party.admitted" ||
           kind == kReactionFailed;
}

Status MessagesHandler::create(sql::Connection& connection) {
    GZ_CHECKED(connection.execute(
        "CREATE TABLE IF NOT EXISTS party(entry BIGINT NOT NULL, party VARCHAR NOT NULL, role VARCHAR NOT NULL, name_zh VARCHAR NOT NULL, "
        "name_en VARCHAR NOT NULL, origin VARCHAR NOT NULL, admitted_time TIMESTAMP NOT NULL)"));
    GZ_CHECKED(connection.execute(
        "CREATE TABLE IF NOT EXISTS failed_message(entry BIGINT NOT NULL, kind VARCHAR NOT NULL, code VARCHAR NOT NULL, reason VARCHAR NOT NULL)"));
    return connection.execute(
        "CREATE TABLE IF NOT EXISTS message(entry BIGINT NOT NULL, direction VARCHAR NOT NULL, message_id VARCHAR NOT NULL, from_party VARCHAR NOT NULL, "
        "to_party VARCHAR NOT NULL, type VARCHAR NOT NULL, thread VARCHAR NOT NULL, seq BIGINT NOT NULL, in_reply_to VARCHAR, deadline_time TIMESTAMP, "
        "body_bytes BIGINT NOT NULL, logged_time TIMESTAMP NOT NULL)");
}

Status MessagesHandler::apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) {
    GZ_TRY(const auto appender, connection.appender("main", "message"));
    for (const ledger::Entry& entry : entries) {
        if (entry.kind == "party.admitted")
            GZ_CHECKED(insert_party(entry, connection));
        else if (entry.kind == kReactionFailed)
            GZ_CHECKED(insert_failure(entry, connection));
        else
            GZ_CHECKED(append_message(entry, *appender));
    }
    return appender->flush();
}

}  // namespace gongzhi::exchange
