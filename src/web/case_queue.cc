#include "web/case_queue.h"

#include "web/due_time.h"

namespace gongzhi::web {
namespace {

constexpr size_t kWordsBytesMax = 200, kChosenMax = 50;
constexpr int64_t kSortedWhole = 2'000;  // a list of so many is sorted faster than it is cut into stretches
constexpr std::string_view kOrders[] = {"due", "newest", "oldest"};
constexpr std::string_view kByDue[] = {"mine", "objections", "soon", "overdue"};  // queues of what is due
constexpr int64_t kStretchSpare = 3, kStretchGrows = 8;

template <size_t N>
bool is_one_of(std::string_view word, const std::string_view (&words)[N]) {
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

std::vector<std::string> chosen_in(const http::Request& request, std::string_view name) {
    std::vector<std::string> chosen;
    for (std::string& value : request.query_values(name))
        if (!value.empty() && value.find(',') == std::string::npos && chosen.size() < kChosenMax)
            chosen.push_back(std::move(value));
    return chosen;
}

std::optional<int64_t> number_in(const http::Request& request, std::string_view name) {
    const std::string digits = request.query_value(name);
    if (digits.empty() || digits.size() > 18 || digits.find_first_not_of("0123456789") != std::string::npos) return {};
    return std::stoll(digits);
}

struct Where {
    std::string sql = "true";
    sql::Parameters parameters{};

    // Another condition; `{0}` in it is the parameter's number, `{1}` the next one's.
    void add(std::string_view condition, sql::Parameters values = {}) {
        const size_t first = parameters.size() + 1;
        for (sql::Value& value : values) parameters.push_back(std::move(value));
        sql += " AND " + fmt::format(fmt::runtime(condition), first, first + 1);
    }
    void add_choice(std::string_view column, const std::vector<std::string>& ids) {
        if (!ids.empty())
            add(fmt::format("{} IN (SELECT unnest(string_to_array(${{0}}, ',')))", column), {list_parameter(ids)});
    }
};

// The plan of a condition that is always true is the whole table: nobody tests each row for it.
void add_reach(const Visit& visit, Where& where) {
    if (visit.actor.unit.empty()) return;
    std::vector<std::string> within = {""};
    for (const access::Unit& unit : visit.node.units().all())
        if (access::reaches(visit.actor, {unit.id, visit.actor.name}, visit.node.units())) within.push_back(unit.id);
    where.add_choice("unit", within);
}

// What was asked of a platform, and objections that wait for an answer of ours.
constexpr std::string_view kDueBetween =
    "case_id IN (SELECT case_id FROM request WHERE direction = 'sent' AND state = 'open' AND deadline_time BETWEEN ${0} AND ${1} "
    "UNION ALL SELECT case_id FROM objection WHERE direction = 'received' AND state = 'open' AND due_time BETWEEN ${0} AND ${1})";

void add_queue(const Visit& visit, std::string_view queue, Where& where) {
    const UtcTime now = visit.node.clock().now();
    if (queue == "mine")
        where.add("state <> 'closed' AND case_id IN (SELECT case_id FROM case_step WHERE actor = ${0})",
                  {visit.actor.name});
    else if (queue == "unit")
        where.add("state <> 'closed' AND unit = ${0}", {visit.actor.unit});
    else if (queue == "objections")
        where.add("case_id IN (SELECT case_id FROM objection WHERE direction = 'received' AND state = 'open')");
    else if (queue == "soon")
        where.add(kDueBetween, {now, end_of_working_day(visit, now, 1).value_or(UtcTime(now.value + kMicrosPerDay))});
    else if (queue == "overdue")
        where.add(kDueBetween, {UtcTime(0), now});
}

void add_words(const std::string& words, Where& where) {
    if (!words.empty())
        where.add(
            "(strpos(lower(subject), lower(${0})) > 0 OR strpos(lower(shop), lower(${0})) > 0 OR "
            "strpos(lower(case_id), lower(${0})) > 0)",
            {words});
}

Where where_of(const Visit& visit, const CasesAsked& asked) {
    Where where;
    add_reach(visit, where);
    add_queue(visit, asked.queue, where);
    if (!asked.state.empty()) where.add("state = ${0}", {asked.state});
    where.add_choice("party", asked.platforms);
    where.add_choice("rule", asked.rules);
    add_words(asked.words, where);
    return where;
}

// The log from its first case to its last, as far as the page asks for it.
struct Stretch {
    int64_t first = 0, last = -1;  // entries; last < first: none
};

Result<Stretch> whole_stretch(const Visit& visit, const CasesAsked& asked) {
    GZ_TRY(const Json ends,
           affairs_rows(
               visit.node,
               "SELECT coalesce(min(entry), 0) AS first, coalesce(max(entry), -1) AS last FROM supervision_case"));
    Stretch whole{ends[0]["first"].get<int64_t>(), ends[0]["last"].get<int64_t>()};
    const bool oldest = asked.order == CaseOrder::oldest;
    if (asked.after) (oldest ? whole.first : whole.last) = *asked.after + (oldest ? 1 : -1);
    return whole;
}

// What is due from either side: rows of case_id, due. `within` is a condition that both tables fulfil.
std::string dues(std::string_view within) {
    return fmt::format(
        "SELECT case_id, deadline_time AS due FROM request WHERE direction = 'sent' AND state = 'open' AND {0} UNION ALL "
        "SELECT case_id, due_time FROM objection WHERE direction = 'received' AND state = 'open' AND {0}",
        within);
}

// Of a list that is short enough to be sorted as a whole.
Result<Json> rows_by_due(const Visit& visit, const CasesAsked& asked, const Where& where, size_t limit) {
    return affairs_rows(
        visit.node,
        fmt::format(
            "WITH listed AS (SELECT * FROM supervision_case WHERE {0}), next AS (SELECT case_id, min(due) AS due "
            "FROM ({1}) GROUP BY case_id) SELECT listed.* FROM listed LEFT JOIN next ON next.case_id = "
            "listed.case_id ORDER BY next.due IS NULL, next.due, listed.entry DESC LIMIT {2} OFFSET {3}",
            where.sql, dues("case_id IN (SELECT case_id FROM listed)"), limit, asked.skip),
        where.parameters);
}

Result<Json> rows_within(const Visit& visit, const CasesAsked& asked, Where where, Stretch stretch, size_t limit) {
    where.add("entry BETWEEN ${0} AND ${1}", {stretch.first, stretch.last});
    return affairs_rows(visit.node,
                        fmt::format("SELECT * FROM supervision_case WHERE {} ORDER BY entry {} LIMIT {}", where.sql,
                                    asked.order == CaseOrder::oldest ? "ASC" : "DESC", limit),
                        where.parameters);
}

}  // namespace

CasesAsked CasesAsked::of(const Visit& visit) {
    const http::Request& request = visit.request;
    CasesAsked asked;
    if (const std::string queue = request.query_value("queue"); is_one_of(queue, kCaseQueues)) asked.queue = queue;
    if (asked.queue == "unit" && visit.actor.unit.empty()) asked.queue = "all";
    if (const std::string state = request.query_value("state"); is_one_of(state, kCaseStates)) asked.state = state;
    asked.platforms = chosen_in(request, "platform");
    asked.rules = chosen_in(request, "rule");
    if (std::string words = request.query_value("words"); words.size() <= kWordsBytesMax) asked.words = words;
    if (const auto order = std::find(std::begin(kOrders), std::end(kOrders), request.query_value("order"));
        order != std::end(kOrders))
        asked.order = static_cast<CaseOrder>(order - std::begin(kOrders));
    asked.after = number_in(request, "after");
    asked.skip = number_in(request, "skip").value_or(0);
    return asked;
}

std::string CasesAsked::order_name() const {
    return order ? std::string(kOrders[static_cast<size_t>(*order)]) : std::string();
}

CasesAsked CasesAsked::first_page() const {
    CasesAsked first = *this;
    first.after.reset();
    first.skip = 0;
    return first;
}

CaseOrder CasesAsked::order_of(int64_t of_so_many) const {
    const CaseOrder wanted = order.value_or(is_one_of(queue, kByDue) ? CaseOrder::due : CaseOrder::newest);
    return wanted == CaseOrder::due && of_so_many > kSortedWhole ? CaseOrder::newest : wanted;
}

std::string CasesAsked::address(std::string_view path) const {
    std::vector<std::pair<std::string_view, std::string>> query;
    if (queue != "all") query.emplace_back("queue", queue);
    if (!state.empty()) query.emplace_back("state", state);
    for (const std::string& platform : platforms) query.emplace_back("platform", platform);
    for (const std::string& rule : rules) query.emplace_back("rule", rule);
    if (!words.empty()) query.emplace_back("words", words);
    if (order) query.emplace_back("order", order_name());
    if (after) query.emplace_back("after", std::to_string(*after));
    if (skip > 0) query.emplace_back("skip", std::to_string(skip));
    return link(path, query);
}

int64_t CaseCounts::of(std::string_view queue, std::string_view state) const {
    int64_t cases = 0;
    for (const auto& [where, number] : counts_)
        if (where.first == queue && (state.empty() || where.second == state)) cases += number;
    return cases;
}

Result<CaseQueues::OfQueue> CaseQueues::count_queue(const Visit& visit, std::string_view queue) {
    Where where;
    add_queue(visit, queue, where);
    GZ_TRY(const Json rows,
           affairs_rows(
               visit.node,
               fmt::format("SELECT unit, state, count(*) AS n FROM supervision_case WHERE {} GROUP BY unit, state "
                           "ORDER BY unit, state",
                           where.sql),
               where.parameters));
    OfQueue counted;
    for (const Json& row : rows)
        counted.push_back({text_at(row, "unit"), text_at(row, "state"), row["n"].get<int64_t>()});
    return counted;
}

Result<CaseCounts> CaseQueues::count(const Visit& visit) {
    const auto of_everybody = [&]() -> Result<std::map<std::string_view, OfQueue>> {
        std::map<std::string_view, OfQueue> queues;
        for (const std::string_view queue : {"all", "objections", "soon", "overdue"}) {
            GZ_TRY(queues[queue], count_queue(visit, queue));
        }
        return queues;
    };
    // Time alone makes something overdue: what was counted is good for a minute at most.
    const int64_t minute = visit.node.clock().now().value / (60 * kMicrosPerSecond);
    GZ_TRY(const auto shared, shared_.get(visit, std::to_string(minute), of_everybody));
    GZ_TRY(const auto own, own_.get(visit, visit.actor.name, [&] { return count_queue(visit, "mine"); }));
    CaseCounts counts;
    const auto add = [&](std::string_view queue, const OfQueue& counted) {
        for (const Counted& each : counted)
            if (access::reaches(visit.actor, {each.unit, visit.actor.name}, visit.node.units()))
                counts.add(queue, each.state, each.cases);
    };
    for (const auto& [queue, counted] : *shared) add(queue, counted);
    add("mine", *own);
    for (const Counted& each : shared->at("all"))
        if (each.unit == visit.actor.unit && each.state != "closed") counts.add("unit", each.state, each.cases);
    return counts;
}

// The engine sorts all that fits before it gives the first forty: of many cases it is asked for the stretch of the log that
// should hold a page, and for a longer one where that was too short.
Result<Json> CaseQueues::page(const Visit& visit, const CasesAsked& as_asked, size_t shown, int64_t of_so_many) const {
    CasesAsked asked = as_asked;
    asked.order = as_asked.order_of(of_so_many);
    const size_t limit = shown + 1;
    const Where where = where_of(visit, asked);
    if (asked.order == CaseOrder::due) return rows_by_due(visit, asked, where, limit);
    GZ_TRY(const Stretch whole, whole_stretch(visit, asked));
    if (asked.narrowed() || of_so_many <= kSortedWhole) return rows_within(visit, asked, where, whole, limit);
    int64_t length = (whole.last - whole.first + 1) * static_cast<int64_t>(limit) * kStretchSpare / of_so_many + 1;
    for (;; length *= kStretchGrows) {
        Stretch stretch = whole;
        if (asked.order == CaseOrder::oldest)
            stretch.last = std::min(whole.last, whole.first + length);
        else
            stretch.first = std::max(whole.first, whole.last - length);
        GZ_TRY(Json rows, rows_within(visit, asked, where, stretch, limit));
        const bool complete = stretch.first == whole.first && stretch.last == whole.last;
        if (rows.size() == limit || complete) return rows;
    }
}

Result<Json> next_due(const Visit& visit, const Json& cases) {
    std::vector<std::string> ids = {""};
    for (const Json& each : cases) ids.push_back(text_at(each, "case_id"));
    return affairs_rows(
        visit.node,
        fmt::format("SELECT case_id, min(due) AS due, count(*) FILTER (WHERE due < $2) AS overdue FROM ({}) WHERE "
                    "case_id <> '' GROUP BY case_id",
                    dues("case_id IN (SELECT unnest(string_to_array($1, ',')))")),
        {list_parameter(ids), visit.node.clock().now()});
}

}  // namespace gongzhi::web
