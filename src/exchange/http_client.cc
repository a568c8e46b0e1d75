#include "exchange/http_client.h"

#include <curl/curl.h>

#include <mutex>

namespace gongzhi::exchange {
namespace {

size_t collect(char* data, size_t, size_t count, void* target) {
    auto& body = *static_cast<Bytes*>(target);
    if (body.size() + count > kReplyBytesMax) return 0;
    body.append(data, count);
    return count;
}

struct HeaderList {
    curl_slist* list = nullptr;
    ~HeaderList() { curl_slist_free_all(list); }
    void add(const std::string& line) { list = curl_slist_append(list, line.c_str()); }
};

}  // namespace

struct HttpClient::Parts {
    CURL* curl;
    std::string unix_socket;
};

HttpClient::HttpClient(std::string unix_socket) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    parts_.reset(new Parts{curl_easy_init(), std::move(unix_socket)});
    GZ_CHECK(parts_->curl != nullptr, "libcurl cannot start");
}

HttpClient::~HttpClient() { curl_easy_cleanup(parts_->curl); }

Result<HttpAnswer> HttpClient::request(const std::string& method, const std::string& url,
                                       const std::vector<std::pair<std::string, std::string>>& headers, BytesView body,
                                       int timeout_seconds) {
    CURL* curl = parts_->curl;
    curl_easy_reset(curl);
    HeaderList list;
    for (const auto& [name, value] : headers) list.add(name + ": " + value);
    list.add("Expect:");
    HttpAnswer answer;
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    if (!parts_->unix_socket.empty()) curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, parts_->unix_socket.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list.list);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 5L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(timeout_seconds));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
    if (method != "GET") {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
    }
    const CURLcode code = curl_easy_perform(curl);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return fail(ErrorCode::timeout, "the other node did not answer within {} seconds", timeout_seconds);
    if (code != CURLE_OK)
        return fail(ErrorCode::peer_unreachable, "the other node cannot be reached: {}", curl_easy_strerror(code));
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    const char* type = nullptr;
    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
    if (type) answer.content_type = type;
    return answer;
}

}  // namespace gongzhi::exchange
