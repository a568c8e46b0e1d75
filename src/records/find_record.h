// Where one record stands, by its id, and one of its protected values. Decides on the ledger, not on tables.
#pragma once

#include "records/stored_records.h"

namespace gongzhi::records {

// The number of the record with this id in a submission; `not_found` where it is not in it.
Result<uint64_t> find_record(const ledger::Ledger& ledger, const ledger::Entry& entry, const pack::RecordType& type,
                             const std::string& record_id);

// A field of the record as text; `erased` where its protected part is gone, `not_found` where the field is empty.
Result<std::string> read_text_field(const ledger::Ledger& ledger, const ledger::Entry& entry,
                                    const pack::RecordType& type, uint64_t record_no, size_t slot);

}  // namespace gongzhi::records
