// Coming in and going out: the form with a token or with name and password, the link that is good once, signing out.
#pragma once

#include "web/page.h"

namespace gongzhi::web {

void add_sign_in_pages(http::Router& router, node::Node& node);

enum class SignIn { asked, needed, wrong_token, wrong_password, used_link };  // needed: by the page that was asked for
// The form; afterwards `next` is followed.
http::Response sign_in_page(const http::Request& request, node::Node& node, const std::string& next, SignIn why);

// `next` where it is a path of this site, else "/": never an address that somebody sent along.
std::string local_path(const std::string& next);
http::Response redirect(std::string target);

}  // namespace gongzhi::web
