#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/bytes.h"
#include "base/file.h"
#include "cli/commands.h"
#include "ledger/fsck.h"
#include "ledger/strict_signatures.h"
#include "node/node.h"

namespace gongzhi::cli {
namespace {

struct VerifyOptions {
    std::string file, policy, body, pack = "packs/cn";
    bool ignore_unknown = false;
};

Json describe(const ledger::Receipt& receipt) {
    Json cosigners = Json::array();
    for (const auto& cosigner : receipt.cosigners)
        cosigners.push_back({{"witness", cosigner.witness},
                             {"time", format_utc(UtcTime(static_cast<int64_t>(cosigner.time) * kMicrosPerSecond))}});
    Json out = {{"valid", true},
                {"stage", receipt.stage == ledger::Receipt::Stage::proved ? "proved" : "accepted"},
                {"origin", receipt.origin},
                {"index", receipt.index.value},
                {"kind", receipt.statement.kind},
                {"received_time", format_utc(receipt.statement.received_time)},
                {"cosigners", cosigners},
                {"simulated", receipt.simulated()},
                {"body_checked", receipt.body_checked}};
    if (receipt.header)
        out.update({{"id", receipt.header->id.value},
                    {"from", receipt.header->from.value},
                    {"to", receipt.header->to.value},
                    {"type", receipt.header->type}});
    return out;
}

Status verify(const VerifyOptions& options) {
    GZ_TRY(const Bytes policy_text, read_file(options.policy, 1u << 20));
    GZ_TRY(const merkle::Policy policy, merkle::Policy::parse(policy_text));
    GZ_TRY(const Bytes text, read_file(options.file, 8u << 20));
    if (!options.ignore_unknown) GZ_CHECKED(ledger::refuse_unknown_signatures(text, policy_text));
    if (text.starts_with("{")) {
        GZ_TRY(const pack::Pack pack, pack::Pack::load(options.pack));
        GZ_TRY(const supervision::ProvedFinding proved, supervision::verify_finding_file(text, policy, pack));
        print_json({{"valid", true},
                    {"finding", proved.id},
                    {"party", proved.party},
                    {"rule", proved.rule},
                    {"shop", proved.shop},
                    {"subject", proved.subject},
                    {"verdict", proved.verdict},
                    {"index", proved.index.value},
                    {"evidence", proved.evidence},
                    {"simulated", proved.simulated}});
        return {};
    }
    ledger::VerifyOptions verify_options;
    Bytes body;
    if (!options.body.empty()) {
        GZ_TRY(body, read_file(options.body));
        verify_options.body = body;
    }
    GZ_TRY(const ledger::Receipt receipt, ledger::verify_receipt(text, policy, verify_options));
    print_json(describe(receipt));
    return {};
}

Status check_folder(const std::string& folder) {
    GZ_TRY(const node::NodeConfig config, node::NodeConfig::load(folder));
    GZ_TRY(const FolderLock lock, FolderLock::acquire(folder));
    GZ_TRY(const ledger::FsckReport report, ledger::fsck(folder, config.origin));
    print_json({{"clean", report.clean()},
                {"entries", report.entries},
                {"bodies", report.bodies},
                {"claims", report.claims},
                {"erased_bodies", report.erased_bodies},
                {"problem_count", report.problem_count},
                {"problems", report.problems}});
    if (!report.clean()) return fail(ErrorCode::corrupt, "{} problems", report.problem_count);
    return {};
}

Status rebuild(const std::string& folder) {
    GZ_CHECKED(node::Node::drop_tables(folder));
    GZ_TRY(const auto node, node::Node::open(folder));
    while (!node->wait_applied(kMicrosPerSecond))
        std::fprintf(stderr, "\r%llu / %llu", static_cast<unsigned long long>(node->applied_records().value),
                     static_cast<unsigned long long>(node->ledger().journal().size().value));
    GZ_TRY(const Json digests, node->table_digests());
    print_json(digests);
    return {};
}

}  // namespace

void add_truth_commands(CLI::App& app, Run& run) {
    auto options = std::make_shared<VerifyOptions>();
    CLI::App* command = app.add_subcommand("verify", "check a receipt or a finding offline, trusting no node 验证");
    command->add_option("file", options->file, "receipt, or finding file")->required()->check(CLI::ExistingFile);
    command
        ->add_option("--policy", options->policy,
                     "which logs and witnesses to trust (a node shows its own at /v1/policy)")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--body", options->body, "the file that the receipt is about")->check(CLI::ExistingFile);
    command->add_option("--pack", options->pack, "pack, for findings");
    command->add_flag("--ignore-unknown", options->ignore_unknown,
                      "let signatures pass by keys that the policy does not name");
    command->callback([options, &run] { run = [options] { return verify(*options); }; });

    auto folder = std::make_shared<std::string>();
    CLI::App* fsck = app.add_subcommand("fsck", "re-read every stored byte of a node that is not running 检查存储");
    fsck->add_option("folder", *folder, "the node")->required();
    auto offline = std::make_shared<bool>(true);
    fsck->add_flag("--offline", *offline, "read the files of a node that is not running: the only way as yet");
    fsck->callback([folder, offline, &run] { run = [folder] { return check_folder(*folder); }; });
    CLI::App* rebuild_command =
        app.add_subcommand("rebuild", "drop the tables of a node that is not running and make them again 重建数据表");
    rebuild_command->add_option("folder", *folder, "the node")->required();
    rebuild_command->callback([folder, &run] { run = [folder] { return rebuild(*folder); }; });
}

}  // namespace gongzhi::cli
