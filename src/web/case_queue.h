// Which cases a list shows: a queue, a state, platforms, rules and words, all of them in the address, so that a list can be kept
// and passed on.
#pragma once

#include "web/kept.h"
#include "web/pieces.h"

namespace gongzhi::web {

// Lists of what an officer has to look at. Of `soon`, `overdue` and `objections` what is due from either side counts.
constexpr std::string_view kCaseQueues[] = {"all", "mine", "unit", "objections", "soon", "overdue"};
constexpr std::string_view kCaseStates[] = {"verifying", "filed", "closed"};

// By what is due next, and of what is due alike, or of what has nothing due, the newest first; or as they were opened.
enum class CaseOrder { due, newest, oldest };

struct CasesAsked {
    std::string queue = "all";
    std::string state{};  // "": all
    std::vector<std::string> platforms{}, rules{};
    std::string words{};               // part of a subject, a shop or a case's number
    std::optional<CaseOrder> order{};  // as the address names it
    std::optional<int64_t> after{};    // the entry of the last case of the page before
    int64_t skip = 0;                  // where the list is by what is due: how many stand on the pages before

    // What makes no sense in an address is left out.
    static CasesAsked of(const Visit& visit);
    std::string order_name() const;  // "" where the address names none
    // What the list is in: a queue of what is due by that, others by the newest; a list of very many is never by what is due.
    CaseOrder order_of(int64_t of_so_many) const;
    CasesAsked first_page() const;
    bool narrowed() const { return !platforms.empty() || !rules.empty() || !words.empty(); }
    std::string address(std::string_view path = "/cases") const;
};

// How many cases there are, by queue and state.
class CaseCounts {
public:
    int64_t of(std::string_view queue, std::string_view state = {}) const;
    void add(std::string_view queue, const std::string& state, int64_t cases) { counts_[{queue, state}] += cases; }

private:
    std::map<std::pair<std::string_view, std::string>, int64_t> counts_;
};

class CaseQueues {
public:
    // Within the actor's reach.
    Result<CaseCounts> count(const Visit& visit);
    // One more than are to be shown, if there are more. `of_so_many` is about how many cases the queue and state have.
    Result<Json> page(const Visit& visit, const CasesAsked& asked, size_t shown, int64_t of_so_many) const;

private:
    struct Counted {
        std::string unit, state;
        int64_t cases;
    };
    using OfQueue = std::vector<Counted>;
    static Result<OfQueue> count_queue(const Visit& visit, std::string_view queue);

    Kept<std::map<std::string_view, OfQueue>> shared_;  // the same for everybody
    Kept<OfQueue> own_;                                 // of one person
};

// What is due next in each of these cases, from either side: rows of case_id, due, overdue (how many are).
Result<Json> next_due(const Visit& visit, const Json& cases);

}  // namespace gongzhi::web
