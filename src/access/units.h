// The units of a party: province, cities, counties, each with its parent and region. Kept in the journal, each with a trace.
//
// Small (a few thousand at most) and read at every decision: all of them are in memory. Safe for concurrent use.
#pragma once

#include <map>
#include <shared_mutex>
#include <vector>

#include "access/access.h"
#include "ledger/outgoing.h"

namespace gongzhi::access {

constexpr std::string_view kUnitDefinedKind = "unit.defined";

struct Unit {
    std::string id;      // [a-z0-9-], unique within the party
    std::string parent;  // "": the party's highest unit
    std::string region;  // GB/T 2260: six digits, 990000 a province, 990100 a city, 990101 a county
    std::string level;   // of the pack: province, city, county
    std::string name_zh, name_en;
    Json to_json() const;
    static Result<Unit> from_json(const Json& json);
};

// The only test of containment between regions: 990101 is under 990100 and 990000, and under itself.
bool region_under(std::string_view region, std::string_view of);

class Units {
public:
    explicit Units(journal::Journal& journal) : journal_(journal) {}
    // Reads what the journal has; before anything else.
    Status load();

    // `conflict` where the id is taken, `invalid_argument` for a parent that is not there or a region not within its.
    Result<EntryIndex> define(const Actor& actor, const Unit& unit, ledger::Ledger& ledger,
                              const ledger::ClaimKeys& claims, const Clock& clock);

    std::optional<Unit> find(std::string_view id) const;
    std::vector<Unit> all() const;  // parents before children
    std::vector<Unit> children_of(std::string_view id) const;
    // Whether `id` is `ancestor` or below it.
    bool under(std::string_view id, std::string_view ancestor) const;
    // The lowest unit whose region holds this one; "" where none does.
    std::string responsible_for(std::string_view region) const;

private:
    Status check(const Unit& unit) const;

    journal::Journal& journal_;
    mutable std::shared_mutex mutex_;  // guards units_
    std::map<std::string, Unit, std::less<>> units_;
};

// Whether what lies in a region is within reach: the whole party and its highest unit reach everything, also what has no
// region; any other unit what its own region holds.
bool reaches_region(const Actor& actor, std::string_view region, const Units& units);
// Of what is out of reach the answer is that of what is not there, as for `may` with a subject.
Status may_in_region(const Actor& actor, Action action, std::string_view region, const Units& units);

}  // namespace gongzhi::access
