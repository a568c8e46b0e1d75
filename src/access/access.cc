#include "access/access.h"

#include <algorithm>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "crypto/digest.h"

namespace gongzhi::access {
namespace {

constexpr std::string_view kRoleNames[] = {"none", "clerk", "engineer", "officer", "administrator", "system"};

struct ActionRow {
    std::string_view name;
    std::vector<Role> roles;
};

const std::vector<ActionRow>& action_table() {
    using enum Role;
    static const std::vector<ActionRow> table = {
#define A(action, ...) {#action, {__VA_ARGS__}},
#include "access/actions.def"
#undef A
    };
    return table;
}

Bytes token_key(std::string_view token) { return "token/" + to_hex(crypto::sha256(token).view()); }

}  // namespace

std::string_view role_name(Role role) { return kRoleNames[static_cast<size_t>(role)]; }

std::optional<Role> role_of(std::string_view name) {
    const auto found = std::find(std::begin(kRoleNames) + 1, std::end(kRoleNames), name);
    if (found == std::end(kRoleNames) || name == "system") return std::nullopt;
    return static_cast<Role>(found - std::begin(kRoleNames));
}

std::string_view action_name(Action action) { return action_table()[static_cast<size_t>(action)].name; }

Status may(const Actor& actor, Action action) {
    const auto& roles = action_table()[static_cast<size_t>(action)].roles;
    if (std::find(roles.begin(), roles.end(), actor.role) != roles.end()) return {};
    return fail(ErrorCode::forbidden, "the role {} may not {}", role_name(actor.role), action_name(action));
}

Result<std::string> Tokens::issue(const std::string& name, Role role) {
    const std::string token = "gz_" + to_base64url(random_.bytes(32));
    const Json stored = {{"name", name}, {"role", role_name(role)}};
    GZ_CHECKED(journal_.write_local({{token_key(token), canonical_json(stored)}}));
    return token;
}

Result<Actor> Tokens::find(std::string_view token) const {
    GZ_TRY(const std::optional<Bytes> stored, journal_.read_local(token_key(token)));
    if (!stored) return fail(ErrorCode::unauthenticated, "this token is not known here");
    GZ_TRY(const Json json, parse_json(*stored));
    GZ_TRY(const std::string name, json_text(json, "name"));
    GZ_TRY(const std::string role, json_text(json, "role"));
    return Actor{"token:" + name, role_of(role).value_or(Role::none)};
}

}  // namespace gongzhi::access
