// pages_p99_ms: an officer's mixed journey over HTTP at a steady rate, in an authority's node with many cases, while a rule
// runs in the same process. Latency counts from when a request was due, so that a stall is not hidden by waiting for it.
//
// From the repository's root:
//   bench_pages [cases=100000] [per_second=100] [seconds=20] [offers=1000000]
// Prints one JSON line, with the same journey at one request at a time and no rule as the floor beside it.
#include "web/pages.h"

#include <array>
#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "base/log.h"
#include "bench_node.h"
#include "exchange/http_client.h"
#include "node/background.h"
#include "price_rows.h"
#include "web/session.h"

using namespace gongzhi;
using namespace gongzhi::bench;

namespace {

constexpr int kClients = 16;
constexpr int kCities = 9;
constexpr size_t kPages = 12;  // of the journey

struct Sizes {
    size_t cases = 100'000;
    int per_second = 100, seconds = 20;
    int64_t offers = 1'000'000;
};

void define_units(node::Node& node) {
    const access::Actor administrator{"token:administrator", access::Role::system_administrator};
    const auto define = [&](access::Unit unit) {
        must(node.units().define(administrator, unit, node.ledger(), node.claims(), node.clock()).map([](EntryIndex) {
        }));
    };
    define({"province", "", "990000", "province", "示例省局", "Sample Province"});
    for (int city = 1; city <= kCities; ++city)
        define({fmt::format("city-{}", city), "province", fmt::format("990{}00", city), "city",
                fmt::format("{}号市局", city), fmt::format("City {}", city)});
}

ledger::Draft finding_draft(node::Node& node, const std::string& id, const std::string& region) {
    ledger::Draft draft = ledger::trace_draft("finding",
                                              {{"finding", id},
                                               {"party", "platform-a"},
                                               {"shop", "S-" + id},
                                               {"subject", "L-" + id},
                                               {"rule", "price-reference"},
                                               {"rule_version", 1},
                                               {"verdict", "suspect"},
                                               {"region", region},
                                               {"message", "m"},
                                               {"explanation_zh", "疑点"},
                                               {"explanation_en", "suspect"},
                                               {"columns", Json::object()},
                                               {"evidence", Json::array()}},
                                              node.clock().now(), "system");
    draft.claims = {node.claims().repeatable("finding", {id}, id)};
    return draft;
}

ledger::Draft case_draft(node::Node& node, const std::string& id, const std::string& region, const std::string& unit) {
    ledger::Draft draft = ledger::trace_draft("case.opened",
                                              {{"case", "case-" + id},
                                               {"finding", id},
                                               {"unit", unit},
                                               {"region", region},
                                               {"party", "platform-a"},
                                               {"shop", "S-" + id},
                                               {"subject", "L-" + id},
                                               {"rule", "price-reference"}},
                                              node.clock().now(), "token:officer");
    draft.claims = {node.claims().refuse("thread", {"case-" + id, "1"}), node.claims().refuse("case_of_finding", {id})};
    return draft;
}

// As the domain's commands record them, without their checks; a tenth of the findings still wait for a person.
void fill(node::Node& node, size_t cases) {
    std::atomic<size_t> open = 0;
    const auto append = [&](ledger::Draft draft) {
        ++open;
        node.ledger().append_async(std::move(draft), [&](const ledger::Outcome& outcome) {
            if (!outcome) std::fprintf(stderr, "bench: %s\n", outcome.error().describe().c_str()), std::exit(1);
            --open;
        });
        while (open > 2'000) std::this_thread::yield();
    };
    for (size_t i = 0; i < cases + cases / 10; ++i) {
        const int city = static_cast<int>(i % kCities) + 1;
        const std::string id = std::to_string(i), region = fmt::format("990{}01", city);
        append(finding_draft(node, id, region));
        if (i < cases) append(case_draft(node, id, region, fmt::format("city-{}", city)));
    }
    while (open > 0) std::this_thread::yield();
    while (!node.wait_applied()) std::this_thread::sleep_for(std::chrono::seconds(1));
}

// The price rule over and over, on one thread, until told to stop.
class RuleRunner {
public:
    explicit RuleRunner(const std::filesystem::path& folder, int64_t offers)
        : pack_(must(pack::Pack::load("packs/cn"))), catalogue_(supervision::catalogue_of(pack_.records())) {
        auto linter = must(supervision::Linter::make(catalogue_));
        rule_ = must(supervision::compile_rule(
            must(supervision::read_rule_folder(pack_.folder() / "rules/price-reference")), pack_.records(), linter));
        database_ = must(sql::open_duckdb(folder / "rule.duckdb",
                                          {.threads = 1, .memory_limit_mb = 2048, .temp_folder = folder / "spill"}));
        connection_ = must(database_->connect());
        for (const std::string& statement : supervision::store_statements(catalogue_, {}))
            must(connection_->execute(statement));
        fill_offers(*connection_, catalogue_, offers);
        fill_sales(*connection_, catalogue_, offers, std::max<int64_t>(1, offers / kOffersOfAListing));
        fill_coverage(*connection_, catalogue_);
    }
    void start() {
        worker_ = std::jthread([this](std::stop_token stop) {
            node::lower_own_priority();  // as the node runs a rule
            while (!stop.stop_requested()) {
                must(supervision::run_rule(*connection_, catalogue_, rule_, {}, EntryIndex(0),
                                           {.time_limit_millis = 600'000, .rows_max = 10'000'000}));
                ++runs_;
            }
        });
    }
    int stop() {
        worker_.request_stop();
        worker_.join();
        return runs_;
    }

private:
    pack::Pack pack_;
    supervision::Catalogue catalogue_;
    supervision::RuleVersion rule_;
    std::unique_ptr<sql::Database> database_;
    std::unique_ptr<sql::Connection> connection_;
    std::atomic<int> runs_ = 0;
    std::jthread worker_;
};

// Findings that come in meanwhile, a few a second: what is kept of lists and counts goes stale as it does in life.
class Writer {
public:
    static constexpr int kPerSecond = 5;
    explicit Writer(node::Node& node)
        : worker_([&node](std::stop_token stop) {
              for (int i = 0; !stop.stop_requested(); ++i) {
                  const auto outcome = node.ledger().append(finding_draft(node, fmt::format("new-{}", i), "990101"));
                  if (!outcome) std::exit(1);
                  std::this_thread::sleep_for(std::chrono::milliseconds(1000 / kPerSecond));
              }
          }) {}

private:
    std::jthread worker_;
};

struct Journey {
    std::string url, cookie;
    size_t cases = 0;

    // The n-th page of an officer's day.
    std::string path(size_t n) const {
        const std::string some = std::to_string(n * 7919 % cases), waiting = std::to_string(cases + n % (cases / 10));
        const std::array<std::string, kPages> paths = {"/cockpit",
                                                       "/findings",
                                                       "/findings/" + waiting,
                                                       "/findings/" + waiting + "/review",
                                                       "/cases",
                                                       "/cases?state=verifying",
                                                       "/cases/case-" + some,
                                                       "/cases/case-" + some + "/requests/new",
                                                       "/platforms",
                                                       "/scorecard",
                                                       "/reveals",
                                                       "/verify"};
        return paths[n % kPages];
    }
    double fetch(exchange::HttpClient& client, size_t n, double due) const {
        const auto answer = must(client.request("GET", url + path(n), {{"Cookie", cookie}}, ""));
        if (answer.status != 200)
            std::fprintf(stderr, "bench: %s answered %d\n", path(n).c_str(), answer.status), std::exit(1);
        return (now_seconds() - due) * 1000;
    }
};

struct Visit {
    size_t number;
    double millis;
};

std::vector<Visit> at_rate(const Journey& journey, const Sizes& sizes) {
    const size_t count = static_cast<size_t>(sizes.per_second) * static_cast<size_t>(sizes.seconds);
    std::vector<Visit> visits(count);
    std::atomic<size_t> next = 0;
    const double started = now_seconds() + 0.2;
    std::vector<std::jthread> clients;
    for (int i = 0; i < kClients; ++i)
        clients.emplace_back([&] {
            exchange::HttpClient client;
            for (size_t n; (n = next++) < count;) {
                const double due = started + static_cast<double>(n) / sizes.per_second;
                if (const double wait = due - now_seconds(); wait > 0)
                    std::this_thread::sleep_for(std::chrono::duration<double>(wait));
                visits[n] = {n, journey.fetch(client, n, due)};
            }
        });
    clients.clear();
    return visits;
}

double share_of(std::vector<Visit> visits, double share) {
    std::sort(visits.begin(), visits.end(), [](const Visit& a, const Visit& b) { return a.millis < b.millis; });
    return std::round(visits[static_cast<size_t>(share * static_cast<double>(visits.size() - 1))].millis * 10) / 10;
}

// The slowest of each page's visits but one in twenty: which page it is that people wait for.
Json by_page(const Journey& journey, const std::vector<Visit>& visits) {
    std::map<size_t, std::vector<Visit>> grouped;
    for (const Visit& visit : visits) grouped[visit.number % kPages].push_back(visit);
    Json shares = Json::object();
    for (const auto& [page, of_page] : grouped) shares[journey.path(page)] = share_of(of_page, 0.95);
    return shares;
}

// Each page alone, nothing else going on: the floor, and which page is dear.
Json one_at_a_time(const Journey& journey) {
    exchange::HttpClient client;
    Json by_page = Json::object();
    for (size_t n = 0; n < kPages; ++n) {
        std::vector<double> tries;
        for (int i = 0; i < 5; ++i) tries.push_back(journey.fetch(client, n, now_seconds()));
        std::sort(tries.begin(), tries.end());
        by_page[journey.path(n)] = std::round(tries[2] * 10) / 10;
    }
    return by_page;
}

}  // namespace

int main(int argc, char** argv) {
    Sizes sizes;
    if (argc > 1) sizes.cases = std::max<size_t>(10, std::stoul(argv[1]));
    if (argc > 2) sizes.per_second = std::stoi(argv[2]);
    if (argc > 3) sizes.seconds = std::stoi(argv[3]);
    if (argc > 4) sizes.offers = std::stoll(argv[4]);
    set_log_level(LogLevel::error);
    BenchNode bench("packs/cn", 4, exchange::PartyRole::authority);
    must(web::add_pages(bench.router, *bench.node));
    define_units(*bench.node);
    const double started = now_seconds();
    fill(*bench.node, sizes.cases);
    const double filled = now_seconds() - started;
    const access::Actor officer{"token:officer", access::Role::officer};
    const std::string cookie = must(web::open_session(*bench.node, officer));
    const Journey journey{bench.url(), cookie.substr(0, cookie.find(';')), sizes.cases};
    const Json alone = one_at_a_time(journey);
    RuleRunner rule(bench.folder, sizes.offers);
    rule.start();
    const Writer writer(*bench.node);
    const std::vector<Visit> visits = at_rate(journey, sizes);
    const int runs = rule.stop();
    const Json line = {{"name", "pages_p99_ms"},
                       {"value", share_of(visits, 0.99)},
                       {"unit", "ms"},
                       {"budget", 50},
                       {"p50_ms", share_of(visits, 0.5)},
                       {"per_second", sizes.per_second},
                       {"requests", visits.size()},
                       {"cases", sizes.cases},
                       {"filled_seconds", std::round(filled)},
                       {"rule_runs", runs},
                       {"writes_per_second", Writer::kPerSecond},
                       {"alone_ms", alone},
                       {"loaded_p95_ms", by_page(journey, visits)}};
    std::printf("%s\n", line.dump().c_str());
}
