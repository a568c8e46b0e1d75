#include "web/rule_versions.h"

#include <algorithm>

#include "base/bytes.h"
#include "web/pieces.h"

namespace gongzhi::web {
namespace {

using supervision::RuleVersion;

constexpr size_t kNamed = 5, kShortDigest = 12;

// At an authority, who reported has accepted; at a platform, the person is on record. Names are joined by line ends.
constexpr std::string_view kVersions =
    "SELECT b.version, b.rule_digest, arg_min(b.message_id, b.entry) AS message_id, min(b.logged_time) AS first_time, "
    "max(b.logged_time) AS last_time, array_to_string(list_sort(list_distinct(list(b.party))), chr(10)) AS parties, "
    "array_to_string(list_sort(list_distinct(list(coalesce(b.accepted_by, m.from_party)))), chr(10)) AS accepted_by "
    "FROM rule_bundle b LEFT JOIN message m ON m.direction = 'received' AND m.type = 'findings' AND "
    "m.in_reply_to = b.message_id AND m.from_party = b.party "
    "WHERE b.rule = $1 AND b.direction = $2 AND ($3 = '' OR b.rule_digest = $3) "
    "GROUP BY b.version, b.rule_digest ORDER BY max(b.entry) DESC LIMIT $4";

bool of_the_house(const Visit& visit) { return access::may(visit.actor, access::Action::read).has_value(); }
bool at_authority(const Visit& visit) { return staff_face(visit.node) == Face::console; }

std::string time_or_day(const Visit& visit, const Json& row, const char* column) {
    if (of_the_house(visit)) return moment(visit, row[column]);
    const auto time = parse_utc(text_at(row, column));
    return time ? day_text(visit.language, date_in_zone(*time, visit.zone_minutes())) : visit.text("none");
}

std::string names(const Visit& visit, const std::string& lines,
                  const std::function<std::string(const std::string&)>& name) {
    std::string out;
    size_t count = 0;
    for (size_t at = 0; at < lines.size(); ++count) {
        const size_t end = std::min(lines.find('\n', at), lines.size());
        if (count < kNamed) out += (out.empty() ? "" : visit.text("list_comma")) + name(lines.substr(at, end - at));
        at = end + 1;
    }
    return count <= kNamed ? out
                           : visit.text("rules_and_more", {{"names", out}, {"count", std::to_string(count - kNamed)}});
}

KnownVersion known_version(const Visit& visit, const Json& row) {
    KnownVersion known{.digest = text_at(row, "rule_digest"),
                       .message_id = text_at(row, "message_id"),
                       .first_time = time_or_day(visit, row, "first_time"),
                       .last_time = time_or_day(visit, row, "last_time")};
    if (!row["version"].is_null()) known.number = row["version"].get<int64_t>();
    if (!of_the_house(visit)) return known;
    const auto party = [&](const std::string& id) { return party_name(visit.node, visit.language, id); };
    const auto someone = [&](const std::string& actor) { return person(visit.language, actor); };
    known.parties = names(visit, text_at(row, "parties"), party);
    const std::string accepted = text_at(row, "accepted_by");
    known.accepted_by = at_authority(visit) ? names(visit, accepted, party) : names(visit, accepted, someone);
    return known;
}

Json standing_tag(const Visit& visit, const KnownVersion& known, const RuleVersion& current) {
    if (known.digest == to_hex(current.digest.view())) return tag(visit.text("rules_version_current"), "green");
    if (known.number.value_or(0) > current.version) return tag(visit.text("rules_version_newer"), "blue");
    return tag(visit.text("rules_version_earlier"), "grey");
}

Json versions_table(const Visit& visit, const std::vector<KnownVersion>& versions, const RuleVersion& current) {
    const std::string direction = rule_direction(visit);
    const bool inside = of_the_house(visit);
    std::vector<TableColumn> columns = {{visit.text("rules_version")},
                                        {visit.text("state")},
                                        {visit.text("rules_first_" + direction)},
                                        {visit.text("rules_last_" + direction)}};
    if (inside)
        for (const char* prefix : {"rules_party_", "rules_accepted_"})
            columns.push_back({visit.text(prefix + direction)});
    columns.push_back({visit.text("rules_digest_short")});
    Json lines = Json::array();
    for (const KnownVersion& known : versions) {
        std::vector<Json> cells = {
            link_cell(version_name(visit, known.number), rule_version_link(current.id, known.digest)),
            tag_cell(standing_tag(visit, known, current)), cell(known.first_time), cell(known.last_time)};
        cells[0]["header"] = true;
        if (inside)
            for (const std::string& who : {known.parties, known.accepted_by})
                cells.push_back(cell(who.empty() ? visit.text("none") : who));
        cells.push_back(cell(short_digest(known.digest)));
        lines.push_back(row(std::move(cells)));
    }
    return table("versions", visit.text("rules_versions_caption"), columns, std::move(lines));
}

// Where the pack's version stands among those that went out or came in.
std::string standing_text(const Visit& visit, const std::vector<KnownVersion>& versions, const RuleVersion& current) {
    const std::string direction = rule_direction(visit), number = std::to_string(current.version);
    if (versions.empty())
        return visit.text(at_authority(visit) || of_the_house(visit) ? "rules_none_" + direction
                                                                     : "rules_versions_inside");
    const std::string digest = to_hex(current.digest.view());
    const auto found =
        std::find_if(versions.begin(), versions.end(), [&](const auto& one) { return one.digest == digest; });
    if (found == versions.end()) return visit.text("rules_unknown_" + direction, {{"version", number}});
    return visit.text("rules_same_" + direction, {{"version", number}, {"first", found->first_time}});
}

}  // namespace

std::string rule_version_link(const std::string& rule_id, const std::string& digest) {
    return link("/rules/" + path_segment(rule_id) + "/versions/" + path_segment(digest));
}

std::string rule_direction(const Visit& visit) { return at_authority(visit) ? "sent" : "received"; }

std::string version_name(const Visit& visit, const std::optional<int64_t>& number) {
    return visit.text("rules_version_number", {{"version", number ? std::to_string(*number) : "?"}});
}

std::string short_digest(const std::string& digest) { return digest.substr(0, kShortDigest) + "…"; }

Result<std::vector<KnownVersion>> known_versions(const Visit& visit, const std::string& rule_id,
                                                 const std::string& digest) {
    std::vector<KnownVersion> versions;
    if (!at_authority(visit) && !of_the_house(visit)) return versions;
    GZ_TRY(const Json rows,
           affairs_rows(visit.node, kVersions, {rule_id, rule_direction(visit), digest, int64_t{kVersionsShown}}));
    for (const Json& each : rows) versions.push_back(known_version(visit, each));
    return versions;
}

Result<SheetSection> versions_section(const Visit& visit, const RuleVersion& current) {
    GZ_TRY(const auto versions, known_versions(visit, current.id));
    return SheetSection{.heading = visit.text("rules_versions"),
                        .paragraphs = {standing_text(visit, versions, current)},
                        .table = versions_table(visit, versions, current)};
}

Result<Json> version_of_finding(const Visit& visit, const Json& finding) {
    GZ_TRY(const std::string rule_id, json_text(finding, "rule"));
    GZ_TRY(const std::string encoded, json_text_or_empty(finding, "rule_digest"));
    GZ_TRY(const Bytes bytes, from_base64(encoded));
    if (bytes.empty()) return Json(false);
    const std::string digest = to_hex(bytes);
    const auto current = visit.node.rules().rule(rule_id);
    const bool is_current = current && current->digest.view() == bytes;
    if (!is_current) {
        GZ_TRY(const auto versions, known_versions(visit, rule_id, digest));
        if (versions.empty()) return Json(false);
    }
    GZ_TRY(const int64_t number, json_int(finding, "rule_version"));
    return Json{{"text", visit.text("finding_rule_version", {{"version", std::to_string(number)}})},
                {"href", rule_version_link(rule_id, digest)}};
}

}  // namespace gongzhi::web
