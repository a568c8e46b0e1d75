#include "web/assets.h"

#include "base/bytes.h"
#include "crypto/digest.h"
#include "web/embedded.h"

namespace gongzhi::web {
namespace {

constexpr size_t kDigestDigits = 16;  // enough to tell versions apart; nobody is to be convinced by it

http::Response asset(const http::Request& request) {
    if (request.path != stylesheet_path())
        return http::problem(Error{ErrorCode::not_found, "there is nothing at this address", {}, {}});
    const bool gzip = request.header("accept-encoding").find("gzip") != std::string_view::npos;
    http::Response response =
        http::Response::text(200, std::string(gzip ? stylesheet_gzip() : stylesheet()), "text/css; charset=utf-8");
    if (gzip) response.headers.emplace_back("content-encoding", "gzip");
    response.headers.emplace_back("vary", "accept-encoding");
    response.headers.emplace_back("cache-control", "public, max-age=31536000, immutable");
    return response;
}

}  // namespace

std::string_view stylesheet() { return embedded_file("site.css"); }
std::string_view stylesheet_gzip() { return embedded_file("site.css.gz"); }

const std::string& stylesheet_path() {
    static const std::string path =
        fmt::format("/assets/site-{}.css", to_hex(crypto::sha256(stylesheet()).view()).substr(0, kDigestDigits));
    return path;
}

void add_asset_route(http::Router& router) {
    router.add({"GET", "/assets/{name}", http::Admission::anyone, "public", "page.asset", 0,
                [](http::Request request, http::Respond respond) { respond(asset(request)); }});
}

}  // namespace gongzhi::web
