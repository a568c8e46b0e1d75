#include "web/due_items.h"

#include <algorithm>

#include "web/desk_pieces.h"

namespace gongzhi::web {
namespace {

using accountability::Due;
using accountability::DueState;

constexpr int kListed = 200;

std::string authority_name(const Visit& visit, const std::string& party) {
    return party_name(visit.node, visit.language, party);
}

UtcTime end_of_day(const Visit& visit, CivilDate day) {
    return UtcTime((int64_t{day.value} + 1) * kMicrosPerDay - 1 -
                   int64_t{visit.zone_minutes()} * 60 * kMicrosPerSecond);
}

// --- requests and orders ---

Status add_requests(const Visit& visit, std::vector<DueItem>& items) {
    GZ_TRY(const Json rows,
           affairs_rows(visit.node, fmt::format("SELECT * FROM request WHERE direction = 'received' AND state = 'open' "
                                                "ORDER BY deadline_time, entry LIMIT {}",
                                                kListed)));
    for (const Json& each : rows) {
        DueItem item{visit.text(text_at(each, "kind") == "order" ? "due_answer_order" : "due_answer_request",
                                {{"what", request_what(visit, each)}}),
                     request_link(text_at(each, "message_id")), authority_name(visit, text_at(each, "party"))};
        if (const auto deadline = parse_utc(text_at(each, "deadline_time"))) item.by = *deadline;
        items.push_back(std::move(item));
    }
    return {};
}

// --- submissions ---

struct Went {
    std::string record_type;
    UtcTime time;
};

// What of ours went to that authority, in order of time: only that counts as submitted.
Result<std::vector<Went>> sent_to(const Visit& visit, const Json& submissions, const PartyId& to) {
    std::vector<Went> all;
    for (const Json& each : submissions) {
        GZ_TRY(const auto entry, onward_entry(visit, each["entry"].get<int64_t>(), to));
        if (!entry) continue;
        GZ_TRY(const Json rows, affairs_rows(visit.node, "SELECT logged_time FROM message WHERE entry = $1",
                                             {static_cast<int64_t>(entry->value)}));
        const auto time = rows.empty() ? Result<UtcTime>(fail(ErrorCode::not_found, "not in the tables yet"))
                                       : parse_utc(text_at(rows[0], "logged_time"));
        if (time) all.push_back({text_at(each, "record_type"), *time});
    }
    std::sort(all.begin(), all.end(), [](const Went& a, const Went& b) { return a.time < b.time; });
    return all;
}

Json done_row(const Visit& visit, const accountability::Deadline& deadline, const Due& due, const std::string& to) {
    const bool late = due.state == DueState::late;
    return row({cell(pick(visit.language, deadline.title)), cell(day_text(visit.language, due.until)),
                cell(time_text(visit.language, *due.submitted, visit.zone_minutes())),
                tag_cell(tag(visit.text(late ? "due_state_late" : "due_state_in_time"), late ? "orange" : "green")),
                cell(authority_name(visit, to))});
}

// By the calendar, towards one authority since it was met; what is done goes into `done`.
Status add_calendar(const Visit& visit, const Json& submissions, const PartyId& to, UtcTime met,
                    std::vector<DueItem>& items, Json& done) {
    GZ_TRY(const std::vector<Went> went, sent_to(visit, submissions, to));
    for (const accountability::Deadline& deadline : visit.node.deadlines()) {
        accountability::Owing owing{visit.node.config().party.value, met, {}};
        for (const Went& each : went)
            if (each.record_type == deadline.record_type) owing.submitted_times.push_back(each.time);
        for (const Due& due :
             accountability::dues_of(deadline, owing, visit.node.clock().now(), visit.zone_minutes())) {
            if (due.submitted)
                done.push_back(done_row(visit, deadline, due, to.value));
            else
                items.push_back({visit.text("due_submit", {{"what", pick(visit.language, deadline.title)}}),
                                 link("/submit/" + path_segment(deadline.record_type) + "/file"),
                                 authority_name(visit, to.value), end_of_day(visit, due.until), deadline.record_type});
        }
    }
    return {};
}

// The first day by which records of a submission have to be there, where the law counts from a day of theirs.
Result<std::optional<UtcTime>> first_day_due(const Visit& visit, const pack::RecordType& type, int64_t entry) {
    if (!type.due) return std::optional<UtcTime>();
    GZ_TRY(const Json rows, records_rows(visit.node,
                                         fmt::format("SELECT min({}) AS day FROM store.{} WHERE entry_from = $1",
                                                     type.fields[type.due->after].name, type.name),
                                         {entry}));
    const auto day = parse_date(text_at(rows.at(0), "day"));
    if (!day) return std::optional<UtcTime>();
    const auto last = visit.node.pack().calendar().add_working_days(*day, type.due->working_days);
    return last ? std::optional<UtcTime>(end_of_day(visit, *last)) : std::optional<UtcTime>();
}

// Loaded here with a duty to leave, and not sent on yet.
Status add_unsent(const Visit& visit, const Json& submissions, const PartyId& to, std::vector<DueItem>& items) {
    for (const Json& each : submissions) {
        const pack::RecordType* type = visit.node.pack().record_type(text_at(each, "record_type"));
        if (!type || type->leaves_on != pack::LeavesOn::duty) continue;
        GZ_TRY(const auto went, onward_entry(visit, each["entry"].get<int64_t>(), to));
        if (went) continue;
        GZ_TRY(const auto by, first_day_due(visit, *type, each["entry"].get<int64_t>()));
        items.push_back({visit.text("due_send_on", {{"what", pick(visit.language, type->title)},
                                                    {"count", each["record_count"].dump()}}),
                         link("/submissions/" + path_segment(text_at(each, "message_id")) + "/onward"),
                         authority_name(visit, to.value), by, type->name});
    }
    return {};
}

Status add_submissions(const Visit& visit, std::vector<DueItem>& items, Json& done) {
    GZ_TRY(const Json submissions,
           affairs_rows(visit.node, "SELECT * FROM submission WHERE party = $1 ORDER BY entry DESC LIMIT 2000",
                        {visit.node.config().party.value}));
    GZ_TRY(const Json met, affairs_rows(visit.node,
                                        "SELECT party, min(admitted_time) AS met FROM party WHERE role = "
                                        "'authority' GROUP BY party ORDER BY party"));
    for (const Json& each : met) {
        const PartyId to(text_at(each, "party"));
        GZ_TRY(const UtcTime since, parse_utc(text_at(each, "met")));
        GZ_CHECKED(add_calendar(visit, submissions, to, since, items, done));
        GZ_CHECKED(add_unsent(visit, submissions, to, items));
    }
    return {};
}

// --- rules ---

Status add_rules(const Visit& visit, std::vector<DueItem>& items) {
    GZ_TRY(const Json rows,
           affairs_rows(visit.node, fmt::format("SELECT * FROM rule_bundle WHERE direction = 'received' AND state = "
                                                "'waiting' ORDER BY entry LIMIT {}",
                                                kListed)));
    for (const Json& each : rows) {
        const auto rule = visit.node.rules().rule(text_at(each, "rule"));  // its name, if our pack has it
        items.push_back(
            {visit.text("due_rule", {{"what", rule ? pick(visit.language, rule->title) : text_at(each, "rule")}}),
             link("/rule-bundles/" + path_segment(text_at(each, "message_id"))),
             authority_name(visit, text_at(each, "party"))});
    }
    return {};
}

// What has a time limit first, the nearest at the top.
void in_order(std::vector<DueItem>& items) {
    std::stable_sort(items.begin(), items.end(), [](const DueItem& a, const DueItem& b) {
        if (!a.by || !b.by) return a.by.has_value() && !b.by;
        return *a.by < *b.by;
    });
}

}  // namespace

Result<DueItems> due_items(const Visit& visit) {
    DueItems due;
    GZ_CHECKED(add_requests(visit, due.items));
    GZ_CHECKED(add_submissions(visit, due.items, due.done));
    GZ_CHECKED(add_rules(visit, due.items));
    in_order(due.items);
    return due;
}

}  // namespace gongzhi::web
