#include "access/audit.h"

#include <algorithm>

#include "base/bytes.h"

namespace gongzhi::access {
namespace {

constexpr std::string_view kPrefix = "audit/";
constexpr size_t kVisitMax = 100'000, kPruneMax = 10'000;
constexpr size_t kPathBytesMax = 200;

Bytes key_from(UtcTime time) { return fmt::format("{}{:016x}", kPrefix, time.value); }

}  // namespace

Status AuditLog::record(const Actor& actor, const std::string& event, const std::string& path, const Error& refused) {
    return keep(actor, event, path, out_of_reach(refused) ? "out_of_reach" : error_info(refused.code).name);
}

Status AuditLog::record_export(const Actor& actor, const std::string& event, const std::string& path) {
    return keep(actor, event, path, "done");
}

Status AuditLog::keep(const Actor& actor, const std::string& event, const std::string& path, std::string_view outcome) {
    const UtcTime now = clock_.now();
    const Json item = {{"time", format_utc(now)}, {"actor", actor.name}, {"role", role_name(actor.role)},
                       {"unit", actor.unit},      {"event", event},      {"path", path.substr(0, kPathBytesMax)},
                       {"outcome", outcome}};
    return journal_.write_local({{key_from(now) + "/" + to_hex(random_.bytes(8)), canonical_json(item)}});
}

Result<Json> AuditLog::list(const Actor& actor) const {
    GZ_CHECKED(may(actor, Action::read_audit));
    std::vector<Json> items;
    GZ_CHECKED(journal_.visit_local(kPrefix, kVisitMax, [&](BytesView, BytesView value) -> Status {
        GZ_TRY(Json item, parse_json(value));
        items.push_back(std::move(item));
        return {};
    }));
    std::reverse(items.begin(), items.end());
    if (items.size() > kAuditShownMax) items.resize(kAuditShownMax);
    return Json(items);
}

Status AuditLog::prune() {
    const Bytes until = key_from(UtcTime(clock_.now().value - kAuditDays * kMicrosPerDay));
    std::vector<journal::LocalWrite> deletes;
    GZ_CHECKED(journal_.visit_local(kPrefix, kPruneMax, [&](BytesView key, BytesView) -> Status {
        if (key < until) deletes.push_back({Bytes(key), std::nullopt});
        return {};
    }));
    if (deletes.empty()) return {};
    return journal_.write_local(std::move(deletes));
}

}  // namespace gongzhi::access
