#include "pack/calendar.h"

#include "pack/yaml_view.h"

namespace gongzhi::pack {
namespace {

constexpr int kWorkingDaysMax = 1000;

bool is_weekend(CivilDate date) {
    const int since_thursday = ((date.value % 7) + 7) % 7;  // 1970-01-01 was a Thursday
    return since_thursday == 2 || since_thursday == 3;
}

Status read_dates(const YamlView& root, const std::string& key, int year, std::set<CivilDate>& out) {
    GZ_TRY(const std::vector<YamlView> items, root.list(key));
    for (const YamlView& item : items) {
        GZ_TRY(const std::string text, item.as_text());
        const auto date = parse_date(text);
        if (!date) return item.error(date.error().message);
        if (!text.starts_with(std::to_string(year))) return item.error("a date of another year");
        out.insert(*date);
    }
    return {};
}

}  // namespace

Status Calendar::add_year(const YamlDocument& document) {
    const YamlView root(document);
    GZ_CHECKED(root.allow_keys({"year", "source", "unverified", "holidays", "working_weekends"}));
    GZ_TRY(const int64_t year, root.integer_or("year", 0));
    if (year < 2000 || year > 2100) return root.error("`year` is missing");
    GZ_CHECKED(read_dates(root, "holidays", static_cast<int>(year), holidays_));
    std::set<CivilDate> working;
    GZ_CHECKED(read_dates(root, "working_weekends", static_cast<int>(year), working));
    for (CivilDate date : working)
        if (!is_weekend(date))
            return root.error_at("working_weekends", fmt::format("{} is not a weekend", format_date(date)));
    working_weekends_.merge(working);
    years_.insert(static_cast<int>(year));
    return {};
}

Result<bool> Calendar::is_working_day(CivilDate date) const {
    const int year = std::stoi(format_date(date).substr(0, 4));
    if (!years_.contains(year))
        return fail(ErrorCode::unsupported, "no working calendar for the year {} is loaded", year);
    if (holidays_.contains(date)) return false;
    return !is_weekend(date) || working_weekends_.contains(date);
}

Result<CivilDate> Calendar::add_working_days(CivilDate start, int days) const {
    if (days < 0 || days > kWorkingDaysMax)
        return fail(ErrorCode::invalid_argument, "between 0 and {} working days", kWorkingDaysMax);
    CivilDate date = start;
    while (days > 0) {
        date = CivilDate(date.value + 1);
        GZ_TRY(const bool working, is_working_day(date));
        if (working) --days;
    }
    return date;
}

}  // namespace gongzhi::pack
