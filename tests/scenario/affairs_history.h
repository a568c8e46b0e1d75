// A random history of findings, reviews, cases, requests, orders and objections in one node's ledger, both sides of it at
// once, with what peers and time get wrong: unknown ids, ids that come twice, steps repeated, bodies that are no JSON.
#pragma once

#include <map>

#include "base/random.h"
#include "ledger/ledger_fixture.h"

namespace gongzhi::scenario {

class AffairsHistory {
public:
    explicit AffairsHistory(uint64_t seed) : random_(seed) {}

    // Appends this many random operations and waits until they are durable.
    void run(size_t operations);
    // How often each operation was done; 0 for one that never was.
    const std::map<std::string, size_t>& done() const { return done_; }
    std::vector<ledger::Entry> entries() const;
    ledger::Ledger& ledger() { return *node_.ledger; }

private:
    using Operation = void (AffairsHistory::*)();
    struct Named {
        const char* name;
        Operation run;
    };
    static const std::vector<Named>& operations();

    // findings
    void find(), find_again(), refuse(), review();
    void send_bundle(), receive_bundle(), run_rule();
    // cases
    void open_case(), open_case_twice(), move_case(), file_case(), check_effect(), close_case();
    // messages about them
    void block_request(), send_request(), send_order(), receive_request(), receive_order();
    void take_answer(), send_answer();
    void receive_objection(), send_objection(), take_objection(), receive_objection_answer(), send_objection_answer();

    void append(ledger::Draft draft);
    void trace(std::string_view kind, Json said);
    struct Said {
        std::string direction, type, thread, answers;
        Bytes body;
        bool with_deadline = false;
    };
    std::string message(const Said& said);  // its id
    std::string some(const std::vector<std::string>& ids);
    std::string region() { return "9900" + std::to_string(random_.below(4)); }
    Bytes body(const Json& json);
    Json request_body();
    Json bundle();

    ledger::testing_support::Node node_{"history.example"};
    SeededRandom random_;
    std::map<std::string, size_t> done_;
    std::vector<std::string> findings_, undecided_, reviewable_, caseable_, cases_, bundles_;
    std::vector<std::string> requests_sent_, requests_received_, objections_sent_, objections_received_;
    std::atomic<size_t> open_ = 0;
    size_t numbers_ = 0;
};

}  // namespace gongzhi::scenario
