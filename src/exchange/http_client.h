// One outgoing HTTP exchange at a time over libcurl, with time and size limits. Not thread-safe: one client a thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace gongzhi::exchange {

constexpr size_t kReplyBytesMax = 64u << 20;

struct HttpAnswer {
    int status = 0;
    std::string content_type;
    Bytes body;
};

class HttpClient {
public:
    // With a path: over that Unix socket, whatever the URL's host.
    explicit HttpClient(std::string unix_socket = {});
    ~HttpClient();
    // `peer_unreachable` or `timeout` where there is no answer; any status is an answer.
    Result<HttpAnswer> request(const std::string& method, const std::string& url,
                               const std::vector<std::pair<std::string, std::string>>& headers, BytesView body,
                               int timeout_seconds = 30);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace gongzhi::exchange
