// The canonical bytes of a record and of a batch of records (docs/formats/record.md). Pure.
//
// Each record has an open and a protected part (class personal or sensitive), blinded by its own salt, so that an open
// part is proved without its protected part and an erased protected part leaves leaf and root valid.
#pragma once

#include "base/result.h"
#include "pack/types.h"

namespace gongzhi::pack {

constexpr size_t kSaltBytes = 16;
constexpr size_t kRecordPartBytesMax = 1u << 20;

void encode_open(const RecordType& type, const RecordView& record, Bytes& out);
void encode_protected(const RecordType& type, const RecordView& record, Bytes& out);
// Fill the slots of their part; text values borrow from `encoded`. `malformed` on anything not canonical.
Status decode_open(const RecordType& type, BytesView encoded, RecordView& out);
Status decode_protected(const RecordType& type, BytesView encoded, RecordView& out);
// The record type an open part names, without knowing the type.
Result<std::string> open_part_type(BytesView encoded);

Digest open_part_digest(BytesView salt, BytesView open);
Digest protected_part_digest(BytesView salt, BytesView encoded_protected);
// What stands for the protected part of a type that has none.
const Digest& no_protected_part();
// RFC 9162 leaf hash of the 64 bytes open digest ‖ protected digest.
Digest record_leaf(const Digest& open, const Digest& protected_part);

// One record of a batch as the journal keeps it: everything but the protected part.
struct BatchRecord {
    uint32_t version = 1;  // 1 for the first submission of a record id, then one more with each correction
    BytesView salt;
    Digest protected_digest;
    BytesView open;
};

class BatchWriter {
public:
    explicit BatchWriter(const RecordType& type);
    void add(uint32_t version, BytesView salt, const Digest& protected_digest, BytesView open);
    uint32_t count() const { return count_; }
    Bytes finish() &&;

private:
    Bytes bytes_;
    bool has_protected_;
    uint32_t count_ = 0;
    size_t count_at_ = 0;
};

class BatchReader {
public:
    // `type_has_protected` as the type says; the bytes must outlive the reader.
    static Result<BatchReader> open(BytesView batch, bool type_has_protected);
    static Result<std::string> type_name(BytesView batch);
    uint32_t count() const { return count_; }
    // Next record, in order; call `count` times.
    Result<BatchRecord> next();

private:
    BatchReader(BytesView rest, uint32_t count, bool has_protected)
        : rest_(rest), count_(count), has_protected_(has_protected) {}
    BytesView rest_;
    uint32_t count_;
    bool has_protected_;
};

}  // namespace gongzhi::pack
