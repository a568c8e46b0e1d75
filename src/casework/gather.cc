#include <map>

#include "casework/casework.h"
#include "pack/record_check.h"
#include "records/stored_records.h"

namespace gongzhi::casework {
namespace {

constexpr size_t kRowsMax = 50'000;

Json value_of(const pack::Field& field, const pack::FieldValue& value) {
    switch (field.type) {
        case pack::FieldType::text: return std::string(value.text);
        case pack::FieldType::integer: return value.number;
        case pack::FieldType::boolean: return value.number != 0;
        case pack::FieldType::date: return format_date(CivilDate(static_cast<int32_t>(value.number)));
        case pack::FieldType::time: return format_utc(UtcTime(value.number));
        case pack::FieldType::money:
            return {{"amount", pack::format_amount(value.number, value.text)}, {"currency", std::string(value.text)}};
    }
    return nullptr;
}

// The civil day by which a type is cut to a period: that of its first required time.
std::string period_column(const pack::RecordType& type) {
    for (const pack::Field& field : type.fields)
        if (field.type == pack::FieldType::time && field.required)
            return field.name.substr(0, field.name.size() - 5) + "_date";
    return {};
}

Result<sql::Table> places_in_scope(const pack::RecordType& type, const RequestScope& scope, sql::Connection& records) {
    std::string sql = fmt::format("SELECT entry_from, record_no FROM store.{} WHERE entry_to IS NULL", type.name);
    sql::Parameters parameters;
    const auto only = [&](std::string_view column, const std::string& value) {
        parameters.push_back(value);
        sql += fmt::format(" AND {} = ${}", column, parameters.size());
    };
    if (scope.category.empty()) only("shop", scope.shop);
    if (!scope.category.empty()) {
        only("category", scope.category);
        // A region's significant digits: 990100 is every 9901xx.
        std::string prefix = scope.region;
        while (prefix.size() > 2 && prefix.ends_with("00")) prefix.resize(prefix.size() - 2);
        parameters.push_back(prefix);
        sql += fmt::format(" AND starts_with(region, ${})", parameters.size());
    }
    if (!scope.listing.empty() && type.slot_of("listing")) only("listing", scope.listing);
    if (const std::string day = period_column(type); !day.empty()) {
        parameters.push_back(scope.from);
        parameters.push_back(scope.until);
        sql += fmt::format(" AND {0} >= ${1} AND {0} <= ${2}", day, parameters.size() - 1, parameters.size());
    }
    sql += fmt::format(" ORDER BY entry_from, record_no LIMIT {}", kRowsMax + 1);
    return records.query(sql, parameters);
}

// One record's asked fields, protected ones opened from the vault.
class RowReader {
public:
    RowReader(const pack::RecordType& type, std::vector<size_t> slots, const ledger::Ledger& ledger)
        : type_(type), slots_(std::move(slots)), ledger_(ledger) {
        for (size_t slot : slots_) wants_protected_ |= type.fields[slot].is_protected();
    }

    Result<Json> read(EntryIndex index, uint64_t number) {
        const auto group = static_cast<uint32_t>(number / records::kGroupRecords);
        if (!open_ || index != entry_.index || open_->first != group * records::kGroupRecords)
            GZ_CHECKED(load(index, group));
        const size_t at = number % records::kGroupRecords;
        if (at >= open_->records.size())
            return fail(ErrorCode::corrupt, "the tables name a record that the ledger lacks");
        pack::RecordView view(type_.fields.size());
        GZ_CHECKED(pack::decode_open(type_, open_->records[at].open, view));
        if (at < items_.size() && items_[at]) {
            GZ_TRY(const auto item, records::ProtectedItem::parse(*items_[at]));
            GZ_CHECKED(pack::decode_protected(type_, item.encoded, view));
        }
        record_id_ = pack::record_id_of(type_, view);
        Json row = Json::object();
        for (size_t slot : slots_)
            if (view[slot].present) row[type_.fields[slot].name] = value_of(type_.fields[slot], view[slot]);
        return row;
    }

    // Of the row read last.
    bool shows_protected() const { return wants_protected_; }
    const std::string& record_id() const { return record_id_; }

private:
    Status load(EntryIndex index, uint32_t group) {
        GZ_TRY(entry_, ledger_.read(index));
        GZ_TRY(records::OpenGroup read, records::read_group(ledger_, entry_, type_, group));
        open_ = std::move(read);
        items_.clear();
        if (wants_protected_) {
            GZ_TRY(items_, ledger_.read_segment(entry_, ledger::Part::protected_records, group));
        }
        return {};
    }

    const pack::RecordType& type_;
    std::vector<size_t> slots_;
    const ledger::Ledger& ledger_;
    bool wants_protected_ = false;
    std::string record_id_;
    ledger::Entry entry_;
    std::optional<records::OpenGroup> open_;
    std::vector<vault::Item> items_;
};

}  // namespace

Result<Gathered> gather_answer(const InformationRequest& request, const pack::Pack& pack, const ledger::Ledger& ledger,
                               sql::Connection& records) {
    std::map<std::string, std::vector<size_t>> asked;
    for (const std::string& dotted : request.fields) {
        const size_t dot = dotted.find('.');
        const pack::RecordType* type = pack.record_type(dotted.substr(0, dot));
        const auto slot = type && dot != std::string::npos ? type->slot_of(dotted.substr(dot + 1)) : std::nullopt;
        if (!slot) return fail(ErrorCode::rejected, "the request asks for {}, which the catalogue lacks", dotted);
        asked[type->name].push_back(*slot);
    }
    Gathered gathered{Json::object(), {}};
    for (const auto& [name, slots] : asked) {
        const pack::RecordType& type = *pack.record_type(name);
        const bool by_category = !request.scope.category.empty();
        if (by_category ? !(type.slot_of("category") && type.slot_of("region")) : !type.slot_of("shop"))
            return fail(ErrorCode::rejected, "records of the type {} cannot be cut to this scope", name);
        GZ_TRY(const sql::Table places, places_in_scope(type, request.scope, records));
        if (places.rows.size() > kRowsMax)
            return fail(ErrorCode::too_large,
                        "more than {} records of the type {} are in scope: ask for a narrower one", kRowsMax, name);
        RowReader reader(type, slots, ledger);
        Json list = Json::array();
        for (const sql::Row& place : places.rows) {
            GZ_TRY(Json row, reader.read(EntryIndex(static_cast<uint64_t>(sql::integer_of(place[0]))),
                                         static_cast<uint64_t>(sql::integer_of(place[1]))));
            list.push_back(std::move(row));
            if (reader.shows_protected()) gathered.personal.push_back(name + "/" + reader.record_id());
        }
        gathered.rows[name] = std::move(list);
    }
    return gathered;
}

}  // namespace gongzhi::casework
