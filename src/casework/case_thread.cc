#include "casework/case_thread.h"

#include <algorithm>

namespace gongzhi::casework {

std::string_view case_state_name(CaseState state) {
    constexpr std::string_view names[] = {"verifying", "filed", "closed"};
    return names[static_cast<size_t>(state)];
}

Status CaseThread::allows(std::string_view kind) const {
    if (state == CaseState::closed) return fail(ErrorCode::rejected, "the case is closed");
    if (kind == kCaseFiled && state != CaseState::verifying)
        return fail(ErrorCode::rejected, "the case was filed already");
    if (kind == "sent.order" && state != CaseState::filed)
        return fail(ErrorCode::rejected, "an order needs a filed case: file it first");
    if (kind == kEffectChecked && orders == 0)
        return fail(ErrorCode::rejected, "there is no order whose effect could be checked");
    return {};
}

Status CaseThread::allows_closing(const std::string& outcome) const {
    GZ_CHECKED(allows(kCaseClosed));
    if (std::find(std::begin(kOutcomes), std::end(kOutcomes), outcome) == std::end(kOutcomes))
        return fail_field(ErrorCode::invalid_argument, "outcome",
                          "a case ends as not_established, corrected, penalised or transferred");
    if (outcome != kOutcomes[0] && state != CaseState::filed)
        return fail(ErrorCode::rejected, "a case that was never filed ends as not_established");
    if (outcome == "corrected" && effective != true)
        return fail(ErrorCode::rejected, "whether it was corrected has not been checked");
    return {};
}

Status CaseThread::apply(std::string_view kind, const Json& trace) {
    ++seq;
    if (kind == kCaseOpened) {
        GZ_TRY(id, json_text(trace, "case"));
        GZ_TRY(party.value, json_text(trace, "party"));
        GZ_TRY(shop, json_text(trace, "shop"));
        GZ_TRY(subject, json_text(trace, "subject"));
        GZ_TRY(rule, json_text_or_empty(trace, "rule"));
        GZ_TRY(finding, json_text_or_empty(trace, "finding"));
        GZ_TRY(unit, json_text_or_empty(trace, "unit"));
        GZ_TRY(region, json_text_or_empty(trace, "region"));
        return {};
    }
    if (kind == kCaseMoved) {
        GZ_TRY(unit, json_text(trace, "to_unit"));
    } else if (kind == kCaseFiled) {
        state = CaseState::filed;
    } else if (kind == kCaseClosed) {
        state = CaseState::closed;
    } else if (kind == "sent.order") {
        ++orders;
    } else if (kind == kEffectChecked) {
        effective = trace.value("effective", false);
    } else if (kind != "sent.request") {
        return fail(ErrorCode::corrupt, "a case's thread has a step of another kind: {}", kind);
    }
    return {};
}

}  // namespace gongzhi::casework
