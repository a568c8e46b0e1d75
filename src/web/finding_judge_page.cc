// Several subjects judged together: those chosen in the queue, or all that it lists where the address says all=1; who chose
// none is led back to the list. The page names each finding before anything happens, and what became of each afterwards. Only what was shown is judged: what arrives meanwhile waits on.
#include "supervision/review.h"
#include "web/case_pieces.h"
#include "web/finding_pieces.h"
#include "web/finding_queue.h"
#include "web/sheet.h"

namespace gongzhi::web {
namespace {

using access::Action;

constexpr size_t kSubjectsMax = 100, kFindingsMax = 500;

struct Chosen {
    Json findings = Json::array();  // rows of waiting findings within reach, subject by subject
    size_t asked = 0;               // subjects or findings that the address or the form names
};

// Rows of `finding`; `which` selects their ids by $1, a list for string_to_array.
Result<Json> waiting_rows(const Visit& visit, std::string_view which, const std::vector<std::string>& ids) {
    GZ_TRY(Json rows,
           affairs_rows(
               visit.node,
               fmt::format("SELECT finding_id, party, shop, subject, region, rule, verdict, "
                           "explanation_zh, explanation_en FROM finding WHERE state = 'waiting' AND finding_id IN "
                           "({}) ORDER BY entry LIMIT {}",
                           which, kFindingsMax),
               {list_parameter(ids)}));
    Json within = Json::array();
    for (Json& row : rows)
        if (access::reaches_region(visit.actor, text_at(row, "region"), visit.node.units()))
            within.push_back(std::move(row));
    return within;
}

using Subject = std::array<std::string, 3>;  // party, shop, what it is about
Subject subject_of(const Json& finding) {
    return {text_at(finding, "party"), text_at(finding, "shop"), text_at(finding, "subject")};
}

// As the queue has them: what comes first there is read first here, findings on one subject together.
void order_as_queue(Json& findings, const WaitingSubjects& waiting) {
    std::map<Subject, size_t> places;
    for (const WaitingSubject& each : waiting) places.try_emplace({each.party, each.shop, each.subject}, places.size());
    const auto place = [&](const Json& finding) {
        const auto found = places.find(subject_of(finding));
        return std::pair(found == places.end() ? places.size() : found->second, subject_of(finding));
    };
    std::stable_sort(findings.begin(), findings.end(),
                     [&](const Json& a, const Json& b) { return place(a) < place(b); });
}

bool asked_for_all(const Visit& visit) { return visit.request.query_value("all") == "1"; }

// By the form that was shown: exactly these findings. By an address: all findings on the subjects that it chooses.
Result<Chosen> chosen_in(const Visit& visit, const Filled& filled, FindingQueue& queue) {
    constexpr std::string_view kThese = "SELECT unnest(string_to_array($1, ','))";
    constexpr std::string_view kOnTheirSubjects =
        "SELECT w.finding_id FROM waiting_finding w JOIN waiting_finding c ON c.party = w.party AND c.shop = w.shop AND "
        "c.subject = w.subject WHERE c.finding_id IN (SELECT unnest(string_to_array($1, ',')))";
    Chosen chosen;
    std::vector<std::string> ids = filled.values.all("finding");
    const bool shown_before = !ids.empty();
    if (!shown_before) ids = visit.request.query_values("finding");
    std::erase_if(ids, [](const std::string& id) { return id.empty() || id.find(',') != std::string::npos; });
    GZ_TRY(const auto waiting, queue.within_reach(visit));
    if (ids.empty() && asked_for_all(visit)) {
        const QueueAsked asked = QueueAsked::of(visit.request);
        for (const WaitingSubject& each : *waiting)
            if (asked.fits(each)) ids.push_back(each.finding_id);
    }
    chosen.asked = ids.size();
    ids.resize(std::min(ids.size(), shown_before ? kFindingsMax : kSubjectsMax));
    if (ids.empty()) return chosen;
    GZ_TRY(chosen.findings, waiting_rows(visit, shown_before ? kThese : kOnTheirSubjects, ids));
    order_as_queue(chosen.findings, *waiting);
    return chosen;
}

size_t subjects_of(const Json& findings) {
    std::set<Subject> subjects;
    for (const Json& each : findings) subjects.insert(subject_of(each));
    return subjects.size();
}

std::string why(const Visit& visit, const Json& finding) {
    return text_at(finding, visit.language == Language::zh ? "explanation_zh" : "explanation_en");
}

// --- before ---

Json chosen_table(const Visit& visit, const Json& findings) {
    Json lines = Json::array();
    for (const Json& each : findings)
        lines.push_back(
            row({link_cell(text_at(each, "subject"), finding_link(text_at(each, "finding_id"))),
                 tag_cell(verdict_tag(visit, text_at(each, "verdict") == "suspect")),
                 rule_cell(visit, text_at(each, "rule")), cell(why(visit, each)), cell(text_at(each, "shop")),
                 cell(party_name(visit.node, visit.language, text_at(each, "party")))}));
    return table("chosen", visit.text("judge_caption"),
                 {{visit.text("column_subject")},
                  {visit.text("queue_verdict")},
                  {visit.text("queue_rules")},
                  {visit.text("finding_why")},
                  {visit.text("shop")},
                  {visit.text("platform")}},
                 std::move(lines));
}

Json judge_form(const Visit& visit, const Filled& filled, const Json& findings) {
    FormView form(visit, filled, "review_");
    form.radios("outcome", judgements(visit, "judge_case_note")).textarea("reason", {}, 3);
    for (const Json& each : findings) form.hidden("finding", text_at(each, "finding_id"));
    return form.view("judge_submit", link("/findings"));
}

// The list again, which says that nothing was chosen.
Result<StaffView> show_nothing_chosen(const Visit& visit, FindingQueue& queue) {
    Filled nothing;
    nothing.wrong("choose-1", visit.text("judge_none_chosen"));
    return show_finding_queue(visit, queue, nothing);
}

Result<StaffView> show_judging(const Visit& visit, const Filled& filled, FindingQueue& queue) {
    const bool chooses = !visit.request.query_values("finding").empty() || !filled.values.all("finding").empty();
    if (!chooses && !asked_for_all(visit)) return show_nothing_chosen(visit, queue);
    GZ_TRY(const Chosen chosen, chosen_in(visit, filled, queue));
    const size_t subjects = subjects_of(chosen.findings);
    Sheet sheet{.title = visit.text("judge_title", {{"count", std::to_string(subjects)}}),
                .lead = visit.text(subjects > 0 ? "judge_lead" : "judge_nothing"),
                .breadcrumbs = {{visit.text("nav_findings"), link("/findings")}}};
    if (subjects > 0) {
        sheet.warnings = {visit.text("judge_warning", {{"count", std::to_string(chosen.findings.size())}})};
        if (chosen.asked > kSubjectsMax && filled.values.empty())
            sheet.warnings.push_back(visit.text(
                "judge_first", {{"shown", std::to_string(subjects)}, {"all", std::to_string(chosen.asked)}}));
        sheet.sections = {{.heading = visit.text("judge_what"), .table = chosen_table(visit, chosen.findings)}};
        sheet.form = judge_form(visit, filled, chosen.findings);
    }
    return sheet_view(std::move(sheet), filled);
}

// --- the act, and what became of each ---

struct Judged {
    Json finding;
    std::string became;  // in words
    std::string case_id{};
};

std::string word_of(const Visit& visit, const Error& error) {
    return visit.text(error.code == ErrorCode::conflict ? "judge_decided_before" : "judge_not_done",
                      {{"title", std::string(visit.language == Language::zh ? error_info(error.code).zh
                                                                            : error_info(error.code).en)}});
}

// Each by itself: one that somebody else decided meanwhile does not stop the others.
class Judge {
public:
    Judge(const Visit& visit, std::string outcome, std::string reason)
        : visit_(visit), outcome_(std::move(outcome)), reason_(std::move(reason)) {}

