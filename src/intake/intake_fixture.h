// One node's intake in a temporary folder: ledger, both stores and their appliers; and lines to submit. For tests.
#pragma once

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "intake/records_handler.h"
#include "ledger/receipt.h"
#include "sql/canonical.h"
#include "testing/temp_folder.h"

namespace gongzhi::intake::testing_support {

inline const access::Actor kClerk{"token:clerk", access::Role::clerk};
inline const access::Actor kEngineer{"token:engineer", access::Role::engineer};
inline const access::Actor kSystem{"system", access::Role::system};
inline const access::Actor kNobody{"token:nobody", access::Role::none};

inline const pack::Pack& cn() {
    static const pack::Pack pack = pack::Pack::load(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs" / "cn").value();
    return pack;
}

class Bench {
public:
    explicit Bench(std::string party = "platform-y", pack::HeldBy role = pack::HeldBy::platform)
        : party_(std::move(party)), role_(role) {
        open();
    }

    void open() {
        ledger_ =
            ledger::Ledger::open({folder_.path(), party_ + ".example", log_key_, witness_key_, 0, {}}, clock, random_)
                .value();
        intake_ =
            std::make_unique<Intake>(IntakeOptions{PartyId(party_), role_}, cn(), *ledger_, claims_, clock, random_);
        std::filesystem::create_directories(tables());
        affairs_ = sql::open_duckdb(tables() / "affairs.duckdb").value();
        records_ = sql::open_duckdb(tables() / "records.duckdb").value();
        records_handler_ = std::make_unique<RecordsHandler>(cn(), *ledger_, tokens);
        figures_handler_ = std::make_unique<FiguresHandler>(cn(), *ledger_);
        records_applier_ = tables::Applier::start("records", *records_, *ledger_, {records_handler_.get()}).value();
        affairs_applier_ = tables::Applier::start("affairs", *affairs_, *ledger_, {figures_handler_.get()}).value();
    }
    void close() {
        records_applier_.reset(), affairs_applier_.reset();
        records_handler_.reset(), figures_handler_.reset();
        records_.reset(), affairs_.reset();
        intake_.reset(), ledger_.reset();
    }
    // As `gongzhi rebuild` does.
    void rebuild() {
        close();
        std::filesystem::remove_all(tables());
        open();
    }

    Intake& intake() { return *intake_; }
    ledger::Ledger& ledger() { return *ledger_; }
    std::filesystem::path folder() const { return folder_.path(); }
    std::filesystem::path tables() const { return folder_.path() / "tables"; }

    SubmissionRequest request(std::string record_type, Bytes body) {
        SubmissionRequest request;
        request.message_id = make_uuid7(clock.now().value / 1000, random_);
        request.record_type = std::move(record_type);
        request.body = std::move(body);
        return request;
    }
    // Submits and expects that it is taken.
    SubmissionResult take(const SubmissionRequest& request) {
        auto result = intake_->submit(kClerk, request);
        EXPECT_TRUE(result && result->stored())
            << (result ? std::to_string(result->refused) + " refused" : result.error().describe());
        return result.value_or(SubmissionResult{});
    }
    SubmissionResult take(std::string record_type, Bytes body) {
        return take(request(std::move(record_type), std::move(body)));
    }

    sql::Table query(std::string_view sql, const sql::Parameters& parameters = {}) {
        EXPECT_TRUE(records_applier_->wait_for(ledger_->journal().size(), 20 * kMicrosPerSecond))
            << "the tables do not follow";
        const auto connection = records_->connect().value();
        auto table = connection->query(sql, parameters);
        EXPECT_TRUE(table) << connection->diagnosis();
        return table.value_or(sql::Table{});
    }
    int64_t count(std::string_view from_where) {
        return sql::integer_of(query(fmt::format("SELECT count(*) FROM {}", from_where)).rows.at(0).at(0));
    }
    std::pair<Digest, Digest> digests() {
        EXPECT_TRUE(records_applier_->wait_for(ledger_->journal().size(), 20 * kMicrosPerSecond));
        EXPECT_TRUE(affairs_applier_->wait_for(ledger_->journal().size(), 20 * kMicrosPerSecond));
        return {tables::store_digest(*records_->connect().value()).value(),
                tables::store_digest(*affairs_->connect().value()).value()};
    }
    Result<ledger::Receipt> verify(std::string_view receipt) {
        return ledger::verify_receipt(receipt, merkle::Policy::of_log(ledger_->log_verifier()));
    }

    FixedClock clock{parse_utc("2026-03-02T01:00:00Z").value()};
    const TokenMaker tokens{Bytes(32, 't')};

private:
    testing::TempFolder folder_;
    SystemRandom random_;
    std::string party_;
    pack::HeldBy role_;
    crypto::KeyPair log_key_ = crypto::KeyPair::generate(crypto::ed25519(), random_),
                    witness_key_ = crypto::KeyPair::generate(crypto::ed25519(), random_);
    ledger::ClaimKeys claims_{Bytes(32, 'c')};
    std::unique_ptr<ledger::Ledger> ledger_;
    std::unique_ptr<Intake> intake_;
    std::unique_ptr<sql::Database> affairs_, records_;
    std::unique_ptr<RecordsHandler> records_handler_;
    std::unique_ptr<FiguresHandler> figures_handler_;
    std::unique_ptr<tables::Applier> records_applier_, affairs_applier_;
};

inline std::string sale_line(std::string_view sale_id, std::string_view amount = "12.50",
                             std::string_view buyer = "buyer-7") {
    return Json{{"shop", "S-1"},      {"listing", "L-1"},
                {"sale_id", sale_id}, {"sale_time", "2026-03-01T23:30:00+08:00"},
                {"quantity", 1},      {"price", {{"amount", amount}, {"currency", "CNY"}}},
                {"buyer", buyer}}
               .dump() +
           "\n";
}
// An unregistered trader: every field that can be somebody's.
inline Json trader(std::string_view trader_id, std::string_view person) {
    const std::string who(person);
    return {{"trader_id", trader_id},
            {"kind", "unregistered"},
            {"person_name", who},
            {"id_number", "11010519491231002X"},
            {"address", who + " Street 1"},
            {"contact", who + "@mail"},
            {"shop", "S-1"},
            {"shop_name", "示例店"},
            {"url", "https://shop.example/s/1"},
            {"exemption_reason", "family_crafts"},
            {"turnover_above_100k", false}};
}
inline std::string trader_line(std::string_view trader_id, std::string_view person) {
    return trader(trader_id, person).dump() + "\n";
}

inline std::vector<std::string> codes_of(const SubmissionResult& result) {
    std::vector<std::string> codes;
    for (const pack::FieldProblem& problem : result.problems)
        codes.push_back(fmt::format("{}:{}{}", problem.line, problem.code, problem.field));
    return codes;
}

}  // namespace gongzhi::intake::testing_support
