#include "web/assets.h"

#include "base/bytes.h"
#include "crypto/digest.h"
#include "http/compress.h"
#include "web/embedded.h"

namespace gongzhi::web {
namespace {

constexpr size_t kDigestDigits = 16;  // enough to tell versions apart; nobody is to be convinced by it

constexpr std::string_view kStylesheet = "site.css", kVerifyScript = "scripts/verify.js";

std::string path_of(std::string_view base, std::string_view ending, std::string_view content) {
    return fmt::format("/assets/{}-{}.{}", base, to_hex(crypto::sha256(content).view()).substr(0, kDigestDigits),
                       ending);
}

http::Response asset(const http::Request& request) {
    const bool style = request.path == stylesheet_path();
    if (!style && request.path != verify_script_path())
        return http::problem(Error{ErrorCode::not_found, "there is nothing at this address", {}, {}});
    const std::string name(style ? kStylesheet : kVerifyScript);
    const bool gzip = http::takes_gzip(request);  // compressed when the program was built
    http::Response response =
        http::Response::text(200, std::string(embedded_file(gzip ? name + ".gz" : name)),
                             style ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8");
    if (gzip) response.headers.emplace_back("content-encoding", "gzip");
    response.headers.emplace_back("vary", "accept-encoding");
    response.headers.emplace_back("cache-control", "public, max-age=31536000, immutable");
    return response;
}

}  // namespace

std::string_view stylesheet() { return embedded_file(kStylesheet); }
std::string_view stylesheet_gzip() { return embedded_file("site.css.gz"); }

const std::string& stylesheet_path() {
    static const std::string path = path_of("site", "css", stylesheet());
    return path;
}

const std::string& verify_script_path() {
    static const std::string path = path_of("verify", "js", embedded_file(kVerifyScript));
    return path;
}

void add_asset_route(http::Router& router) {
    router.add({"GET", "/assets/{name}", http::Admission::anyone, "public", "page.asset", 0,
                [](http::Request request, http::Respond respond) { respond(asset(request)); }});
}

}  // namespace gongzhi::web
