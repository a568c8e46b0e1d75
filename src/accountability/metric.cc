#include "accountability/metric.h"

#include <algorithm>
#include <cmath>

#include "base/file.h"
#include "base/yaml.h"
#include "pack/yaml_view.h"

namespace gongzhi::accountability {
namespace {

constexpr size_t kFileBytesMax = 64u << 10;
constexpr size_t kSubjectsMax = 10'000;
constexpr double kNormal95 = 1.959964;  // the 97.5 % point of the standard normal distribution

Result<Metric> load_metric(const std::filesystem::path& folder, const std::string& id) {
    const std::string name = "metrics/" + id + "/metric.yaml";
    GZ_TRY(const Bytes text, read_file(folder / "metric.yaml", kFileBytesMax));
    GZ_TRY(const YamlDocument document, YamlDocument::parse(text, name));
    const pack::YamlView root(document);
    GZ_CHECKED(root.allow_keys({"metric", "zh", "en", "side", "aspect", "numerator", "denominator", "next_step",
                                "window_days", "minimum_sample"}));
    Metric metric;
    GZ_TRY(metric.id, root.text("metric"));
    if (metric.id != id) return root.error_at("metric", "the metric is called like its folder");
    GZ_TRY(metric.title.zh, root.text("zh"));
    GZ_TRY(metric.title.en, root.text("en"));
    GZ_TRY(const std::string side, root.text("side"));
    if (side != "government" && side != "platform") return root.error_at("side", "government or platform");
    metric.side = side == "government" ? Side::government : Side::platform;
    GZ_TRY(const std::string aspect, root.text("aspect"));
    if (aspect != "willing" && aspect != "able") return root.error_at("aspect", "willing or able");
    metric.aspect = aspect == "willing" ? Aspect::willing : Aspect::able;
    GZ_TRY(metric.numerator, root.wording("numerator"));
    GZ_TRY(metric.denominator, root.wording("denominator"));
    GZ_TRY(metric.next_step, root.wording("next_step"));
    GZ_TRY(const int64_t days, root.integer_or("window_days", 90));
    GZ_TRY(metric.minimum_sample, root.integer_or("minimum_sample", 5));
    if (days < 1 || days > 3'660) return root.error_at("window_days", "between 1 and 3660");
    if (metric.minimum_sample < 1) return root.error_at("minimum_sample", "at least 1");
    metric.window_days = static_cast<int>(days);
    GZ_TRY(metric.sql, read_file(folder / "metric.sql", kFileBytesMax));
    return metric;
}

Json wording_json(const pack::Wording& wording) { return {{"zh", wording.zh}, {"en", wording.en}}; }

Json measured_json(const Measured& measured) {
    Json json = {{"subject", measured.subject},
                 {"numerator", measured.numerator},
                 {"denominator", measured.denominator},
                 {"enough", measured.share.has_value()}};
    if (measured.share) {
        json["permille"] = measured.share->value;
        json["low_permille"] = measured.share->low;
        json["high_permille"] = measured.share->high;
    }
    return json;
}

}  // namespace

std::string_view side_name(Side side) { return side == Side::government ? "government" : "platform"; }
std::string_view aspect_name(Aspect aspect) { return aspect == Aspect::willing ? "willing" : "able"; }

Result<std::vector<Metric>> load_metrics(const std::filesystem::path& pack_folder) {
    std::vector<Metric> metrics;
    std::error_code error;
    for (const auto& item : std::filesystem::directory_iterator(pack_folder / "metrics", error)) {
        if (!item.is_directory()) continue;
        GZ_TRY(Metric metric, load_metric(item.path(), item.path().filename().string()));
        metrics.push_back(std::move(metric));
    }
    std::sort(metrics.begin(), metrics.end(), [](const Metric& a, const Metric& b) {
        return std::tuple(a.side, a.aspect, std::string_view(a.id)) <
               std::tuple(b.side, b.aspect, std::string_view(b.id));
    });
    return metrics;
}

std::optional<Share> share_of(int64_t numerator, int64_t denominator) {
    if (denominator <= 0 || numerator < 0 || numerator > denominator) return std::nullopt;
    const double n = static_cast<double>(denominator), p = static_cast<double>(numerator) / n;
    const double z2 = kNormal95 * kNormal95;
    const double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
    const double half = kNormal95 / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    const auto permille = [](double share) {
        return static_cast<int64_t>(std::lround(std::clamp(share, 0.0, 1.0) * 1000));
    };
    return Share{permille(p), permille(centre - half), permille(centre + half)};
}

Result<std::vector<Measured>> measure(const Metric& metric, UtcTime until, sql::Connection& affairs) {
    const UtcTime from(until.value - metric.window_days * kMicrosPerDay);
    // Sums are wider than what is counted here; and the columns have to have their names.
    const auto rows = affairs.query("SELECT subject, CAST(numerator AS BIGINT), CAST(denominator AS BIGINT) FROM (" +
                                        metric.sql + "\n) AS measured",
                                    {from, until});
    if (!rows || rows->rows.size() > kSubjectsMax)
        return fail(ErrorCode::rejected, "the metric {} does not give subject, numerator and denominator", metric.id);
    const sql::Table& table = *rows;
    std::vector<Measured> all;
    for (const sql::Row& row : table.rows) {
        Measured measured;
        measured.subject = sql::text_of(row[0]);
        measured.numerator = sql::integer_of(row[1]);
        measured.denominator = sql::integer_of(row[2]);
        if (measured.numerator < 0 || measured.numerator > measured.denominator)
            return fail(ErrorCode::rejected, "the metric {} counts more than there is", metric.id);
        if (measured.denominator >= metric.minimum_sample)
            measured.share = share_of(measured.numerator, measured.denominator);
        all.push_back(std::move(measured));
    }
    return all;
}

Result<Json> scorecard(const std::vector<Metric>& metrics, UtcTime until, sql::Connection& affairs) {
    Json list = Json::array();
    for (const Metric& metric : metrics) {
        GZ_TRY(const std::vector<Measured> measured, measure(metric, until, affairs));
        Json rows = Json::array();
        for (const Measured& each : measured) rows.push_back(measured_json(each));
        list.push_back({{"metric", metric.id},
                        {"title", wording_json(metric.title)},
                        {"side", side_name(metric.side)},
                        {"aspect", aspect_name(metric.aspect)},
                        {"numerator", wording_json(metric.numerator)},
                        {"denominator", wording_json(metric.denominator)},
                        {"next_step", wording_json(metric.next_step)},
                        {"window_days", metric.window_days},
                        {"minimum_sample", metric.minimum_sample},
                        {"sql", metric.sql},
                        {"rows", rows}});
    }
    return list;
}

}  // namespace gongzhi::accountability
