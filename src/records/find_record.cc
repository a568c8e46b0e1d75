#include "records/find_record.h"

#include "pack/record_check.h"

namespace gongzhi::records {

Result<uint64_t> find_record(const ledger::Ledger& ledger, const ledger::Entry& entry, const pack::RecordType& type,
                             const std::string& record_id) {
    GZ_TRY(const uint32_t groups, group_count(entry));
    for (uint32_t group = 0; group < groups; ++group) {
        GZ_TRY(const OpenGroup open, read_group(ledger, entry, type, group));
        for (size_t i = 0; i < open.records.size(); ++i) {
            pack::RecordView view(type.fields.size());
            GZ_CHECKED(pack::decode_open(type, open.records[i].open, view));
            if (pack::record_id_of(type, view) == record_id) return open.first + i;
        }
    }
    return fail(ErrorCode::not_found, "no record of this id is in the submission");
}

Result<std::string> read_text_field(const ledger::Ledger& ledger, const ledger::Entry& entry,
                                    const pack::RecordType& type, uint64_t record_no, size_t slot) {
    if (type.fields.at(slot).type != pack::FieldType::text)
        return fail(ErrorCode::invalid_argument, "only a text can be read alone");
    const auto group = static_cast<uint32_t>(record_no / kGroupRecords);
    const size_t at = record_no % kGroupRecords;
    pack::RecordView view(type.fields.size());
    GZ_TRY(const OpenGroup open, read_group(ledger, entry, type, group));
    if (at >= open.records.size()) return fail(ErrorCode::corrupt, "a record is named that the entry lacks");
    GZ_CHECKED(pack::decode_open(type, open.records[at].open, view));
    std::vector<vault::Item> items;
    if (type.fields[slot].is_protected()) {
        GZ_TRY(items, ledger.read_segment(entry, ledger::Part::protected_records, group));
        if (!items.at(at)) return fail(ErrorCode::erased, "this record's protected part was erased");
        GZ_TRY(const ProtectedItem item, ProtectedItem::parse(*items[at]));
        GZ_CHECKED(pack::decode_protected(type, item.encoded, view));
    }
    if (!view[slot].present) return fail(ErrorCode::not_found, "the record has no such value");
    return std::string(view[slot].text);
}

}  // namespace gongzhi::records
