// Who may do what, and to what. `may` is the only test; every command of a domain module calls it itself.
//
// A grant is (role, unit, reach). The role decides on the action, unit and reach on whose matter it is: an actor without a
// unit stands for the whole party. Pure, but for the token store.
#pragma once

#include <optional>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "journal/journal.h"

namespace gongzhi::access {

// The three administrators have nothing in common: one runs the system, one gives and takes rights, one reads the record.
enum class Role {
    none,
    clerk,
    engineer,
    officer,
    system_administrator,
    security_administrator,
    audit_administrator,
    system
};
// What of the units an actor reaches: what is its own, its unit's, or that of all units below as well.
enum class Reach { own, unit, subtree };
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
    std::string unit = {};  // "": the whole party
    Reach reach = Reach::subtree;
};

// Whose matter something is.
struct Subject {
    std::string unit;
    std::string owner = {};  // an actor's name; for Reach::own
};

class Units;

// `forbidden` where the role lacks the action.
Status may(const Actor& actor, Action action);
// `not_found` where the matter is out of the actor's reach: that it exists is none of its business. The caller's answer is
// the same as for what does not exist; the access log tells the two apart (see out_of_reach).
Status may(const Actor& actor, Action action, const Subject& subject, const Units& units);
bool out_of_reach(const Error& error);
Error nothing_within_reach();  // what such a refusal is
// Whether the matter is within reach, for filtering lists.
bool reaches(const Actor& actor, const Subject& subject, const Units& units);

std::string_view reach_name(Reach reach);
std::optional<Reach> reach_of(std::string_view name);

// Bearer tokens of people and programs, kept as SHA-256 in the journal's local key space. Safe for concurrent use.
class Tokens {
public:
    Tokens(journal::Journal& journal, Random& random) : journal_(journal), random_(random) {}
    // The token's text, shown once: "gz_" and 43 characters.
    Result<std::string> issue(const std::string& name, Role role, const std::string& unit = {},
                              Reach reach = Reach::subtree);
    // Good for one use: `take` answers once and forgets it.
    Result<std::string> issue_once(const Actor& actor);
    Result<Actor> take(std::string_view token);
    // `unauthenticated` for an unknown token.
    Result<Actor> find(std::string_view token) const;

private:
    journal::Journal& journal_;
    Random& random_;
};

}  // namespace gongzhi::access
