// A node with its HTTP server in a temporary folder, and small helpers that the benchmarks share.
#pragma once

#include <sys/resource.h>

#include <chrono>
#include <cstdio>

#include "api/api.h"
#include "http/server.h"
#include "node/node.h"

namespace gongzhi::bench {

template <typename T>
T must(Result<T> result) {
    if (result) return *std::move(result);
    std::fprintf(stderr, "bench: %s\n", result.error().describe().c_str());
    std::exit(1);
}
inline void must(const Status& status) {
    if (status) return;
    std::fprintf(stderr, "bench: %s\n", status.error().describe().c_str());
    std::exit(1);
}

inline double now_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
// Of all threads of this process: user and system.
inline double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct BenchNode {
    std::filesystem::path folder;
    std::unique_ptr<node::Node> node;
    http::Router router;
    std::unique_ptr<http::Server> server;

    BenchNode(const std::string& pack, int workers, exchange::PartyRole role = exchange::PartyRole::platform) {
        std::string pattern = (std::filesystem::temp_directory_path() / "gongzhi-bench-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
        node::NodeConfig config;
        config.party = PartyId("bench");
        config.role = role;
        config.name_zh = config.name_en = "bench";
        config.url =
            "http://127.0.0.1:1";  // messages are signed for this address; the port that listens is the kernel's
        config.origin = "bench.example/log";
        config.pack = pack;
        SystemRandom random;
        must(node::init_node(folder, config, random));
        node = must(node::Node::open(folder));
        api::add_routes(router, *node);
        server = must(http::Server::start(router, {.unix_socket = folder / "socket", .worker_threads = workers}));
    }
    ~BenchNode() {
        server->stop();
        node.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(server->port()); }
};

}  // namespace gongzhi::bench
