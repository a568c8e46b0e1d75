// Cases and requests → the `affairs` store, both sides.
#pragma once

#include "casework/casework.h"
#include "tables/applier.h"

namespace gongzhi::casework {

class CasesHandler final : public tables::Handler {
public:
    explicit CasesHandler(const ledger::Ledger& ledger) : ledger_(ledger) {}
    bool takes(std::string_view kind) const override;
    Status create(sql::Connection& connection) override;
    Status apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) override;

private:
    Status apply_one(const ledger::Entry& entry, sql::Connection& connection);
    Status insert_request(const ledger::Entry& entry, sql::Connection& connection);

    const ledger::Ledger& ledger_;
};

}  // namespace gongzhi::casework
