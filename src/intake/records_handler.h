// Submissions and erasures → the record tables of the `records` store: tokens for personal values, versions closed by
// their corrections. Tokens are made here, from the vault, so an erased value has none after a rebuild either.
#pragma once

#include "intake/intake.h"
#include "tables/applier.h"

namespace gongzhi::intake {

// HMAC-SHA256 under the node's token key, domain-separated, first 16 bytes in hex. Never leaves the node.
class TokenMaker {
public:
    explicit TokenMaker(BytesView key) : hmac_(key) {}
    std::string token(std::string_view join_domain, std::string_view value) const;

private:
    crypto::HmacKey hmac_;
};

class RecordsHandler final : public tables::Handler {
public:
    RecordsHandler(const pack::Pack& pack, const ledger::Ledger& ledger, const TokenMaker& tokens)
        : pack_(pack), ledger_(ledger), tokens_(tokens) {}
    bool takes(std::string_view kind) const override { return kind == kSubmissionKind || kind == kErasureKind; }
    Status create(sql::Connection& connection) override;
    Status apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) override;

private:
    Status apply_submission(const ledger::Entry& entry, sql::Connection& connection);
    Status apply_erasure(const ledger::Entry& entry, sql::Connection& connection);

    const pack::Pack& pack_;
    const ledger::Ledger& ledger_;
    const TokenMaker& tokens_;
};

// One row per submission in the `affairs` store: what came, how much of it was taken.
class FiguresHandler final : public tables::Handler {
public:
    FiguresHandler(const pack::Pack& pack, const ledger::Ledger& ledger) : pack_(pack), ledger_(ledger) {}
    bool takes(std::string_view kind) const override { return kind == kSubmissionKind; }
    Status create(sql::Connection& connection) override;
    Status apply(const std::vector<ledger::Entry>& entries, sql::Connection& connection) override;

private:
    // Records for which the law names a day, and how many of them came after it.
    struct Dated {
        int64_t dated = 0, late = 0;
    };
    Result<Dated> dated_in(const ledger::Entry& entry, const std::string& type_name, UtcTime received) const;

    const pack::Pack& pack_;
    const ledger::Ledger& ledger_;
};

}  // namespace gongzhi::intake
