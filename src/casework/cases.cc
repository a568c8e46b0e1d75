// Cases: 核查 → 立案 → 办结, one step after the other.
#include "casework/casework.h"

namespace gongzhi::casework {
namespace {

constexpr uint64_t kStepsMax = 10'000;
constexpr size_t kTextBytesMax = 4'000;

Status check_text(const std::string& text, const char* field) {
    if (text.empty())
        return fail_field(ErrorCode::invalid_argument, field, "words are needed here: they are on record");
    if (text.size() > kTextBytesMax)
        return fail_field(ErrorCode::too_large, field, fmt::format("at most {} bytes", kTextBytesMax));
    return {};
}

}  // namespace

Result<Casework::Opened> Casework::open_case(const access::Actor& actor, const std::string& finding_id) {
    GZ_CHECKED(access::may(actor, access::Action::open_case));
    GZ_TRY(const ledger::Entry finding, entry_of("finding", {finding_id}));
    GZ_TRY(const ledger::NodeStatement said, finding.statement());
    if (const auto review = entry_of("finding_review", {finding_id})) {
        GZ_TRY(const ledger::NodeStatement reviewed, review->statement());
        if (json_text_or_empty(reviewed.trace, "outcome").value_or("") == "dismissed")
            return fail(ErrorCode::rejected, "somebody looked at this finding and dismissed it");
    }
    GZ_TRY(const std::string region, json_text_or_empty(said.trace, "region"));
    const std::string responsible = region.empty() ? std::string() : units_.responsible_for(region);
    const std::string unit = responsible.empty() ? actor.unit : responsible;
    GZ_CHECKED(access::may(actor, access::Action::open_case, {unit, actor.name}, units_));
    const std::string case_id = make_uuid7(clock_.now().value / 1000, random_);
    Json trace = {{"case", case_id}, {"finding", finding_id}, {"unit", unit}, {"region", region}};
    for (const char* key : {"party", "shop", "subject", "rule"}) {
        GZ_TRY(const std::string value, json_text(said.trace, key));
        trace[key] = value;
    }
    ledger::Draft draft = ledger::trace_draft(std::string(kCaseOpened), std::move(trace), clock_.now(), actor.name);
    draft.claims = {claims_.refuse("thread", {case_id, "1"}), claims_.refuse("case_of_finding", {finding_id})};
    const ledger::Outcome outcome = ledger_.append(std::move(draft));
    if (!outcome) return tl::unexpected(outcome.error());
    return Opened{case_id, outcome->index};
}

Result<CaseThread> Casework::load_case(const std::string& case_id) const {
    CaseThread thread;
    while (thread.seq < kStepsMax) {
        const auto step = entry_of("thread", {case_id, std::to_string(thread.seq + 1)});
        if (!step && step.error().code == ErrorCode::not_found) break;
        if (!step) return tl::unexpected(step.error());
        if (thread.seq == 0 && step->kind != kCaseOpened) break;  // another kind of thread
        GZ_TRY(const ledger::NodeStatement said, step->statement());
        GZ_CHECKED(thread.apply(step->kind, said.trace));
    }
    if (thread.seq == 0) return fail(ErrorCode::not_found, "there is nothing of this id here");
    return thread;
}

// The case, if the actor may do this to it and saw its last step.
Result<CaseThread> Casework::case_for(const access::Actor& actor, access::Action action, const Seen& seen) const {
    GZ_CHECKED(access::may(actor, action));
    GZ_TRY(CaseThread thread, load_case(seen.case_id));
    GZ_CHECKED(access::may(actor, action, {thread.unit, actor.name}, units_));
    if (seen.seq != 0 && seen.seq != thread.seq)
        return fail(ErrorCode::conflict, "somebody was here meanwhile: the case is at step {}, you saw step {}",
                    thread.seq, seen.seq);
    return thread;
}

Result<EntryIndex> Casework::append_step(const access::Actor& actor, const CaseThread& thread, std::string_view kind,
                                         Json trace) {
    trace["case"] = thread.id;
    trace["seq"] = thread.seq + 1;
    ledger::Draft draft = ledger::trace_draft(std::string(kind), std::move(trace), clock_.now(), actor.name);
    draft.claims = {claims_.refuse("thread", {thread.id, std::to_string(thread.seq + 1)})};
    const ledger::Outcome outcome = ledger_.append(std::move(draft));
    if (!outcome) return tl::unexpected(outcome.error());
    return outcome->index;
}

Result<EntryIndex> Casework::move_case(const access::Actor& actor, const Seen& seen, const std::string& to_unit,
                                       const std::string& note) {
    GZ_TRY(const CaseThread thread, case_for(actor, access::Action::dispatch_case, seen));
    GZ_CHECKED(thread.allows(kCaseMoved));
    GZ_CHECKED(check_text(note, "note"));
    const auto from = units_.find(thread.unit), to = units_.find(to_unit);
    if (!to) return fail_field(ErrorCode::invalid_argument, "to_unit", "there is no such unit");
    if (!from || (to->parent != from->id && from->parent != to->id))
        return fail_field(ErrorCode::rejected, "to_unit", "a case goes one level down or up at a time");
    return append_step(actor, thread, kCaseMoved, {{"from_unit", thread.unit}, {"to_unit", to_unit}, {"note", note}});
}

Result<EntryIndex> Casework::file_case(const access::Actor& actor, const Seen& seen, const std::string& grounds) {
    GZ_TRY(const CaseThread thread, case_for(actor, access::Action::file_case, seen));
    GZ_CHECKED(thread.allows(kCaseFiled));
    GZ_CHECKED(check_text(grounds, "grounds"));
    return append_step(actor, thread, kCaseFiled, {{"grounds", grounds}});
}

Result<EntryIndex> Casework::check_effect(const access::Actor& actor, const Seen& seen, bool effective,
                                          const std::string& statement) {
    GZ_TRY(const CaseThread thread, case_for(actor, access::Action::check_effect, seen));
    GZ_CHECKED(thread.allows(kEffectChecked));
    GZ_CHECKED(check_text(statement, "statement"));
    return append_step(actor, thread, kEffectChecked, {{"effective", effective}, {"statement", statement}});
}

Result<EntryIndex> Casework::close_case(const access::Actor& actor, const Seen& seen, const std::string& outcome,
                                        const std::string& reason) {
    GZ_TRY(const CaseThread thread, case_for(actor, access::Action::close_case, seen));
    GZ_CHECKED(thread.allows_closing(outcome));
    GZ_CHECKED(check_text(reason, "reason"));
    return append_step(actor, thread, kCaseClosed, {{"outcome", outcome}, {"reason", reason}});
}

}  // namespace gongzhi::casework
