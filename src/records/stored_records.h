// How a submission's records lie in the ledger: groups of open parts (zstd) and, beside each, a vault segment of
// protected parts. Written by intake, read by the tables, by evidence and by onward submissions.
#pragma once

#include "ledger/ledger.h"
#include "pack/record_codec.h"

namespace gongzhi::records {

constexpr uint32_t kGroupRecords = 4'096;  // records of one stored group, and of one vault segment

// One record on its way into the ledger.
struct SaltedRecord {
    uint32_t version = 1;
    Bytes open_salt;       // 16
    Bytes protected_salt;  // 16, "" for types without a protected part
    BytesView open;
    BytesView protected_part;
};

struct StoredParts {
    Digest record_root;
    std::vector<ledger::OpenPart> open;
    std::vector<ledger::SealedPart> sealed;
};

// Hashes, groups and seals; `records` in submission order.
Result<StoredParts> store_records(const pack::RecordType& type, const std::vector<SaltedRecord>& records,
                                  vault::Vault& vault);

// The open group that holds record `number` of an entry; owns the bytes that its records borrow from.
struct OpenGroup {
    uint32_t first = 0;
    Bytes bytes;
    std::vector<pack::BatchRecord> records;
};
Result<uint32_t> group_count(const ledger::Entry& entry);
Result<OpenGroup> read_group(const ledger::Ledger& ledger, const ledger::Entry& entry, const pack::RecordType& type,
                             uint32_t group);
// The type's name as the stored batch says it.
Result<std::string> stored_type_name(const ledger::Ledger& ledger, const ledger::Entry& entry);

// A protected item of a segment: salt ‖ encoding.
struct ProtectedItem {
    BytesView salt, encoded;
    static Result<ProtectedItem> parse(BytesView item);
};

// Leaf hashes of all records of an entry, in order.
Result<std::vector<Digest>> record_leaves(const ledger::Ledger& ledger, const ledger::Entry& entry,
                                          const pack::RecordType& type);

}  // namespace gongzhi::records
