// The steps of a case, each a form of its own: to another unit, file (立案), check the effect, close (办结).
#include "web/case_open.h"
#include "web/case_pieces.h"
#include "web/console_pages.h"

namespace gongzhi::web {
namespace {

using access::Action;
using casework::CaseThread;

// The form's page for the case of the address; `fields` adds what is asked beside the step seen.
using Fields = std::function<void(const Visit&, const CaseThread&, FormView&)>;

Result<StaffView> show_step(const Visit& visit, const Filled& filled, const std::string& base, std::string_view kind,
                            const Fields& fields) {
    GZ_TRY(const CaseThread thread, case_of_address(visit));
    FormFrame frame = case_form_frame(visit, thread, base);
    if (const std::string why = why_not_now(visit, thread, kind); !why.empty())
        return not_now_page(visit, thread, std::move(frame), why, filled);
    FormView form(visit, filled, base + "_");
    form.hidden("seen", std::to_string(thread.seq));
    fields(visit, thread, form);
    return form_page(std::move(frame), filled,
                     form.view(base + "_submit", case_link(thread.id), kind == casework::kCaseClosed));
}

// Goes back to the case once `act` has taken the step.
using Act = std::function<Result<EntryIndex>(const casework::Casework::Seen&)>;
Result<Next> take_step(const Visit& visit, const Filled& filled, std::string_view done, const Act& act) {
    if (!filled.errors.empty()) return Next{};
    const std::string& id = visit.request.path_values.at("case");
    GZ_TRY(const casework::Casework::Seen seen, seen_in(filled, id));
    GZ_TRY(const EntryIndex index, act(seen));
    (void)visit.node.wait_applied(index);
    return Next{case_done_link(id, done), {}};
}

FormPage file_form() {
    return {"/cases/{case}/file", "case.file", Action::file_case,
            [](const Visit& visit, const Filled& filled) {
                return show_step(visit, filled, "file", casework::kCaseFiled,
                                 [](const Visit&, const CaseThread&, FormView& form) { form.textarea("grounds"); });
            },
            [](const Visit& visit, Filled& filled) {
                const std::string grounds = filled.needed(visit, "file_", "grounds");
                return take_step(visit, filled, "filed", [&](const casework::Casework::Seen& seen) {
                    return visit.node.casework().file_case(visit.actor, seen, grounds);
                });
            }};
}

// One level down or up at a time.
std::vector<FormView::Item> places_to_go(const Visit& visit, const CaseThread& thread) {
    std::vector<FormView::Item> items;
    const access::Units& units = visit.node.units();
    if (const auto own = units.find(thread.unit); own && !own->parent.empty())
        items.push_back(
            {own->parent, unit_name(visit.node, visit.language, own->parent), visit.text("move_to_unit_up")});
    for (const access::Unit& below : units.children_of(thread.unit))
        items.push_back({below.id, unit_name(visit.node, visit.language, below.id), visit.text("move_to_unit_down")});
    return items;
}

Result<StaffView> show_move(const Visit& visit, const Filled& filled) {
    GZ_TRY(const CaseThread thread, case_of_address(visit));
    if (thread.allows(casework::kCaseMoved) && places_to_go(visit, thread).empty())
        return not_now_page(visit, thread, case_form_frame(visit, thread, "move"),
                            visit.text("step_not_now", {{"reason", visit.text("step_reason_nowhere_to_move")}}),
                            filled);
    return show_step(visit, filled, "move", casework::kCaseMoved,
                     [](const Visit& at, const CaseThread& moved, FormView& form) {
                         form.radios("to_unit", places_to_go(at, moved)).textarea("note", {}, 3);
                     });
}

FormPage move_form() {
    return {"/cases/{case}/move", "case.move", Action::dispatch_case, show_move,
            [](const Visit& visit, Filled& filled) {
                const std::string to = filled.needed(visit, "move_", "to_unit");
                const std::string note = filled.needed(visit, "move_", "note");
                return take_step(visit, filled, "moved", [&](const casework::Casework::Seen& seen) {
                    return visit.node.casework().move_case(visit.actor, seen, to, note);
                });
            }};
}

FormPage effect_form() {
    return {"/cases/{case}/effect", "case.check_effect", Action::check_effect,
            [](const Visit& visit, const Filled& filled) {
                return show_step(visit, filled, "effect", casework::kEffectChecked,
                                 [](const Visit& at, const CaseThread&, FormView& form) {
                                     form.radios("effective", {{"yes", at.text("effect_effective_yes")},
                                                               {"no", at.text("effect_effective_no")}})
                                         .textarea("statement");
                                 });
            },
            [](const Visit& visit, Filled& filled) {
                const std::string effective = filled.needed(visit, "effect_", "effective");
                const std::string statement = filled.needed(visit, "effect_", "statement");
                return take_step(visit, filled, "effect_checked", [&](const casework::Casework::Seen& seen) {
                    return visit.node.casework().check_effect(visit.actor, seen, effective == "yes", statement);
                });
            }};
}

// The ways in which it may end now; of the others the notes say why not.
std::vector<FormView::Item> ways_to_end(const Visit& visit, const CaseThread& thread) {
    std::vector<FormView::Item> items;
    for (const std::string_view outcome : casework::kOutcomes)
        if (thread.allows_closing(std::string(outcome)))
            items.push_back({std::string(outcome), coded(visit.language, "outcome_", std::string(outcome)),
                             coded(visit.language, "close_note_", std::string(outcome))});
    return items;
}

std::string why_not_others(const Visit& visit, const CaseThread& thread) {
    if (thread.state == casework::CaseState::verifying) return visit.text("close_only_unfiled");
    return thread.effective == true ? std::string() : visit.text("close_not_corrected");
}

// What closing would leave behind on either side; "" where nothing is open.
std::string still_open(const Visit& visit, const CaseRows& rows) {
    std::string items;
    for (const OpenItem& item : open_items(visit, rows))
        items += (items.empty() ? "" : visit.text("close_open_separator")) + item.sentence;
    return items.empty() ? items : visit.text("close_still_open", {{"items", items}});
}

Result<StaffView> show_close(const Visit& visit, const Filled& filled) {
    GZ_TRY(StaffView shown, show_step(visit, filled, "close", casework::kCaseClosed,
                                      [](const Visit& at, const CaseThread& thread, FormView& form) {
                                          form.radios("outcome", ways_to_end(at, thread)).textarea("reason");
                                      }));
    GZ_TRY(CaseThread thread, case_of_address(visit));
    if (!thread.allows(casework::kCaseClosed)) return shown;
    GZ_TRY(const CaseRows rows, read_case_rows(visit, std::move(thread)));
    Json warnings = Json::array();
    for (std::string text : {still_open(visit, rows), why_not_others(visit, rows.thread)})
        if (!text.empty()) warnings.push_back({{"text", std::move(text)}});
    shown.view["warning"] = std::move(warnings);
    return shown;
}

FormPage close_form() {
    return {"/cases/{case}/close", "case.close", Action::close_case, show_close,
            [](const Visit& visit, Filled& filled) {
                const std::string outcome = filled.needed(visit, "close_", "outcome");
                const std::string reason = filled.needed(visit, "close_", "reason");
                return take_step(visit, filled, "closed", [&](const casework::Casework::Seen& seen) {
                    return visit.node.casework().close_case(visit.actor, seen, outcome, reason);
                });
            }};
}

}  // namespace

void add_case_step_pages(http::Router& router, node::Node& node) {
    for (FormPage form : {file_form(), move_form(), effect_form(), close_form()})
        add_form_page(router, node, std::move(form));
}

}  // namespace gongzhi::web
