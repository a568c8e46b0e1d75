// Cases, requests, orders, objections → the `affairs` store, both sides.
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
    struct Step {
        int64_t index = 0;
        std::string kind;
        ledger::NodeStatement said;
    };
    Status apply_one(const ledger::Entry& entry, sql::Connection& connection);
    Status apply_step(const Step& step, sql::Connection& connection);
    Status apply_message(const ledger::Entry& entry, const Step& step, sql::Connection& connection);
    Status insert_request(const ledger::Entry& entry, const ledger::MessageHeader& header, const Step& step,
                          sql::Connection& connection);
    Status insert_objection(const ledger::Entry& entry, const ledger::MessageHeader& header, const Step& step,
                            sql::Connection& connection);
    Json body_of(const ledger::Entry& entry) const;

    const ledger::Ledger& ledger_;
};

}  // namespace gongzhi::casework
