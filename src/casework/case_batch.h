// What entries about cases do to the tables of cases: pure, entry by entry in log order, in memory.
#pragma once

#include "casework/case_tables.h"
#include "casework/casework.h"

namespace gongzhi::casework {

// An entry as it was read.
struct CaseEntry {
    int64_t index = 0;
    std::string kind;
    ledger::NodeStatement said;
    std::optional<ledger::MessageHeader> header;  // of a message; a trace has none
    Json body = Json::object();                   // what read_body kept of it

    // A peer's body may be anything: what is no JSON object says nothing, and stops nothing. Only the texts that the
    // tables hold are kept, and `fields` (or an order's `measures`) as the text of its JSON: an answer may hold thousands
    // of rows.
    void read_body(const Json& whole);
    std::string answered() const;  // the message that it answers, or ""
};

// The keys of rows that entries may read or change.
struct CaseKeys {
    std::set<std::string> cases, requests, objections;
    void add(const CaseEntry& entry);
    // Of the stored objections: one that is upheld withdraws its order.
    void add_orders_of(const tables::RowBatch& objections);
};

// The stored rows of the entry's keys are in `tables` already.
void fold(const CaseEntry& entry, CaseTables& tables);

}  // namespace gongzhi::casework
