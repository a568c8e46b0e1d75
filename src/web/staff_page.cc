#include "web/staff_page.h"

#include "base/log.h"
#include "web/session.h"
#include "web/sign_in_pages.h"

namespace gongzhi::web {
namespace {

struct Place {
    const char *text, *path;
};
constexpr Place kConsole[] = {{"nav_cockpit", "/cockpit"},    {"nav_findings", "/findings"},   {"nav_cases", "/cases"},
                              {"nav_reveals", "/reveals"},    {"nav_platforms", "/platforms"}, {"nav_rules", "/rules"},
                              {"nav_scorecard", "/scorecard"}};
constexpr Place kDesk[] = {{"nav_due", "/due"},       {"nav_requests", "/requests"}, {"nav_rules", "/rule-bundles"},
                           {"nav_submit", "/submit"}, {"nav_checks", "/checks"},     {"nav_figures", "/figures"},
                           {"nav_looks", "/looks"}};

std::vector<PageLink> staff_navigation(const node::Node& node, const http::Request& request, Language language) {
    std::vector<PageLink> links;
    const auto add = [&](const Place& place) {
        const std::string_view path = request.path;
        const bool current = path == place.path || path.starts_with(std::string(place.path) + "/");
        links.push_back({text(language, place.text), link(place.path), current});
    };
    if (staff_face(node) == Face::console)
        for (const Place& place : kConsole) add(place);
    else
        for (const Place& place : kDesk) add(place);
    add({"nav_verify", "/verify"});
    add({"nav_help", "/help"});
    return links;
}

// Nobody is left standing: from here to the start, to help, to people.
Json ways_on(Language language, const node::Node& node, bool is_staff) {
    struct Way {
        const char* name;  // texts <name>_card, <name>_card_text
        std::string href;
    };
    const Way start = is_staff ? Way{"message_work", staff_home(node)} : Way{"message_home", link("/")};
    Json items = Json::array();
    for (const Way& way : {start, Way{"home_help", link("/help")}, Way{"home_ways", link("/ways")}})
        items.push_back({{"title", text(language, std::string(way.name) + "_card")},
                         {"href", way.href},
                         {"text", text(language, std::string(way.name) + "_card_text")}});
    return {{"items", std::move(items)}};
}

// Staff have an administrator, the public has the node's telephone.
std::string whom_to_ask(Language language, const node::Node& node, bool is_staff) {
    if (is_staff) return text(language, "what_now_staff");
    const std::string& telephone = node.config().telephone;
    return telephone.empty() ? text(language, "what_now")
                             : text(language, "what_now_telephone", {{"telephone", telephone}});
}

// A known actor's refusals are kept, as those of the API are.
void keep_refusal(node::Node& node, const access::Actor& actor, const std::string& event, const http::Request& request,
                  const Error& refused) {
    log_info("audit event={} actor={} outcome={}", event, actor.name, error_info(refused.code).name);
    if (const Status kept = node.audit_log().record(actor, event, request.path, refused); !kept)
        log_warning("a refusal could not be kept: {}", kept.error().describe());
}

Result<http::Response> answer_to(const Visit& visit, const Answer& answer) {
    GZ_CHECKED(access::may(visit.actor, access::Action::read));
    return answer(visit);
}

void add_staff(http::Router& router, node::Node& node, http::Route route, Answer answer) {
    route.handle = [&node, event = route.audit_event, answer = std::move(answer)](http::Request request,
                                                                                  http::Respond respond) {
        const auto actor = session_actor(node, request);
        // What was sent is lost with the session: after signing in, the form is there again, empty.
        if (!actor) return respond(sign_in_page(request, node, request.target, SignIn::needed));
        const Visit visit{node, request, *actor, preferences_of(request).language};
        auto response = answer_to(visit, answer);
        if (response) return respond(*std::move(response));
        keep_refusal(node, *actor, event, request, response.error());
        respond(message_page(response.error(), request, node, *actor));
    };
    router.add(std::move(route));
}

}  // namespace

std::string staff_home(const node::Node& node) {
    return link(staff_face(node) == Face::console ? kConsole[0].path : kDesk[0].path);
}

void add_staff_route(http::Router& router, node::Node& node, std::string pattern, std::string event, Answer answer) {
    add_staff(router, node, {"GET", std::move(pattern), http::Admission::token, "read", std::move(event), 0, {}},
              std::move(answer));
}

void add_export_route(http::Router& router, node::Node& node, std::string pattern, std::string event, Answer answer) {
    add_staff_route(router, node, std::move(pattern), event,
                    [event, answer = std::move(answer)](const Visit& visit) -> Result<http::Response> {
                        GZ_TRY(http::Response file, answer(visit));
                        GZ_CHECKED(visit.node.audit_log().record_export(visit.actor, event, visit.request.path));
                        return file;
                    });
}

void add_staff_post(http::Router& router, node::Node& node, std::string pattern, std::string event,
                    size_t body_bytes_max, Answer answer) {
    add_staff(router, node,
              {"POST", std::move(pattern), http::Admission::token, "act", std::move(event), body_bytes_max, {}},
              std::move(answer));
}

void add_staff_page(http::Router& router, node::Node& node, std::string pattern, std::string event, Show show) {
    add_staff_route(router, node, std::move(pattern), std::move(event),
                    [show = std::move(show)](const Visit& visit) -> Result<http::Response> {
                        GZ_TRY(StaffView shown, show(visit));
                        return staff_response(visit, std::move(shown));
                    });
}

http::Response staff_response(const Visit& visit, StaffView shown, int status) {
    Frame frame = frame_for(visit.request, visit.node, visit.actor, shown.title);
    frame.breadcrumbs = std::move(shown.breadcrumbs);
    return page(status, shown.name, visit.request, visit.node, frame, std::move(shown.view));
}

Frame frame_for(const http::Request& request, node::Node& node, const std::optional<access::Actor>& actor,
                std::string title) {
    const Language language = preferences_of(request).language;
    if (!actor) return {.title = std::move(title), .navigation = public_navigation(node, request, language)};
    return {.face = staff_face(node),
            .title = std::move(title),
            .navigation = staff_navigation(node, request, language),
            .actor = actor};
}

http::Response message_page(const Error& error, const http::Request& request, node::Node& node,
                            const std::optional<access::Actor>& actor) {
    const std::string base = error.code == ErrorCode::not_found   ? "not_found"
                             : error.code == ErrorCode::forbidden ? "forbidden"
                                                                  : "error";
    if (base == "error") log_warning("page={} failed: {}", request.path, error.describe());
    return message_page(base, error_info(error.code).http_status, request, node, actor);
}

http::Response message_page(const std::string& base, int status, const http::Request& request, node::Node& node,
                            const std::optional<access::Actor>& actor) {
    const Language language = preferences_of(request).language;
    const std::string heading = text(language, base + "_heading");
    return page(status, "message", request, node, frame_for(request, node, actor, heading),
                {{"heading", heading},
                 {"sentence", text(language, base + "_sentence")},
                 {"whom_to_ask", whom_to_ask(language, node, actor.has_value())},
                 {"ways", ways_on(language, node, actor.has_value())}});
}

}  // namespace gongzhi::web
