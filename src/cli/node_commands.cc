#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "api/api.h"
#include "base/log.h"
#include "cli/commands.h"
#include "http/server.h"
#include "node/node.h"
#include "vault/recovery.h"
#include "web/pages.h"

namespace gongzhi::cli {
namespace {

struct InitOptions {
    std::string folder, party, role = "platform", name_zh, name_en, url, origin, level = "province", pack = "packs/cn",
                               clock, start, telephone, counter_zh, counter_en, hours_zh, hours_en;
    std::vector<std::string> custodians;
};

Status init(const InitOptions& options) {
    node::NodeConfig config;
    config.party = PartyId(options.party);
    if (!exchange::valid_party_id(options.party))
        return fail(ErrorCode::invalid_argument, "--party: 2 to 40 of a-z, 0-9 and -");
    config.role = options.role == "authority" ? exchange::PartyRole::authority : exchange::PartyRole::platform;
    config.name_zh = options.name_zh.empty() ? options.party : options.name_zh;
    config.name_en = options.name_en.empty() ? options.party : options.name_en;
    config.url = options.url;
    config.unit_level = options.level;
    config.pack = std::filesystem::absolute(options.pack);
    config.telephone = options.telephone;
    config.counter_zh = options.counter_zh, config.counter_en = options.counter_en;
    config.hours_zh = options.hours_zh, config.hours_en = options.hours_en;
    config.origin = (options.origin.empty() ? options.party + ".example/log" : options.origin) +
                    (options.clock.empty() ? "" : "/simulated");
    if (!options.clock.empty()) {
        config.clock = std::filesystem::absolute(options.clock);
        if (!std::filesystem::exists(config.clock)) {
            GZ_TRY(const UtcTime start, parse_utc(options.start));
            GZ_CHECKED(SimulatedClock::create(config.clock, start));
        }
    }
    GZ_CHECKED(pack::Pack::load(config.pack).map([](const auto&) {}));
    SystemRandom random;
    GZ_CHECKED(node::init_node(options.folder, config, random));
    if (options.custodians.size() == 2) {
        GZ_TRY(const Bytes first, from_base64(options.custodians[0]));
        GZ_TRY(const Bytes second, from_base64(options.custodians[1]));
        GZ_CHECKED(vault::set_custodians(std::filesystem::path(options.folder) / "keys", first, second));
    } else {
        std::fprintf(stderr,
                     "警告：没有保管人，根密钥丢失后受保护的内容不可恢复 / warning: without custodians a lost root key "
                     "cannot be brought back (--custodian)\n");
    }
    std::fprintf(stderr, "已创建节点 / node made: %s (%s)\n", options.folder.c_str(), config.origin.c_str());
    return {};
}

struct RunningNode {
    std::unique_ptr<node::Node> node;
    http::Router router;
    std::unique_ptr<http::Server> server;
};

Result<std::unique_ptr<RunningNode>> start_node(const std::string& folder) {
    auto running = std::make_unique<RunningNode>();
    GZ_TRY(running->node, node::Node::open(folder));
    api::add_routes(running->router, *running->node);
    GZ_CHECKED(web::add_pages(running->router, *running->node));
    const node::NodeConfig& config = running->node->config();
    http::ServerOptions options;
    options.address = config.address();
    options.port = config.port();
    options.unix_socket = std::filesystem::path(folder) / "socket";
    options.worker_threads = 4;  // some handlers wait: for tables, for a peer
    GZ_TRY(running->server, http::Server::start(running->router, options));
    std::fprintf(stderr, "%s: %s%s\n", config.party.value.c_str(), config.url.c_str(),
                 config.clock.empty() ? "" : "  模拟时间 simulated time");
    return running;
}

Status serve(const std::vector<std::string>& folders) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::vector<std::unique_ptr<RunningNode>> nodes;
    for (const std::string& folder : folders) {
        GZ_TRY(auto running, start_node(folder));
        nodes.push_back(std::move(running));
    }
    int received = 0;
    sigwait(&signals, &received);
    log_info("stopping signal={}", received);
    for (size_t i = 0; i < nodes.size(); ++i) {
        nodes[i]->server->stop();
        std::error_code ignored;
        std::filesystem::remove(std::filesystem::path(folders[i]) / "socket", ignored);
    }
    return {};
}

void add_init(CLI::App& app, Run& run) {
    auto options = std::make_shared<InitOptions>();
    CLI::App* command = app.add_subcommand("init", "make a node's folder: keys and configuration 创建节点");
    command->add_option("folder", options->folder, "the node's folder")->required();
    command->add_option("--party", options->party, "this party's id, [a-z0-9-]")->required();
    command->add_option("--role", options->role, "authority or platform")
        ->check(CLI::IsMember({"authority", "platform"}));
    command->add_option("--name-zh", options->name_zh, "name in Chinese");
    command->add_option("--name-en", options->name_en, "name in English");
    command->add_option("--url", options->url, "where it listens, http://127.0.0.1:PORT")->required();
    command->add_option("--origin", options->origin, "name of its log (default <party>.example/log)");
    command->add_option("--level", options->level, "an authority's level: national, province, city, county");
    command->add_option("--pack", options->pack, "folder of the pack");
    command->add_option("--clock", options->clock, "file of a simulated clock, shared by the nodes of a run");
    command
        ->add_option("--custodian", options->custodians,
                     "two public keys of `gongzhi custodian-key`, for the recovery copy")
        ->expected(2);
    command->add_option("--start", options->start, "when the simulated clock starts, if it is new");
    command->add_option("--telephone", options->telephone, "number that pages give to people 电话");
    command->add_option("--counter-zh", options->counter_zh, "where people are served, in Chinese: name, address 窗口");
    command->add_option("--counter-en", options->counter_en, "the same in English");
    command->add_option("--hours-zh", options->hours_zh, "when people are served, in Chinese 办公时间");
    command->add_option("--hours-en", options->hours_en, "the same in English");
    command->callback([options, &run] { run = [options] { return init(*options); }; });
}

void add_serve(CLI::App& app, Run& run) {
    auto folders = std::make_shared<std::vector<std::string>>();
    CLI::App* command = app.add_subcommand("serve", "run one or more nodes 运行节点");
    command->add_option("folder", *folders, "the nodes' folders")->required();
    command->callback([folders, &run] { run = [folders] { return serve(*folders); }; });
}

struct AskOptions {
    std::string folder, first, second;
    bool plain = false;
};

void add_admission(CLI::App& app, Run& run) {
    auto options = std::make_shared<AskOptions>();
    CLI::App* invite = app.add_subcommand("invite", "make a one-time invitation for a party 邀请");
    invite->add_option("folder", options->folder, "the inviting node")->required();
    invite->add_option("party", options->first, "the party's id")->required();
    invite->add_flag("--plain", options->plain, "the invitation alone, for `gongzhi join`");
    invite->callback([options, &run] {
        run = [options]() -> Status {
            GZ_TRY(const Json invitation, ask_node(options->folder, "system_administrator", "POST", "/v1/invitations",
                                                   {{"party", options->first}}));
            if (options->plain)
                std::printf("%s\n", invitation["text"].get<std::string>().c_str());
            else
                print_json(invitation);
            std::fprintf(stderr, "请当面或电话告知对方 / hand this over in person or by telephone:\n  %s\n",
                         invitation["text"].get<std::string>().c_str());
            return {};
        };
    });
    CLI::App* join =
        app.add_subcommand("join", "join with an invitation: key, code, fingerprint, connection test 加入");
    join->add_option("folder", options->folder, "the joining node")->required();
    join->add_option("invitation", options->first, "\"URL CODE FINGERPRINT\" as it was handed over")->required();
    join->callback([options, &run] {
        run = [options]() -> Status {
            std::istringstream words(options->first);
            std::string url, code, fingerprint;
            words >> url >> code >> fingerprint;
            if (fingerprint.empty())
                return fail(ErrorCode::invalid_argument, "an invitation has three words: address, code, fingerprint");
            GZ_TRY(const Json joined, ask_node(options->folder, "system_administrator", "POST", "/v1/joins",
                                               {{"url", url}, {"code", code}, {"fingerprint", fingerprint}}));
            print_json(joined);
            return {};
        };
    });
}

void add_token(CLI::App& app, Run& run) {
    auto options = std::make_shared<AskOptions>();
    CLI::App* command = app.add_subcommand("token", "issue a token for a person or a program 发放令牌");
    command->add_option("folder", options->folder, "the node")->required();
    command->add_option("--name", options->first, "whose it is")->required();
    command
        ->add_option("--role", options->second,
                     "clerk, engineer, officer, system_administrator, security_administrator or audit_administrator")
        ->required();
    auto unit = std::make_shared<std::string>(), reach = std::make_shared<std::string>("subtree");
    auto once = std::make_shared<bool>(false);
    command->add_option("--unit", *unit, "the unit it is for (default: the whole party)");
    command->add_option("--reach", *reach, "own, unit or subtree");
    command->add_flag("--once", *once, "good for one use, to open a page");
    command->add_flag("--plain", options->plain, "the token alone; with --once the address that opens the page");
    command->callback([=, &run] {
        run = [=]() -> Status {
            GZ_TRY(const Json issued, ask_node(options->folder, "security_administrator", "POST", "/v1/tokens",
                                               {{"name", options->first},
                                                {"role", options->second},
                                                {"unit", *unit},
                                                {"reach", *reach},
                                                {"once", *once}}));
            if (!options->plain) {
                print_json(issued);
                return {};
            }
            GZ_TRY(const node::NodeConfig config, node::NodeConfig::load(options->folder));
            const std::string token = issued["token"].get<std::string>();
            std::printf("%s\n", *once ? (config.url + "/enter?token=" + token).c_str() : token.c_str());
            return {};
        };
    });
}

void add_status(CLI::App& app, Run& run) {
    auto options = std::make_shared<AskOptions>();
    CLI::App* command = app.add_subcommand("status", "what a running node is doing 状态");
    command->add_option("folder", options->folder, "the node")->required();
    command->callback([options, &run] {
        run = [options]() -> Status {
            GZ_TRY(const Json status, ask_node(options->folder, "system_administrator", "GET", "/v1/status"));
            print_json(status);
            return {};
        };
    });
}

}  // namespace

void add_node_commands(CLI::App& app, Run& run) {
    add_init(app, run);
    add_serve(app, run);
    add_admission(app, run);
    add_token(app, run);
    add_status(app, run);
}

}  // namespace gongzhi::cli
