// Rules and findings → the `affairs` store, both sides.
#pragma once

#include "supervision/rule_desk.h"
#include "tables/applier.h"

namespace gongzhi::supervision {

class FindingsHandler final : public tables::Handler {
public:
    explicit FindingsHandler(const ledger::Ledger& ledger) : ledger_(ledger) {}
    bool takes(std::string_view kind) const override;
    Status create(sql::Connection& connection) override;
    Status apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) override;

private:
    Status insert_bundle(const ledger::Entry& entry, sql::Connection& connection);

    const ledger::Ledger& ledger_;
};

}  // namespace gongzhi::supervision
