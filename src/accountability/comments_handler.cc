#include "accountability/comments_handler.h"

namespace gongzhi::accountability {
namespace {

Result<Comment> comment_in(const ledger::Ledger& ledger, const ledger::Entry& entry) {
    GZ_TRY(const Bytes bytes, ledger.read_blob(entry, ledger::Part::message_body, 0));
    GZ_TRY(const Json body, parse_json(bytes));
    return Comment::from_json(body);
}

}  // namespace

Status CommentsHandler::create(sql::Connection& connection) {
    return connection.execute(
        "CREATE TABLE IF NOT EXISTS comment(entry BIGINT NOT NULL, direction VARCHAR NOT NULL, message_id VARCHAR NOT NULL, party VARCHAR NOT NULL, "
        "about_kind VARCHAR NOT NULL, about_id VARCHAR NOT NULL, words VARCHAR NOT NULL, said_time TIMESTAMP NOT NULL, said_date DATE NOT NULL)");
}

Status CommentsHandler::apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) {
    for (const ledger::Entry& entry : entries) GZ_CHECKED(apply_one(entry, connection));
    return {};
}

Status CommentsHandler::apply_one(const ledger::Entry& entry, sql::Connection& connection) {
    const auto comment = comment_in(ledger_, entry);
    if (!comment) return {};
    GZ_TRY(const ledger::Envelope envelope, entry.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    GZ_TRY(const ledger::NodeStatement said, entry.statement());
    const bool sent = entry.kind.starts_with("sent.");
    const std::string direction = sent ? "sent" : "received", party = sent ? header.to.value : header.from.value;
    const CivilDate day = date_in_zone(said.received_time, zone_minutes_);
    GZ_TRY(const sql::Table counted,
           connection.query("SELECT count(*) FROM comment WHERE direction = $1 AND party = $2 AND said_date = $3",
                            {direction, party, day}));
    if (sql::integer_of(counted.rows.at(0).at(0)) >= kCommentsADay) return {};
    return connection
        .change("INSERT INTO comment VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                {static_cast<int64_t>(entry.index.value), direction, header.id.value, party, comment->about_kind,
                 comment->about_id, comment->words, said.received_time, day})
        .map([](int64_t) {});
}

}  // namespace gongzhi::accountability
