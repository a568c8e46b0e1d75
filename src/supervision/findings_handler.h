// Rules, findings and what became of them → the `affairs` store, both sides: tables finding, waiting_finding, rule_bundle,
// views finding_queue, rule_precision (finding_tables.h).
#pragma once

#include "supervision/finding_tables.h"
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
    // What an entry does: no more of it is kept while the batch is read.
    struct Change {
        std::string kind;
        sql::Row row;         // of a finding or a bundle
        std::string key;      // the finding decided on, or the bundle that was run
        std::string outcome;  // of a review
        int64_t found = 0;    // by a run
        std::string actor;    // who had it run
    };
    Result<Change> read(const ledger::Entry& entry) const;
    Result<sql::Row> read_bundle(const ledger::Entry& entry, const ledger::NodeStatement& said) const;
    static void fold(Change change, FindingTables& tables);

    const ledger::Ledger& ledger_;
};

}  // namespace gongzhi::supervision
