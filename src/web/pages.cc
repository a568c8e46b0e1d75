#include "web/pages.h"

#include "web/assets.h"
#include "web/console_pages.h"
#include "web/gallery.h"
#include "web/session.h"
#include "web/sign_in_pages.h"
#include "web/staff_page.h"

namespace gongzhi::web {
namespace {

constexpr size_t kReceiptFormBytesMax = 512u << 10;

http::Response verify_page(const http::Request& request, node::Node& node, const std::optional<std::string>& pasted) {
    const Language language = preferences_of(request).language;
    Json view = verification_view(node, pasted, language);
    const std::string title =
        view["result"].is_object() ? view["result"]["heading"].get<std::string>() : text(language, "verify_title");
    const Frame frame{.title = title, .navigation = public_navigation(request, language)};
    return page(200, "verify", request, node, frame, std::move(view));
}

http::Route public_page(std::string method, std::string pattern, std::string event, size_t body_max,
                        std::function<void(http::Request, http::Respond)> handle) {
    return {std::move(method), std::move(pattern), http::Admission::anyone, "public",
            std::move(event),  body_max,           std::move(handle)};
}

}  // namespace

Status add_pages(http::Router& router, node::Node& node) {
    add_asset_route(router);
    add_gallery_route(router, node);
    add_sign_in_pages(router, node);
    router.add(public_page("GET", "/", "page.home", 0, [&node](http::Request request, http::Respond respond) {
        const bool signed_in = session_actor(node, request).has_value();
        respond(redirect(signed_in ? staff_home(node) : link("/verify")));
    }));
    router.add(public_page("GET", "/verify", "page.verify", 0, [&node](http::Request request, http::Respond respond) {
        respond(verify_page(request, node, std::nullopt));
    }));
    router.add(public_page("POST", "/verify", "page.verify", kReceiptFormBytesMax,
                           [&node](http::Request request, http::Respond respond) {
                               const auto form = request.form();
                               const auto pasted = form.find("receipt");
                               respond(verify_page(request, node, pasted == form.end() ? "" : pasted->second));
                           }));
    add_record_page(router, node);
    if (staff_face(node) == Face::console) {
        add_cockpit_pages(router, node);
        add_case_list_page(router, node);
        add_finding_pages(router, node);
        add_case_page(router, node);
        add_case_step_pages(router, node);
        add_compose_pages(router, node);
        add_objection_page(router, node);
        add_reveal_pages(router, node);
        add_platform_pages(router, node);
        add_scorecard_page(router, node);
    } else {
        add_desk_pages(router, node);
    }
    return {};
}

}  // namespace gongzhi::web
