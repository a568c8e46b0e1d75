// The public portal: pages for anyone, in the portal's frame, or in that of their own face for who is signed in.
#pragma once

#include "web/staff_page.h"

namespace gongzhi::web {

// A page for anyone. Without a session the visit's actor has no role and no name: such a page shows what is public.
void add_public_page(http::Router& router, node::Node& node, std::string pattern, std::string event, Show show);

void add_portal_pages(http::Router& router, node::Node& node);  // home, about, other ways, objections and complaints
void add_help_pages(http::Router& router, node::Node& node);    // help by role, glossary
void add_rule_pages(http::Router& router, node::Node& node);    // the pack's rules; those that follow
void add_rule_version_page(http::Router& router, node::Node& node);  // one version by its digest
void add_dictionary_pages(http::Router& router, node::Node& node);   // the pack's record types
void add_shop_page(http::Router& router, node::Node& node);          // of an authority: the status of a shop or a code
void add_verify_page(http::Router& router, node::Node& node);

// What answers an address that nothing else does: a page for browsers, the problem as JSON for programs.
void add_unknown_page(http::Router& router, node::Node& node);

}  // namespace gongzhi::web
