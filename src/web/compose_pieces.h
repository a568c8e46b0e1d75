// What the pages share on which a request or an order is written: bases and fields to choose from, what the gate says at
// the field that can mend it, and the page on which all is read once more. Texts begin with compose_.
#pragma once

#include "web/form.h"
#include "web/pieces.h"

namespace gongzhi::web {

std::vector<FormView::Item> basis_items(const Visit& visit, const pack::OrderType& type);
std::vector<FormView::Item> standard_field_items(const Visit& visit, const pack::OrderType& type);
// The pack's order types of this kind and scope.
std::vector<const pack::OrderType*> order_types(const pack::Pack& pack, pack::OrderKind kind, pack::OrderScope scope);
// The one that the form names; the first while none is named. `unsupported` where the pack has none.
Result<const pack::OrderType*> order_type_in(const Visit& visit, const Filled& filled, pack::OrderKind kind,
                                             pack::OrderScope scope);

// Days both included; a new form suggests the last ninety.
void ask_period(const Visit& visit, FormView& form);
CivilDate day_in(const Visit& visit, Filled& filled, const char* name);
std::string period_words(const Visit& visit, CivilDate from, CivilDate until);
std::string deadline_words(const Visit& visit, const pack::OrderType& type);
std::string words_of(const Visit& visit, const std::vector<std::string>& codes);

// Beside a field's own error the gate has nothing to add.
void add_reasons(const Visit& visit, const std::vector<casework::GateReason>& reasons, Filled& filled);
// A row of what is read once more; an empty value reads "none".
Json checked_row(const Visit& visit, std::string_view key, std::string value);
// Each value of `names` travels along, unseen, for the button that sends.
StaffView check_page(const Visit& visit, const Filled& filled, FormFrame frame, Json rows,
                     std::initializer_list<const char*> names);

// What the three buttons of such a form do, once it is filled in: check (the page to read once more), change, send.
struct Composed {
    std::function<Result<StaffView>()> again;                         // the form, as it was filled in
    std::function<Result<std::vector<casework::GateReason>>()> gate;  // what the gate would say
    std::function<StaffView()> to_check;
    std::function<Result<std::string>()> send;  // returns where to go then
};
Result<Next> take_step(const Visit& visit, Filled& filled, const Composed& composed);

}  // namespace gongzhi::web
