// Reveals → the `affairs` store: table reveal at the authority, table look at the provider. Never a value.
#pragma once

#include "privacy/reveal.h"
#include "tables/applier.h"

namespace gongzhi::privacy {

class RevealsHandler final : public tables::Handler {
public:
    explicit RevealsHandler(const ledger::Ledger& ledger) : ledger_(ledger) {}
    bool takes(std::string_view kind) const override;
    Status create(sql::Connection& connection) override;
    Status apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) override;

private:
    Status apply_trace(const ledger::Entry& entry, sql::Connection& connection);
    Status apply_look(const ledger::Entry& entry, sql::Connection& connection);
    const ledger::Ledger& ledger_;
};

}  // namespace gongzhi::privacy
