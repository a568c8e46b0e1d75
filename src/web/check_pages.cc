// Checks of traders against an authority's register: the list, a new one, and the answer that came at once and is kept.
#include <algorithm>

#include "pack/checks.h"
#include "web/console_pages.h"
#include "web/desk_pieces.h"
#include "web/typed_code.h"

namespace gongzhi::web {
namespace {

using access::Action;
using service::IdentityItem;

constexpr int kListed = 100;
constexpr size_t kResultsShown = 200;
constexpr size_t kFormBytes = 1u << 20;  // 5,000 lines of a code and a name
constexpr std::string_view kVerdicts[] = {"revoked", "unknown", "name_differs", "valid"};  // what needs work first

std::string check_link(const std::string& id) { return link("/checks/" + path_segment(id)); }

// --- the list ---

std::string not_valid(const Visit& visit, const Json& check) {
    std::string words;
    for (const std::string_view verdict : kVerdicts) {
        const Json& count = check[std::string(verdict)];
        if (verdict == "valid" || count.is_null() || count == 0) continue;
        words += (words.empty() ? "" : visit.text("list_comma")) +
                 visit.text("check_count", {{"verdict", coded(visit.language, "verdict_", std::string(verdict))},
                                            {"count", count.dump()}});
    }
    return words.empty() ? visit.text("none") : words;
}

Json checks_table(const Visit& visit, const Json& checks) {
    Json lines = Json::array();
    for (const Json& each : checks) {
        Json when = row_header(moment(visit, each["asked_time"]));
        when["href"] = check_link(text_at(each, "check_id"));
        lines.push_back(
            row({when, number_cell(each["items"].get<int64_t>()),
                 number_cell(each["valid"].is_null() ? visit.text("check_no_answer_yet") : each["valid"].dump()),
                 cell(not_valid(visit, each)), cell(party_name(visit.node, visit.language, text_at(each, "party")))}));
    }
    return table("checks", visit.text("checks_caption"),
                 {{visit.text("column_time")},
                  {visit.text("column_traders"), true},
                  {visit.text("verdict_valid"), true},
                  {visit.text("check_others")},
                  {visit.text("check_asked_at")}},
                 std::move(lines));
}

Result<StaffView> show_checks(const Visit& visit) {
    GZ_TRY(const Json checks,
           affairs_rows(visit.node, fmt::format("SELECT * FROM identity_check ORDER BY entry DESC LIMIT {}", kListed)));
    Sheet sheet{.title = visit.text("checks_title"),
                .lead = visit.text("checks_lead"),
                .next = visit.text("checks_next"),
                .source = visit.text("checks_source")};
    if (access::may(visit.actor, Action::check_traders))
        sheet.actions = {{visit.text("check_new"), link("/checks/new")}};
    SheetSection section{.table = checks_table(visit, checks)};
    if (checks.empty()) section.paragraphs = {visit.text("checks_empty")};
    sheet.sections = {std::move(section)};
    return sheet_view(std::move(sheet));
}

// --- a new one ---

Result<StaffView> show_new(const Visit& visit, const Filled& filled) {
    Sheet sheet{.caption = visit.text("checks_title"),
                .title = visit.text("check_new"),
                .lead = visit.text("check_new_lead"),
                .breadcrumbs = {{visit.text("checks_title"), link("/checks")}}};
    if (authorities(visit).empty()) sheet.warnings = {visit.text("no_authority")};
    FormView form(visit, filled, "check_");
    ask_authority(visit, form);
    form.input("code").input("name").textarea("list", {}, 6);
    sheet.form = form.view("check_submit", link("/checks"));
    return sheet_view(std::move(sheet), filled);
}

std::string trimmed(std::string_view text) {
    constexpr std::string_view spaces = " \t\r\"";
    const size_t first = text.find_first_not_of(spaces);
    return first == std::string_view::npos ? std::string()
                                           : std::string(text.substr(first, text.find_last_not_of(spaces) - first + 1));
}

// "91350100M000100Y43, 示例商贸有限公司": code and name, parted by a comma of either kind, a tab or a space.
std::optional<IdentityItem> item_of(std::string_view line) {
    size_t at = std::string_view::npos, width = 1;
    for (const std::string_view mark : {",", "，", "\t", "、", " "})
        if (const size_t found = line.find(mark); found < at) at = found, width = mark.size();
    if (at == std::string_view::npos) return std::nullopt;
    IdentityItem item{as_credit_code(trimmed(line.substr(0, at))), trimmed(line.substr(at + width))};
    if (item.credit_code.empty() || item.name.empty()) return std::nullopt;
    return item;
}

// Whether the register's codes are those of GB 32100: another pack may have its own, which only the authority can judge.
bool knows_code(const pack::Pack& pack) {
    const pack::RecordType* registry = pack.record_type(service::kRegistryType);
    const auto slot = registry ? registry->slot_of("credit_code") : std::nullopt;
    return slot && registry->fields[*slot].check == "credit_code";
}

// What is wrong with a code, seen before anything is sent; "" where nothing is.
std::string problem_of_code(const Visit& visit, const std::string& code) {
    if (!knows_code(visit.node.pack())) return {};
    const int64_t count = pack::utf8_length(code);
    if (count >= 0 && count != kCreditCodeChars)
        return visit.text("check_code_length", {{"count", std::to_string(count)}});
    if (!has_code_form(code)) return visit.text("check_code_characters");
    return pack::valid_credit_code(code) ? std::string() : visit.text("check_code_last");
}

void add_lines(const Visit& visit, Filled& filled, std::vector<IdentityItem>& items) {
    const std::string list = filled.values.get("list");
    std::string_view rest = list;
    for (size_t number = 1; !rest.empty(); ++number) {
        const size_t end = std::min(rest.find('\n'), rest.size());
        const std::string line = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.empty()) continue;
        const std::string at = std::to_string(number);
        auto item = item_of(line);
        if (!item) return filled.wrong("list", visit.text("check_line_wrong", {{"line", at}}));
        if (const std::string problem = problem_of_code(visit, item->credit_code); !problem.empty())
            return filled.wrong("list", visit.text("check_line_code", {{"line", at}, {"problem", problem}}));
        items.push_back(*std::move(item));
    }
    if (items.size() > service::kCheckItemsMax)
        filled.wrong("list", visit.text("check_too_many", {{"count", std::to_string(service::kCheckItemsMax)}}));
}

std::vector<IdentityItem> items_in(const Visit& visit, Filled& filled) {
    std::vector<IdentityItem> items;
    const std::string code = as_credit_code(filled.values.get("code")), name = filled.values.get("name");
    if (code.empty() != name.empty())
        filled.wrong(code.empty() ? "code" : "name",
                     visit.text(code.empty() ? "check_code_missing" : "check_name_missing"));
    if (const std::string problem = code.empty() ? "" : problem_of_code(visit, code); !problem.empty())
        filled.wrong("code", problem);
    if (!code.empty() && !name.empty()) items.push_back({code, name});
    add_lines(visit, filled, items);
    if (items.empty() && filled.errors.empty()) filled.wrong("code", visit.text("check_nothing"));
    return items;
}

Result<Next> act_on_new(const Visit& visit, Filled& filled) {
    const PartyId to = authority_in(visit, filled);
    const std::vector<IdentityItem> items = items_in(visit, filled);
    if (!filled.errors.empty()) return Next{};
    const auto answer = visit.node.check_traders(visit.actor, to, items);
    // Not answered in time: it is kept, and the list shows it once it comes.
    if (!answer && answer.error().code == ErrorCode::unavailable)
        return Next{link("/checks", {{"done", "check_asked"}}), {}};
    if (!answer && answer.error().code == ErrorCode::too_large) filled.wrong("list", visit.text("check_text_too_long"));
    if (!filled.errors.empty()) return Next{};
    if (!answer) return tl::unexpected(answer.error());
    (void)visit.node.wait_applied();
    return Next{check_link(text_at(*answer, "check")), {}};
}

// --- one, with its answer ---

// What we asked: the names are in our own message, the answer has the codes alone.
Result<Json> asked_items(const Visit& visit, int64_t entry_index) {
    GZ_TRY(const ledger::Entry entry, visit.node.ledger().read(EntryIndex(static_cast<uint64_t>(entry_index))));
    GZ_TRY(const Bytes bytes, visit.node.ledger().read_blob(entry, ledger::Part::message_body, 0));
    GZ_TRY(const Json body, parse_json(bytes));
    return body.value("items", Json::array());
}

std::string_view colour_of(const std::string& verdict) {
    if (verdict == "valid") return "green";
    return verdict == "name_differs" ? "orange" : verdict == "revoked" ? "red" : "grey";
}

Json results_table(const Visit& visit, const Json& items, const Json& answer) {
    Json lines = Json::array();
    for (const std::string_view verdict : kVerdicts)
        for (size_t i = 0; i < answer["results"].size() && lines.size() < kResultsShown; ++i) {
            const Json& result = answer["results"][i];
            const std::string found = text_at(result, "verdict");
            if (found != verdict) continue;
            const Json item = i < items.size() ? items[i] : Json::object();
            lines.push_back(
                row({row_header(text_at(item, "name")),
                     tag_cell(tag(coded(visit.language, "verdict_", found), colour_of(found))),
                     cell(coded(visit.language, "verdict_do_", found)), cell(text_at(result, "credit_code"))}));
        }
    const std::string shown = std::to_string(lines.size());
    return table("results", visit.text("check_results_caption", {{"shown", shown}}),
                 {{visit.text("check_name")},
                  {visit.text("check_verdict")},
                  {visit.text("finding_next")},
                  {visit.text("check_code")}},
                 std::move(lines));
}

Result<StaffView> show_check(const Visit& visit) {
    const std::string& id = visit.request.path_values.at("id");
    GZ_TRY(const Json rows, affairs_rows(visit.node, "SELECT * FROM identity_check WHERE check_id = $1", {id}));
    if (rows.empty()) return fail(ErrorCode::not_found, "there is nothing of this id here");
    GZ_TRY(const Json items, asked_items(visit, rows[0]["entry"].get<int64_t>()));
    const auto answer = visit.node.checks().answer_to(id);
    Sheet sheet{.caption = visit.text("check_caption"),
                .title = visit.text("check_title", {{"time", moment(visit, rows[0]["asked_time"])}}),
                .lead = visit.text(answer ? "check_lead" : "check_lead_waits"),
                .source = visit.text("checks_source"),
                .breadcrumbs = {{visit.text("checks_title"), link("/checks")}}};
    Facts facts(visit);
    facts.add("check_asked_at", party_name(visit.node, visit.language, text_at(rows[0], "party")))
        .add("column_traders", std::to_string(items.size()));
    if (answer) {
        facts.add("check_as_of", moment(visit, (*answer)["as_of"]));
        for (const std::string_view verdict : kVerdicts)
            facts.add("verdict_" + std::string(verdict), rows[0][std::string(verdict)].dump());
    }
    facts.add("column_check_number", id);
    SheetSection section{.facts = facts.list()};
    section.links = {{visit.text("check_receipt"), receipt_link(id), "check.receipt"}};
    sheet.sections = {std::move(section)};
    if (answer && answer->contains("results") && (*answer)["results"].is_array())
        sheet.sections.push_back({.table = results_table(visit, items, *answer)});
    return sheet_view(std::move(sheet));
}

}  // namespace

void add_check_pages(http::Router& router, node::Node& node) {
    add_staff_page(router, node, "/checks", "page.checks", show_checks);
    // Before the pattern with a number in its place: the first that fits is taken.
    add_form_page(router, node, {"/checks/new", "check.ask", Action::check_traders, show_new, act_on_new, kFormBytes});
    add_staff_page(router, node, "/checks/{id}", "page.check", show_check);
}

}  // namespace gongzhi::web
