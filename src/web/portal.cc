// What all public pages share: the frame, the refusals, what answers an unknown address.
#include "web/portal_pages.h"
#include "web/session.h"

namespace gongzhi::web {
namespace {

std::optional<access::Actor> actor_of(node::Node& node, const http::Request& request) {
    auto actor = session_actor(node, request);
    return actor ? std::optional(*std::move(actor)) : std::nullopt;
}

http::Response answer_anyone(node::Node& node, const http::Request& request, const Show& show) {
    const std::optional<access::Actor> actor = actor_of(node, request);
    const Visit visit{node, request, actor.value_or(access::Actor{}), preferences_of(request).language};
    auto shown = show(visit);
    if (!shown) return message_page(shown.error(), request, node, actor);
    Frame frame = frame_for(request, node, actor, shown->title);
    frame.breadcrumbs = shown->breadcrumbs;
    return page(200, shown->name, request, node, frame, std::move(shown->view));
}

}  // namespace

void add_public_page(http::Router& router, node::Node& node, std::string pattern, std::string event, Show show) {
    router.add({"GET", std::move(pattern), http::Admission::anyone, "public", std::move(event), 0,
                [&node, show = std::move(show)](http::Request request, http::Respond respond) {
                    respond(answer_anyone(node, request, show));
                }});
}

void add_unknown_page(http::Router& router, node::Node& node) {
    router.add_fallback(
        {"GET", "/{rest*}", http::Admission::anyone, "public", "page.unknown", 0,
         [&node](http::Request request, http::Respond respond) {
             if (request.header("accept").find("text/html") == std::string_view::npos)
                 return respond(http::problem(Error{ErrorCode::not_found, "there is nothing at this address", {}, {}}));
             respond(message_page("not_found", 404, request, node, actor_of(node, request)));
         }});
}

}  // namespace gongzhi::web
