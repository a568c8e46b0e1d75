#include "web/pages.h"

#include "web/assets.h"
#include "web/console_pages.h"
#include "web/gallery.h"
#include "web/portal_pages.h"
#include "web/sign_in_pages.h"
#include "web/staff_page.h"

namespace gongzhi::web {
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
    add_record_page(router, node);
    if (staff_face(node) == Face::console) {
        add_cockpit_pages(router, node);
        add_case_list_page(router, node);
        add_finding_pages(router, node);
        add_case_page(router, node);
        add_case_step_pages(router, node);
        add_compose_pages(router, node);
        add_category_request_page(router, node);
        add_sent_request_page(router, node);
        add_rule_run_page(router, node);
        add_objection_page(router, node);
        add_reveal_pages(router, node);
        add_platform_pages(router, node);
        add_scorecard_page(router, node);
        add_shop_page(router, node);
    } else {
        add_desk_pages(router, node);
    }
    return {};
}

}  // namespace gongzhi::web
