// Who tried what and was refused, and who took a file away: kept for the audit administrator. What else succeeded is in the
// ledger as an entry.
//
// In the journal's local key space, newest last, at most kAuditDays old. Only of actors that are known: a stranger's tries
// stand in the log file. Never a body, never a value. Safe for concurrent use.
#pragma once

#include "access/access.h"
#include "base/json.h"

namespace gongzhi::access {

constexpr int kAuditDays = 180;
constexpr size_t kAuditShownMax = 1'000;

class AuditLog {
public:
    AuditLog(journal::Journal& journal, const Clock& clock, Random& random)
        : journal_(journal), clock_(clock), random_(random) {}
    // `path` is the address that was asked for, without its query.
    Status record(const Actor& actor, const std::string& event, const std::string& path, const Error& refused);
    Status record_export(const Actor& actor, const std::string& event, const std::string& path);
    // The newest first: time, actor, event, path, outcome ("out_of_reach" for another unit's matter, "done" for a file
    // that was taken away).
    Result<Json> list(const Actor& actor) const;
    // Forgets what is older than kAuditDays; at most 10,000 at a time.
    Status prune();

private:
    Status keep(const Actor& actor, const std::string& event, const std::string& path, std::string_view outcome);

    journal::Journal& journal_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace gongzhi::access
