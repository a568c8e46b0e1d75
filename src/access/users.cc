#include "access/users.h"

#include "base/bytes.h"
#include "crypto/digest.h"
#include "crypto/password.h"

namespace gongzhi::access {
namespace {

constexpr size_t kNameBytesMax = 64;

// By digest: a name may be anything, and a list of names is nobody's business.
Bytes user_key(std::string_view name) { return "user/" + to_hex(crypto::sha256(name).view()); }
Bytes failures_key(std::string_view name) { return "user-failures/" + to_hex(crypto::sha256(name).view()); }

// What a wrong name costs, so that names cannot be told by the clock.
const std::string& no_ones_hash() {
    static const std::string hash = crypto::hash_password("a password that nobody has").value_or(std::string());
    return hash;
}

Actor grant_of(const std::string& name, const Json& user) {
    return {"user:" + name, role_of(json_text_or_empty(user, "role").value_or("")).value_or(Role::none),
            json_text_or_empty(user, "unit").value_or(""),
            reach_of(json_text_or_empty(user, "reach").value_or("")).value_or(Reach::own)};
}

Error refused() { return Error{ErrorCode::unauthenticated, "name or password are not right", {}, {}}; }

}  // namespace

Status Users::add(const Actor& actor, const std::string& name, BytesView password, Role role, const std::string& unit,
                  Reach reach) {
    GZ_CHECKED(may(actor, Action::manage_users));
    if (name.empty() || name.size() > kNameBytesMax)
        return fail_field(ErrorCode::invalid_argument, "name", fmt::format("a name has 1 to {} bytes", kNameBytesMax));
    GZ_TRY(const std::string hash, crypto::hash_password(password));
    const Json user = {
        {"name", name}, {"hash", hash}, {"role", role_name(role)}, {"unit", unit}, {"reach", reach_name(reach)}};
    const Bytes key = user_key(name);
    const Status added = journal_.write_local({{key, canonical_json(user)}}, {{key, std::nullopt}});
    if (!added && added.error().code == ErrorCode::conflict)
        return fail_field(ErrorCode::conflict, "name", "somebody has this name already");
    return added;
}

Status Users::remove(const Actor& actor, const std::string& name) {
    GZ_CHECKED(may(actor, Action::manage_users));
    return journal_.write_local({{user_key(name), std::nullopt}, {failures_key(name), std::nullopt}});
}

Status Users::count_failure(const std::string& name, const Json& failures) {
    const int count = failures.value("count", 0) + 1;
    const int64_t until = count >= kFailuresMax ? clock_.now().value + kLockMicros : 0;
    const Json now = {{"count", count >= kFailuresMax ? 0 : count}, {"locked_until", until}};
    return journal_.write_local({{failures_key(name), canonical_json(now)}});
}

Result<Actor> Users::log_in(const std::string& name, BytesView password) {
    if (name.size() > kNameBytesMax) return tl::unexpected(refused());
    GZ_TRY(const std::optional<Bytes> stored, journal_.read_local(user_key(name)));
    GZ_TRY(const std::optional<Bytes> counted, journal_.read_local(failures_key(name)));
    Json failures = Json::object();
    if (counted) {
        GZ_TRY(failures, parse_json(*counted));
    }
    const bool locked = failures.value("locked_until", int64_t{0}) > clock_.now().value;
    Json user = {{"hash", no_ones_hash()}};
    if (stored) {
        GZ_TRY(user, parse_json(*stored));
    }
    const bool right = crypto::verify_password(user["hash"].get<std::string>(), password) && stored && !locked;
    if (!right) {
        if (stored && !locked) GZ_CHECKED(count_failure(name, failures));
        return tl::unexpected(refused());
    }
    if (counted) GZ_CHECKED(journal_.write_local({{failures_key(name), std::nullopt}}));
    return grant_of(name, user);
}

Result<Actor> Users::find(const std::string& name) const {
    GZ_TRY(const std::optional<Bytes> stored, journal_.read_local(user_key(name)));
    if (!stored) return fail(ErrorCode::not_found, "nobody of this name is known here");
    GZ_TRY(const Json user, parse_json(*stored));
    return grant_of(name, user);
}

}  // namespace gongzhi::access
