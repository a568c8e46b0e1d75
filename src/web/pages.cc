#include "web/pages.h"

#include "web/assets.h"
#include "web/console_pages.h"
#include "web/gallery.h"
#include "web/portal_pages.h"
#include "web/sign_in_pages.h"
#include "web/staff_page.h"

namespace gongzhi::web {
namespace {

Result<StaffView> show_finding(const Visit& visit) {
    GZ_TRY(Json view, finding_view(visit.node, visit.request.path_values.at("id"), visit.language));
    const std::string title = visit.text("finding_caption") + " " + view["subject"].get<std::string>();
    return StaffView{"finding", title, std::move(view)};
}

Result<http::Response> download_finding(const Visit& visit) {
    GZ_TRY(const auto file, visit.node.finding_file(visit.request.path_values.at("id")));
    http::Response response = http::Response::text(200, file.format(), "application/json");
    response.headers.emplace_back("content-disposition", "attachment; filename=\"finding.json\"");
    return response;
}

}  // namespace

Status add_pages(http::Router& router, node::Node& node) {
    add_asset_route(router);
    add_gallery_route(router, node);
    add_sign_in_pages(router, node);
    add_portal_pages(router, node);
    add_verify_page(router, node);
    add_rule_pages(router, node);
    add_dictionary_pages(router, node);
    add_help_pages(router, node);
    add_unknown_page(router, node);
    add_staff_page(router, node, "/findings/{id}", "page.finding", show_finding);
    add_staff_route(router, node, "/findings/{id}/file", "finding.export", download_finding);
    add_record_page(router, node);
    if (staff_face(node) == Face::console) {
        add_cockpit_pages(router, node);
        add_case_list_page(router, node);
        add_case_page(router, node);
        add_scorecard_page(router, node);
        add_shop_page(router, node);
    } else {
        add_desk_pages(router, node);
    }
    return {};
}

}  // namespace gongzhi::web
