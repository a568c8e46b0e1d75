// Messages and parties → the `affairs` store: who is admitted, and one row per message sent or received.
#pragma once

#include "ledger/ledger.h"
#include "tables/applier.h"

namespace gongzhi::exchange {

constexpr std::string_view kReactionFailed = "reaction.failed";  // written by the node

class MessagesHandler final : public tables::Handler {
public:
    bool takes(std::string_view kind) const override;
    Status create(sql::Connection& connection) override;
    Status apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) override;
};

}  // namespace gongzhi::exchange
