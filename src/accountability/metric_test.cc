#include "accountability/metric.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "testing/temp_folder.h"

namespace gongzhi::accountability {
namespace {

// Wilson's interval of 8 in 10 is 0.490 to 0.943; of 0 in 10 it ends at 0.278.
TEST(Share, HasWilsonsInterval) {
    const Share most = share_of(8, 10).value();
    EXPECT_EQ(most.value, 800);
    EXPECT_EQ(most.low, 490);
    EXPECT_EQ(most.high, 943);
    const Share none = share_of(0, 10).value();
    EXPECT_EQ(none.value, 0);
    EXPECT_EQ(none.low, 0);
    EXPECT_EQ(none.high, 278);
    EXPECT_EQ(share_of(10, 10)->high, 1000);
    EXPECT_FALSE(share_of(0, 0) || share_of(3, 2) || share_of(-1, 2));
    for (int64_t n = 1; n < 200; n += 7)
        for (int64_t k = 0; k <= n; ++k) {
            const Share share = share_of(k, n).value();
            ASSERT_TRUE(0 <= share.low && share.low <= share.value && share.value <= share.high && share.high <= 1000);
        }
}

TEST(Metrics, OfThePackCoverBothSides) {
    const auto metrics = load_metrics(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs" / "cn");
    ASSERT_TRUE(metrics) << metrics.error().describe();
    EXPECT_GE(metrics->size(), 8u);
    EXPECT_TRUE(load_metrics("/nowhere").value().empty());
}

Result<std::vector<Metric>> load_with(std::string_view yaml) {
    testing::TempFolder folder;
    const auto below = folder.path() / "metrics" / "m";
    EXPECT_TRUE(make_folders(below));
    EXPECT_TRUE(write_file_atomic(below / "metric.yaml", yaml));
    EXPECT_TRUE(write_file_atomic(below / "metric.sql", "SELECT 'a' AS subject, 1 AS numerator, 4 AS denominator"));
    return load_metrics(folder.path());
}

constexpr std::string_view kGood =
    "metric: m\nzh: 甲\nen: A\nside: platform\naspect: able\nnumerator: {zh: 甲, en: A}\ndenominator: {zh: 乙, en: B}\n"
    "next_step: {zh: 丙, en: C}\nminimum_sample: 5\n";

TEST(Metrics, RefuseWhatIsOutsideTheirForm) {
    EXPECT_TRUE(load_with(kGood));
    for (const auto& [from, to] :
         std::vector<std::pair<std::string, std::string>>{{"side: platform", "side: nobody"},
                                                          {"aspect: able", "aspect: pretty"},
                                                          {"metric: m", "metric: other"},
                                                          {"minimum_sample: 5", "minimum_sample: 0"},
                                                          {"zh: 甲\n", ""},
                                                          {"en: A\n", "en: A\nsurplus: 1\n"}}) {
        std::string yaml(kGood);
        yaml.replace(yaml.find(from), from.size(), to);
        const auto loaded = load_with(yaml);
        ASSERT_FALSE(loaded) << to;
        EXPECT_EQ(loaded.error().code, ErrorCode::malformed);
    }
}

TEST(Metrics, SayNothingBelowTheMinimumSample) {
    const auto database = sql::open_duckdb({}).value();
    const auto connection = database->connect().value();
    Metric metric = load_with(kGood).value().at(0);
    metric.sql =
        "SELECT 'a' AS subject, 1 AS numerator, 4 AS denominator WHERE $1 < $2 "
        "UNION ALL SELECT 'b', 3, 6";
    const auto rows = measure(metric, UtcTime(0), *connection);
    ASSERT_TRUE(rows) << connection->diagnosis();
    ASSERT_EQ(rows->size(), 2u);
    for (const Measured& row : *rows) EXPECT_EQ(row.share.has_value(), row.subject == "b");
    metric.sql = "SELECT 'a' AS subject, 5 AS numerator, 4 AS denominator WHERE $1 < $2";
    EXPECT_EQ(measure(metric, UtcTime(0), *connection).error().code, ErrorCode::rejected) << "more than there is";
    metric.sql = "SELECT 5 AS numerator WHERE $1 < $2";
    EXPECT_EQ(measure(metric, UtcTime(0), *connection).error().code, ErrorCode::rejected);
}

}  // namespace
}  // namespace gongzhi::accountability
