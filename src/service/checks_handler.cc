#include "service/checks_handler.h"

#include <map>

namespace gongzhi::service {
namespace {

int64_t items_in(const Json& body) {
    return body.contains("items") && body["items"].is_array() ? static_cast<int64_t>(body["items"].size()) : 0;
}

// How often each verdict stands in an answer.
std::map<std::string, int64_t> verdicts_in(const Json& body) {
    std::map<std::string, int64_t> counts;
    if (!body.contains("results") || !body["results"].is_array()) return counts;
    for (const Json& result : body["results"]) ++counts[json_text_or_empty(result, "verdict").value_or("")];
    return counts;
}

}  // namespace

bool ChecksHandler::takes(std::string_view kind) const {
    return kind == "sent.check" || kind == "received.check" || kind == "sent.check_answer" ||
           kind == "received.check_answer";
}

Status ChecksHandler::create(sql::Connection& connection) {
    return connection.execute(
        "CREATE TABLE IF NOT EXISTS identity_check(entry BIGINT NOT NULL, check_id VARCHAR NOT NULL, party VARCHAR NOT NULL, items BIGINT NOT NULL, "
        "asked_time TIMESTAMP NOT NULL, answered_time TIMESTAMP, valid BIGINT, unknown BIGINT, revoked BIGINT, name_differs BIGINT)");
}

// A peer's body may be anything: what cannot be read counts as nothing.
Json ChecksHandler::body_of(const ledger::Entry& entry) const {
    const auto bytes = ledger_.read_blob(entry, ledger::Part::message_body, 0);
    const auto json = bytes ? parse_json(*bytes) : Result<Json>(Json::object());
    return json && json->is_object() ? *json : Json::object();
}

Status ChecksHandler::apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) {
    for (const ledger::Entry& entry : entries) {
        GZ_TRY(const ledger::Envelope envelope, entry.envelope());
        GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
        GZ_TRY(const ledger::NodeStatement said, entry.statement());
        const Json body = body_of(entry);
        if (entry.kind.ends_with(".check")) {
            const bool sent = entry.kind.starts_with("sent.");
            GZ_CHECKED(
                connection
                    .change("INSERT INTO identity_check VALUES ($1, $2, $3, $4, $5, NULL, NULL, NULL, NULL, NULL)",
                            {static_cast<int64_t>(entry.index.value), header.id.value,
                             sent ? header.to.value : header.from.value, items_in(body), said.received_time})
                    .map([](int64_t) {}));
            continue;
        }
        auto counts = verdicts_in(body);
        GZ_CHECKED(
            connection
                .change("UPDATE identity_check SET answered_time = $1, valid = $2, unknown = $3, revoked = $4, "
                        "name_differs = $5 WHERE check_id = $6 AND answered_time IS NULL",
                        {said.received_time, counts["valid"], counts["unknown"], counts["revoked"],
                         counts["name_differs"], header.in_reply_to ? header.in_reply_to->id.value : std::string()})
                .map([](int64_t) {}));
    }
    return {};
}

}  // namespace gongzhi::service
