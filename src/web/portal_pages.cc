// Home, the tour of a demonstration, how decisions are made, other ways than this site, objections and complaints.
#include "web/portal_pages.h"

#include "web/article.h"
#include "web/pieces.h"
#include "web/session.h"
#include "web/sign_in_pages.h"

namespace gongzhi::web {
namespace {

bool of_authority(const Visit& visit) { return staff_face(visit.node) == Face::console; }

std::string node_name(const Visit& visit) {
    return party_name(visit.node, visit.language, visit.node.config().party.value);
}

std::string source(const Visit& visit) {
    return visit.text("portal_source", {{"node", node_name(visit)},
                                        {"pack", pick(visit.language, visit.node.pack().title())},
                                        {"version", visit.node.pack().version()}});
}

struct Card {
    const char *name, *path;  // texts <name>_card, <name>_card_text
    bool authority_only = false;
};

// Invented content at a clock of its own: there a stranger is shown around.
bool is_demonstration(const Visit& visit) { return !visit.node.config().clock.empty(); }

Json cards(const Visit& visit, const std::string& id, std::initializer_list<Card> list) {
    Json items = Json::array();
    for (const Card& one : list)
        if (!one.authority_only || of_authority(visit))
            items.push_back({{"title", visit.text(std::string(one.name) + "_card")},
                             {"href", link(one.path)},
                             {"text", visit.text(std::string(one.name) + "_card_text")}});
    return {{"id", id}, {"heading", visit.text(id + "_heading")}, {"cards", {{"items", std::move(items)}}}};
}

Result<StaffView> show_home(const Visit& visit) {
    const char* whose = of_authority(visit) ? "home_whose_authority" : "home_whose_platform";
    Json groups = {cards(visit, "home_look", {{"home_verify", "/verify"}, {"home_shops", "/shops", true}}),
                   cards(visit, "home_power",
                         {{"home_about", "/about"},
                          {"home_scorecard", "/scorecard", true},
                          {"home_rules", "/rules"},
                          {"home_dictionary", "/dictionary"}}),
                   cards(visit, "home_act",
                         {{"home_objections", "/objections-and-complaints"},
                          {"home_ways", "/ways"},
                          {"home_help", "/help"},
                          {"home_login", "/login"}})};
    if (is_demonstration(visit)) groups.insert(groups.begin(), cards(visit, "home_tour", {{"home_tour", "/tour"}}));
    return StaffView{
        "cards",
        visit.text("home_title"),
        {{"title", visit.text("home_title")},
         {"lead", {visit.text("home_lead"), visit.text("home_data"), visit.text(whose, {{"node", node_name(visit)}})}},
         {"groups", groups},
         {"source", source(visit)}}};
}

StaffView article_view(const Visit& visit, const std::string& name, Json content, Json tables = Json::array()) {
    const std::string title = visit.text(name + "_title");
    return {"article",
            title,
            {{"title", title},
             {"lead", visit.text(name + "_lead")},
             {"article", std::move(content)},
             {"tables", std::move(tables)},
             {"source", source(visit)}}};
}

Result<StaffView> show_about(const Visit& visit) {
    return article_view(
        visit, "about",
        article(visit.language, {"about_people", "about_loop", "about_binds_authority", "about_binds_platforms",
                                 "about_public", "about_not_public", "about_check"}));
}

// The stops of the walk, each with the pages of this node on which it is seen.
struct Stop {
    const char* name;                                                            // texts <name>_heading, <name>_body
    std::vector<std::pair<const char*, const char*>> at_authority, at_platform;  // the text of a link, its path
};

const std::vector<Stop>& stops() {
    static const std::vector<Stop> all = {
        {"tour_supervision",
         {{"nav_findings", "/findings"}, {"nav_rules", "/rules"}},
         {{"nav_rules", "/rule-bundles"}}},
        {"tour_power", {{"nav_cases", "/cases"}}, {{"nav_due", "/due"}, {"nav_requests", "/requests"}}},
        {"tour_privacy", {{"nav_reveals", "/reveals"}}, {{"nav_looks", "/looks"}}},
        {"tour_data", {{"nav_platforms", "/platforms"}}, {{"nav_submit", "/submit"}}},
        {"tour_service", {{"nav_shops", "/shops"}}, {{"nav_checks", "/checks"}}},
        {"tour_figures", {{"nav_cockpit", "/cockpit"}, {"nav_scorecard", "/scorecard"}}, {{"nav_figures", "/figures"}}},
        {"tour_proof", {{"nav_verify", "/verify"}}, {{"nav_verify", "/verify"}}}};
    return all;
}

Result<StaffView> show_tour(const Visit& visit) {
    if (!is_demonstration(visit)) return fail(ErrorCode::not_found, "the tour leads through a demonstration");
    Json sections = Json::array();
    for (const Stop& stop : stops()) {
        Json section = article_section(visit.language, stop.name);
        for (const auto& [name, path] : of_authority(visit) ? stop.at_authority : stop.at_platform)
            section["blocks"].push_back({{"href", link(path)}, {"link", visit.text(name)}});
        sections.push_back(std::move(section));
    }
    return article_view(visit, "tour", {{"sections", std::move(sections)}});
}

// What somebody wrote into the configuration, on one line.
std::string one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

Result<StaffView> show_ways(const Visit& visit) {
    const node::NodeConfig& config = visit.node.config();
    const bool zh = visit.language == Language::zh;
    const std::string counter = one_line(zh ? config.counter_zh : config.counter_en);
    const std::string hours = one_line(zh ? config.hours_zh : config.hours_en);
    Json sections = Json::array();
    const auto add = [&](const char* name, const TextValues& values = {}) {
        sections.push_back(article_section(visit.language, name, values));
    };
    if (!config.telephone.empty()) add("ways_telephone", {{"telephone", one_line(config.telephone)}});
    if (!counter.empty()) add("ways_counter", {{"counter", counter}});
    if (!hours.empty()) add("ways_hours", {{"hours", hours}});
    if (sections.empty()) add("ways_unknown", {{"node", node_name(visit)}});
    for (const char* name : {"ways_always", "ways_print", "ways_post", "ways_larger"}) add(name);
    return article_view(visit, "ways", {{"sections", std::move(sections)}});
}

// The pack's order types by the names of their files, sorted.
std::vector<const pack::OrderType*> order_types(const pack::Pack& pack) {
    std::vector<const pack::OrderType*> types;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(pack.folder() / "orders", ignored))
        if (const pack::OrderType* type = pack.order_type(entry.path().stem().string())) types.push_back(type);
    std::sort(types.begin(), types.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
    return types;
}

Json periods_table(const Visit& visit) {
    const auto days = [&](int number) {
        return cell(number == 0 ? visit.text("none")
                                : visit.text("periods_days", {{"number", std::to_string(number)}}));
    };
    Json lines = Json::array();
    for (const pack::OrderType* type : order_types(visit.node.pack()))
        lines.push_back(row({row_header(pick(visit.language, type->title)), days(type->deadline_working_days),
                             days(type->objection_working_days), days(type->objection_answer_working_days),
                             cell(visit.text(type->deadline_unverified ? "periods_unverified" : "periods_verified"))}));
    return table("periods", visit.text("periods_caption"),
                 {{visit.text("periods_matter")},
                  {visit.text("periods_reply")},
                  {visit.text("periods_object")},
                  {visit.text("periods_answer")},
                  {visit.text("periods_checked")}},
                 std::move(lines));
}

Result<StaffView> show_objections(const Visit& visit) {
    const Json periods = periods_table(visit);
    std::vector<std::string> names = {"objections_merchant", "objections_platform", "objections_consumer",
                                      "objections_everyone", "objections_then"};
    if (!periods.is_object()) names.emplace_back("objections_no_periods");
    Json tables = Json::array();
    if (periods.is_object()) tables.push_back(periods);
    return article_view(visit, "objections", article(visit.language, names), std::move(tables));
}

}  // namespace

void add_portal_pages(http::Router& router, node::Node& node) {
    // The start page for who is signed in as well: "/" leads them to their work.
    add_public_page(router, node, "/portal", "page.portal", show_home);
    add_public_page(router, node, "/tour", "page.tour", show_tour);
    add_public_page(router, node, "/about", "page.about", show_about);
    add_public_page(router, node, "/ways", "page.ways", show_ways);
    add_public_page(router, node, "/objections-and-complaints", "page.objections", show_objections);
    // Who is signed in starts where the work is.
    router.add({"GET", "/", http::Admission::anyone, "public", "page.home", 0,
                [&node](http::Request request, http::Respond respond) {
                    if (session_actor(node, request)) return respond(redirect(staff_home(node)));
                    const Visit visit{node, request, {}, preferences_of(request).language};
                    auto shown = show_home(visit);
                    respond(page(200, shown->name, request, node, frame_for(request, node, {}, shown->title),
                                 std::move(shown->view)));
                }});
}

}  // namespace gongzhi::web
