// What waits for a person, subject by subject: those with enough evidence first, the oldest first.
#pragma once

#include "web/form.h"
#include "web/kept.h"
#include "web/pieces.h"

namespace gongzhi::web {

// Several findings on one subject are one row: one look at one thing decides them all.
struct WaitingSubject {
    std::string subject, shop, party;
    std::vector<std::string> rules;
    std::string finding_id;  // one of them
    UtcTime first_time;
    int64_t findings = 0, suspect = 0;

    bool is_of_rule(std::string_view rule) const;
};
using WaitingSubjects = std::vector<WaitingSubject>;

struct QueueAsked {
    std::string rule{}, platform{};  // "": all
    int64_t page = 0;

    static QueueAsked of(const http::Request& request);
    bool fits(const WaitingSubject& subject) const {
        return (platform.empty() || subject.party == platform) && (rule.empty() || subject.is_of_rule(rule));
    }
    // Rule and platform, as an address names them.
    std::vector<std::pair<std::string_view, std::string>> narrowing() const;
    std::string address() const;
    // The form that judges all that the list holds: it says so, since to judge cannot be taken back.
    std::string judge_all_address() const;
};

class FindingQueue {
public:
    // All that wait within the actor's reach.
    Result<std::shared_ptr<const WaitingSubjects>> within_reach(const Visit& visit) {
        return kept_.get(visit, visit.actor.unit, [&] { return read(visit); });
    }

private:
    static Result<WaitingSubjects> read(const Visit& visit);
    Kept<WaitingSubjects> kept_;
};

// The list; where nothing was chosen that could be judged, with the error that says so.
Result<StaffView> show_finding_queue(const Visit& visit, FindingQueue& queue, const Filled& filled = {});

// The list, and the form that judges several subjects at once.
void add_finding_queue_page(http::Router& router, node::Node& node, std::shared_ptr<FindingQueue> queue);
void add_judge_page(http::Router& router, node::Node& node, std::shared_ptr<FindingQueue> queue);

}  // namespace gongzhi::web
