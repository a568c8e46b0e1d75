// The verbs of `gongzhi`. Each adds itself to the command line and, when chosen, leaves what to run.
//
// Data goes to standard output, messages to standard error (clig.dev). Exit codes are the error table's.
#pragma once

#include <functional>

#include "base/json.h"
#include "base/result.h"

namespace CLI {
class App;
}

namespace gongzhi::cli {

using Run = std::function<Status()>;

void add_node_commands(CLI::App& app, Run& run);     // init, serve, invite, join, token, status
void add_submit_command(CLI::App& app, Run& run);    // submit
void add_truth_commands(CLI::App& app, Run& run);    // verify, fsck, rebuild
void add_custody_commands(CLI::App& app, Run& run);  // custodian-key, recover, doctor
void add_content_commands(CLI::App& app, Run& run);  // rule check, market generate, dictionary

// A verb's talk with a running node over the socket in its folder. `unavailable` where no node runs.
Result<Json> ask_node(const std::string& folder, const std::string& role, const std::string& method,
                      const std::string& path, const Json& body = Json::object());

void print_json(const Json& value);

}  // namespace gongzhi::cli
