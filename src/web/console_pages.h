// The authority's console: cockpit, cases, scorecard. The platform's desk: requests, looks. Both: one record's versions.
// Each function adds its routes; which nodes have which is decided in add_pages.
#pragma once

#include "web/staff_page.h"

namespace gongzhi::web {

void add_cockpit_pages(http::Router& router, node::Node& node);
void add_case_list_page(http::Router& router, node::Node& node);
void add_case_page(http::Router& router, node::Node& node);
void add_case_step_pages(http::Router& router, node::Node& node);
void add_compose_pages(http::Router& router, node::Node& node);
void add_category_request_page(http::Router& router, node::Node& node);
void add_sent_request_page(http::Router& router, node::Node& node);
void add_rule_run_page(http::Router& router, node::Node& node);
void add_objection_page(http::Router& router, node::Node& node);
void add_reveal_pages(http::Router& router, node::Node& node);
void add_finding_pages(http::Router& router, node::Node& node);
void add_platform_pages(http::Router& router, node::Node& node);
void add_scorecard_page(http::Router& router, node::Node& node);
void add_desk_pages(http::Router& router, node::Node& node);  // all of the desk: those that follow, and /looks
void add_due_page(http::Router& router, node::Node& node);
void add_desk_request_pages(http::Router& router, node::Node& node);
void add_desk_answer_pages(http::Router& router, node::Node& node);
void add_rule_bundle_pages(http::Router& router, node::Node& node);
void add_submit_pages(http::Router& router, node::Node& node);
void add_submit_file_pages(http::Router& router, node::Node& node);
void add_submission_pages(http::Router& router, node::Node& node);
void add_check_pages(http::Router& router, node::Node& node);
void add_figures_page(http::Router& router, node::Node& node);
void add_comment_pages(http::Router& router, node::Node& node);
void add_record_page(http::Router& router, node::Node& node);

}  // namespace gongzhi::web
