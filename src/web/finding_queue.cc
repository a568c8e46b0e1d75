#include "web/finding_queue.h"

namespace gongzhi::web {
namespace {

std::vector<std::string> parts_of(const std::string& list) {
    std::vector<std::string> parts;
    for (size_t at = 0; at < list.size();) {
        const size_t end = std::min(list.find(',', at), list.size());
        parts.push_back(list.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

}  // namespace

bool WaitingSubject::is_of_rule(std::string_view rule) const {
    return std::find(rules.begin(), rules.end(), rule) != rules.end();
}

QueueAsked QueueAsked::of(const http::Request& request) {
    QueueAsked asked{request.query_value("rule"), request.query_value("platform")};
    const std::string page = request.query_value("page");
    if (!page.empty() && page.size() < 5 && page.find_first_not_of("0123456789") == std::string::npos)
        asked.page = std::stoll(page);
    return asked;
}

std::vector<std::pair<std::string_view, std::string>> QueueAsked::narrowing() const {
    std::vector<std::pair<std::string_view, std::string>> query;
    if (!rule.empty()) query.emplace_back("rule", rule);
    if (!platform.empty()) query.emplace_back("platform", platform);
    return query;
}

std::string QueueAsked::address() const {
    auto query = narrowing();
    if (page > 0) query.emplace_back("page", std::to_string(page));
    return link("/findings", query);
}

std::string QueueAsked::judge_all_address() const {
    auto query = narrowing();
    query.emplace_back("all", "1");
    return link("/findings/judge", query);
}

// Straight from the engine's rows: as JSON ten thousand subjects take twice as long.
Result<WaitingSubjects> FindingQueue::read(const Visit& visit) {
    (void)visit.node.wait_affairs();
    GZ_TRY(const auto connection, visit.node.affairs());
    GZ_TRY(const sql::Table table,
           connection->query("SELECT region, subject, shop, party, rules, finding_id, first_time, findings, suspect "
                             "FROM finding_queue ORDER BY suspect = 0, first_time, subject, shop"));
    WaitingSubjects waiting;
    std::map<std::string, bool> reached;  // by region
    for (const sql::Row& row : table.rows) {
        const auto [found, first] = reached.try_emplace(sql::text_of(row[0]), false);
        if (first) found->second = access::reaches_region(visit.actor, found->first, visit.node.units());
        if (!found->second) continue;
        waiting.push_back({sql::text_of(row[1]), sql::text_of(row[2]), sql::text_of(row[3]),
                           parts_of(sql::text_of(row[4])), sql::text_of(row[5]), std::get<UtcTime>(row[6]),
                           sql::integer_of(row[7]), sql::integer_of(row[8])});
    }
    return waiting;
}

}  // namespace gongzhi::web
