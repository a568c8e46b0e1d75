#include "supervision/review.h"

namespace gongzhi::supervision {
namespace {

constexpr size_t kReasonBytesMax = 4'000;

constexpr std::string_view kQueueView =
    "CREATE OR REPLACE VIEW finding_queue AS SELECT f.party, f.shop, f.subject, f.region, count(*) AS findings, "
    "count(*) FILTER (WHERE f.verdict = 'suspect') AS suspect, string_agg(DISTINCT f.rule, ',' ORDER BY f.rule) AS rules, "
    "min(f.accepted_time) AS first_time, max(f.accepted_time) AS last_time, min(f.finding_id) AS finding_id "
    "FROM finding f WHERE f.verdict <> 'refused' "
    "AND NOT EXISTS (SELECT 1 FROM finding_review r WHERE r.finding_id = f.finding_id) "
    "AND NOT EXISTS (SELECT 1 FROM supervision_case c WHERE c.finding_id = f.finding_id) GROUP BY f.party, f.shop, f.subject, f.region";

// A case on a finding confirms it as much as a click does.
constexpr std::string_view kPrecisionView =
    "CREATE OR REPLACE VIEW rule_precision AS SELECT rule, count(*) FILTER (WHERE confirmed) AS confirmed, "
    "count(*) FILTER (WHERE dismissed) AS dismissed, count(*) AS findings FROM (SELECT f.rule, "
    "coalesce(r.outcome = 'dismissed', false) AS dismissed, coalesce(r.outcome = 'confirmed', c.case_id IS NOT NULL) AS confirmed "
    "FROM finding f LEFT JOIN finding_review r ON r.finding_id = f.finding_id "
    "LEFT JOIN supervision_case c ON c.finding_id = f.finding_id WHERE f.verdict <> 'refused') GROUP BY rule";

}  // namespace

Result<EntryIndex> review_finding(const access::Actor& actor, const Review& review, const access::Units& units,
                                  ledger::Ledger& ledger, const ledger::ClaimKeys& claims, const Clock& clock) {
    GZ_CHECKED(access::may(actor, access::Action::review_finding));
    if (!review.confirmed && review.reason.empty())
        return fail_field(ErrorCode::invalid_argument, "reason", "a dismissal needs a reason: it is on record");
    if (review.reason.size() > kReasonBytesMax)
        return fail_field(ErrorCode::too_large, "reason", fmt::format("at most {} bytes", kReasonBytesMax));
    const journal::ClaimBytes key = claims.key("finding", {review.finding_id});
    GZ_TRY(const auto holder, ledger.journal().find_claims(std::span(&key, 1)));
    if (!holder[0]) return fail(ErrorCode::not_found, "there is no finding of this id");
    GZ_TRY(const ledger::Entry finding, ledger.read(holder[0]->index));
    GZ_TRY(const ledger::NodeStatement said, finding.statement());
    GZ_TRY(const std::string region, json_text_or_empty(said.trace, "region"));
    GZ_CHECKED(access::may_in_region(actor, access::Action::review_finding, region, units));
    ledger::Draft draft = ledger::trace_draft(std::string(kFindingReviewed),
                                              {{"finding", review.finding_id},
                                               {"outcome", review.confirmed ? "confirmed" : "dismissed"},
                                               {"reason", review.reason}},
                                              clock.now(), actor.name);
    draft.claims = {claims.refuse("finding_review", {review.finding_id})};
    const ledger::Outcome outcome = ledger.append(std::move(draft));
    if (!outcome) return tl::unexpected(outcome.error());
    return outcome->index;
}

Status ReviewsHandler::create(sql::Connection& connection) {
    GZ_CHECKED(connection.execute(
        "CREATE TABLE IF NOT EXISTS finding_review(entry BIGINT NOT NULL, finding_id VARCHAR NOT NULL, outcome VARCHAR NOT NULL, "
        "reason VARCHAR NOT NULL, actor VARCHAR NOT NULL, reviewed_time TIMESTAMP NOT NULL)"));
    GZ_CHECKED(connection.execute(kQueueView));
    return connection.execute(kPrecisionView);
}

Status ReviewsHandler::apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) {
    for (const ledger::Entry& entry : entries) {
        GZ_TRY(const ledger::NodeStatement said, entry.statement());
        GZ_TRY(const std::string finding, json_text(said.trace, "finding"));
        GZ_TRY(const std::string outcome, json_text(said.trace, "outcome"));
        GZ_TRY(const std::string reason, json_text_or_empty(said.trace, "reason"));
        GZ_CHECKED(connection
                       .change("INSERT INTO finding_review VALUES ($1, $2, $3, $4, $5, $6)",
                               {static_cast<int64_t>(entry.index.value), finding, outcome, reason, said.auth,
                                said.received_time})
                       .map([](int64_t) {}));
    }
    return {};
}

}  // namespace gongzhi::supervision
