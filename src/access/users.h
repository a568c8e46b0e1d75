// People who log in with a name and a password; their grant. Kept in the journal's local key space, never in tables.
//
// A name that fails too often is locked for a while: the answer is the same as for a wrong password, and costs as much as
// a right one. Safe for concurrent use.
#pragma once

#include "access/access.h"
#include "base/json.h"

namespace gongzhi::access {

constexpr int kFailuresMax = 5;
constexpr int64_t kLockMicros = 15 * 60 * int64_t{1'000'000};

class Users {
public:
    Users(journal::Journal& journal, const Clock& clock) : journal_(journal), clock_(clock) {}

    // `conflict` where the name is taken.
    Status add(const Actor& actor, const std::string& name, BytesView password, Role role, const std::string& unit = {},
               Reach reach = Reach::subtree);
    Status remove(const Actor& actor, const std::string& name);
    // The grant as it stands now, so that a session ends with its user; `not_found` once removed.
    Result<Actor> find(const std::string& name) const;
    // `unauthenticated` in every case that is not right.
    Result<Actor> log_in(const std::string& name, BytesView password);

private:
    Status count_failure(const std::string& name, const Json& failures);

    journal::Journal& journal_;
    const Clock& clock_;
};

}  // namespace gongzhi::access
