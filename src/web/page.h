// A whole page: a template with its view inside the frame that all pages share (header, navigation, footer).
#pragma once

#include <optional>

#include "http/router.h"
#include "node/node.h"
#include "web/preferences.h"
#include "web/render.h"

namespace gongzhi::web {

enum class Face { portal, desk, console };  // the public; a platform's people; an authority's people
Face staff_face(const node::Node& node);    // of the people of this node

struct PageLink {
    std::string text, href;  // href by `link`
    bool current = false;
};

struct Frame {
    Face face = Face::portal;
    std::string title;                   // what the h1 says, for the browser's tab
    std::vector<PageLink> navigation{};  // empty: none
    std::vector<PageLink> breadcrumbs{};
    std::optional<access::Actor> actor{};  // who is signed in
    std::string script{};                  // path of the one script that this page has; empty, as nearly always: none
};

// The answer with that page; keeps the visitor's preferences.
http::Response page(int status, std::string_view name, const http::Request& request, node::Node& node,
                    const Frame& frame, Json view);
// What the layout template needs.
Json layout_view(const http::Request& request, node::Node& node, const Frame& frame);
// The main places of this node that anybody may visit, and signing in; the one of this request is marked.
std::vector<PageLink> public_navigation(const node::Node& node, const http::Request& request, Language language);

}  // namespace gongzhi::web
