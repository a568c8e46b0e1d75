// Erasure, onward submissions, and the canary: where a protected value is, and where it must never be.
#include <fstream>
#include <thread>

#include "base/file.h"
#include "crypto/digest.h"
#include "intake/intake_fixture.h"
#include "records/evidence.h"

namespace gongzhi::intake {
namespace {

using namespace testing_support;

// Evidence of one record, as the tables place it now.
Result<records::Evidence> evidence_of(Bench& bench, const std::string& type, const std::string& id) {
    const auto place =
        bench.query(fmt::format("SELECT entry_from, record_no FROM store.{} WHERE record_id = $1", type), {id});
    records::EvidenceMaker maker(bench.ledger());
    return maker.make(*cn().record_type(type), id,
                      {EntryIndex(static_cast<uint64_t>(sql::integer_of(place.rows.at(0).at(0)))),
                       static_cast<uint64_t>(sql::integer_of(place.rows.at(0).at(1)))});
}

void expect_provable(Bench& bench, const std::string& id, const Digest& root) {
    const auto evidence = evidence_of(bench, "sale", id);
    ASSERT_TRUE(evidence) << evidence.error().describe();
    EXPECT_EQ(evidence->record_root, root);
    pack::RecordView record;
    EXPECT_TRUE(records::verify_evidence(*evidence, *cn().record_type("sale"), record)) << id;
}

std::vector<vault::Item> items_of(Bench& bench, EntryIndex index) {
    return bench.ledger().read_segment(bench.ledger().read(index).value(), ledger::Part::protected_records, 0).value();
}

TEST(Erase, OneRecordGoesAndTheOthersStayProvable) {
    Bench bench;
    const auto submitted = bench.take("sale", sale_line("A-1") + sale_line("A-2") + sale_line("A-3"));
    ASSERT_EQ(bench.count("sale WHERE buyer_token IS NOT NULL"), 3);
    const auto erased = bench.intake().erase_record(kEngineer, "sale", "S-1/A-2", "asked for");
    ASSERT_TRUE(erased) << erased.error().describe();

    const auto receipt = bench.verify(erased->receipt);
    ASSERT_TRUE(receipt) << receipt.error().describe();
    EXPECT_EQ(receipt->statement.kind, kErasureKind);
    EXPECT_EQ(receipt->statement.auth, kEngineer.name);
    const auto items = items_of(bench, submitted.index);
    EXPECT_TRUE(items[0] && !items[1] && items[2]);
    const auto entry = bench.ledger().read(submitted.index).value();
    EXPECT_EQ(bench.ledger().read_blob(entry, ledger::Part::original, 0).error().code, ErrorCode::erased);
    EXPECT_EQ(bench.count("sale WHERE buyer_token IS NULL AND sale_id = 'A-2'"), 1);
    EXPECT_EQ(bench.count("sale WHERE buyer_token IS NOT NULL"), 2);
    for (const char* id : {"S-1/A-1", "S-1/A-2", "S-1/A-3"}) expect_provable(bench, id, submitted.record_root);
    // What was submitted once stays known: the same content is a duplicate still.
    EXPECT_EQ(bench.intake().submit(kClerk, bench.request("sale", sale_line("A-2"))).value().duplicates, 1u);
}

TEST(Erase, TheTablesAreTheSameAfterARebuild) {
    Bench bench;
    bench.take("sale", sale_line("A-1") + sale_line("A-2"));
    auto correction = bench.request("sale", sale_line("A-1", "13.00", "buyer-8"));
    correction.corrects = true;
    bench.take(correction);
    ASSERT_TRUE(bench.intake().erase_record(kEngineer, "sale", "S-1/A-1", "asked for"));
    EXPECT_EQ(bench.count("store.sale WHERE sale_id = 'A-1' AND buyer_token IS NULL"), 2) << "every version of it";
    bench.take("trader", trader_line("T-1", "someone"));
    const auto before = bench.digests();
    bench.rebuild();
    EXPECT_EQ(bench.digests(), before);
    EXPECT_EQ(bench.count("store.sale WHERE buyer_token IS NULL"), 2);
}

TEST(Erase, ASecondRecordOfTheSameSubmissionAndTheSameRecordAgain) {
    Bench bench;
    const auto submitted = bench.take("sale", sale_line("A-1") + sale_line("A-2") + sale_line("A-3"));
    for (const char* id : {"S-1/A-1", "S-1/A-3", "S-1/A-3"}) {
        const auto erased = bench.intake().erase_record(kEngineer, "sale", id, "asked for");
        EXPECT_TRUE(erased) << erased.error().describe();
    }
    const auto items = items_of(bench, submitted.index);
    EXPECT_TRUE(!items[0] && items[1] && !items[2]);
    EXPECT_EQ(bench.count("sale WHERE buyer_token IS NULL"), 2);
}

TEST(Erase, TwoAtOnceInOneSegmentBothLast) {
    Bench bench;
    std::string body;
    for (int i = 0; i < 40; ++i) body += sale_line(fmt::format("A-{}", i));
    const auto submitted = bench.take("sale", body);
    const auto erase_from = [&](int first) {
        for (int i = first; i < 40; i += 2)
            EXPECT_TRUE(bench.intake().erase_record(kEngineer, "sale", fmt::format("S-1/A-{}", i), "asked for"));
    };
    { std::jthread even(erase_from, 0), odd(erase_from, 1); }
    for (const vault::Item& item : items_of(bench, submitted.index)) EXPECT_FALSE(item);
    EXPECT_EQ(bench.count("sale WHERE buyer_token IS NULL"), 40);
}

TEST(Erase, IsRefusedWithoutRoleRecordOrProtectedPart) {
    Bench bench;
    bench.take("sale", sale_line("A-1"));
    const auto code = [&](const access::Actor& actor, const char* type, const char* id) {
        return bench.intake().erase_record(actor, type, id, "x").error().code;
    };
    EXPECT_EQ(code(kClerk, "sale", "S-1/A-1"), ErrorCode::forbidden);
    EXPECT_EQ(code(kNobody, "sale", "S-1/A-1"), ErrorCode::forbidden);
    EXPECT_EQ(code(kEngineer, "sale", "S-1/A-9"), ErrorCode::not_found);
    EXPECT_EQ(code(kEngineer, "offer", "S-1/O-1"), ErrorCode::invalid_argument);
    EXPECT_EQ(code(kEngineer, "nothing", "1"), ErrorCode::invalid_argument);
}

// The message under which a submission went onward, as the sender made it.
ledger::MessageHeader header_of(const Intake::Onward& onward, std::string id = "0190a0b0-1234-7abc-8def-0123456789ab") {
    ledger::MessageHeader header;
    header.id = MessageId(std::move(id));
    header.from = PartyId("platform-y");
    header.to = PartyId("authority-x");
    header.type = "submission";
    header.seq = 1;
    header.body = {crypto::sha256(onward.body), onward.body.size(), "application/vnd.gongzhi.records"};
    header.record_root = onward.record_root;
    return header;
}

struct Both {
    Bench platform, authority{"authority-x", pack::HeldBy::authority};
    Intake::Onward onward;
    Both() {
        const auto taken = platform.take("trader", trader_line("T-1", "someone") + trader_line("T-2", "another"));
        onward = platform.intake().onward_body(taken.index).value();
    }
    ErrorCode refusal(const Intake::Onward& given) {
        const auto taken = authority.intake().take_in(kSystem, header_of(given), given.body);
        return taken ? ErrorCode::internal : taken.error().code;
    }
};

TEST(Onward, IsTakenInOnceWithTheSameRoot) {
    Both both;
    const auto first = both.authority.intake().take_in(kSystem, header_of(both.onward), both.onward.body);
    ASSERT_TRUE(first) << first.error().describe();
    EXPECT_EQ(both.authority.ledger().read(*first)->statement()->record_root, both.onward.record_root);
    EXPECT_EQ(both.authority.intake().take_in(kSystem, header_of(both.onward), both.onward.body).value(), *first);
    EXPECT_EQ(both.authority.ledger().journal().size(), TreeSize(1));
    EXPECT_EQ(both.authority.count("trader WHERE party = 'platform-y'"), 2);
    EXPECT_EQ(both.authority.intake().take_in(kNobody, header_of(both.onward), both.onward.body).error().code,
              ErrorCode::forbidden);
}

TEST(Onward, AnyChangeOfTheBodyIsRefused) {
    Both both;
    Intake::Onward other = both.onward;
    other.record_root = Digest{};
    EXPECT_EQ(both.refusal(other), ErrorCode::proof_invalid);
    for (size_t cut = 0; cut < both.onward.body.size(); cut += 7) {
        other = both.onward;
        other.body.resize(cut);
        EXPECT_NE(both.refusal(other), ErrorCode::internal) << cut;
    }
    for (size_t at = 0; at < both.onward.body.size(); ++at) {
        other = both.onward;
        other.body[at] = static_cast<char>(other.body[at] ^ 1);
        EXPECT_NE(both.refusal(other), ErrorCode::internal) << at;
    }
    EXPECT_EQ(both.authority.ledger().journal().size(), TreeSize(0));
}

TEST(Onward, NeedsADutyAndEveryRecord) {
    Both both;
    const auto sales = both.platform.take("sale", sale_line("A-1"));
    EXPECT_EQ(both.platform.intake().onward_body(sales.index).error().code, ErrorCode::blocked);
    const auto erased = both.platform.intake().erase_record(kEngineer, "trader", "T-1", "asked for").value();
    EXPECT_EQ(both.platform.intake().onward_body(erased.trace).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(both.platform.intake().onward_body(EntryIndex(0)).error().code, ErrorCode::erased);
}

constexpr std::string_view kCanary = "zqcanaryperson";

void expect_no_canary(const std::filesystem::path& folder) {
    size_t files = 0;
    for (const auto& item : std::filesystem::recursive_directory_iterator(folder)) {
        if (!item.is_regular_file()) continue;
        ++files;
        EXPECT_EQ(read_file(item.path()).value().find(kCanary), Bytes::npos) << item.path();
    }
    EXPECT_GT(files, 5u);
}

TEST(Canary, APersonalValueIsInNoFileNoTableAndNoProblem) {
    Bench bench;
    bench.take("trader", trader_line("T-1", kCanary));
    bench.take("sale", sale_line("A-1", "12.50", kCanary));
    const auto refuse = [&](SubmissionRequest request) {
        const auto result = bench.intake().submit(kClerk, request);
        ASSERT_TRUE(!result || result->refused > 0);
        std::vector<pack::FieldProblem> problems;
        if (result)
            problems = result->problems;
        else
            problems.push_back({0, "", "", "", result.error().describe()});
        for (const auto& problem : problems)
            for (const std::string& text : {problem.field, problem.code, problem.zh, problem.en})
                EXPECT_EQ(text.find(kCanary), std::string::npos) << text;
    };
    const std::string who(kCanary);
    Json wrong = trader("T-2", who + "\t");
    wrong["id_number"] = who;
    wrong["exemption_reason"] = who;
    wrong["url"] = who;
    wrong["turnover_above_100k"] = who;
    wrong[who + " was here"] = 1;
    refuse(bench.request("trader", wrong.dump()));
    refuse(bench.request("trader", who));
    refuse(bench.request("trader", trader_line("T-1", who + who)));
    for (const std::string& text :
         {"trader_id,contact\n1," + who + "\n", "\"" + who, "trader_id\n\"" + who + "\"x\n"}) {
        auto csv = bench.request("trader", text);
        csv.format = Format::csv;
        refuse(csv);
    }
    EXPECT_EQ(bench.count("trader"), 1);
    for (const char* table : {"store.trader", "store.sale"})
        EXPECT_EQ(sql::canonical_encoding(bench.query(fmt::format("SELECT * FROM {}", table))).find(kCanary),
                  Bytes::npos);
    ASSERT_TRUE(bench.ledger().checkpoint_now());
    bench.close();
    expect_no_canary(bench.folder());
    bench.open();
}

}  // namespace
}  // namespace gongzhi::intake
