// A case as its thread tells it: 核查 (verifying) → 立案 (filed) → 办结 (closed). Pure.
//
// Each step is an entry that claims thread/<case>/<n>. A command names the last step it saw; of two commands that saw the
// same one the sequencer takes the first.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/types.h"

namespace gongzhi::casework {

constexpr std::string_view kCaseOpened = "case.opened";
constexpr std::string_view kCaseMoved = "case.moved";
constexpr std::string_view kCaseFiled = "case.filed";
constexpr std::string_view kEffectChecked = "case.effect_checked";
constexpr std::string_view kCaseClosed = "case.closed";

enum class CaseState { verifying, filed, closed };
std::string_view case_state_name(CaseState state);

// How a case may end. All but the first need a filed case.
constexpr std::string_view kOutcomes[] = {"not_established", "corrected", "penalised", "transferred"};

struct CaseThread {
    std::string id;
    uint64_t seq = 0;  // the last step
    CaseState state = CaseState::verifying;
    PartyId party;
    std::string shop, subject, rule, finding, unit, region;
    size_t orders = 0;  // sent in it
    std::optional<bool> effective;

    // The next step of this thread. `corrupt` where no such step can follow: a command checks before it appends.
    Status apply(std::string_view kind, const Json& trace);
    // `rejected` where the law's order of steps does not allow it now.
    Status allows(std::string_view kind) const;
    Status allows_closing(const std::string& outcome) const;
};

}  // namespace gongzhi::casework
