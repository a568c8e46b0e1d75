// Comments → the `affairs` store, both sides: what was said, about what, by whom, when.
//
// What is no comment is left out, and so is what comes after the day's number is used up: the peer's node keeps to the
// limit, and a peer that does not is not heard more often for it.
#pragma once

#include "accountability/comments.h"
#include "tables/applier.h"

namespace gongzhi::accountability {

class CommentsHandler final : public tables::Handler {
public:
    CommentsHandler(const ledger::Ledger& ledger, int zone_minutes) : ledger_(ledger), zone_minutes_(zone_minutes) {}
    bool takes(std::string_view kind) const override { return kind == "sent.comment" || kind == "received.comment"; }
    Status create(sql::Connection& connection) override;
    Status apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) override;

private:
    Status apply_one(const ledger::Entry& entry, sql::Connection& connection);

    const ledger::Ledger& ledger_;
    int zone_minutes_;
};

}  // namespace gongzhi::accountability
