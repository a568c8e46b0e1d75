// The status of a shop's trader, for everybody: from the authority's own register and from what platforms submitted. A
// status and nothing else: no name, nothing personal, nothing of findings or cases, since nothing is decided there.
#include "pack/checks.h"
#include "web/pieces.h"
#include "web/portal_pages.h"
#include "web/typed_code.h"

namespace gongzhi::web {
namespace {

constexpr int64_t kQueryCharsMax = 64;  // as a shop number in the catalogue

enum class TraderStatus { valid, revoked, unknown, no_register, exempt, no_shop, several };
constexpr const char* kStatusNames[] = {"valid", "revoked", "unknown", "no_register", "exempt", "no_shop", "several"};

// "" where it can be looked up, else the text that says what is wrong.
std::string problem_with(const std::string& query) {
    if (query.empty()) return "shops_error_empty";
    const int64_t chars = pack::utf8_length(query);
    if (chars < 0 || pack::has_control_character(query)) return "shops_error_unreadable";
    return chars > kQueryCharsMax ? "shops_error_long" : "";
}

Result<TraderStatus> status_of_code(const Visit& visit, const std::string& code) {
    GZ_TRY(const auto connection, visit.node.records());
    // Without a name to compare, an entry in force answers name_differs: in force is what is asked here.
    GZ_TRY(const auto verdict, service::check_identity({code, ""}, *connection));
    if (verdict == service::IdentityVerdict::unknown) return TraderStatus::unknown;
    return verdict == service::IdentityVerdict::revoked ? TraderStatus::revoked : TraderStatus::valid;
}

// Of several traders of one shop the least favourable status counts.
Result<TraderStatus> status_of_traders(const Visit& visit, const Json& traders) {
    TraderStatus worst = TraderStatus::exempt;
    for (const Json& trader : traders) {
        if (text_at(trader, "kind") == "unregistered") continue;
        GZ_TRY(const TraderStatus status, status_of_code(visit, text_at(trader, "credit_code")));
        if (status == TraderStatus::revoked || worst == TraderStatus::revoked)
            worst = TraderStatus::revoked;
        else if (status == TraderStatus::unknown || worst == TraderStatus::unknown)
            worst = TraderStatus::unknown;
        else
            worst = status;
    }
    return worst;
}

struct ShopStatus {
    TraderStatus status = TraderStatus::no_shop;
    std::string party{};  // on whose platform, where it is on one
};

// The traders of the shops that `condition` finds by the number $1, on the platform $2 if it is not "".
Result<Json> traders_where(const Visit& visit, const std::string& condition, const std::string& shop,
                           const std::string& platform) {
    return records_rows(visit.node,
                        fmt::format("SELECT party, kind, credit_code FROM trader WHERE {} AND ($2 = '' OR party = $2) "
                                    "ORDER BY party, trader_id LIMIT 100",
                                    condition),
                        {shop, platform});
}

// Shop numbers are unique only within a platform. As it was typed first: small and capital letters may be two shops.
Result<ShopStatus> status_of_shop(const Visit& visit, const std::string& shop, const std::string& platform) {
    GZ_TRY(Json traders, traders_where(visit, "shop = $1", shop, platform));
    if (traders.empty()) {
        GZ_TRY(traders, traders_where(visit, "upper(shop) = upper($1)", shop, platform));
    }
    if (traders.empty()) return ShopStatus{};
    const std::string first = text_at(traders.front(), "party");
    for (const Json& trader : traders)
        if (text_at(trader, "party") != first) return ShopStatus{TraderStatus::several};
    GZ_TRY(const TraderStatus status, status_of_traders(visit, traders));
    return ShopStatus{status, first};
}

// When the register was last changed here; false where nothing is in it.
Result<Json> register_time(const Visit& visit) {
    GZ_TRY(const Json rows,
           affairs_rows(visit.node, "SELECT max(received_time) AS last FROM submission WHERE record_type = $1",
                        {std::string(service::kRegistryType)}));
    return rows.empty() ? Json() : rows[0]["last"];
}

struct Lookup {
    std::string query, platform, problem;  // problem: a text's key, "" where there is an answer
    TraderStatus status = TraderStatus::unknown;
    std::string shop_party;  // the platform of the shop that was found, "" where a code was looked up
    Json register_time;      // null where no register was loaded
};

// Of a code that passes its check the register answers; all else is a shop number.
Status find(const Visit& visit, Lookup& lookup) {
    const std::string code = as_credit_code(lookup.query);
    if (pack::valid_credit_code(code)) {
        GZ_TRY(lookup.status, status_of_code(visit, code));
        return {};
    }
    GZ_TRY(const ShopStatus shop, status_of_shop(visit, lookup.query, lookup.platform));
    lookup.status = shop.status;
    lookup.shop_party = shop.party;
    // What looks like a code and is no shop was most likely mistyped: that is more help than "no such shop".
    if (lookup.status == TraderStatus::no_shop && has_code_form(code)) lookup.problem = "shops_error_check";
    if (lookup.status == TraderStatus::several) lookup.problem = "shops_error_several";
    return {};
}

Result<Lookup> look_up(const Visit& visit) {
    Lookup lookup;
    lookup.query = plain_form(visit.request.query_value("q"));
    lookup.platform = visit.request.query_value("platform");
    lookup.problem = problem_with(lookup.query);
    // Somebody's identity number is looked up nowhere and not shown again.
    const std::string code = as_credit_code(lookup.query);
    if (pack::valid_id_card(code) && !pack::valid_credit_code(code)) {
        lookup.query.clear();
        lookup.problem = "shops_error_person";
    }
    if (!lookup.problem.empty()) return lookup;
    GZ_CHECKED(find(visit, lookup));
    GZ_TRY(lookup.register_time, register_time(visit));
    // Nobody is missing from a register that is not there.
    if (lookup.register_time.is_null() && lookup.status == TraderStatus::unknown)
        lookup.status = TraderStatus::no_register;
    return lookup;
}

Json platform_select(const Visit& visit, const std::string& chosen) {
    Json items = {{{"value", ""}, {"text", visit.text("shops_any_platform")}, {"selected", chosen.empty()}}};
    for (const exchange::PartyDescriptor& peer : visit.node.peers().all())
        if (peer.role == exchange::PartyRole::platform)
            items.push_back({{"value", peer.party.value},
                             {"text", visit.language == Language::zh ? peer.name_zh : peer.name_en},
                             {"selected", peer.party.value == chosen}});
    if (items.size() < 3) return false;  // one platform or none: nothing to choose
    return {{"id", "platform"},
            {"name", "platform"},
            {"label", visit.text("shops_platform_label")},
            {"hint", visit.text("shops_platform_hint")},
            {"items", std::move(items)}};
}

Json form_view(const Visit& visit, const Lookup& lookup, const std::string& error) {
    return {{"action", link("/shops")},
            {"query",
             {{"id", "q"},
              {"name", "q"},
              {"label", visit.text("shops_label")},
              {"hint", visit.text("shops_hint")},
              {"autocomplete", "off"},
              {"required", true},
              {"value", lookup.query},
              {"error", error.empty() ? Json(false) : Json(error)}}},
            {"platform", platform_select(visit, lookup.platform)},
            {"submit", {{"text", visit.text("shops_button")}}}};
}

Json result_view(const Visit& visit, const Lookup& lookup) {
    const std::string name = std::string("shops_") + kStatusNames[static_cast<size_t>(lookup.status)];
    const std::string now = time_text(visit.language, visit.node.clock().now(), visit.zone_minutes());
    const Json& last = lookup.register_time;
    const bool bad = lookup.status == TraderStatus::revoked;
    return {
        {"bad", bad},
        {"neutral", !bad && lookup.status != TraderStatus::valid},
        {"heading", visit.text(name + "_heading")},
        {"asked", visit.text("shops_asked", {{"query", lookup.query}})},
        {"where", lookup.shop_party.empty()
                      ? Json(false)
                      : Json(visit.text("shops_where",
                                        {{"platform", party_name(visit.node, visit.language, lookup.shop_party)}}))},
        {"means", visit.text(name + "_means")},
        {"act", visit.text(name + "_act")},
        {"as_of", last.is_null() ? visit.text("shops_register_empty", {{"now", now}})
                                 : visit.text("shops_as_of", {{"now", now}, {"last", moment(visit, last)}})}};
}

bool has_registry(const pack::Pack& pack) {
    return pack.record_type(service::kRegistryType) != nullptr && pack.record_type("trader") != nullptr;
}

Result<StaffView> show_shops(const Visit& visit) {
    const std::string& target = visit.request.target;
    const bool asked = target.find("?q=") != std::string::npos || target.find("&q=") != std::string::npos;
    Json view = {{"errors", false}, {"result", false}, {"form", false}};
    std::string title = visit.text("shops_title");
    if (has_registry(visit.node.pack())) {
        Lookup lookup;
        if (asked) {
            GZ_TRY(lookup, look_up(visit));
        }
        const std::string error = lookup.problem.empty() ? "" : visit.text(lookup.problem);
        view["form"] = form_view(visit, lookup, error);
        if (!error.empty()) view["errors"] = {{"items", {{{"text", error}, {"href", "#q"}}}}};
        if (asked && error.empty()) {
            view["result"] = result_view(visit, lookup);
            title = view["result"]["heading"].get<std::string>();
        }
    }
    view["source"] =
        visit.text("shops_source", {{"node", party_name(visit.node, visit.language, visit.node.config().party.value)}});
    return StaffView{"shops", title, std::move(view)};
}

}  // namespace

void add_shop_page(http::Router& router, node::Node& node) {
    add_public_page(router, node, "/shops", "page.shops", show_shops);
}

}  // namespace gongzhi::web
