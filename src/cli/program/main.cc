// `gongzhi`: the node and its verbs.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/commands.h"

int main(int argc, char** argv) {
    CLI::App app{"共治 Gongzhi: co-governance for online markets 数字政府与电商平台协同治理系统"};
    app.require_subcommand(1);
    app.set_version_flag("--version", "gongzhi 0.1.0");
    gongzhi::cli::Run run;
    gongzhi::cli::add_node_commands(app, run);
    gongzhi::cli::add_submit_command(app, run);
    gongzhi::cli::add_truth_commands(app, run);
    gongzhi::cli::add_content_commands(app, run);
    gongzhi::cli::add_custody_commands(app, run);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 64;
    }
    const gongzhi::Status done = run();
    if (done) return 0;
    const auto& info = gongzhi::error_info(done.error().code);
    std::fprintf(stderr, "gongzhi: %s / %s\n  %s\n", std::string(info.zh).c_str(), std::string(info.en).c_str(),
                 done.error().describe().c_str());
    return info.exit_code;
}
