// Cases, requests, orders, objections → the `affairs` store, both sides.
#pragma once

#include "casework/case_batch.h"
#include "tables/applier.h"

namespace gongzhi::casework {

class CasesHandler final : public tables::Handler {
public:
    explicit CasesHandler(const ledger::Ledger& ledger) : ledger_(ledger) {}
    bool takes(std::string_view kind) const override;
    Status create(sql::Connection& connection) override;
    Status apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) override;

private:
    Result<CaseEntry> read(const ledger::Entry& entry) const;

    const ledger::Ledger& ledger_;
};

}  // namespace gongzhi::casework
