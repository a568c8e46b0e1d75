#include "records/evidence.h"

#include <gtest/gtest.h>

#include "ledger/ledger_fixture.h"
#include "pack/pack.h"
#include "testing/golden.h"

namespace gongzhi::records {
namespace {

const pack::Pack& cn() {
    static const pack::Pack pack = pack::Pack::load(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs" / "cn").value();
    return pack;
}

struct EncodedSale {
    std::string id;
    Bytes open, hidden;
};

EncodedSale sale(uint64_t number) {
    const pack::RecordType& type = *cn().record_type("sale");
    EncodedSale out;
    out.id = fmt::format("A-{}", number);
    const std::string buyer = fmt::format("buyer-{}", number);
    pack::RecordView view(type.fields.size());
    view[0] = {true, 0, "S-1"};
    view[1] = {true, 0, "L-1"};
    view[2] = {true, 0, out.id};
    view[3] = {true, 1'772'000'000'000'000, {}};
    view[4] = {true, 1, {}};
    view[5] = {true, 1250, "CNY"};
    view[6] = {true, 0, buyer};
    pack::encode_open(type, view, out.open);
    pack::encode_protected(type, view, out.hidden);
    return out;
}

// A ledger whose entry 0 is a submission of `count` sales.
struct Stored {
    ledger::testing_support::Node node{"records.example"};
    const pack::RecordType& type = *cn().record_type("sale");
    std::vector<EncodedSale> sales;
    Digest root;

    explicit Stored(size_t count) {
        std::vector<SaltedRecord> salted;
        for (size_t i = 0; i < count; ++i) sales.push_back(sale(i));
        for (size_t i = 0; i < count; ++i)
            salted.push_back(
                {1, Bytes(16, static_cast<char>('a' + i % 26)), Bytes(16, 'p'), sales[i].open, sales[i].hidden});
        StoredParts parts = store_records(type, salted, node.ledger->vault()).value();
        root = parts.record_root;
        ledger::Draft draft = node.trace(1);
        draft.open = std::move(parts.open);
        draft.sealed = std::move(parts.sealed);
        EXPECT_TRUE(node.ledger->append(std::move(draft)));
    }
    Result<Evidence> evidence(uint64_t number) {
        EvidenceMaker maker(*node.ledger);
        return maker.make(type, "S-1/" + fmt::format("A-{}", number), {EntryIndex(0), number});
    }
};

Status verify(const Evidence& evidence) {
    pack::RecordView record;
    return verify_evidence(evidence, *cn().record_type("sale"), record);
}

TEST(StoredRecords, ComeBackInOrderOverSeveralGroups) {
    const size_t count = kGroupRecords + 2;
    Stored stored(count);
    const auto entry = stored.node.ledger->read(EntryIndex(0)).value();
    EXPECT_EQ(group_count(entry).value(), 2u);
    EXPECT_EQ(stored_type_name(*stored.node.ledger, entry).value(), "sale");
    const OpenGroup last = read_group(*stored.node.ledger, entry, stored.type, 1).value();
    EXPECT_EQ(last.first, kGroupRecords);
    ASSERT_EQ(last.records.size(), 2u);
    EXPECT_EQ(last.records[1].open, stored.sales[count - 1].open);
    const auto items = stored.node.ledger->read_segment(entry, ledger::Part::protected_records, 1).value();
    EXPECT_EQ(ProtectedItem::parse(*items[1])->encoded, stored.sales[count - 1].hidden);
    EXPECT_EQ(merkle::BatchTree(record_leaves(*stored.node.ledger, entry, stored.type).value()).root(), stored.root);
    EXPECT_FALSE(ProtectedItem::parse("short"));
    EXPECT_EQ(group_count(ledger::Entry{}).error().code, ErrorCode::not_found);
}

TEST(Evidence, ProvesEachRecordAndSurvivesItsJson) {
    Stored stored(9);
    for (uint64_t number = 0; number < 9; ++number) {
        const auto evidence = stored.evidence(number);
        ASSERT_TRUE(evidence) << evidence.error().describe();
        EXPECT_EQ(evidence->record_root, stored.root);
        const auto back = Evidence::from_json(parse_json(canonical_json(evidence->to_json())).value());
        ASSERT_TRUE(back) << back.error().describe();
        EXPECT_TRUE(verify(*back));
        EXPECT_EQ(back->to_json(), evidence->to_json());
    }
    EXPECT_EQ(stored.evidence(9).error().code, ErrorCode::corrupt);
}

TEST(Evidence, AnyOtherContentDoesNotVerify) {
    Stored stored(9);
    const Evidence good = stored.evidence(4).value();
    const auto fails = [&](auto change) {
        Evidence evidence = good;
        change(evidence);
        return !verify(evidence);
    };
    EXPECT_TRUE(verify(good));
    for (size_t at = 0; at < good.open.size(); ++at)
        EXPECT_TRUE(fails([&](Evidence& e) { e.open[at] = static_cast<char>(e.open[at] ^ 1); })) << at;
    EXPECT_TRUE(fails([](Evidence& e) { e.open_salt[0] = 'z'; }));
    EXPECT_TRUE(fails([](Evidence& e) { e.protected_digest.bytes[0] ^= 1; }));
    EXPECT_TRUE(fails([](Evidence& e) { e.record_id = "S-1/A-5"; }));
    EXPECT_TRUE(fails([](Evidence& e) { e.record_type = "offer"; }));
    EXPECT_TRUE(fails([](Evidence& e) { e.record_no = 5; }));
    EXPECT_TRUE(fails([](Evidence& e) { e.record_count = 8; }));
    EXPECT_TRUE(fails([](Evidence& e) { e.record_count = UINT64_MAX; }));
    EXPECT_TRUE(fails([](Evidence& e) { e.record_root.bytes[0] ^= 1; }));
    EXPECT_TRUE(fails([](Evidence& e) { e.path.pop_back(); }));
    EXPECT_TRUE(fails([](Evidence& e) { e.path.push_back(e.path[0]); }));
    EXPECT_TRUE(fails([](Evidence& e) { std::swap(e.path[0], e.path[1]); }));
}

TEST(Evidence, RefusesJsonThatIsNotEvidence) {
    Stored stored(2);
    const Json good = stored.evidence(0)->to_json();
    for (const auto& [key, value] : good.items()) {
        Json without = good;
        without.erase(key);
        EXPECT_FALSE(Evidence::from_json(without)) << key;
        for (const Json& odd :
             {Json(nullptr), Json(-1), Json("AA"), Json("="), Json::array({1}), Json::array({"AA=="})}) {
            Json wrong = good;
            wrong[key] = odd;
            const auto read = Evidence::from_json(wrong);
            EXPECT_TRUE(!read || !verify(*read)) << key << odd;
        }
    }
    Json long_path = good;
    long_path["path"] = Json::array();
    for (int i = 0; i < 65; ++i) long_path["path"].push_back(good["record_root"]);
    EXPECT_FALSE(Evidence::from_json(long_path));
    for (const Json& odd : {Json(nullptr), Json::array(), Json("x")}) EXPECT_FALSE(Evidence::from_json(odd));
}

// docs/formats/evidence-vector.json: fixed salts, three sales, evidence of the second.
TEST(EvidenceVector, IsWhatTheFormatSays) {
    Stored stored(3);
    testing::expect_golden("docs/formats/evidence-vector.json", stored.evidence(1)->to_json().dump(2) + "\n");
}

}  // namespace
}  // namespace gongzhi::records
