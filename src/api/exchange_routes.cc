#include "api/route_helpers.h"

namespace gongzhi::api {
namespace {

exchange::ReceivedRequest received(const http::Request& request, node::Node& node, bool needs_message) {
    // A field that stands twice counts as missing: nobody can say which of the two was signed.
    const auto once = [&](std::string_view name) {
        return request.header_count(name) == 1 ? std::string(request.header(name)) : std::string();
    };
    return {request.method,          node.config().url + request.target,
            once("content-type"),    once("content-digest"),
            once("gongzhi-message"), once("signature-input"),
            once("signature"),       needs_message};
}

void receive_message(node::Node& node, http::Request request, http::Respond respond) {
    exchange::IncomingMessage message{received(request, node, true), std::move(request.body)};
    node.inbox().receive(std::move(message), [respond = std::move(respond)](Result<std::string> receipt) {
        respond(receipt ? http::Response::text(202, *std::move(receipt)) : http::problem(receipt.error()));
    });
}

void serve_log(node::Node& node, const http::Request& request, const http::Respond& respond) {
    auto resource = node.ledger().log_resource(request.path_values.at("path"));
    if (!resource) return respond(http::problem(resource.error()));
    http::Response response = http::Response::text(200, std::move(resource->bytes), resource->content_type);
    response.headers.emplace_back("cache-control",
                                  resource->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    respond(std::move(response));
}

// The keys by which somebody outside can verify this node's receipts: the log, and as witnesses its peers.
std::string policy_text(node::Node& node) {
    std::string text = fmt::format("log {}\n", node.self().log_key);
    std::string names;
    for (const exchange::PartyDescriptor& peer : node.peers().all()) {
        text += fmt::format("witness {} {}\n", peer.party.value, peer.witness_key);
        names += " " + peer.party.value;
    }
    return text + (names.empty() ? "quorum none\n" : fmt::format("group peers any{}\nquorum peers\n", names));
}

http::Route public_route(std::string method, std::string pattern, std::string event, size_t body_max,
                         std::function<void(http::Request, http::Respond)> handle) {
    return {std::move(method), std::move(pattern), http::Admission::anyone, "public",
            std::move(event),  body_max,           std::move(handle)};
}

}  // namespace

void add_exchange_routes(http::Router& router, node::Node& node) {
    router.add({"POST", "/v1/messages", http::Admission::signature, "peer", "message.receive",
                exchange::kMessageBytesMax, [&node](http::Request request, http::Respond respond) {
                    receive_message(node, std::move(request), std::move(respond));
                }});
    router.add({"POST", "/v1/join", http::Admission::join_code, "join", "party.join", 64u << 10,
                [&node](http::Request request, http::Respond respond) {
                    const exchange::Admission::JoinRequest join{received(request, node, false), request.body};
                    respond(answer(node.admission().admit(join)));
                }});
    router.add(public_route("GET", "/v1/node", "node.describe", 0,
                            [&node](http::Request, http::Respond respond) { respond(answer(node.self().to_json())); }));
    router.add(public_route("GET", "/v1/policy", "policy.read", 0, [&node](http::Request, http::Respond respond) {
        respond(http::Response::text(200, policy_text(node)));
    }));
    router.add(
        public_route("GET", "/log/{path*}", "log.read", 0,
                     [&node](http::Request request, http::Respond respond) { serve_log(node, request, respond); }));
    router.add(public_route("POST", "/witness/add-checkpoint", "witness.cosign", ledger::kAddCheckpointBytesMax,
                            [&node](http::Request request, http::Respond respond) {
                                const ledger::HttpReply reply = node.ledger().witness().add_checkpoint(request.body);
                                respond(http::Response::text(
                                    reply.status, reply.body,
                                    reply.content_type.empty() ? "text/plain; charset=utf-8" : reply.content_type));
                            }));
    router.add(public_route("GET", "/witness/{hash}/checkpoint", "witness.monitor", 0,
                            [&node](http::Request request, http::Respond respond) {
                                const auto note = node.ledger().witness().monitor(request.path_values["hash"]);
                                respond(note ? http::Response::text(200, *note) : http::problem(note.error()));
                            }));
    router.add(public_route("GET", "/healthz", "health.read", 0, [&node](http::Request, http::Respond respond) {
        respond(http::Response::json(200, Json{{"entries", node.ledger().journal().size().value},
                                               {"affairs", node.applied_affairs().value},
                                               {"records", node.applied_records().value}}
                                              .dump()));
    }));
}

}  // namespace gongzhi::api
