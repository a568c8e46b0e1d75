#include "merkle/policy.h"

#include <algorithm>

#include "merkle/text.h"

namespace gongzhi::merkle {
namespace {

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    for (size_t at = 0; (at = line.find_first_not_of(" \t", at)) != std::string_view::npos;) {
        const size_t end = std::min(line.find_first_of(" \t", at), line.size());
        words.push_back(line.substr(at, end - at));
        at = end;
    }
    return words;
}

}  // namespace

Result<Policy> Policy::parse(std::string_view text) {
    if (text.size() > (64u << 10) || !(text.empty() || text.back() == '\n'))
        return fail(ErrorCode::malformed, "a policy is at most 64 KiB and ends in a newline");
    Policy policy;
    size_t number = 0;
    for (std::string_view rest = text; const auto line = take_line(rest);) {
        ++number;
        const auto words = words_of(*line);
        if (words.empty() || words.front().front() == '#') continue;
        if (Status read = policy.read_line(words); !read)
            return tl::unexpected(std::move(read).error().with(fmt::format("line {} of the policy", number)));
    }
    if (!policy.quorum_seen_) return fail(ErrorCode::malformed, "a policy needs a quorum line");
    if (policy.logs_.empty()) return fail(ErrorCode::malformed, "a policy needs a log line");
    return policy;
}

Policy Policy::of_log(VerifierKey log) {
    Policy policy;
    policy.logs_.push_back(std::move(log));
    policy.quorum_seen_ = true;
    return policy;
}

Status Policy::read_line(const std::vector<std::string_view>& words) {
    const auto bad = [&](std::string_view why) { return fail(ErrorCode::malformed, "{}", why); };
    if (words[0] == "log" && (words.size() == 2 || words.size() == 3)) {
        GZ_TRY(VerifierKey key, VerifierKey::parse(words[1]));
        if (key.type != KeyType::ed25519) return bad("a log's key has type 1");
        if (logs_.size() == kPolicyMembersMax) return bad("too many logs");
        logs_.push_back(std::move(key));
        return {};
    }
    if (words[0] == "witness" && (words.size() == 3 || words.size() == 4)) {
        GZ_TRY(VerifierKey key, VerifierKey::parse(words[2]));
        if (key.type != KeyType::cosignature) return bad("a witness's key has type 4");
        if (known(words[1]) || words[1] == "none") return bad("a name is used twice");
        // One key under two names would count twice towards a quorum.
        for (const auto& [name, other] : witnesses_)
            if (other.key == key.key) return bad("two witnesses have one key");
        if (witnesses_.size() == kPolicyMembersMax) return bad("too many witnesses");
        witnesses_.emplace(words[1], std::move(key));
        return {};
    }
    if (words[0] == "group" && words.size() >= 4) return read_group(words);
    if (words[0] == "quorum" && words.size() == 2) {
        if (quorum_seen_) return bad("a policy has one quorum line");
        if (words[1] != "none" && !known(words[1])) return bad("the quorum names nothing that stands above it");
        quorum_ = words[1] == "none" ? "" : words[1];
        quorum_seen_ = true;
        return {};
    }
    return bad("a policy line is log, witness, group or quorum with its words");
}

Status Policy::read_group(const std::vector<std::string_view>& words) {
    const auto bad = [&](std::string_view why) { return fail(ErrorCode::malformed, "{}", why); };
    if (known(words[1]) || words[1] == "none") return bad("a name is used twice");
    if (words.size() - 3 > kPolicyMembersMax || groups_.size() == kPolicyMembersMax)
        return bad("too many groups or members");
    Group group;
    for (size_t i = 3; i < words.size(); ++i) {
        if (!known(words[i])) return bad("a member of a group does not stand above it");
        if (std::find(words.begin() + 3, words.begin() + static_cast<std::ptrdiff_t>(i), words[i]) !=
            words.begin() + static_cast<std::ptrdiff_t>(i))
            return bad("a group names a member twice");
        // A member of two groups could make both: forbidden, as in the specification.
        for (const auto& [name, other] : groups_)
            if (std::find(other.members.begin(), other.members.end(), words[i]) != other.members.end())
                return bad("a member belongs to two groups");
        group.members.emplace_back(words[i]);
    }
    if (words[2] == "any")
        group.needed = 1;
    else if (words[2] == "all")
        group.needed = group.members.size();
    else {
        GZ_TRY(const uint64_t needed, parse_decimal(words[2]));
        if (needed == 0 || needed > group.members.size())
            return bad("a group needs between one and all of its members");
        group.needed = needed;
    }
    groups_.emplace(words[1], std::move(group));
    return {};
}

bool Policy::known(std::string_view name) const { return witnesses_.contains(name) || groups_.contains(name); }

const VerifierKey* Policy::log_of(std::string_view origin) const {
    const auto found =
        std::find_if(logs_.begin(), logs_.end(), [&](const VerifierKey& key) { return key.name == origin; });
    return found == logs_.end() ? nullptr : &*found;
}

bool Policy::satisfied(const std::string& name, const std::map<std::string, bool>& signed_by) const {
    if (const auto witness = signed_by.find(name); witness != signed_by.end()) return witness->second;
    const auto group = groups_.find(name);
    if (group == groups_.end()) return false;
    size_t count = 0;  // members stand above their group, so this ends
    for (const std::string& member : group->second.members) count += satisfied(member, signed_by) ? 1 : 0;
    return count >= group->second.needed;
}

Status Policy::check_log(const Note& note, std::string_view origin) const {
    if (log_of(origin) == nullptr)
        return fail(ErrorCode::signature_invalid, "the policy does not name the log {}", origin);
    bool log_signed = false;
    for (const VerifierKey& key : logs_) {
        if (key.name != origin) continue;
        GZ_TRY(const std::optional<uint64_t> time, verify_signature(note, key));
        log_signed = log_signed || time.has_value();
    }
    if (!log_signed) return fail(ErrorCode::signature_invalid, "the log {} did not sign this", origin);
    return {};
}

Result<std::vector<Policy::Cosignature>> Policy::check(const Note& note, std::string_view origin) const {
    GZ_CHECKED(check_log(note, origin));
    std::vector<Cosignature> cosignatures;
    std::map<std::string, bool> signed_by;
    for (const auto& [name, key] : witnesses_) {
        GZ_TRY(const std::optional<uint64_t> time, verify_signature(note, key));
        signed_by[name] = time.has_value();
        if (time) cosignatures.push_back({key.name, *time});
    }
    if (!quorum_.empty() && !satisfied(quorum_, signed_by))
        return fail(ErrorCode::signature_invalid, "the cosignatures do not make the quorum {} that the policy asks for",
                    quorum_);
    return cosignatures;
}

}  // namespace gongzhi::merkle
