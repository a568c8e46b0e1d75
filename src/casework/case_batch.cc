#include "casework/case_batch.h"

namespace gongzhi::casework {
namespace {

// What is absent or of another type is as if nothing were said: no message and no trace stops the tables.
std::string text_in(const Json& json, const char* key) { return json_text_or_empty(json, key).value_or(""); }

bool true_in(const Json& json, const char* key) {
    const auto found = json.is_object() ? json.find(key) : json.end();
    return json.is_object() && found != json.end() && found->is_boolean() && found->get<bool>();
}

Json value_in(const Json& json, const char* key) {
    return json.is_object() && json.contains(key) ? json[key] : Json(nullptr);
}

Json list_in(const Json& json, const char* key) {
    return json.is_object() && json.contains(key) ? json[key] : Json::array();
}

sql::Value time_in(const Json& json, const char* key) {
    const auto time = parse_utc(text_in(json, key));
    return time ? sql::Value(*time) : sql::Value(sql::Null());
}

// What a step says in words, whatever its kind calls it.
std::string words_of(const Json& trace) {
    for (const char* key : {"grounds", "statement", "reason", "note"})
        if (std::string words = text_in(trace, key); !words.empty()) return words;
    return {};
}

bool is_sent(const CaseEntry& entry) { return entry.kind.starts_with("sent."); }
std::string direction_of(const CaseEntry& entry) { return is_sent(entry) ? "sent" : "received"; }
std::string other_side(const CaseEntry& entry) {
    return is_sent(entry) ? entry.header->to.value : entry.header->from.value;
}

bool is_objection(const CaseEntry& entry) { return entry.kind.ends_with(".objection"); }
bool is_objection_answer(const CaseEntry& entry) { return entry.kind.ends_with(".objection_answer"); }

// The region of the case, or another where the tables have no such case.
std::string region_of_case(const std::string& case_id, std::string otherwise, const CaseTables& tables) {
    const sql::Row* found = tables.cases.first(case_id);
    return found ? sql::text_of((*found)[case_column::region]) : std::move(otherwise);
}

void add_step(const CaseEntry& entry, const std::string& case_id, std::string words, CaseTables& tables) {
    tables.cases.change(case_id, [](sql::Row& row) {
        row[case_column::seq] = sql::integer_of(row[case_column::seq]) + 1;
        return true;
    });
    tables.steps.insert(
        {entry.index, case_id, entry.kind, entry.said.auth, std::move(words), entry.said.received_time});
}

// --- traces ---

void fold_blocked(const CaseEntry& entry, CaseTables& tables) {
    const Json& trace = entry.said.trace;
    const Json request = value_in(trace, "request");
    tables.blocked.insert({entry.index, text_in(request, "case"), text_in(request, "order_type"),
                           canonical_json(list_in(request, "fields")), canonical_json(value_in(trace, "reasons")),
                           text_in(trace, "unit"), text_in(trace, "region"), entry.said.received_time});
}

void fold_answered(const CaseEntry& entry, CaseTables& tables) {
    const Json& trace = entry.said.trace;
    tables.requests.change(text_in(trace, "request"), [&](sql::Row& row) {
        if (sql::text_of(row[request_column::direction]) != "sent") return false;
        row[request_column::state] = std::string("answered");
        row[request_column::answered_time] =
            trace.contains("received_time") ? time_in(trace, "received_time") : sql::Value(entry.said.received_time);
        row[request_column::answer_rows] = json_int(trace, "rows").value_or(0);
        row[request_column::outcome] = text_in(trace, "outcome");
        return true;
    });
}

void fold_objection_taken(const CaseEntry& entry, CaseTables& tables) {
    const Json& trace = entry.said.trace;
    tables.objections.change(text_in(trace, "objection"), [&](sql::Row& row) {
        if (sql::text_of(row[objection_column::direction]) != "received") return false;
        row[objection_column::due_time] = time_in(trace, "due_time");
        row[objection_column::late] = true_in(trace, "late");
        row[objection_column::raised_by] = text_in(trace, "by");
        return true;
    });
}

sql::Row new_case(const CaseEntry& entry) {
    const Json& trace = entry.said.trace;
    sql::Row row(case_column::count);
    row[case_column::entry] = entry.index;
    row[case_column::case_id] = text_in(trace, "case");
    row[case_column::seq] = int64_t{0};
    row[case_column::finding_id] = text_in(trace, "finding");
    row[case_column::party] = text_in(trace, "party");
    row[case_column::shop] = text_in(trace, "shop");
    row[case_column::subject] = text_in(trace, "subject");
    row[case_column::rule] = text_in(trace, "rule");
    row[case_column::unit] = text_in(trace, "unit");
    row[case_column::region] = text_in(trace, "region");
    row[case_column::state] = std::string(case_state_name(CaseState::verifying));
    row[case_column::opened_time] = entry.said.received_time;
    return row;
}

// What a step of the case's thread changes of it.
bool change_case(const CaseEntry& entry, sql::Row& row) {
    const Json& trace = entry.said.trace;
    if (entry.kind == kCaseMoved) {
        row[case_column::unit] = text_in(trace, "to_unit");
    } else if (entry.kind == kCaseFiled) {
        row[case_column::state] = std::string(case_state_name(CaseState::filed));
        row[case_column::filed_time] = entry.said.received_time;
    } else if (entry.kind == kEffectChecked) {
        row[case_column::effective] = true_in(trace, "effective");
    } else if (entry.kind == kCaseClosed) {
        row[case_column::state] = std::string(case_state_name(CaseState::closed));
        row[case_column::closed_time] = entry.said.received_time;
        row[case_column::outcome] = text_in(trace, "outcome");
    } else {
        return false;
    }
    return true;
}

void fold_trace(const CaseEntry& entry, CaseTables& tables) {
    if (entry.kind == kRequestBlocked) return fold_blocked(entry, tables);
    if (entry.kind == kRequestAnswered) return fold_answered(entry, tables);
    if (entry.kind == kObjectionReceived) return fold_objection_taken(entry, tables);
    const std::string id = text_in(entry.said.trace, "case");
    if (entry.kind == kCaseOpened) tables.cases.insert(new_case(entry));
    tables.cases.change(id, [&](sql::Row& row) { return change_case(entry, row); });
    add_step(entry, id, words_of(entry.said.trace), tables);
}

// --- messages ---

// Requests and orders.
void fold_request(const CaseEntry& entry, CaseTables& tables) {
    const Json& body = entry.body;
    const std::string case_id = text_in(body, "case");
    sql::Row row(request_column::count);
    row[request_column::entry] = entry.index;
    row[request_column::direction] = direction_of(entry);
    row[request_column::kind] = entry.header->type;
    row[request_column::message_id] = entry.header->id.value;
    row[request_column::case_id] = case_id;
    row[request_column::party] = other_side(entry);
    row[request_column::region] = region_of_case(case_id, text_in(body, "region"), tables);
    row[request_column::order_type] = text_in(body, "order_type");
    row[request_column::basis] = entry.header->basis;
    row[request_column::purpose] = text_in(body, "purpose");
    row[request_column::fields] = text_in(body, "fields");
    row[request_column::shop] = text_in(body, "shop");
    row[request_column::listing] = text_in(body, "listing");
    row[request_column::statement] = text_in(body, "statement");
    row[request_column::sent_time] = entry.said.received_time;
    if (entry.header->deadline) row[request_column::deadline_time] = *entry.header->deadline;
    row[request_column::state] = std::string("open");
    tables.requests.insert(std::move(row));
    if (is_sent(entry) && !case_id.empty()) add_step(entry, case_id, text_in(body, "purpose"), tables);
}

void fold_answer(const CaseEntry& entry, CaseTables& tables) {
    tables.requests.change(entry.answered(), [&](sql::Row& row) {
        if (sql::text_of(row[request_column::direction]) != "received") return false;
        row[request_column::state] = std::string("answered");
        row[request_column::answered_time] = entry.said.received_time;
        row[request_column::outcome] = text_in(entry.body, "outcome");
        return true;
    });
}

void fold_objection(const CaseEntry& entry, CaseTables& tables) {
    sql::Row row(objection_column::count);
    row[objection_column::entry] = entry.index;
    row[objection_column::direction] = direction_of(entry);
    row[objection_column::objection_id] = entry.header->id.value;
    row[objection_column::order_id] = entry.answered();
    row[objection_column::case_id] = entry.header->thread;
    row[objection_column::party] = other_side(entry);
    row[objection_column::region] = region_of_case(entry.header->thread, {}, tables);
    row[objection_column::raised_by] = text_in(entry.body, "by");
    row[objection_column::grounds] = text_in(entry.body, "grounds");
    row[objection_column::raised_time] = entry.said.received_time;
    row[objection_column::state] = std::string("open");
    tables.objections.insert(std::move(row));
}

void withdraw(const std::string& order_id, CaseTables& tables) {
    tables.requests.change(order_id, [](sql::Row& row) {
        if (sql::text_of(row[request_column::state]) != "open") return false;
        row[request_column::state] = std::string("withdrawn");
        return true;
    });
}

void fold_objection_answer(const CaseEntry& entry, CaseTables& tables) {
    const bool upheld = text_in(entry.body, "outcome") == "upheld";
    tables.objections.change(entry.answered(), [&](sql::Row& row) {
        // An objection that is upheld withdraws the order: nothing is due any more.
        if (upheld) withdraw(sql::text_of(row[objection_column::order_id]), tables);
        row[objection_column::state] = std::string("answered");
        row[objection_column::answered_time] = entry.said.received_time;
        row[objection_column::outcome] = text_in(entry.body, "outcome");
        row[objection_column::reasons] = text_in(entry.body, "reasons");
        return true;
    });
}

}  // namespace

void CaseEntry::read_body(const Json& whole) {
    const Json scope = value_in(whole, "scope");
    for (const char* key : {"case", "order_type", "purpose", "statement", "by", "grounds", "outcome", "reasons"})
        body[key] = text_in(whole, key);
    for (const char* key : {"region", "shop", "listing"}) body[key] = text_in(scope.is_object() ? scope : whole, key);
    body["fields"] = canonical_json(list_in(whole, whole.contains("fields") ? "fields" : "measures"));
}

std::string CaseEntry::answered() const {
    return header && header->in_reply_to ? header->in_reply_to->id.value : std::string();
}

void CaseKeys::add(const CaseEntry& entry) {
    const Json& trace = entry.said.trace;
    if (entry.kind == kRequestBlocked) return;
    if (entry.kind == kRequestAnswered) {
        requests.insert(text_in(trace, "request"));
    } else if (entry.kind == kObjectionReceived) {
        objections.insert(text_in(trace, "objection"));
    } else if (!entry.header) {
        cases.insert(text_in(trace, "case"));
    } else if (entry.kind == "sent.answer") {
        requests.insert(entry.answered());
    } else if (is_objection(entry)) {
        cases.insert(entry.header->thread);
        requests.insert(entry.answered());
    } else if (is_objection_answer(entry)) {
        objections.insert(entry.answered());
    } else {
        cases.insert(text_in(entry.body, "case"));
    }
}

void CaseKeys::add_orders_of(const tables::RowBatch& batch) {
    batch.visit_all([&](const sql::Row& row) { requests.insert(sql::text_of(row[objection_column::order_id])); });
}

void fold(const CaseEntry& entry, CaseTables& tables) {
    if (!entry.header) return fold_trace(entry, tables);
    if (entry.kind == "sent.answer") return fold_answer(entry, tables);
    if (is_objection(entry)) return fold_objection(entry, tables);
    if (is_objection_answer(entry)) return fold_objection_answer(entry, tables);
    return fold_request(entry, tables);
}

}  // namespace gongzhi::casework
