// The shapes that a pack's record types compile to. Values; immutable after loading, so safe to share between threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/types.h"

namespace gongzhi::pack {

enum class FieldType { text, integer, boolean, date, time, money };
enum class FieldClass { none, personal, sensitive };
enum class HeldBy { authority, platform };
enum class LeavesOn { duty, request, never };

struct Wording {
    std::string zh, en;
};

// law, article, version, from and until when; `unverified` where nobody has read the clause at its source.
struct LegalBasis {
    std::string law, article, version, effective_from, effective_to;
    bool unverified = false;
};

// Field `field` must (or must not) be present when the enum field `when_field` has one of `when_values`.
struct PresenceRule {
    size_t when_field = 0;
    std::vector<std::string> when_values;
    bool must_be_present = true;
};

struct Field {
    uint16_t id = 0;  // permanent: never reused, the order of the encoding
    std::string name;
    Wording title;
    Wording help;
    std::string example;
    FieldType type = FieldType::text;
    FieldClass field_class = FieldClass::none;
    bool required = false;
    std::string join_domain;                   // of personal fields: which tokens may be compared with one another
    std::string check;                         // "", credit_code, id_card, region, url
    size_t chars_max = 200;                    // text, in Unicode code points
    int64_t min = INT64_MIN, max = INT64_MAX;  // integer and money (minor units)
    std::vector<std::string> values;           // text: the closed list, when not empty
    std::vector<Wording> value_titles;         // how people call each of them
    std::vector<PresenceRule> presence;

    bool is_protected() const { return field_class != FieldClass::none; }
    const Wording* value_title(std::string_view value) const;  // null for what is not in the list
};

// One value of a record, borrowed from whoever parsed it. Money: `number` in minor units, `text` the currency.
struct FieldValue {
    bool present = false;
    int64_t number = 0;     // integer, boolean 0/1, date in days, time in microseconds, money in minor units
    std::string_view text;  // text, or the currency of money
};
using RecordView = std::vector<FieldValue>;  // one slot per field, in field-id order

// So many working days after the day in the field, a record must have been handed in.
struct DueRule {
    int working_days = 0;
    size_t after = 0;  // slot of a date
    bool unverified = false;
};

struct RecordType {
    std::string name;
    Wording title;
    Wording purpose;
    HeldBy held_by = HeldBy::platform;
    LeavesOn leaves_on = LeavesOn::request;
    std::string dataset;  // D1, D2 …: the statutory data set it belongs to
    std::vector<LegalBasis> basis;
    int retention_days = 0;
    std::string frequency;
    std::optional<DueRule> due;
    std::vector<Field> fields;                          // in field-id order
    std::vector<size_t> key;                            // slots whose values make the record id
    std::vector<std::pair<size_t, size_t>> not_before;  // slot a must not lie before slot b (both date or time)
    bool has_protected = false;

    std::optional<size_t> slot_of(std::string_view name) const;
};

// What is wrong with one field of one record, for the person who sent it.
struct FieldProblem {
    uint64_t line = 0;  // of the file, from 1
    std::string field;  // JSON pointer below the record, "/price/amount"
    std::string code;   // from field_problems.def
    std::string zh, en;
};

}  // namespace gongzhi::pack
