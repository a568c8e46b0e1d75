// Asking a platform for specified-trade data (D4): one category, one region, one period; no case. The law gives it to the
// national and the provincial level alone.
#include <algorithm>

#include "web/compose_pieces.h"
#include "web/console_pages.h"
#include "web/platform_pieces.h"
#include "web/request_pieces.h"

namespace gongzhi::web {
namespace {

using access::Action;
using casework::InformationRequest;

Result<const pack::OrderType*> type_in(const Visit& visit, const Filled& filled) {
    return order_type_in(visit, filled, pack::OrderKind::information, pack::OrderScope::category);
}

// Regions by the units that answer for them, the province before its cities.
std::vector<FormView::Item> region_items(const Visit& visit) {
    std::vector<FormView::Item> items;
    for (const access::Unit& unit : visit.node.units().all()) {
        const auto same = [&](const FormView::Item& item) { return item.value == unit.region; };
        if (unit.region.empty() || std::any_of(items.begin(), items.end(), same)) continue;
        const std::string name = unit_name(visit.node, visit.language, unit.id);
        items.push_back({unit.region, visit.text("with_note", {{"text", name}, {"note", unit.region}})});
    }
    return items;
}

std::string region_words(const Visit& visit, const std::string& region) {
    for (const FormView::Item& item : region_items(visit))
        if (item.value == region) return item.text;
    return region;
}

// Who may not ask learns it before anything is filled in.
Json level_warning(const Visit& visit, const pack::OrderType& type) {
    const auto unit = visit.node.units().find(visit.actor.unit);
    const std::string level = unit ? unit->level : visit.node.config().unit_level;
    if (std::find(type.levels.begin(), type.levels.end(), level) != type.levels.end()) return false;
    return {{"text", visit.text("category_not_your_level")}};
}

FormFrame frame_of(const Visit& visit, const exchange::PartyDescriptor& platform, const pack::OrderType& type) {
    const std::string name = party_name(visit.node, visit.language, platform.party.value);
    return {.caption = name,
            .title = visit.text("category_request_title", {{"kind", pick(visit.language, type.title)}}),
            .lead = visit.text("category_request_lead"),
            .facts = {{"rows",
                       {{{"key", visit.text("row_to")}, {"value", name}},
                        {{"key", visit.text("column_due")}, {"value", deadline_words(visit, type)}}}}},
            .warning = level_warning(visit, type),
            .breadcrumbs = {{visit.text("nav_platforms"), link("/platforms")},
                            {name, platform_link(platform.party.value)}}};
}

Result<StaffView> show_asking(const Visit& visit, const Filled& filled) {
    GZ_TRY(const exchange::PartyDescriptor platform, platform_of_address(visit));
    GZ_TRY(const pack::OrderType* type, type_in(visit, filled));
    const auto bases = basis_items(visit, *type), fields = standard_field_items(visit, *type);
    std::vector<std::string> every_field;
    for (const FormView::Item& item : fields) every_field.push_back(item.value);
    FormView form(visit, filled, "compose_");
    form.hidden("order_type", type->name).hidden("step", "check");
    form.radios("basis", bases, bases.empty() ? "" : bases[0].value);
    form.textarea("purpose", {}, 3).worded(visit.text("compose_purpose"), visit.text("category_purpose_hint"));
    form.input("category");
    if (const auto regions = region_items(visit); !regions.empty())
        form.select("region", regions, regions[0].value);
    else
        form.input("region");
    form.checkboxes("fields", fields, every_field);
    ask_period(visit, form);
    return form_page(frame_of(visit, platform, *type), filled,
                     form.view("compose_check", platform_link(platform.party.value)));
}

InformationRequest request_in(const Visit& visit, Filled& filled, const pack::OrderType& type) {
    InformationRequest request;
    request.order_type = type.name;
    request.basis = filled.values.get("basis");
    request.purpose = filled.values.get("purpose");
    request.fields = filled.values.all("fields");
    request.scope.category = filled.needed(visit, "compose_", "category");
    request.scope.region = filled.needed(visit, "compose_", "region");
    request.scope.from = day_in(visit, filled, "from_date");
    request.scope.until = day_in(visit, filled, "until_date");
    return request;
}

Result<Next> act_on_asking(const Visit& visit, Filled& filled) {
    GZ_TRY(const exchange::PartyDescriptor platform, platform_of_address(visit));
    GZ_TRY(const pack::OrderType* type, type_in(visit, filled));
    const InformationRequest request = request_in(visit, filled, *type);
    const auto to_check = [&] {
        const Json rows = {
            checked_row(visit, "basis", request.basis),
            checked_row(visit, "compose_purpose", request.purpose),
            checked_row(visit, "compose_category", request.scope.category),
            checked_row(visit, "compose_region", region_words(visit, request.scope.region)),
            checked_row(visit, "compose_fields", words_of(visit, request.fields)),
            checked_row(visit, "compose_period_key", period_words(visit, request.scope.from, request.scope.until))};
        return check_page(
            visit, filled, frame_of(visit, platform, *type), rows,
            {"order_type", "basis", "purpose", "category", "region", "fields", "from_date", "until_date"});
    };
    const auto send = [&]() -> Result<std::string> {
        GZ_TRY(const auto sent, visit.node.send_request(visit.actor, request, platform.party));
        (void)visit.node.wait_applied(sent.message.index);
        return request_done_link(sent.message.id.value, "category_request_sent");
    };
    return take_step(visit, filled,
                     {[&] { return show_asking(visit, filled); },
                      [&] { return visit.node.check_request(visit.actor, request); }, to_check, send});
}

}  // namespace

void add_category_request_page(http::Router& router, node::Node& node) {
    add_form_page(
        router, node,
        {"/platforms/{party}/requests/new", "request.send", Action::send_request, show_asking, act_on_asking});
}

}  // namespace gongzhi::web
