#include "web/case_rows.h"

namespace gongzhi::web {

Result<CaseRows> read_case_rows(const Visit& visit, casework::CaseThread thread) {
    CaseRows rows;
    rows.thread = std::move(thread);
    const auto of_case = [&](std::string_view sql) { return affairs_rows(visit.node, sql, {rows.thread.id}); };
    GZ_TRY(const Json found, of_case("SELECT * FROM supervision_case WHERE case_id = $1"));
    if (found.empty()) return fail(ErrorCode::unavailable, "the case is not in the tables yet");
    rows.facts = found[0];
    GZ_TRY(rows.steps, of_case("SELECT * FROM case_step WHERE case_id = $1 ORDER BY entry DESC"));
    GZ_TRY(rows.requests,
           of_case("SELECT * FROM request WHERE case_id = $1 AND direction = 'sent' ORDER BY entry DESC"));
    GZ_TRY(rows.blocked, of_case("SELECT * FROM blocked_request WHERE case_id = $1 ORDER BY entry DESC"));
    GZ_TRY(rows.objections, of_case("SELECT * FROM objection WHERE case_id = $1 ORDER BY entry DESC"));
    GZ_TRY(rows.reveals, of_case("SELECT * FROM reveal WHERE case_id = $1 ORDER BY entry DESC"));
    return rows;
}

Json request_of(const CaseRows& rows, const std::string& message_id) {
    for (const Json& each : rows.requests)
        if (text_at(each, "message_id") == message_id) return each;
    return nullptr;
}

}  // namespace gongzhi::web
