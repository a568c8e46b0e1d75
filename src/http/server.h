// The HTTP server: Beast with coroutines for the sockets, a small pool of workers for the handlers.
//
// Limits come before admission: header size, body size by route, connections, waiting requests, seconds. A handler may
// answer later and from another thread; a connection waits for it. Only loopback without TLS.
#pragma once

#include <filesystem>
#include <memory>

#include "http/router.h"

namespace gongzhi::http {

constexpr size_t kHeaderBytesMax = 48u << 10;
constexpr size_t kConnectionsMax = 1'024;
constexpr size_t kWaitingRequestsMax = 2'048;
constexpr int kReadSeconds = 60;

struct ServerOptions {
    std::string address = "127.0.0.1";
    uint16_t port = 0;                  // 0: the kernel chooses
    std::filesystem::path unix_socket;  // for the owner of the node's folder; empty: none. At most 100 characters
    int socket_threads = 1;
    int worker_threads = 2;
};

class Server {
public:
    // `router` must outlive the server. `io` when the address is taken, `invalid_argument` outside loopback.
    static Result<std::unique_ptr<Server>> start(const Router& router, ServerOptions options);
    ~Server();  // stop()
    uint16_t port() const;
    // No new connections, open ones are closed; returns when no handler runs any more.
    void stop();

private:
    struct Parts;
    explicit Server(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace gongzhi::http
