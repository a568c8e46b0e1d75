#include "supervision/review.h"

#include "tables/row_batch.h"

namespace gongzhi::supervision {
namespace {

constexpr size_t kReasonBytesMax = 4'000;

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
    return connection.execute(
        "CREATE TABLE IF NOT EXISTS finding_review(entry BIGINT NOT NULL, finding_id VARCHAR NOT NULL, outcome VARCHAR NOT NULL, "
        "reason VARCHAR NOT NULL, actor VARCHAR NOT NULL, reviewed_time TIMESTAMP NOT NULL)");
}

Status ReviewsHandler::apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) {
    GZ_TRY(const auto appender, connection.appender("main", "finding_review"));
    for (const ledger::Entry& entry : entries) {
        GZ_TRY(const ledger::NodeStatement said, entry.statement());
        GZ_TRY(const std::string finding, json_text(said.trace, "finding"));
        GZ_TRY(const std::string outcome, json_text(said.trace, "outcome"));
        GZ_TRY(const std::string reason, json_text_or_empty(said.trace, "reason"));
        const auto index = static_cast<int64_t>(entry.index.value);
        GZ_CHECKED(tables::append_row({index, finding, outcome, reason, said.auth, said.received_time}, *appender));
    }
    return appender->flush();
}

}  // namespace gongzhi::supervision
