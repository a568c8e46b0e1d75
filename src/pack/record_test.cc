#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/file.h"
#include "base/json.h"
#include "base/random.h"
#include "pack/pack.h"
#include "pack/record_check.h"
#include "pack/record_codec.h"
#include "testing/golden.h"

namespace gongzhi::pack {
namespace {

const std::filesystem::path kSource = GONGZHI_SOURCE_DIR;

const Pack& cn() {
    static const Pack pack = Pack::load(kSource / "packs" / "cn").value();
    return pack;
}

RecordView sale() {
    RecordView record(cn().record_type("sale")->fields.size());
    record[0] = {true, 0, "S-1"};
    record[1] = {true, 0, "L-1"};
    record[2] = {true, 0, "O/1%"};
    record[3] = {true, parse_utc("2026-03-01T08:00:00Z").value().value, {}};
    record[4] = {true, 2, {}};
    record[5] = {true, 1250, "CNY"};
    record[6] = {true, 0, "buyer-7"};
    return record;
}

std::vector<std::string> codes(const RecordView& record) {
    std::vector<FieldProblem> problems;
    check_record(*cn().record_type("sale"), record, problems);
    std::vector<std::string> out;
    for (const auto& problem : problems) out.push_back(problem.code + problem.field);
    return out;
}

TEST(RecordCheck, AcceptsTheValidAndNamesEachFault) {
    using Codes = std::vector<std::string>;
    EXPECT_EQ(codes(sale()), Codes());
    RecordView record = sale();
    record[4].number = -6;
    record[5].number = 0;
    record[0].present = false;
    record[1].text = "";
    EXPECT_EQ(codes(record), (Codes{"required/shop", "empty/listing", "out_of_range/quantity", "out_of_range/price"}));
    record = sale();
    record[6].text = "a\xff";
    record[2].text = "a\tb";
    EXPECT_EQ(codes(record), (Codes{"control_character/sale_id", "bad_utf8/buyer"}));
}

TEST(RecordCheck, PresenceDependsOnTheKind) {
    const RecordType& trader = *cn().record_type("trader");
    RecordView record(trader.fields.size());
    const auto set = [&](std::string_view name, std::string_view text) {
        record[*trader.slot_of(name)] = {true, 0, text};
    };
    set("trader_id", "T-1"), set("kind", "unregistered"), set("address", "a"), set("contact", "c"), set("shop", "S"),
        set("shop_name", "n");
    set("url", "https://shop.example/"), set("name", "not allowed");
    std::vector<FieldProblem> problems;
    check_record(trader, record, problems);
    std::vector<std::string> fields;
    for (const auto& problem : problems) fields.push_back(problem.code + problem.field);
    EXPECT_EQ(fields, (std::vector<std::string>{"not_allowed_here/name", "required/person_name", "required/id_number",
                                                "required/exemption_reason", "required/turnover_above_100k"}));
}

TEST(RecordCodec, RoundTripsBothPartsSeparately) {
    const RecordType& type = *cn().record_type("sale");
    Bytes open, hidden;
    encode_open(type, sale(), open);
    encode_protected(type, sale(), hidden);
    EXPECT_EQ(open.find("buyer-7"), Bytes::npos);
    RecordView back;
    ASSERT_TRUE(decode_open(type, open, back));
    EXPECT_FALSE(back[6].present);
    ASSERT_TRUE(decode_protected(type, hidden, back));
    EXPECT_EQ(back[6].text, "buyer-7");
    EXPECT_EQ(back[5].number, 1250);
    EXPECT_EQ(record_id_of(type, back), "S-1/O%2F1%25");
    EXPECT_EQ(open_part_type(open).value(), "sale");
}

// One text for each value: whatever is cut, repeated, moved or of the wrong part is refused.
TEST(RecordCodec, RefusesWhatIsNotCanonical) {
    const RecordType& type = *cn().record_type("sale");
    Bytes open, hidden;
    encode_open(type, sale(), open);
    encode_protected(type, sale(), hidden);
    for (size_t cut = 0; cut < open.size(); ++cut) {
        RecordView back;
        const BytesView front = BytesView(open).substr(0, cut);
        const bool accepted = decode_open(type, front, back).has_value();
        Bytes again;
        if (accepted) encode_open(type, back, again);
        EXPECT_TRUE(!accepted || again == front) << cut;
    }
    RecordView back;
    EXPECT_FALSE(decode_open(type, open + open.substr(6), back));
    EXPECT_FALSE(decode_protected(type, open, back));
    EXPECT_FALSE(decode_open(*cn().record_type("offer"), open, back));
}

TEST(RecordCodec, AnErasedProtectedPartLeavesTheLeaf) {
    const Bytes salt1(16, 'a'), salt2(16, 'b');
    const Digest open = open_part_digest(salt1, "open"), hidden = protected_part_digest(salt2, "hidden");
    const Digest leaf = record_leaf(open, hidden);
    EXPECT_EQ(record_leaf(open_part_digest(salt1, "open"), hidden), leaf);
    EXPECT_NE(record_leaf(open_part_digest(salt1, "Open"), hidden), leaf);
    EXPECT_NE(record_leaf(open, no_protected_part()), leaf);
}

TEST(Batch, RoundTripsAndRefusesTruncation) {
    const RecordType& type = *cn().record_type("sale");
    Bytes open;
    encode_open(type, sale(), open);
    BatchWriter writer(type);
    for (uint32_t i = 1; i <= 3; ++i) writer.add(i, Bytes(16, 's'), no_protected_part(), open);
    const Bytes batch = std::move(writer).finish();
    EXPECT_EQ(BatchReader::type_name(batch).value(), "sale");
    auto reader = BatchReader::open(batch, true).value();
    ASSERT_EQ(reader.count(), 3u);
    for (uint32_t i = 1; i <= 3; ++i) EXPECT_EQ(reader.next().value().version, i);
    EXPECT_FALSE(reader.next());
    auto cut = BatchReader::open(BytesView(batch).substr(0, batch.size() - 1), true).value();
    (void)cut.next(), (void)cut.next();
    EXPECT_FALSE(cut.next());
}

// docs/formats/record-vectors.json: the published bytes.
TEST(RecordVectors, AreWhatTheFormatSays) {
    const RecordType& type = *cn().record_type("sale");
    Bytes open, hidden;
    encode_open(type, sale(), open);
    encode_protected(type, sale(), hidden);
    const Bytes salt1(16, '\x11'), salt2(16, '\x22');
    const Digest open_digest = open_part_digest(salt1, open), hidden_digest = protected_part_digest(salt2, hidden);
    const Json made = {{"record_type", "sale"},
                       {"open", to_hex(open)},
                       {"protected", to_hex(hidden)},
                       {"open_salt", to_hex(salt1)},
                       {"protected_salt", to_hex(salt2)},
                       {"open_digest", to_hex(open_digest.view())},
                       {"protected_digest", to_hex(hidden_digest.view())},
                       {"no_protected_part", to_hex(no_protected_part().view())},
                       {"leaf", to_hex(record_leaf(open_digest, hidden_digest).view())}};
    testing::expect_golden("docs/formats/record-vectors.json", made.dump(2) + "\n");
}

}  // namespace
}  // namespace gongzhi::pack
