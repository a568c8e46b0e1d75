#include "access/units.h"

#include <algorithm>

namespace gongzhi::access {
namespace {

constexpr std::string_view kPrefix = "unit/";
constexpr size_t kUnitsMax = 10'000;
constexpr size_t kRegionDigits = 6;
constexpr int kDepthMax = 10;

bool is_region(std::string_view text) {
    return text.size() == kRegionDigits &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_unit_id(std::string_view text) {
    return text.size() >= 2 && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
           });
}

}  // namespace

Json Unit::to_json() const {
    return {{"unit", id},     {"parent", parent},   {"region", region},
            {"level", level}, {"name_zh", name_zh}, {"name_en", name_en}};
}

Result<Unit> Unit::from_json(const Json& json) {
    Unit unit;
    GZ_TRY(unit.id, json_text(json, "unit"));
    GZ_TRY(unit.parent, json_text_or_empty(json, "parent"));
    GZ_TRY(unit.region, json_text(json, "region"));
    GZ_TRY(unit.level, json_text(json, "level"));
    GZ_TRY(unit.name_zh, json_text(json, "name_zh"));
    GZ_TRY(unit.name_en, json_text(json, "name_en"));
    return unit;
}

// Pairs of zeros at the end say "the whole of".
bool region_under(std::string_view region, std::string_view of) {
    if (!is_region(region) || !is_region(of)) return false;
    while (of.size() > 2 && of.ends_with("00")) of.remove_suffix(2);
    return region.starts_with(of);
}

Status Units::load() {
    std::map<std::string, Unit, std::less<>> units;
    GZ_CHECKED(journal_.visit_local(kPrefix, kUnitsMax, [&](BytesView, BytesView value) -> Status {
        GZ_TRY(const Json json, parse_json(value));
        GZ_TRY(Unit unit, Unit::from_json(json));
        units.emplace(unit.id, std::move(unit));
        return {};
    }));
    const std::unique_lock lock(mutex_);
    units_ = std::move(units);
    return {};
}

Status Units::check(const Unit& unit) const {
    if (!is_unit_id(unit.id))
        return fail_field(ErrorCode::invalid_argument, "unit", "a unit's id is 2 to 40 of a-z, 0-9 and -");
    if (!is_region(unit.region)) return fail_field(ErrorCode::invalid_argument, "region", "a region has six digits");
    const std::shared_lock lock(mutex_);
    if (units_.size() >= kUnitsMax) return fail(ErrorCode::too_large, "more than {} units", kUnitsMax);
    if (units_.contains(unit.id)) return fail(ErrorCode::conflict, "the unit {} is there already", unit.id);
    if (unit.parent.empty()) {
        if (!units_.empty())
            return fail_field(ErrorCode::invalid_argument, "parent", "only the first unit has no parent");
        return {};
    }
    const auto parent = units_.find(unit.parent);
    if (parent == units_.end()) return fail_field(ErrorCode::invalid_argument, "parent", "there is no such unit");
    if (!region_under(unit.region, parent->second.region))
        return fail_field(ErrorCode::invalid_argument, "region", "the region does not lie in that of the parent");
    return {};
}

Result<EntryIndex> Units::define(const Actor& actor, const Unit& unit, ledger::Ledger& ledger,
                                 const ledger::ClaimKeys& claims, const Clock& clock) {
    GZ_CHECKED(may(actor, Action::define_unit));
    GZ_CHECKED(check(unit));
    ledger::Draft draft = ledger::trace_draft(std::string(kUnitDefinedKind), unit.to_json(), clock.now(), actor.name);
    draft.claims = {claims.refuse("unit", {unit.id})};
    if (unit.parent.empty()) draft.claims.push_back(claims.refuse("highest unit", {}));
    draft.local = {{Bytes(kPrefix) + unit.id, canonical_json(unit.to_json())}};
    const ledger::Outcome outcome = ledger.append(std::move(draft));
    if (!outcome) return tl::unexpected(outcome.error());
    const std::unique_lock lock(mutex_);
    units_.emplace(unit.id, unit);
    return outcome->index;
}

std::optional<Unit> Units::find(std::string_view id) const {
    const std::shared_lock lock(mutex_);
    const auto found = units_.find(id);
    if (found == units_.end()) return std::nullopt;
    return found->second;
}

std::vector<Unit> Units::all() const {
    std::vector<Unit> units;
    {
        const std::shared_lock lock(mutex_);
        for (const auto& [id, unit] : units_) units.push_back(unit);
    }
    // A parent's region is a proper prefix of its children's: fewer digits that are not zeros at the end.
    const auto depth = [](const Unit& unit) {
        std::string_view region = unit.region;
        while (region.size() > 2 && region.ends_with("00")) region.remove_suffix(2);
        return region.size();
    };
    std::stable_sort(units.begin(), units.end(), [&](const Unit& a, const Unit& b) {
        return std::pair(depth(a), std::string_view(a.region)) < std::pair(depth(b), std::string_view(b.region));
    });
    return units;
}

std::vector<Unit> Units::children_of(std::string_view id) const {
    std::vector<Unit> children;
    for (Unit& unit : all())
        if (unit.parent == id && unit.id != id) children.push_back(std::move(unit));
    return children;
}

bool Units::under(std::string_view id, std::string_view ancestor) const {
    const std::shared_lock lock(mutex_);
    std::string_view at = id;
    for (int depth = 0; depth < kDepthMax; ++depth) {
        if (at == ancestor) return true;
        const auto found = units_.find(at);
        if (found == units_.end() || found->second.parent.empty()) return false;
        at = found->second.parent;
    }
    return false;
}

std::string Units::responsible_for(std::string_view region) const {
    std::string best;
    for (const Unit& unit : all())  // parents first: the last that fits is the lowest
        if (region_under(region, unit.region)) best = unit.id;
    return best;
}

bool reaches_region(const Actor& actor, std::string_view region, const Units& units) {
    const auto unit = units.find(actor.unit);
    if (!unit) return actor.unit.empty();
    return unit->parent.empty() || region_under(region, unit->region);
}

Status may_in_region(const Actor& actor, Action action, std::string_view region, const Units& units) {
    GZ_CHECKED(may(actor, action));
    if (reaches_region(actor, region, units)) return {};
    return tl::unexpected(nothing_within_reach());
}

}  // namespace gongzhi::access
