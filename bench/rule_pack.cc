// rule_pack_seconds: the price rule through the runner (as-of views, parameters, limits, sorting, digest) over a large
// store, beside the same SQL over the same rows in plain tables of bare DuckDB. One JSON line.
//
// From the repository's root:
//   bench_rule_pack [offers=10000000] [sales=10000000] [threads=2]
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "price_rows.h"

namespace gongzhi::bench {
namespace {

struct Sizes {
    int64_t offers = 10'000'000, sales = 10'000'000;
    int threads = 2;
};

double seconds_of(const auto& work) {
    const auto started = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
}

// Bare DuckDB: plain tables with the rule's names, nothing of ours around the query but reading its rows.
void copy_plain(sql::Connection& connection, const supervision::RuleVersion& rule) {
    for (const std::string& table : rule.tables)
        done(connection.execute(
                 fmt::format("CREATE TABLE {0} AS SELECT * EXCLUDE (entry_from, entry_to) FROM store.{0}", table)),
             "copy");
    done(connection.execute(
             "CREATE TABLE parameters AS SELECT 7::INTEGER AS window_days, 100::INTEGER AS rounding_minor, "
             "DATE '2000-01-01' AS since_date"),
         "parameters");
}

int run(const Sizes& sizes) {
    const auto pack = done(pack::Pack::load("packs/cn"), "pack");
    const supervision::Catalogue catalogue = supervision::catalogue_of(pack.records());
    auto linter = done(supervision::Linter::make(catalogue), "lint");
    const auto source = done(supervision::read_rule_folder(pack.folder() / "rules/price-reference"), "rule");
    const auto rule = done(supervision::compile_rule(source, pack.records(), linter), "rule");

    const auto folder = std::filesystem::temp_directory_path() / fmt::format("gongzhi-bench-{}", ::getpid());
    std::filesystem::create_directories(folder);
    {
        const auto database =
            done(sql::open_duckdb(folder / "records.duckdb",
                                  {.threads = sizes.threads, .memory_limit_mb = 8192, .temp_folder = folder / "spill"}),
                 "open");
        const auto connection = done(database->connect(), "connect"), bare = done(database->connect(), "connect");
        for (const std::string& statement : supervision::store_statements(catalogue, {}))
            done(connection->execute(statement), "store");
        const double load = seconds_of([&] {
            fill_offers(*connection, catalogue, sizes.offers);
            fill_sales(*connection, catalogue, sizes.sales, std::max<int64_t>(1, sizes.offers / kOffersOfAListing));
            fill_coverage(*connection, catalogue);
        });
        copy_plain(*bare, rule);
        double best = 1e9, ceiling = 1e9;
        size_t rows = 0;
        const supervision::RunOptions options{.time_limit_millis = 600'000, .rows_max = 10'000'000};
        for (int i = 0; i < 3; ++i) {  // in turn, so that other load meets both
            ceiling = std::min(ceiling, seconds_of([&] { done(bare->query(rule.sql), "bare"); }));
            best = std::min(
                best, seconds_of([&] {
                    rows = done(supervision::run_rule(*connection, catalogue, rule, {}, EntryIndex(0), options), "run")
                               .result.rows.size();
                }));
        }
        std::printf(
            "{\"name\":\"rule_pack_seconds\",\"value\":%.3f,\"unit\":\"s\",\"ceiling\":%.3f,\"ratio\":%.3f,\"budget\":1.2,\"offers\":%lld,"
            "\"sales\":%lld,\"threads\":%d,\"findings\":%zu,\"load_rows_per_second\":%.0f}\n",
            best, ceiling, best / ceiling, static_cast<long long>(sizes.offers), static_cast<long long>(sizes.sales),
            sizes.threads, rows, static_cast<double>(sizes.offers + sizes.sales) / load);
    }
    std::filesystem::remove_all(folder);
    return 0;
}

}  // namespace
}  // namespace gongzhi::bench

int main(int argc, char** argv) {
    gongzhi::bench::Sizes sizes;
    if (argc > 1) sizes.offers = std::atoll(argv[1]);
    if (argc > 2) sizes.sales = std::atoll(argv[2]);
    if (argc > 3) sizes.threads = std::atoi(argv[3]);
    return gongzhi::bench::run(sizes);
}
