#include "accountability/deadlines.h"

#include <algorithm>

#include "base/file.h"
#include "base/yaml.h"
#include "pack/yaml_view.h"

namespace gongzhi::accountability {
namespace {

constexpr size_t kFileBytesMax = 64u << 10;

struct Period {
    CivilDate from, until;
};

Period month_of(int year, unsigned month) {
    const CivilDate from = civil_date(year, month, 1);
    const CivilDate next = month == 12 ? civil_date(year + 1, 1, 1) : civil_date(year, month + 1, 1);
    return {from, CivilDate(next.value - 1)};
}

int year_of(CivilDate date) { return std::stoi(format_date(date).substr(0, 4)); }

Result<Deadline> read_deadline(const pack::YamlView& item) {
    GZ_CHECKED(item.allow_keys({"deadline", "record", "months", "zh", "en", "basis"}));
    Deadline deadline;
    GZ_TRY(deadline.id, item.text("deadline"));
    GZ_TRY(deadline.record_type, item.text("record"));
    GZ_TRY(deadline.title.zh, item.text("zh"));
    GZ_TRY(deadline.title.en, item.text("en"));
    GZ_TRY(deadline.basis, pack::read_basis(item, "basis"));
    if (!item.has("months") || !item.json()["months"].is_array() || item.json()["months"].empty())
        return item.error("`months` is missing");
    for (const Json& month : item.json()["months"]) {
        if (!month.is_number_integer() || month < 1 || month > 12) return item.error("a month is 1 to 12");
        deadline.months.push_back(month.get<unsigned>());
    }
    std::sort(deadline.months.begin(), deadline.months.end());
    return deadline;
}

// The periods of one deadline from the day of admission to today, in order.
std::vector<Period> periods_of(const Deadline& deadline, CivilDate admitted, CivilDate today) {
    std::vector<Period> periods;
    for (int year = year_of(admitted); year <= year_of(today); ++year)
        for (const unsigned month : deadline.months) {
            const Period period = month_of(year, month);
            if (period.until >= admitted && period.from <= today) periods.push_back(period);
        }
    return periods;
}

Result<std::vector<UtcTime>> submissions_of(const std::string& party, const std::string& type,
                                            sql::Connection& affairs) {
    GZ_TRY(const sql::Table rows,
           affairs.query("SELECT received_time FROM submission WHERE party = $1 AND record_type = $2 ORDER BY 1",
                         {party, type}));
    std::vector<UtcTime> times;
    for (const sql::Row& row : rows.rows) times.push_back(std::get<UtcTime>(row[0]));
    return times;
}

}  // namespace

std::string_view due_state_name(DueState state) {
    constexpr std::string_view names[] = {"in_time", "late", "missing", "open"};
    return names[static_cast<size_t>(state)];
}

Result<std::vector<Deadline>> load_deadlines(const std::filesystem::path& pack_folder) {
    std::vector<Deadline> deadlines;
    if (!std::filesystem::exists(pack_folder / "deadlines.yaml")) return deadlines;
    GZ_TRY(const Bytes text, read_file(pack_folder / "deadlines.yaml", kFileBytesMax));
    GZ_TRY(const YamlDocument document, YamlDocument::parse(text, "deadlines.yaml"));
    const pack::YamlView root(document);
    GZ_CHECKED(root.allow_keys({"deadlines"}));
    GZ_TRY(const std::vector<pack::YamlView> list, root.list("deadlines"));
    for (const pack::YamlView& item : list) {
        GZ_TRY(Deadline deadline, read_deadline(item));
        deadlines.push_back(std::move(deadline));
    }
    return deadlines;
}

std::vector<Due> dues_of(const Deadline& deadline, const Owing& owing, UtcTime now, int offset_minutes) {
    const CivilDate today = date_in_zone(now, offset_minutes);
    const std::vector<Period> periods = periods_of(deadline, date_in_zone(owing.admitted_time, offset_minutes), today);
    std::vector<Due> dues;
    for (size_t i = 0; i < periods.size(); ++i) {
        Due due{deadline.id, owing.party, periods[i].from, periods[i].until, DueState::open, {}};
        const bool last = i + 1 == periods.size();
        for (const UtcTime time : owing.submitted_times) {
            const CivilDate day = date_in_zone(time, offset_minutes);
            if (day < due.from || (!last && day >= periods[i + 1].from)) continue;
            due.submitted = time;
            due.state = day <= due.until ? DueState::in_time : DueState::late;
            break;
        }
        if (!due.submitted && today > due.until) due.state = DueState::missing;
        dues.push_back(std::move(due));
    }
    return dues;
}

Result<std::vector<Due>> dues_as_of(const std::vector<Deadline>& deadlines, UtcTime now, int offset_minutes,
                                    sql::Connection& affairs) {
    GZ_TRY(const sql::Table parties,
           affairs.query("SELECT party, admitted_time FROM party WHERE role = 'platform' ORDER BY party"));
    std::vector<Due> dues;
    for (const Deadline& deadline : deadlines)
        for (const sql::Row& row : parties.rows) {
            Owing owing{sql::text_of(row[0]), std::get<UtcTime>(row[1]), {}};
            GZ_TRY(owing.submitted_times, submissions_of(owing.party, deadline.record_type, affairs));
            for (Due& due : dues_of(deadline, owing, now, offset_minutes)) dues.push_back(std::move(due));
        }
    return dues;
}

Json to_json(const std::vector<Due>& dues) {
    Json list = Json::array();
    for (const Due& due : dues)
        list.push_back({{"deadline", due.deadline},
                        {"party", due.party},
                        {"from_date", format_date(due.from)},
                        {"until_date", format_date(due.until)},
                        {"state", due_state_name(due.state)},
                        {"submitted_time", due.submitted ? Json(format_utc(*due.submitted)) : Json(nullptr)}});
    return list;
}

}  // namespace gongzhi::accountability
