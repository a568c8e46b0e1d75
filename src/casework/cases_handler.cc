#include "casework/cases_handler.h"

#include <algorithm>

namespace gongzhi::casework {
namespace {

constexpr std::string_view kKinds[] = {kCaseOpened,
                                       kCaseMoved,
                                       kCaseFiled,
                                       kEffectChecked,
                                       kCaseClosed,
                                       kRequestBlocked,
                                       kRequestAnswered,
                                       kObjectionReceived,
                                       "sent.request",
                                       "received.request",
                                       "sent.order",
                                       "received.order",
                                       "sent.answer",
                                       "sent.objection",
                                       "received.objection",
                                       "sent.objection_answer",
                                       "received.objection_answer"};

// The rows that the entries may read or change, as they stand before the batch.
Status load(const std::vector<CaseEntry>& entries, CaseTables& tables, sql::Connection& connection) {
    CaseKeys keys;
    for (const CaseEntry& entry : entries) keys.add(entry);
    GZ_CHECKED(tables.objections.load(keys.objections, connection));
    keys.add_orders_of(tables.objections);
    GZ_CHECKED(tables.requests.load(keys.requests, connection));
    return tables.cases.load(keys.cases, connection);
}

}  // namespace

bool CasesHandler::takes(std::string_view kind) const {
    return std::find(std::begin(kKinds), std::end(kKinds), kind) != std::end(kKinds);
}

Status CasesHandler::create(sql::Connection& connection) { return CaseTables::create(connection); }

Status CasesHandler::apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) {
    std::vector<CaseEntry> read_entries;
    read_entries.reserve(entries.size());
    for (const ledger::Entry& entry : entries) {
        GZ_TRY(CaseEntry one, read(entry));
        read_entries.push_back(std::move(one));
    }
    CaseTables tables;
    GZ_CHECKED(load(read_entries, tables, connection));
    for (const CaseEntry& entry : read_entries) fold(entry, tables);
    return tables.write(connection);
}

Result<CaseEntry> CasesHandler::read(const ledger::Entry& entry) const {
    CaseEntry result{static_cast<int64_t>(entry.index.value), entry.kind, {}, {}};
    GZ_TRY(result.said, entry.statement());
    if (entry.is_trace()) return result;
    GZ_TRY(const ledger::Envelope envelope, entry.envelope());
    GZ_TRY(result.header, ledger::MessageHeader::parse(envelope.header));
    const auto bytes = ledger_.read_blob(entry, ledger::Part::message_body, 0);
    result.read_body(bytes ? parse_json(*bytes).value_or(Json()) : Json());
    return result;
}

}  // namespace gongzhi::casework
