// Help for each role: what you can do, step by step, what each error means, whom to call; and the words that pages use.
#include "web/article.h"
#include "web/collation.h"
#include "web/pieces.h"
#include "web/portal_pages.h"

namespace gongzhi::web {
namespace {

struct RoleHelp {
    const char* role;
    std::vector<std::string> sections;
    std::vector<std::string_view> errors;  // names of error codes that this role meets
};

const std::vector<RoleHelp>& roles() {
    static const std::vector<RoleHelp> all = {
        {"citizen",
         {"help_citizen_can", "help_citizen_verify", "help_citizen_complain"},
         {"not_found", "proof_invalid", "busy", "internal"}},
        {"officer",
         {"help_officer_can", "help_officer_finding", "help_officer_case", "help_officer_request",
          "help_officer_reveal"},
         {"blocked", "conflict", "forbidden", "not_found", "peer_unreachable", "erased"}},
        {"clerk",
         {"help_clerk_can", "help_clerk_submit", "help_clerk_answer", "help_clerk_object"},
         {"rejected", "duplicate", "malformed", "too_large", "conflict", "busy"}},
        {"engineer",
         {"help_engineer_can", "help_engineer_connect", "help_engineer_load", "help_engineer_rule"},
         {"malformed", "rejected", "duplicate", "too_large", "signature_invalid", "replayed", "peer_unreachable",
          "busy", "timeout"}},
        {"administrator",
         {"help_administrator_can", "help_administrator_join", "help_administrator_people", "help_administrator_keep"},
         {"unauthenticated", "forbidden", "unavailable", "peer_unreachable", "io", "corrupt"}}};
    return all;
}

// The words of an error as the table of codes has them, and what to do.
Json errors_table(const Visit& visit, const RoleHelp& help) {
    Json rows = Json::array();
    for (const std::string_view name : help.errors)
        for (const ErrorCodeInfo& info : error_table())
            if (info.name == name)
                rows.push_back(row({row_header(std::string(visit.language == Language::zh ? info.zh : info.en)),
                                    cell(visit.text("help_error_" + std::string(name)))}));
    return table("errors", visit.text("help_errors"),
                 {{visit.text("help_column_error")}, {visit.text("help_column_act")}}, std::move(rows));
}

Json whom_to_call(const Visit& visit, const RoleHelp& help) {
    Json section = article_section(visit.language, std::string("help_call_") + help.role);
    if (const std::string& telephone = visit.node.config().telephone; !telephone.empty())
        section["blocks"].push_back({{"paragraph", visit.text("footer_telephone", {{"telephone", telephone}})}});
    section["blocks"].push_back({{"href", link("/ways")}, {"link", visit.text("home_ways_card")}});
    return section;
}

Result<StaffView> show_role(const Visit& visit) {
    const std::string& asked = visit.request.path_values.at("role");
    const auto help =
        std::find_if(roles().begin(), roles().end(), [&](const RoleHelp& one) { return one.role == asked; });
    if (help == roles().end()) return fail(ErrorCode::not_found, "there is no help for this role");
    Json content = article(visit.language, help->sections);
    content["sections"].push_back(whom_to_call(visit, *help));
    const std::string title = visit.text("help_" + asked + "_title");
    return StaffView{"article",
                     title,
                     {{"title", title},
                      {"lead", visit.text("help_" + asked + "_lead")},
                      {"article", std::move(content)},
                      {"tables", {errors_table(visit, *help)}},
                      {"source", visit.text("help_source")}},
                     {{visit.text("nav_help"), link("/help")}}};
}

Result<StaffView> show_help(const Visit& visit) {
    Json people = Json::array(), more = Json::array();
    for (const RoleHelp& one : roles())
        people.push_back({{"title", visit.text(std::string("help_") + one.role + "_title")},
                          {"href", link(std::string("/help/") + one.role)},
                          {"text", visit.text(std::string("help_") + one.role + "_lead")}});
    for (const auto& [name, path] :
         {std::pair("help_glossary", "/glossary"), std::pair("home_ways", "/ways"),
          std::pair("home_objections", "/objections-and-complaints"), std::pair("home_about", "/about")})
        more.push_back({{"title", visit.text(std::string(name) + "_card")},
                        {"href", link(path)},
                        {"text", visit.text(std::string(name) + "_card_text")}});
    const auto group = [&](const char* id, Json items) {
        return Json{{"id", id},
                    {"heading", visit.text(std::string(id) + "_heading")},
                    {"cards", {{"items", std::move(items)}}}};
    };
    return StaffView{"cards",
                     visit.text("help_title"),
                     {{"title", visit.text("help_title")},
                      {"lead", {visit.text("help_lead")}},
                      {"groups", {group("help_who", std::move(people)), group("help_more", std::move(more))}},
                      {"source", visit.text("help_source")}}};
}

// The vocabulary, in no order: each reader gets that of the own language.
constexpr const char* kTerms[] = {"party",      "node",
                                  "desk",       "unit",
                                  "region",     "pack",
                                  "record",     "submission",
                                  "message",    "trace",
                                  "ledger",     "entry",
                                  "receipt",    "rule",
                                  "finding",    "clue",
                                  "case",       "filed",
                                  "closed",     "order",
                                  "request",    "objection",
                                  "metric",     "scorecard",
                                  "match",      "statistics_release",
                                  "reveal",     "gate",
                                  "witness",    "trader",
                                  "credit_code"};

Result<StaffView> show_glossary(const Visit& visit) {
    const Language other = visit.language == Language::zh ? Language::en : Language::zh;
    Json terms = Json::array();
    for (const std::string term : kTerms)
        terms.push_back({{"id", term},
                         {"name", visit.text("term_" + term)},
                         {"other", text(other, "term_" + term)},
                         {"other_lang", language_code(other)},
                         {"sentence", visit.text("term_" + term + "_is")}});
    sort_by(visit.language, terms, "name");
    return StaffView{"glossary",
                     visit.text("glossary_title"),
                     {{"terms", std::move(terms)}},
                     {{visit.text("nav_help"), link("/help")}}};
}

}  // namespace

void add_help_pages(http::Router& router, node::Node& node) {
    add_public_page(router, node, "/help", "page.help", show_help);
    add_public_page(router, node, "/help/{role}", "page.help_role", show_role);
    add_public_page(router, node, "/glossary", "page.glossary", show_glossary);
}

}  // namespace gongzhi::web
