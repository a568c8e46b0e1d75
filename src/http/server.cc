#include "http/server.h"

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <thread>

#include "base/log.h"

namespace gongzhi::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using unix_stream = asio::local::stream_protocol;
using Parser = beast::http::request_parser<beast::http::string_body>;

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string_view view_of(beast::string_view text) { return {text.data(), text.size()}; }

Request request_of(beast::http::request<beast::http::string_body>&& message, Router::Match match, bool local) {
    Request request;
    request.local = local;
    request.method = view_of(message.method_string());
    request.target = view_of(message.target());
    request.path = request.target.substr(0, request.target.find('?'));
    request.path_values = std::move(match.path_values);
    for (const auto& field : message)
        request.headers.emplace_back(lower(view_of(field.name_string())), view_of(field.value()));
    request.body = std::move(message.body());
    return request;
}

beast::http::response<beast::http::string_body> message_of(Response response, unsigned version, bool keep_alive) {
    beast::http::response<beast::http::string_body> message{static_cast<beast::http::status>(response.status), version};
    for (const auto& [name, value] : default_headers()) message.set(name, value);
    for (const auto& [name, value] : response.headers)
        if (name == "set-cookie")
            message.insert(name, value);  // the one field that may stand several times
        else
            message.set(name, value);
    message.body() = std::move(response.body);
    message.keep_alive(keep_alive);
    message.prepare_payload();
    return message;
}

}  // namespace

struct Server::Parts {
    explicit Parts(const Router& known_routes, int workers)
        : router(known_routes), pool(static_cast<size_t>(workers)) {}

    const Router& router;
    asio::io_context io;
    tcp::acceptor acceptor{io};
    unix_stream::acceptor unix_acceptor{io};
    asio::thread_pool pool;
    std::vector<std::jthread> threads;
    std::atomic<size_t> connections{0}, waiting{0};
    std::atomic<bool> stopping{false};

    // Hands the request to a worker; the coroutine goes on when somebody answers.
    template <typename Token>
    auto ask(const Route& route, Request request, Token&& token) {
        return asio::async_initiate<Token, void(Response)>(
            [this, &route, request = std::move(request)](auto handler) mutable {
                auto executor = asio::get_associated_executor(handler, io.get_executor());
                auto shared = std::make_shared<decltype(handler)>(std::move(handler));
                Respond respond = [this, shared, executor](Response response) {
                    --waiting;
                    asio::post(executor,
                               [shared, response = std::move(response)]() mutable { (*shared)(std::move(response)); });
                };
                ++waiting;
                asio::post(pool, [&route, request = std::move(request), respond = std::move(respond)]() mutable {
                    try {
                        route.handle(std::move(request), respond);
                    } catch (const std::exception& e) {
                        log_error("handler route={} failed: {}", route.pattern, e.what());
                        respond(problem(Error{ErrorCode::internal, "something went wrong here", {}, {}}));
                    }
                });
            },
            token);
    }

