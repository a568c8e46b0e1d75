// Pages of signed-in people: the session, the right to read, the navigation of their face, and the record of what was
// refused, once for all of them.
#pragma once

#include "web/page.h"

namespace gongzhi::web {

struct Visit {
    node::Node& node;
    const http::Request& request;
    access::Actor actor;
    Language language;

    std::string text(std::string_view key, const TextValues& values = {}) const {
        return web::text(language, key, values);
    }
    int zone_minutes() const { return node.pack().zone_offset_minutes(); }
};

struct StaffView {
    std::string_view name;  // of the template
    std::string title;      // what the h1 says
    Json view;
    std::vector<PageLink> breadcrumbs{};
};

// Somebody without a session gets the form to sign in; an error becomes its page and, of a known actor, stands in the
// audit log.
using Answer = std::function<Result<http::Response>(const Visit&)>;
void add_staff_route(http::Router& router, node::Node& node, std::string pattern, std::string event, Answer answer);
void add_staff_post(http::Router& router, node::Node& node, std::string pattern, std::string event,
                    size_t body_bytes_max, Answer answer);
// A file to take away: who took it stands in the audit log.
void add_export_route(http::Router& router, node::Node& node, std::string pattern, std::string event, Answer answer);
using Show = std::function<Result<StaffView>(const Visit&)>;
void add_staff_page(http::Router& router, node::Node& node, std::string pattern, std::string event, Show show);

// A page inside the frame of the visitor's face.
http::Response staff_response(const Visit& visit, StaffView shown, int status = 200);
// The frame of a page that anybody may see: the portal's, or that of their own face for who is signed in.
Frame frame_for(const http::Request& request, node::Node& node, const std::optional<access::Actor>& actor,
                std::string title);

// Where signed-in people start.
std::string staff_home(const node::Node& node);

// "Not found" and its like; `base` names the texts <base>_heading and <base>_sentence.
http::Response message_page(const Error& error, const http::Request& request, node::Node& node,
                            const std::optional<access::Actor>& actor = {});
http::Response message_page(const std::string& base, int status, const http::Request& request, node::Node& node,
                            const std::optional<access::Actor>& actor);

}  // namespace gongzhi::web
