// Identity checks → the `affairs` store, both sides: how many were asked, what came out, how long it took. No names.
#pragma once

#include "service/identity_check.h"
#include "tables/applier.h"

namespace gongzhi::service {

class ChecksHandler final : public tables::Handler {
public:
    explicit ChecksHandler(const ledger::Ledger& ledger) : ledger_(ledger) {}
    bool takes(std::string_view kind) const override;
    Status create(sql::Connection& connection) override;
    Status apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) override;

private:
    Json body_of(const ledger::Entry& entry) const;
    const ledger::Ledger& ledger_;
};

}  // namespace gongzhi::service
