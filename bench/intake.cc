// intake_records_per_s: 1 KB offers over HTTP to a durable receipt, beside the same bytes parsed in full and hashed.
//
// Usage: intake [records] [clients] [pack]. Prints one JSON line; CPU microseconds per record by step are measured on one
// piece, on one thread, outside the server.
#include <thread>

#include "base/log.h"
#include "bench_node.h"
#include "crypto/digest.h"
#include "exchange/http_client.h"
#include "intake/decode.h"
#include "intake/json_line.h"
#include "pack/record_check.h"

using namespace gongzhi;
using namespace gongzhi::bench;

namespace {

constexpr size_t kPieceRecords = 20'000;

std::string offer_line(size_t number) {
    static const std::string title = [] {
        std::string text;
        while (text.size() < 3 * 230) text += "样品";
        return text;
    }();
    return fmt::format(
               R"({{"shop":"S-{:06}","listing":"L-{:07}","offer_id":"O-{:09}","title":"{}","from_time":"2026-03-01T08:00:00+08:00",)"
               R"("price":{{"amount":"12.50","currency":"CNY"}},"reference_price":{{"amount":"19.90","currency":"CNY"}},"reference_detail_marked":false}})",
               number % 1000, number % 100'000, number, title) +
           "\n";
}

std::vector<std::string> make_pieces(size_t records) {
    std::vector<std::string> pieces;
    for (size_t first = 0; first < records; first += kPieceRecords) {
        std::string piece;
        for (size_t i = first; i < std::min(records, first + kPieceRecords); ++i) piece += offer_line(i);
        pieces.push_back(std::move(piece));
    }
    return pieces;
}

// Runs `work(piece)` over all pieces on `threads` threads; seconds.
template <typename Work>
double run_over(const std::vector<std::string>& pieces, int threads, Work work) {
    std::atomic<size_t> next{0};
    const double started = now_seconds();
    std::vector<std::jthread> pool;
    for (int t = 0; t < threads; ++t)
        pool.emplace_back([&] {
            for (size_t i; (i = next++) < pieces.size();) work(pieces[i]);
        });
    pool.clear();
    return now_seconds() - started;
}

// The ceiling: every field parsed and checked, every byte hashed, nothing kept.
void parse_and_hash(const pack::RecordType& type, const std::string& piece) {
    intake::JsonLineParser parser(type);
    pack::RecordView view;
    std::vector<pack::FieldProblem> problems;
    std::string padded = piece + std::string(intake::kLinePaddingBytes, ' ');
    std::string_view rest(padded.data(), piece.size());
    while (!rest.empty()) {
        const size_t end = rest.find('\n');
        parser.parse(rest.substr(0, end), view, problems);
        pack::check_record(type, view, problems);
        if (!problems.empty()) std::exit(1);
        rest.remove_prefix(end + 1);
    }
    if (crypto::sha256(piece) == Digest{}) std::exit(1);
}

Json step_costs(BenchNode& bench, const pack::RecordType& type, const std::string& piece) {
    Json steps = Json::object();
    double mark = cpu_seconds();
    const auto lap = [&](const char* name) {
        const double now = cpu_seconds();
        steps[name] = std::round((now - mark) * 1e9 / static_cast<double>(kPieceRecords)) / 1000;
        mark = cpu_seconds();
    };
    intake::SubmissionRequest request;
    request.record_type = type.name;
    request.body = piece;
    const auto decoded = must(intake::decode_submission(type, request));
    lap("decode_check_encode_us");
    const Bytes salts(32, 's');
    std::vector<records::SaltedRecord> salted;
    for (const auto& record : decoded.records)
        salted.push_back({1, Bytes(16, 's'), Bytes(16, 's'), record.open, record.protected_part});
    (void)must(records::store_records(type, salted, bench.node->ledger().vault()));
    lap("hash_group_compress_us");
    (void)must(bench.node->ledger().vault().seal_blob(piece, vault::Vault::BlobKey::own));
    lap("seal_original_us");
    return steps;
}

}  // namespace

int main(int argc, char** argv) {
    const size_t records = argc > 1 ? std::stoul(argv[1]) : 400'000;
    const int clients = argc > 2 ? std::stoi(argv[2]) : 2;
    set_log_level(LogLevel::error);
    BenchNode bench(argc > 3 ? argv[3] : "packs/cn", 2);
    const pack::RecordType& type = *bench.node->pack().record_type("offer");
    const std::vector<std::string> pieces = make_pieces(records);
    size_t bytes = 0;
    for (const std::string& piece : pieces) bytes += piece.size();

    const double ceiling = run_over(pieces, 2, [&](const std::string& piece) { parse_and_hash(type, piece); });
    const std::string token = must(bench.node->tokens().issue("bench", access::Role::engineer));
    const double cpu_before = cpu_seconds();
    const double seconds = run_over(pieces, clients, [&](const std::string& piece) {
        exchange::HttpClient client;
        const auto answer = must(client.request(
            "POST", bench.url() + "/v1/submissions/offer",
            {{"Content-Type", "application/x-ndjson"}, {"Authorization", "Bearer " + token}}, piece, 120));
        if (answer.status != 200) std::exit(1);
    });
    const double cpu = cpu_seconds() - cpu_before;
    const double caught_up_from = now_seconds();
    while (!bench.node->wait_applied(kMicrosPerSecond)) {
    }
    const double n = static_cast<double>(records);
    const Json line = {{"name", "intake_records_per_s"},
                       {"value", std::round(n / seconds)},
                       {"unit", "records/s"},
                       {"ceiling", std::round(n / ceiling)},
                       {"ratio", std::round(ceiling / seconds * 1000) / 1000},
                       {"record_bytes", bytes / records},
                       {"records", records},
                       {"clients", clients},
                       {"cpu_us_per_record", std::round(cpu * 1e9 / n) / 1000},
                       {"steps", step_costs(bench, type, pieces[0])},
                       {"tables_behind_s", std::round((now_seconds() - caught_up_from) * 1000) / 1000}};
    std::printf("%s\n", line.dump().c_str());
}