    // One request. False when the connection is to be closed.
    template <typename Protocol>
    asio::awaitable<bool> serve_one(beast::basic_stream<Protocol>& stream, beast::flat_buffer& buffer) {
        Parser parser;
        parser.header_limit(kHeaderBytesMax);
        parser.body_limit(boost::none);
        stream.expires_after(std::chrono::seconds(kReadSeconds));
        boost::system::error_code error;
        co_await beast::http::async_read_header(stream, buffer, parser,
                                                asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return false;
        const std::string target(view_of(parser.get().target()));
        auto match =
            router.match(view_of(parser.get().method_string()), std::string_view(target).substr(0, target.find('?')));
        const unsigned version = parser.get().version();
        if (!match) co_return co_await refuse(stream, match.error(), version);
        if (waiting >= kWaitingRequestsMax)
            co_return co_await refuse(stream, Error{ErrorCode::busy, "too many requests are waiting", {}, {}}, version);
        // A declared length was looked at with the header; the limit below is for chunked bodies.
        const size_t body_max = match->route->body_bytes_max;
        const Error too_large{ErrorCode::too_large, fmt::format("at most {} bytes here", body_max), {}, {}};
        if (parser.content_length().value_or(0) > body_max) co_return co_await refuse(stream, too_large, version);
        parser.body_limit(body_max);
        if (view_of(parser.get()["expect"]) == "100-continue") {
            beast::http::response<beast::http::empty_body> go_on{beast::http::status::continue_, version};
            co_await beast::http::async_write(stream, go_on, asio::redirect_error(asio::use_awaitable, error));
        }
        co_await beast::http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
        if (error == beast::http::error::body_limit) co_return co_await refuse(stream, too_large, version);
        if (error) co_return false;
        const bool keep_alive = parser.get().keep_alive() && !stopping;
        stream.expires_never();  // a handler has its own time limits
        const Route& route = *match->route;
        Response response =
            co_await ask(route, request_of(parser.release(), *std::move(match), std::is_same_v<Protocol, unix_stream>),
                         asio::use_awaitable);
        auto message = message_of(std::move(response), version, keep_alive);
        stream.expires_after(std::chrono::seconds(kReadSeconds));
        co_await beast::http::async_write(stream, message, asio::redirect_error(asio::use_awaitable, error));
        co_return keep_alive && !error;
    }

    template <typename Protocol>
    asio::awaitable<bool> refuse(beast::basic_stream<Protocol>& stream, Error error, unsigned version) {
        auto message = message_of(problem(error), version, false);
        boost::system::error_code ignored;
        co_await beast::http::async_write(stream, message, asio::redirect_error(asio::use_awaitable, ignored));
        // Let the peer read the answer before the reset that unread bytes would cause.
        stream.socket().shutdown(asio::socket_base::shutdown_send, ignored);
        co_return false;
    }

    template <typename Protocol>
    asio::awaitable<void> serve(asio::basic_stream_socket<Protocol> socket) {
        ++connections;
        try {
            if constexpr (std::is_same_v<Protocol, tcp>) socket.set_option(tcp::no_delay(true));
            beast::basic_stream<Protocol> stream(std::move(socket));
            beast::flat_buffer buffer;
            while (!stopping && co_await serve_one(stream, buffer)) {
            }
        } catch (const std::exception& e) {
            log_warning("connection ended: {}", e.what());
        }
        --connections;
    }

    template <typename Protocol>
    asio::awaitable<void> accept(asio::basic_socket_acceptor<Protocol>& listening) {
        while (!stopping) {
            boost::system::error_code error;
            asio::basic_stream_socket<Protocol> socket =
                co_await listening.async_accept(asio::redirect_error(asio::use_awaitable, error));
            if (error == asio::error::operation_aborted) co_return;
            if (error || connections >= kConnectionsMax) continue;  // the socket closes here
            asio::co_spawn(io, serve<Protocol>(std::move(socket)), asio::detached);
        }
    }
};

namespace {

// The socket of a process that died is in the way: whoever holds the folder's lock may remove it.
Status listen_unix(unix_stream::acceptor& acceptor, const std::filesystem::path& file) {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    boost::system::error_code error;
    acceptor.open(unix_stream(), error);
    if (!error) acceptor.bind(unix_stream::endpoint(file.string()), error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) return fail(ErrorCode::io, "cannot listen on the node's own socket: {}", error.message());
    std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                                 ignored);
    return {};
}

}  // namespace

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<Server>> Server::start(const Router& router, ServerOptions options) {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error || !address.is_loopback())
        return fail(ErrorCode::invalid_argument, "without TLS a node listens on a loopback address only");
    auto parts = std::make_unique<Parts>(router, options.worker_threads);
    const tcp::endpoint endpoint(address, options.port);
    parts->acceptor.open(endpoint.protocol(), error);
    if (!error) parts->acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) parts->acceptor.bind(endpoint, error);
    if (!error) parts->acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) return fail(ErrorCode::io, "cannot listen on {}:{}: {}", options.address, options.port, error.message());
    asio::co_spawn(parts->io, parts->accept(parts->acceptor), asio::detached);
    if (!options.unix_socket.empty()) GZ_CHECKED(listen_unix(parts->unix_acceptor, options.unix_socket));
    if (!options.unix_socket.empty()) asio::co_spawn(parts->io, parts->accept(parts->unix_acceptor), asio::detached);
    for (int i = 0; i < options.socket_threads; ++i)
        parts->threads.emplace_back([raw = parts.get()] { raw->io.run(); });
    return std::unique_ptr<Server>(new Server(std::move(parts)));
}

Server::~Server() { stop(); }
uint16_t Server::port() const { return parts_->acceptor.local_endpoint().port(); }

void Server::stop() {
    if (parts_->stopping.exchange(true)) return;
    parts_->pool.join();
    parts_->io.stop();
    parts_->threads.clear();
}

}  // namespace gongzhi::http
