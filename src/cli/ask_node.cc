#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "cli/commands.h"
#include "exchange/http_client.h"

namespace gongzhi::cli {
namespace {

constexpr int kStartMillis = 3'000, kPauseMillis = 50;

}  // namespace

Result<Json> ask_node(const std::string& folder, const std::string& role, const std::string& method,
                      const std::string& path, const Json& body) {
    const std::filesystem::path socket = std::filesystem::path(folder) / "socket";
    // A node that was started a moment ago is still opening its journal.
    for (int waited = 0; !std::filesystem::exists(socket) && waited < kStartMillis; waited += kPauseMillis)
        std::this_thread::sleep_for(std::chrono::milliseconds(kPauseMillis));
    if (!std::filesystem::exists(socket))
        return fail(ErrorCode::unavailable,
                    "the node is not running (no socket in its folder): start it with `gongzhi serve`");
    exchange::HttpClient client(socket.string());
    const auto answer =
        client.request(method, "http://localhost" + path,
                       {{"Content-Type", "application/json"}, {"Gongzhi-Role", role}}, body.dump(), 120);
    if (!answer) return fail(ErrorCode::unavailable, "the node is not running, or does not answer on its socket");
    GZ_TRY(Json json, parse_json(answer->body));
    if (answer->status / 100 == 2) return json;
    return fail(ErrorCode::rejected, "{}", json_text_or_empty(json, "detail").value_or(answer->body));
}

void print_json(const Json& value) { std::printf("%s\n", value.dump().c_str()); }

}  // namespace gongzhi::cli
