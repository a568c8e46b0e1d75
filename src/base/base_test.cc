#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/random.h"
#include "base/yaml.h"
#include "testing/golden.h"
#include "testing/temp_folder.h"

namespace gongzhi {
namespace {

TEST(Base64, RoundTripsAndRefusesSecondSpellings) {
    for (std::string_view text : {"", "f", "fo", "foo", "foob"}) {
        EXPECT_EQ(from_base64(to_base64(text)).value(), text);
        EXPECT_EQ(from_base64url(to_base64url(text)).value(), text);
    }
    EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
    for (std::string_view bad : {"Zg", "Zg=", "Zh==", "Zg==\n", "Z===", "Zm9v=", "Zm-v"})
        EXPECT_FALSE(from_base64(bad)) << bad;
}

TEST(Hex, RoundTrips) {
    EXPECT_EQ(to_hex(Bytes("\x00\xff", 2)), "00ff");
    EXPECT_EQ(from_hex("00Ff").value(), Bytes("\x00\xff", 2));
    EXPECT_FALSE(from_hex("0"));
    EXPECT_FALSE(from_hex("0g"));
}

TEST(ByteReader, ChecksEveryLength) {
    Bytes bytes;
    put_u16(bytes, 7);
    put_sized(bytes, "abc");
    ByteReader reader(bytes);
    EXPECT_EQ(reader.u16().value(), 7);
    EXPECT_EQ(reader.sized(3).value(), "abc");
    EXPECT_TRUE(reader.expect_end());
    EXPECT_FALSE(ByteReader(bytes).take(10));
    ByteReader small(bytes);
    (void)small.u16();
    EXPECT_FALSE(small.sized(2));
}

TEST(Time, FormatsAndParsesBothWays) {
    const UtcTime time = parse_utc("2026-03-01T08:00:00.25+08:00").value();
    EXPECT_EQ(format_utc(time), "2026-03-01T00:00:00.250000Z");
    EXPECT_EQ(parse_utc(format_utc(time)).value(), time);
    for (std::string_view bad : {"2026-02-30T00:00:00Z", "2026-03-01", "2026-03-01T24:00:00Z", "2026-03-01T00:00:00",
                                 "2026-03-01T00:00:00.Z", "2026-03-01T00:00:00.1234567Z", "2026-03-01T00:00:00+8:00"})
        EXPECT_FALSE(parse_utc(bad)) << bad;
}

TEST(Time, TheCivilDayDependsOnTheZone) {
    const UtcTime late = parse_utc("2026-02-28T17:00:00Z").value();
    EXPECT_EQ(format_date(date_in_zone(late, 480)), "2026-03-01");
    EXPECT_EQ(format_date(date_in_zone(late, 0)), "2026-02-28");
    EXPECT_EQ(format_date(date_in_zone(UtcTime(-1), 0)), "1969-12-31");
}

TEST(SimulatedClock, IsSharedThroughItsFile) {
    testing::TempFolder folder;
    const auto file = folder.path() / "clock";
    ASSERT_TRUE(SimulatedClock::create(file, parse_utc("2026-03-01T00:00:00Z").value()));
    auto one = SimulatedClock::open(file).value();
    auto two = SimulatedClock::open(file).value();
    one->advance(kMicrosPerDay);
    EXPECT_EQ(format_date(date_in_zone(two->now(), 0)), "2026-03-02");
}

TEST(Json, RefusesDuplicateKeysDepthAndTrailingBytes) {
    EXPECT_FALSE(parse_json(R"({"a":1,"a":2})"));
    EXPECT_FALSE(parse_json(R"({"a":1} x)"));
    EXPECT_FALSE(parse_json(std::string(40, '[') + std::string(40, ']')));
    EXPECT_FALSE(parse_json("\"\xff\""));
    EXPECT_EQ(canonical_json(parse_json(R"({ "b": 1, "a": "市" })").value()), R"({"a":"市","b":1})");
}

TEST(Yaml, KeepsPositionsAndRefusesDuplicates) {
    const auto document = YamlDocument::parse("a: 1\nb:\n  - x\n  - \"2\"\n", "f.yaml").value();
    EXPECT_EQ(document.root()["a"], 1);
    EXPECT_EQ(document.root()["b"][1], "2");
    EXPECT_EQ(document.where("/b/1"), "f.yaml:4:5");
    EXPECT_FALSE(YamlDocument::parse("a: 1\na: 2\n", "f.yaml"));
    EXPECT_FALSE(YamlDocument::parse("a: [", "f.yaml"));
}

TEST(Files, ReplaceAtomicallyAndLockOnce) {
    testing::TempFolder folder;
    ASSERT_TRUE(make_folders(folder.path() / "a" / "b"));
    const auto file = folder.path() / "a" / "b" / "f";
    ASSERT_TRUE(write_file_atomic(file, "one"));
    ASSERT_TRUE(write_file_atomic(file, "two"));
    EXPECT_EQ(read_file(file).value(), "two");
    EXPECT_EQ(read_file(file, 2).error().code, ErrorCode::too_large);
    auto lock = FolderLock::acquire(folder.path());
    ASSERT_TRUE(lock);
    EXPECT_EQ(FolderLock::acquire(folder.path()).error().code, ErrorCode::conflict);
}

TEST(Uuid, HasVersionVariantAndTime) {
    SystemRandom random;
    const std::string id = make_uuid7(0x0123456789ab, random);
    EXPECT_TRUE(is_uuid(id));
    EXPECT_EQ(id.substr(0, 15), "01234567-89ab-7");
    EXPECT_NE(id, make_uuid7(0x0123456789ab, random));
}

// docs/errors.md is what the table says.
TEST(ErrorTable, IsPublished) {
    std::string text =
        "# Errors 错误代码\n\nGenerated from `src/base/error_codes.def`; do not edit. An answer names the code in `type`.\n\n"
        "| Code | HTTP | Exit | 中文 | English |\n|---|---|---|---|---|\n";
    for (const auto& info : error_table())
        text += fmt::format("| `{}` | {} | {} | {} | {} |\n", info.name, info.http_status, info.exit_code, info.zh,
                            info.en);
    testing::expect_golden("docs/errors.md", text);
}

TEST(ErrorTable, HasSaneStatusesAndBothLanguages) {
    for (const auto& info : error_table()) {
        EXPECT_GE(info.http_status, 400);
        EXPECT_GE(info.exit_code, 64);
        EXPECT_FALSE(info.zh.empty());
        EXPECT_FALSE(info.en.empty());
    }
}

}  // namespace
}  // namespace gongzhi
