// Commenting on a figure or a rule: plain words, signed, in both ledgers, shown by the authority beside what they are about.
#include <algorithm>

#include "web/comment_views.h"
#include "web/console_pages.h"
#include "web/desk_pieces.h"

namespace gongzhi::web {
namespace {

using access::Action;
using accountability::Comment;

// "metric:submissions-on-time", from the address first and from the form afterwards; `not_found` for what is neither.
Result<Comment> subject_of(const Visit& visit, const Filled& filled) {
    std::string about = filled.values.get("about");
    if (about.empty()) about = visit.request.query_value("about");
    const size_t colon = std::min(about.find(':'), about.size());
    Comment comment{about.substr(0, colon), about.substr(std::min(colon + 1, about.size())), {}};
    const auto& metrics = visit.node.metrics();
    const bool metric =
        comment.about_kind == "metric" &&
        std::any_of(metrics.begin(), metrics.end(), [&](const auto& each) { return each.id == comment.about_id; });
    const bool rule = comment.about_kind == "rule" && visit.node.rules().rule(comment.about_id);
    if (!metric && !rule) return fail(ErrorCode::not_found, "there is no metric or rule of this name");
    return comment;
}

Result<StaffView> show_commenting(const Visit& visit, const Filled& filled) {
    GZ_TRY(const Comment about, subject_of(visit, filled));
    Sheet sheet{.caption = comment_subject(visit.node, visit.language, about.about_kind, about.about_id),
                .title = visit.text("comment_title"),
                .lead = visit.text("comment_lead"),
                .breadcrumbs = {{visit.text("nav_figures"), link("/figures")}}};
    if (authorities(visit).empty()) sheet.warnings = {visit.text("no_authority")};
    FormView form(visit, filled, "comment_");
    form.hidden("about", about.about_kind + ":" + about.about_id);
    ask_authority(visit, form);
    form.textarea("words", {}, 8);
    sheet.form = form.view("comment_submit", link("/figures"));
    return sheet_view(std::move(sheet), filled);
}

std::string_view why_refused(const Error& error) {
    if (error.field == "day") return "comment_too_often";
    if (error.field == "markup") return "comment_markup";
    return error.code == ErrorCode::too_large ? "comment_too_long" : "comment_plain";
}

Result<Next> act_on_commenting(const Visit& visit, Filled& filled) {
    GZ_TRY(Comment comment, subject_of(visit, filled));
    const PartyId to = authority_in(visit, filled);
    comment.words = filled.needed(visit, "comment_", "words");
    if (!filled.errors.empty()) return Next{};
    const auto sent = visit.node.comments().say(visit.actor, to, comment);
    if (!sent && (sent.error().field == "day" || sent.error().field == "markup" || sent.error().field == "words"))
        filled.wrong("words", visit.text(why_refused(sent.error()),
                                         {{"count", std::to_string(accountability::kCommentsADay)},
                                          {"characters", std::to_string(accountability::kCommentCharsMax)}}));
    if (!filled.errors.empty()) return Next{};
    if (!sent) return tl::unexpected(sent.error());
    (void)visit.node.wait_applied(sent->index);
    return Next{link("/figures", {{"done", "commented"}}), {}};
}

}  // namespace

void add_comment_pages(http::Router& router, node::Node& node) {
    add_form_page(router, node, {"/comments/new", "comment.say", Action::comment, show_commenting, act_on_commenting});
}

}  // namespace gongzhi::web
