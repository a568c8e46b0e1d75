#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "http/compress.h"
#include "http/server.h"

namespace gongzhi::http {
namespace {

// Sends raw bytes and reads until the server closes.
std::string talk(uint16_t port, std::string_view bytes) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return "no connection";
    (void)!::write(fd, bytes.data(), bytes.size());
    std::string out;
    char buffer[4096];
    for (ssize_t got; (got = ::read(fd, buffer, sizeof buffer)) > 0;) out.append(buffer, static_cast<size_t>(got));
    ::close(fd);
    return out;
}

Route echo_route() {
    return {"POST", "/echo/{name}", Admission::anyone, "public", "echo", 10, [](Request request, Respond respond) {
                std::thread([respond, body = request.path_values["name"] + ":" + request.body] {
                    respond(Response::text(200, body));
                }).detach();
            }};
}

TEST(Server, AnswersLaterFromAnotherThreadAndKeepsLimits) {
    Router router;
    router.add(echo_route());
    router.add({"GET", "/throws", Admission::anyone, "public", "throws", 0,
                [](Request, Respond) { throw std::runtime_error("x"); }});
    const auto server = Server::start(router, {}).value();
    const uint16_t port = server->port();
    const std::string ok =
        talk(port, "POST /echo/a%20b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
    EXPECT_TRUE(ok.starts_with("HTTP/1.1 200")) << ok;
    EXPECT_TRUE(ok.ends_with("a b:hi")) << ok;
    EXPECT_NE(ok.find("content-security-policy: default-src 'none'"), std::string::npos);
    EXPECT_TRUE(talk(port, "POST /echo/a HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n12345678901")
                    .starts_with("HTTP/1.1 413"));
    EXPECT_TRUE(
        talk(port,
             "POST /echo/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n0\r\n\r\n")
            .starts_with("HTTP/1.1 413"));
    EXPECT_TRUE(talk(port, "GET /echo/a HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 400"));
    EXPECT_TRUE(talk(port, "GET /none HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 404"));
    EXPECT_TRUE(talk(port, "GET /throws HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 500"));
    EXPECT_EQ(talk(port, "nonsense\r\n\r\n"), "");
    EXPECT_TRUE(talk(port, "GET /none HTTP/1.1\r\nX: " + std::string(60'000, 'a') + "\r\n\r\n").find("200") ==
                std::string::npos);
}

TEST(Server, RefusesToListenOutsideLoopback) {
    Router router;
    EXPECT_EQ(Server::start(router, {.address = "0.0.0.0"}).error().code, ErrorCode::invalid_argument);
}

TEST(Router, TakesTheRestOfAPath) {
    Router router;
    router.add({"GET", "/log/{path*}", Admission::anyone, "public", "log", 0, [](Request, Respond) {}});
    EXPECT_EQ(router.match("GET", "/log/tile/0/000").value().path_values.at("path"), "tile/0/000");
    EXPECT_FALSE(router.match("GET", "/other"));
}

// Whatever the order in which routes were added; a path that exists under another method is still told apart.
TEST(Router, AFallbackAnswersWhatNothingElseDoes) {
    Router router;
    router.add_fallback({"GET", "/{rest*}", Admission::anyone, "public", "unknown", 0, [](Request, Respond) {}});
    router.add(echo_route());
    EXPECT_EQ(router.match("GET", "/none").value().route->audit_event, "unknown");
    EXPECT_EQ(router.match("POST", "/echo/a").value().route->audit_event, "echo");
    EXPECT_EQ(router.match("GET", "/echo/a").error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(router.match("POST", "/none").error().code, ErrorCode::not_found);
    EXPECT_EQ(router.routes().size(), 1u);
}

TEST(Compression, GoesByWhatTheClientTakes) {
    const auto takes = [](std::string field) {
        return takes_gzip({"GET", "/", "/", {{"accept-encoding", std::move(field)}}, "", false, {}});
    };
    EXPECT_TRUE(takes("gzip"));
    EXPECT_TRUE(takes("br, gzip;q=0.5"));
    EXPECT_FALSE(takes("gzip;q=0"));
    EXPECT_FALSE(takes("br;q=1, gzip; q=0.0"));
    EXPECT_FALSE(takes("x-gzip, br"));
    EXPECT_FALSE(takes(""));
}

TEST(Compression, LeavesWhatIsSmallHugeOrNotAskedFor) {
    const Request asks{"GET", "/", "/", {{"accept-encoding", "gzip"}}, "", false, {}};
    const auto sent = [](const Request& request, size_t bytes) {
        Response response = Response::html(200, std::string(bytes, 'a'));
        compress(request, response);
        return response.body.size();
    };
    EXPECT_LT(sent(asks, 10'000), 200u);
    EXPECT_EQ(sent(asks, kCompressBytesMin - 1), kCompressBytesMin - 1);
    EXPECT_EQ(sent(asks, kCompressBytesMax + 1), kCompressBytesMax + 1);
    EXPECT_EQ(sent({}, 10'000), 10'000u);
    Response response = Response::html(200, std::string(10'000, 'a'));
    compress(asks, response);
    EXPECT_EQ(response.headers.back(), (std::pair<std::string, std::string>("content-encoding", "gzip")));
    EXPECT_TRUE(response.body.starts_with("\x1f\x8b")) << "the frame of gzip, RFC 1952";
}

TEST(Request, DecodesQueriesAndForms) {
    Request request;
    request.target = "/x?a=1%2B1&b=1&b=c+d&broken=%zz";
    EXPECT_EQ(request.query_value("a"), "1+1");
    EXPECT_EQ(request.query_value("b"), "c d");
    EXPECT_EQ(request.query_value("broken"), "%zz");
    EXPECT_EQ(request.query_value("none"), "");
    EXPECT_EQ(request.query_values("b"), (std::vector<std::string>{"1", "c d"}));
    EXPECT_TRUE(request.query_values("none").empty());
}

TEST(Message, CookiesAreFoundByWholeName) {
    const Request request{"GET", "/", "/", {{"cookie", "ab=1; b=two=2;c="}}, "", false, {}};
    EXPECT_EQ(request.cookie("b"), "two=2");
    EXPECT_EQ(request.cookie("ab"), "1");
    EXPECT_EQ(request.cookie("c"), "");
    EXPECT_EQ(request.cookie("a"), "");
}

}  // namespace
}  // namespace gongzhi::http
