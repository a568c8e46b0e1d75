// A node as others meet it: in a temporary folder, behind a real HTTP server on loopback, on a simulated clock that all
// parties of a test share. It can go down, come back, and lose its tables. Not thread-safe: one test drives it.
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <mutex>

#include "api/api.h"
#include "base/bytes.h"
#include "http/server.h"
#include "ledger/receipt.h"
#include "node/node.h"
#include "testing/temp_folder.h"

namespace gongzhi::scenario {

inline const access::Actor kClerk{"token:clerk", access::Role::clerk};
inline const access::Actor kEngineer{"token:engineer", access::Role::engineer};
inline const access::Actor kOfficer{"token:officer", access::Role::officer};
inline const access::Actor kAdministrator{"token:administrator", access::Role::system_administrator};
inline const access::Actor kNobody{"token:nobody", access::Role::none};

constexpr int64_t kPatience = 20 * kMicrosPerSecond;  // for what should take a second

// One simulated time for all parties of a test.
struct SharedClock {
    testing::TempFolder folder;
    std::filesystem::path file = folder.path() / "clock";
    std::unique_ptr<SimulatedClock> clock;
    explicit SharedClock(std::string_view start = "2026-03-02T01:00:00Z") {
        EXPECT_TRUE(SimulatedClock::create(file, parse_utc(start).value()));
        clock = SimulatedClock::open(file).value();
    }
};

class Party {
public:
    Party(const std::string& name, exchange::PartyRole role, const SharedClock& clock) : port_(free_port()) {
        node::NodeConfig config;
        config.party = PartyId(name);
        config.role = role;
        config.name_zh = config.name_en = name;
        config.url = fmt::format("http://127.0.0.1:{}", port_);
        config.origin = name + ".example/simulated";
        config.pack = std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs" / "cn";
        config.clock = clock.file;
        SystemRandom random;
        EXPECT_TRUE(node::init_node(folder(), config, random));
        start();
    }
    ~Party() { stop(); }

    node::Node& node() { return *node_; }
    PartyId id() const { return node_->config().party; }
    std::filesystem::path folder() const { return folder_.path() / home_; }

    // The address alone: the node goes on working, nobody can reach it.
    void close_door() { server_.reset(), router_.reset(); }
    void open_door() {
        router_ = std::make_unique<http::Router>();
        router_->add({"POST", "/v1/messages", http::Admission::signature, "peer", "message.receive",
                      exchange::kMessageBytesMax, [this](http::Request request, http::Respond respond) {
                          receive(std::move(request), std::move(respond));
                      }});
        api::add_exchange_routes(*router_, *node_);
        auto started = http::Server::start(*router_, {.port = port_});
        ASSERT_TRUE(started) << started.error().describe();
        server_ = std::move(*started);
    }
    // The whole node, as a restart of the process would.
    void stop() { close_door(), node_.reset(); }
    void start() {
        auto opened = node::Node::open(folder());
        ASSERT_TRUE(opened) << opened.error().describe();
        node_ = std::move(*opened);
        open_door();
    }

    // Another pack from now on, as after an upgrade of its content.
    void upgrade(const std::filesystem::path& pack) {
        stop();
        node::NodeConfig config = node::NodeConfig::load(folder()).value();
        config.pack = pack;
        EXPECT_TRUE(write_file_atomic(folder() / "node.yaml", config.to_yaml()));
        start();
    }
    // As a desk leaves its host: the folder is copied to another place and served at another address.
    void leave() {
        stop();
        const auto old_folder = folder();
        home_ = "elsewhere";
        std::filesystem::copy(old_folder, folder(), std::filesystem::copy_options::recursive);
        std::filesystem::remove_all(old_folder);
        port_ = free_port();
        node::NodeConfig config = node::NodeConfig::load(folder()).value();
        config.url = fmt::format("http://127.0.0.1:{}", port_);
        EXPECT_TRUE(write_file_atomic(folder() / "node.yaml", config.to_yaml()));
        start();
    }

    // The last message that came in, exactly as it stood on the wire.
    exchange::IncomingMessage captured() const {
        const std::lock_guard lock(mutex_);
        return captured_;
    }
    Result<std::string> deliver(const exchange::IncomingMessage& message) {
        std::promise<Result<std::string>> answer;
        node_->inbox().receive(message, [&](Result<std::string> receipt) { answer.set_value(std::move(receipt)); });
        return answer.get_future().get();
    }

    // Everything durable has had its reaction and is in the tables; reactions may append, so until nothing moves.
    bool settle() {
        for (int round = 0; round < 50; ++round) {
            const TreeSize size = node_->ledger().journal().size();
            if (!node_->reactor().wait_for(size, kPatience) || !node_->wait_applied(kPatience)) return false;
            if (node_->ledger().journal().size() == size) return true;
        }
        return false;
    }
    sql::Table affairs(std::string_view sql, const sql::Parameters& parameters = {}) {
        return query(node_->affairs(), sql, parameters);
    }
    sql::Table records(std::string_view sql, const sql::Parameters& parameters = {}) {
        return query(node_->records(), sql, parameters);
    }
    int64_t count(std::string_view from_where) {
        return number(affairs(fmt::format("SELECT count(*) FROM {}", from_where)));
    }
    int64_t count_records(std::string_view from_where) {
        return number(records(fmt::format("SELECT count(*) FROM {}", from_where)));
    }

