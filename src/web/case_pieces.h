// What the pages of one case share: the case within reach, its facts, the way back to it.
#pragma once

#include "web/form.h"
#include "web/pieces.h"
#include "web/sheet.h"

namespace gongzhi::web {

// Out of the actor's reach the answer is that of a case that is not there.
Result<casework::CaseThread> case_within_reach(const Visit& visit, const std::string& case_id);
// The case that the address names: /cases/{case}/…
Result<casework::CaseThread> case_of_address(const Visit& visit);

std::string case_link(const std::string& case_id);
// The case again, saying done_<done>.
std::string case_done_link(const std::string& case_id, std::string_view done);
// State, subject, shop, platform, unit: what must be known while a form about it is filled in.
Json case_facts(const Visit& visit, const casework::CaseThread& thread);
std::vector<PageLink> case_breadcrumbs(const Visit& visit, const casework::CaseThread& thread);

// The step that the form's writer saw; the command refuses it where somebody was here meanwhile.
Result<casework::Casework::Seen> seen_in(const Filled& filled, const std::string& case_id);
// Why a step of this kind cannot be taken now, in the page's language; "" where it can.
std::string why_not_now(const Visit& visit, const casework::CaseThread& thread, std::string_view kind);
// In place of its form: the reason, the way back to the case, and what was written while somebody else was faster.
StaffView not_now_page(const Visit& visit, const casework::CaseThread& thread, FormFrame frame, const std::string& why,
                       const Filled& filled);

// The frame of a form about this case; `base` names the texts <base>_title and <base>_lead.
FormFrame case_form_frame(const Visit& visit, const casework::CaseThread& thread, const std::string& base);

}  // namespace gongzhi::web
