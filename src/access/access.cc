#include "access/access.h"

#include <algorithm>
#include <vector>

#include "access/units.h"
#include "base/bytes.h"
#include "base/json.h"
#include "crypto/digest.h"

namespace gongzhi::access {
namespace {

constexpr std::string_view kRoleNames[] = {
    "none",  "clerk", "engineer", "officer", "system_administrator", "security_administrator", "audit_administrator",
    "system"};
constexpr std::string_view kReachNames[] = {"own", "unit", "subtree"};
constexpr std::string_view kNothingHere = "there is nothing of this id here";
constexpr std::string_view kOutOfReach = "out of the actor's reach";  // a context: it never leaves the process

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
Bytes once_key(std::string_view token) { return "token-once/" + to_hex(crypto::sha256(token).view()); }

Bytes stored_actor(const Actor& actor) {
    return canonical_json({{"name", actor.name},
                           {"role", role_name(actor.role)},
                           {"unit", actor.unit},
                           {"reach", reach_name(actor.reach)}});
}

Result<Actor> read_actor(BytesView stored) {
    GZ_TRY(const Json json, parse_json(stored));
    Actor actor;
    GZ_TRY(actor.name, json_text(json, "name"));
    GZ_TRY(const std::string role, json_text(json, "role"));
    GZ_TRY(actor.unit, json_text_or_empty(json, "unit"));
    GZ_TRY(const std::string reach, json_text_or_empty(json, "reach"));
    actor.role = role_of(role).value_or(Role::none);
    actor.reach = reach_of(reach).value_or(Reach::own);
    return actor;
}

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

std::string_view reach_name(Reach reach) { return kReachNames[static_cast<size_t>(reach)]; }

std::optional<Reach> reach_of(std::string_view name) {
    const auto found = std::find(std::begin(kReachNames), std::end(kReachNames), name);
    if (found == std::end(kReachNames)) return std::nullopt;
    return static_cast<Reach>(found - std::begin(kReachNames));
}

bool reaches(const Actor& actor, const Subject& subject, const Units& units) {
    if (actor.unit.empty()) return true;
    switch (actor.reach) {
        case Reach::own: return actor.unit == subject.unit && actor.name == subject.owner;
        case Reach::unit: return actor.unit == subject.unit;
        case Reach::subtree: return units.under(subject.unit, actor.unit);
    }
    return false;
}

Status may(const Actor& actor, Action action, const Subject& subject, const Units& units) {
    GZ_CHECKED(may(actor, action));
    if (reaches(actor, subject, units)) return {};
    return tl::unexpected(nothing_within_reach());
}

Error nothing_within_reach() {
    Error refused{ErrorCode::not_found, std::string(kNothingHere), {}, {}};
    return std::move(refused).with(std::string(kOutOfReach));
}

bool out_of_reach(const Error& error) {
    return std::find(error.contexts.begin(), error.contexts.end(), kOutOfReach) != error.contexts.end();
}

Result<std::string> Tokens::issue(const std::string& name, Role role, const std::string& unit, Reach reach) {
    const std::string token = "gz_" + to_base64url(random_.bytes(32));
    GZ_CHECKED(journal_.write_local({{token_key(token), stored_actor({"token:" + name, role, unit, reach})}}));
    return token;
}

Result<Actor> Tokens::find(std::string_view token) const {
    GZ_TRY(const std::optional<Bytes> stored, journal_.read_local(token_key(token)));
    if (!stored) return fail(ErrorCode::unauthenticated, "this token is not known here");
    return read_actor(*stored);
}

Result<std::string> Tokens::issue_once(const Actor& actor) {
    const std::string token = "gzo_" + to_base64url(random_.bytes(32));
    GZ_CHECKED(journal_.write_local({{once_key(token), stored_actor(actor)}}));
    return token;
}

Result<Actor> Tokens::take(std::string_view token) {
    const Bytes key = once_key(token);
    GZ_TRY(const std::optional<Bytes> stored, journal_.read_local(key));
    if (!stored) return fail(ErrorCode::unauthenticated, "this link was used before");
    const Status taken = journal_.write_local({{key, std::nullopt}}, {{key, stored}});  // one of two at once
    if (!taken && taken.error().code == ErrorCode::conflict)
        return fail(ErrorCode::unauthenticated, "this link was used before");
    GZ_CHECKED(taken);
    return read_actor(*stored);
}

}  // namespace gongzhi::access
