// Who may do what. `may(actor, action)` is the only test; every command of a domain module calls it itself.
//
// Thin as yet: five roles, no units and no reach. Pure, but for the token store.
#pragma once

#include <optional>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "journal/journal.h"

namespace gongzhi::access {

enum class Role { none, clerk, engineer, officer, administrator, system };
enum class Action {
#define A(action, ...) action,
#include "access/actions.def"
#undef A
};

std::string_view role_name(Role role);
std::optional<Role> role_of(std::string_view name);
std::string_view action_name(Action action);

struct Actor {
    std::string name;  // for the record: "token:clerk", "system"
    Role role = Role::none;
};

// `forbidden` where the role lacks the action.
Status may(const Actor& actor, Action action);

// Bearer tokens of people and programs, kept as SHA-256 in the journal's local key space. Safe for concurrent use.
class Tokens {
public:
    Tokens(journal::Journal& journal, Random& random) : journal_(journal), random_(random) {}
    // The token's text, shown once: "gz_" and 43 characters.
    Result<std::string> issue(const std::string& name, Role role);
    // `unauthenticated` for an unknown token.
    Result<Actor> find(std::string_view token) const;

private:
    journal::Journal& journal_;
    Random& random_;
};

}  // namespace gongzhi::access
