#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <map>

#include "base/bytes.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/file_pieces.h"
#include "crypto/digest.h"
#include "exchange/http_client.h"

namespace gongzhi::cli {
namespace {

constexpr size_t kPieceBytes = 8u << 20;

struct SubmitOptions {
    std::string folder, type, mapping, file, problems, receipts;
    bool lenient = false, corrects = false;
};

struct Totals {
    uint64_t accepted = 0, corrected = 0, duplicates = 0, refused = 0, omitted = 0;
    Json receipts = Json::array();
    std::map<std::string, uint64_t> reasons;  // "code /field" → how often
};

void show_progress(size_t done, size_t all) {
    if (!::isatty(STDERR_FILENO)) return;
    const int width = 40, filled = static_cast<int>(all ? done * width / all : width);
    std::fprintf(stderr, "\r[%.*s%*s] %3d %%", filled, "########################################", width - filled, "",
                 static_cast<int>(all ? done * 100 / all : 100));
    if (done >= all) std::fprintf(stderr, "\n");
}

// The same piece of the same file always has the same id: a repeated run stores nothing twice.
std::string piece_id(const SubmitOptions& options, const Piece& piece) {
    Bytes raw(crypto::sha256({options.type, "\n", std::to_string(piece.line_offset),
                              options.corrects ? "\ncorrects\n" : "\n", piece.body})
                  .view()
                  .substr(0, 16));
    raw[6] = static_cast<char>((raw[6] & 0x0f) | 0x80);  // UUIDv8: made from content
    raw[8] = static_cast<char>((raw[8] & 0x3f) | 0x80);
    std::string hex = to_hex(raw);
    for (size_t at : {20, 16, 12, 8}) hex.insert(at, "-");
    return hex;
}

Result<Json> send_piece(const SubmitOptions& options, const std::string& mapping, const Piece& piece, bool csv,
                        exchange::HttpClient& client) {
    std::vector<std::pair<std::string, std::string>> headers = {
        {"Content-Type", csv ? "text/csv" : "application/x-ndjson"},
        {"Gongzhi-Role", "engineer"},
        {"Gongzhi-Message-Id", piece_id(options, piece)},
        {"Gongzhi-Line-Offset", std::to_string(piece.line_offset)}};
    if (!mapping.empty()) headers.emplace_back("Gongzhi-Mapping", to_base64(mapping));
    if (options.lenient) headers.emplace_back("Prefer", "handling=lenient");
    const std::string url =
        fmt::format("http://localhost/v1/submissions/{}{}", options.type, options.corrects ? "?corrects=true" : "");
    GZ_TRY(const exchange::HttpAnswer answer, client.request("POST", url, headers, piece.body, 600));
    GZ_TRY(Json json, parse_json(answer.body, {.bytes_max = 256u << 20}));
    if (!json.contains("accepted"))
        return fail(ErrorCode::rejected, "{}",
                    json_text_or_empty(json, "detail").value_or("the node refused the file"));
    return json;
}

void add_up(const Json& answer, Totals& totals, std::FILE* problems) {
    totals.accepted += answer["accepted"].get<uint64_t>();
    totals.corrected += answer["corrected"].get<uint64_t>();
    totals.duplicates += answer["duplicates"].get<uint64_t>();
    totals.refused += answer["refused"].get<uint64_t>();
    totals.omitted += answer["problems_omitted"].get<uint64_t>();
    if (answer["stored"].get<bool>())
        totals.receipts.push_back({{"id", answer["id"]},
                                   {"entry", answer["entry"]},
                                   {"accepted", answer["accepted"]},
                                   {"record_root", answer["record_root"]}});
    for (const Json& problem : answer["problems"]) {
        ++totals.reasons[problem["code"].get<std::string>() + " " + problem["pointer"].get<std::string>()];
        if (problems) std::fprintf(problems, "%s\n", problem.dump().c_str());
    }
}

Status save_receipt(const SubmitOptions& options, const Json& answer) {
    if (options.receipts.empty() || !answer["stored"].get<bool>()) return {};
    GZ_CHECKED(make_folders(options.receipts));
    return write_file_atomic(std::filesystem::path(options.receipts) / (answer["id"].get<std::string>() + ".receipt"),
                             answer["receipt"].get<std::string>());
}

Status submit(const SubmitOptions& options) {
    const auto started = std::chrono::steady_clock::now();
    const std::filesystem::path socket = std::filesystem::path(options.folder) / "socket";
    if (!std::filesystem::exists(socket))
        return fail(ErrorCode::unavailable,
                    "the node is not running (no socket in its folder): start it with `gongzhi serve`");
    GZ_TRY(const Bytes content, read_file(options.file));
    Bytes mapping;
    if (!options.mapping.empty()) {
        GZ_TRY(mapping, read_file(options.mapping, 64u << 10));
    }
    const bool csv = options.file.ends_with(".csv");
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> problems(
        options.problems.empty() ? nullptr : std::fopen(options.problems.c_str(), "w"),
        [](std::FILE* f) { return f ? std::fclose(f) : 0; });
    if (!options.problems.empty() && !problems)
        return fail(ErrorCode::io, "the file for the problems cannot be written");
    exchange::HttpClient client(socket.string());
    FilePieces pieces(content, csv, kPieceBytes);
    Totals totals;
    while (const auto piece = pieces.next()) {
        GZ_TRY(const Json answer, send_piece(options, mapping, *piece, csv, client));
        add_up(answer, totals, problems.get());
        GZ_CHECKED(save_receipt(options, answer));
        show_progress(pieces.done_bytes(), content.size());
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    print_json({{"record_type", options.type},
                {"accepted", totals.accepted},
                {"corrected", totals.corrected},
                {"duplicates", totals.duplicates},
                {"refused", totals.refused},
                {"reasons", totals.reasons},
                {"problems_omitted", totals.omitted},
                {"receipts", totals.receipts},
                {"seconds", std::round(seconds * 1000) / 1000}});
    if (totals.refused > 0 && !options.lenient)
        return fail(ErrorCode::rejected,
                    "records were refused: see the reasons, or use --lenient to load the valid ones");
    return {};
}

}  // namespace

void add_submit_command(CLI::App& app, Run& run) {
    auto options = std::make_shared<SubmitOptions>();
    CLI::App* command = app.add_subcommand("submit", "load a file into one's own node 报送");
    command->add_option("folder", options->folder, "the node")->required();
    command->add_option("file", options->file, "NDJSON, or CSV (.csv; UTF-8 or GB18030)")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--type", options->type, "record type")->required();
    command->add_option("--map", options->mapping, "mapping.yaml: which column is which field");
    command->add_option("--problems", options->problems, "write each refusal here, one JSON object a line");
    command->add_option("--receipts", options->receipts, "keep the receipts in this folder");
    command->add_flag("--lenient", options->lenient, "take the valid records and give back the rest");
    command->add_flag("--corrects", options->corrects, "records that exist already are corrected");
    command->callback([options, &run] { run = [options] { return submit(*options); }; });
}

}  // namespace gongzhi::cli
