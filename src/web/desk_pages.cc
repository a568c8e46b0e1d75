// The platform's desk: every page of it, and who looked at protected values of our data.
#include "web/console_pages.h"
#include "web/pieces.h"

namespace gongzhi::web {
namespace {

Json looks_table(const Visit& visit, const Json& looks) {
    const pack::Pack& pack = visit.node.pack();
    Json lines = Json::array();
    for (const Json& each : looks) {
        const std::string type = text_at(each, "record_type"), id = text_at(each, "record_id");
        const pack::Purpose* purpose = pack.purpose(text_at(each, "purpose"));
        std::string why = purpose ? pick(visit.language, purpose->title) : text_at(each, "purpose");
        if (const std::string note = text_at(each, "note"); !note.empty()) why += visit.text("colon") + note;
        std::string who = person(visit.language, text_at(each, "looked_by"));
        const std::string unit = text_at(each, "unit");
        lines.push_back(row({cell(moment(visit, each["logged_time"])), cell(who),
                             cell(party_name(visit.node, visit.language, text_at(each, "party")) +
                                  (unit.empty() ? "" : visit.text("colon") + unit)),
                             link_cell(id, record_link(type, id)),
                             cell(field_name(pack, visit.language, type + "." + text_at(each, "field"))), cell(why),
                             cell(text_at(each, "case_id"))}));
    }
    return table("looks", visit.text("looks_caption"),
                 {{visit.text("column_time")},
                  {visit.text("column_who")},
                  {visit.text("column_unit")},
                  {visit.text("column_record")},
                  {visit.text("column_field")},
                  {visit.text("column_purpose")},
                  {visit.text("column_case")}},
                 std::move(lines));
}

Result<StaffView> show_looks(const Visit& visit) {
    GZ_TRY(const Json looks, affairs_rows(visit.node, "SELECT * FROM look ORDER BY entry DESC LIMIT 100"));
    return StaffView{"looks", visit.text("looks_title"), {{"looks", looks_table(visit, looks)}}};
}

}  // namespace

void add_desk_pages(http::Router& router, node::Node& node) {
    add_due_page(router, node);
    add_desk_request_pages(router, node);
    add_desk_answer_pages(router, node);
    add_rule_bundle_pages(router, node);
    add_submit_pages(router, node);
    add_submit_file_pages(router, node);
    add_submission_pages(router, node);
    add_check_pages(router, node);
    add_figures_page(router, node);
    add_comment_pages(router, node);
    add_staff_page(router, node, "/looks", "page.looks", show_looks);
}

}  // namespace gongzhi::web