    Result<ledger::Receipt> verify(std::string_view receipt) {
        return ledger::verify_receipt(receipt, merkle::Policy::of_log(node_->ledger().log_verifier()));
    }

private:
    static uint16_t free_port() {
        const http::Router nothing;
        return http::Server::start(nothing, {}).value()->port();
    }
    static sql::Table query(Result<std::unique_ptr<sql::Connection>> connection, std::string_view sql,
                            const sql::Parameters& parameters) {
        auto table = (*connection)->query(sql, parameters);
        EXPECT_TRUE(table) << sql << ": " << (*connection)->diagnosis();
        return table.value_or(sql::Table{});
    }
    static int64_t number(const sql::Table& table) {
        return table.rows.empty() ? -1 : sql::integer_of(table.rows[0][0]);
    }

    // The road of api::add_exchange_routes, with a copy kept on the way.
    void receive(http::Request request, http::Respond respond) {
        const auto field = [&](std::string_view name) { return std::string(request.header(name)); };
        exchange::IncomingMessage message{
            {request.method, node_->config().url + request.target, field("content-type"), field("content-digest"),
             field("gongzhi-message"), field("signature-input"), field("signature"), true},
            request.body};
        {
            const std::lock_guard lock(mutex_);
            captured_ = message;
        }
        node_->inbox().receive(std::move(message), [respond = std::move(respond)](Result<std::string> receipt) {
            respond(receipt ? http::Response::text(202, *std::move(receipt)) : http::problem(receipt.error()));
        });
    }

    testing::TempFolder folder_;
    std::string home_ = "node";
    uint16_t port_;
    std::unique_ptr<node::Node> node_;
    std::unique_ptr<http::Router> router_;
    std::unique_ptr<http::Server> server_;
    mutable std::mutex mutex_;  // guards captured_
    exchange::IncomingMessage captured_;
};

// An authority and a platform that have admitted each other.
struct Pair {
    SharedClock clock;
    Party authority{"authority-x", exchange::PartyRole::authority, clock};
    Party platform{"platform-y", exchange::PartyRole::platform, clock};
    std::string admission_receipt;  // the platform's, signed by the authority's log

    Pair() {
        const auto invitation = authority.node().admission().invite(kAdministrator, platform.id());
        EXPECT_TRUE(invitation);
        const auto joined = platform.node().admission().join(kAdministrator, invitation->url, invitation->code,
                                                             invitation->fingerprint);
        EXPECT_TRUE(joined) << joined.error().describe();
        if (joined) admission_receipt = joined->receipt;
    }
    bool settle() {
        return platform.settle() && platform.node().outbox().wait_delivered(authority.id(), kPatience) &&
               authority.settle() && authority.node().outbox().wait_delivered(platform.id(), kPatience) &&
               platform.settle();
    }
};

// Valid lines of the catalogue's record types.
inline std::string sale_line(std::string_view sale_id, std::string_view amount = "12.50",
                             std::string_view shop = "S-1") {
    return Json{{"shop", shop},
                {"listing", "L-1"},
                {"sale_id", sale_id},
                {"sale_time", "2026-03-01T08:00:00+08:00"},
                {"quantity", 1},
                {"price", {{"amount", amount}, {"currency", "CNY"}}},
                {"buyer", "buyer-of-" + std::string(sale_id)}}
               .dump() +
           "\n";
}
inline std::string offer_line(std::string_view offer_id, std::string_view shop = "S-1") {
    return Json{{"shop", shop},
                {"listing", "L-1"},
                {"offer_id", offer_id},
                {"from_time", "2026-03-01T00:00:00+08:00"},
                {"price", {{"amount", "9.90"}, {"currency", "CNY"}}}}
               .dump() +
           "\n";
}
inline std::string trader_line(std::string_view trader_id, std::string_view shop = "S-1") {
    return Json{{"trader_id", trader_id},
                {"kind", "registered"},
                {"name", "示例商贸有限公司"},
                {"credit_code", "91350100M000100Y43"},
                {"address", "示例路1号"},
                {"contact", "contact-of-" + std::string(trader_id)},
                {"shop", shop},
                {"shop_name", "示例店"},
                {"url", "https://shop.example/s/1"}}
               .dump() +
           "\n";
}

inline intake::SubmissionRequest submission(std::string record_type, Bytes body) {
    SystemRandom random;
    intake::SubmissionRequest request;
    request.message_id = make_uuid7(1'772'000'000'000, random);
    request.record_type = std::move(record_type);
    request.body = std::move(body);
    return request;
}

}  // namespace gongzhi::scenario