    Judged decide(const Json& finding) {
        Judged judged{finding, coded(visit_.language, "judge_became_", outcome_)};
        const bool holds = outcome_ != "dismissed";
        const auto reviewed = supervision::review_finding(
            visit_.actor, {text_at(finding, "finding_id"), holds, reason_}, visit_.node.units(), visit_.node.ledger(),
            visit_.node.claims(), visit_.node.clock());
        if (!reviewed) return {finding, word_of(visit_, reviewed.error())};
        last_ = *reviewed;
        if (outcome_ == "case") open_case(judged);
        return judged;
    }
    void wait() const {
        if (last_) (void)visit_.node.wait_applied(*last_);
    }

private:
    // One case for each subject, on the first of its findings; the others are confirmed beside it.
    void open_case(Judged& judged) {
        std::string& case_id = cases_[subject_of(judged.finding)];
        if (case_id.empty()) {
            const auto opened = visit_.node.casework().open_case(visit_.actor, text_at(judged.finding, "finding_id"));
            if (!opened) {
                judged.became = word_of(visit_, opened.error());
                return;
            }
            last_ = opened->index;
            case_id = opened->case_id;
        }
        judged.case_id = case_id;
    }

    const Visit& visit_;
    const std::string outcome_, reason_;
    std::map<Subject, std::string> cases_;
    std::optional<EntryIndex> last_;
};

StaffView judged_page(const Visit& visit, const std::vector<Judged>& all, size_t gone) {
    Json lines = Json::array();
    for (const Judged& each : all)
        lines.push_back(
            row({link_cell(text_at(each.finding, "subject"), finding_link(text_at(each.finding, "finding_id"))),
                 rule_cell(visit, text_at(each.finding, "rule")), cell(each.became),
                 each.case_id.empty() ? cell(visit.text("none"))
                                      : link_cell(visit.text("finding_to_case"), case_link(each.case_id))}));
    Sheet sheet{.title = visit.text("judged_title"),
                .lead = visit.text("judged_lead", {{"count", std::to_string(all.size())}}),
                .actions = {{visit.text("judged_back"), link("/findings")}},
                .sections = {{.heading = visit.text("judged_what"),
                              .table = table("judged", visit.text("judged_caption"),
                                             {{visit.text("column_subject")},
                                              {visit.text("queue_rules")},
                                              {visit.text("judged_became")},
                                              {visit.text("judged_case")}},
                                             std::move(lines))}},
                .breadcrumbs = {{visit.text("nav_findings"), link("/findings")}}};
    if (gone > 0) sheet.warnings = {visit.text("judged_gone", {{"count", std::to_string(gone)}})};
    return sheet_view(std::move(sheet));
}

Result<Next> act_on_judging(const Visit& visit, Filled& filled, FindingQueue& queue) {
    if (filled.values.all("finding").empty()) return Next{link("/findings"), {}};
    const std::string outcome = filled.needed(visit, "review_", "outcome");
    const std::string reason = filled.needed(visit, "review_", "reason");
    if (!filled.errors.empty()) return Next{};
    GZ_TRY(const Chosen chosen, chosen_in(visit, filled, queue));
    Judge judge(visit, outcome, reason);
    std::vector<Judged> all;
    for (const Json& finding : chosen.findings) all.push_back(judge.decide(finding));
    judge.wait();
    return Next{{}, judged_page(visit, all, chosen.asked - all.size())};
}

}  // namespace

void add_judge_page(http::Router& router, node::Node& node, std::shared_ptr<FindingQueue> queue) {
    add_form_page(router, node,
                  {"/findings/judge", "finding.review", Action::review_finding,
                   [queue](const Visit& visit, const Filled& filled) { return show_judging(visit, filled, *queue); },
                   [queue](const Visit& visit, Filled& filled) { return act_on_judging(visit, filled, *queue); }});
}

}  // namespace gongzhi::web
