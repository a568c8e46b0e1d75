// The verifier's own policy (C2SP tlog-policy, the subset: log, witness, group any|all|k, quorum).
//
//   log <vkey> [url]
//   witness <name> <vkey> [url]
//   group <name> any|all|<k> <member>...
//   quorum <name>|none
//
// Names are unique, members stand above their group, exactly one quorum. Pure values.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "merkle/note.h"

namespace gongzhi::merkle {

constexpr size_t kPolicyMembersMax = 256;

class Policy {
public:
    static Result<Policy> parse(std::string_view text);
    // One log, no witness needed: for tests and for a party's own log.
    static Policy of_log(VerifierKey log);

    const std::vector<VerifierKey>& logs() const { return logs_; }
    const VerifierKey* log_of(std::string_view origin) const;

    struct Cosignature {
        std::string witness;  // its key name
        uint64_t time = 0;    // seconds since 1970
        bool operator==(const Cosignature&) const = default;
    };
    // The log's signature alone; during a key change a log has two keys: one is enough, a bad one is an error.
    Status check_log(const Note& note, std::string_view origin) const;
    // The log's signature, every cosignature of a known witness, and the quorum. Names what is missing.
    Result<std::vector<Cosignature>> check(const Note& note, std::string_view origin) const;

private:
    struct Group {
        size_t needed = 0;
        std::vector<std::string> members;
    };
    Status read_line(const std::vector<std::string_view>& words);
    Status read_group(const std::vector<std::string_view>& words);
    bool known(std::string_view name) const;
    bool satisfied(const std::string& name, const std::map<std::string, bool>& signed_by) const;

    std::vector<VerifierKey> logs_;
    std::map<std::string, VerifierKey, std::less<>> witnesses_;
    std::map<std::string, Group, std::less<>> groups_;
    std::string quorum_;  // "" = none
    bool quorum_seen_ = false;
};

}  // namespace gongzhi::merkle
