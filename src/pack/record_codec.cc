#include "pack/record_codec.h"

#include "base/bytes.h"
#include "crypto/digest.h"

namespace gongzhi::pack {
namespace {

constexpr uint8_t kVersion = 1;
constexpr BytesView kOpenDomain = "gongzhi/record/open/v1\n";
constexpr BytesView kProtectedDomain = "gongzhi/record/protected/v1\n";
constexpr size_t kCurrencyBytes = 3;

uint8_t tag_of(FieldType type) { return static_cast<uint8_t>(static_cast<int>(type) + 1); }

void encode_field(const Field& field, const FieldValue& value, Bytes& out) {
    put_u16(out, field.id);
    put_u8(out, tag_of(field.type));
    switch (field.type) {
        case FieldType::text: put_sized(out, value.text); return;
        case FieldType::boolean: put_u8(out, value.number != 0); return;
        case FieldType::integer:
        case FieldType::date:
        case FieldType::time: put_i64(out, value.number); return;
        case FieldType::money:
            put_i64(out, value.number);
            GZ_CHECK(value.text.size() == kCurrencyBytes, "money was checked before it is encoded");
            out.append(value.text);
            return;
    }
}

void encode_fields(const RecordType& type, const RecordView& record, bool protected_part, Bytes& out) {
    for (size_t slot = 0; slot < type.fields.size(); ++slot) {
        const Field& field = type.fields[slot];
        if (record[slot].present && field.is_protected() == protected_part) encode_field(field, record[slot], out);
    }
}

Result<FieldValue> decode_value(FieldType type, ByteReader& reader) {
    FieldValue value;
    value.present = true;
    switch (type) {
        case FieldType::text: {
            GZ_TRY(value.text, reader.sized(kRecordPartBytesMax));
            return value;
        }
        case FieldType::boolean: {
            GZ_TRY(const uint8_t flag, reader.u8());
            if (flag > 1) return fail(ErrorCode::malformed, "a boolean that is neither 0 nor 1");
            value.number = flag;
            return value;
        }
        case FieldType::integer:
        case FieldType::date:
        case FieldType::time: {
            GZ_TRY(value.number, reader.i64());
            return value;
        }
        case FieldType::money: {
            GZ_TRY(value.number, reader.i64());
            GZ_TRY(value.text, reader.take(kCurrencyBytes));
            return value;
        }
    }
    return fail(ErrorCode::malformed, "an unknown field type");
}

// Fields must come in rising id order, each once, each of the part and type that the record type declares.
Status decode_fields(const RecordType& type, bool protected_part, ByteReader& reader, RecordView& out) {
    size_t slot = 0;
    while (!reader.at_end()) {
        GZ_TRY(const uint16_t id, reader.u16());
        GZ_TRY(const uint8_t tag, reader.u8());
        while (slot < type.fields.size() && type.fields[slot].id < id) ++slot;
        if (slot == type.fields.size() || type.fields[slot].id != id)
            return fail(ErrorCode::malformed, "field {} is unknown, repeated or out of order", id);
        const Field& field = type.fields[slot];
        if (field.is_protected() != protected_part || tag != tag_of(field.type))
            return fail(ErrorCode::malformed, "field {} does not belong in this part", id);
        GZ_TRY(out[slot], decode_value(field.type, reader));
        ++slot;
    }
    return {};
}

Status expect_version(ByteReader& reader) {
    GZ_TRY(const uint8_t version, reader.u8());
    if (version != kVersion) return fail(ErrorCode::malformed, "a record encoding of version {}", version);
    return {};
}

Result<BytesView> read_type_name(ByteReader& reader) {
    GZ_CHECKED(expect_version(reader));
    GZ_TRY(const uint8_t length, reader.u8());
    return reader.take(length);
}

void put_type_name(const RecordType& type, Bytes& out) {
    put_u8(out, kVersion);
    put_u8(out, static_cast<uint8_t>(type.name.size()));
    out.append(type.name);
}

}  // namespace

void encode_open(const RecordType& type, const RecordView& record, Bytes& out) {
    put_type_name(type, out);
    encode_fields(type, record, false, out);
}

void encode_protected(const RecordType& type, const RecordView& record, Bytes& out) {
    put_u8(out, kVersion);
    encode_fields(type, record, true, out);
}

Status decode_open(const RecordType& type, BytesView encoded, RecordView& out) {
    out.resize(type.fields.size());
    ByteReader reader(encoded);
    GZ_TRY(const BytesView name, read_type_name(reader));
    if (name != type.name) return fail(ErrorCode::malformed, "a record of another type");
    return decode_fields(type, false, reader, out);
}

Status decode_protected(const RecordType& type, BytesView encoded, RecordView& out) {
    out.resize(type.fields.size());
    ByteReader reader(encoded);
    GZ_CHECKED(expect_version(reader));
    return decode_fields(type, true, reader, out);
}

Result<std::string> open_part_type(BytesView encoded) {
    ByteReader reader(encoded);
    GZ_TRY(const BytesView name, read_type_name(reader));
    return std::string(name);
}

Digest open_part_digest(BytesView salt, BytesView open) { return crypto::sha256({kOpenDomain, salt, open}); }
Digest protected_part_digest(BytesView salt, BytesView encoded) {
    return crypto::sha256({kProtectedDomain, salt, encoded});
}

const Digest& no_protected_part() {
    static const Digest digest = crypto::sha256(kProtectedDomain);
    return digest;
}

Digest record_leaf(const Digest& open, const Digest& protected_part) {
    return crypto::sha256({BytesView("\0", 1), open.view(), protected_part.view()});
}

BatchWriter::BatchWriter(const RecordType& type) : has_protected_(type.has_protected) {
    put_type_name(type, bytes_);
    count_at_ = bytes_.size();
    put_u32(bytes_, 0);
}

void BatchWriter::add(uint32_t version, BytesView salt, const Digest& protected_digest, BytesView open) {
    put_u32(bytes_, version);
    bytes_.append(salt);
    if (has_protected_) bytes_.append(protected_digest.view());
    put_sized(bytes_, open);
    ++count_;
}

Bytes BatchWriter::finish() && {
    Bytes count;
    put_u32(count, count_);
    bytes_.replace(count_at_, count.size(), count);
    return std::move(bytes_);
}

Result<std::string> BatchReader::type_name(BytesView batch) { return open_part_type(batch); }

Result<BatchReader> BatchReader::open(BytesView batch, bool type_has_protected) {
    ByteReader reader(batch);
    GZ_TRY(const BytesView name, read_type_name(reader));
    GZ_TRY(const uint32_t count, reader.u32());
    (void)name;
    return BatchReader(batch.substr(batch.size() - reader.left()), count, type_has_protected);
}

Result<BatchRecord> BatchReader::next() {
    ByteReader reader(rest_);
    BatchRecord record;
    GZ_TRY(record.version, reader.u32());
    GZ_TRY(record.salt, reader.take(kSaltBytes));
    record.protected_digest = no_protected_part();
    if (has_protected_) {
        GZ_TRY(const BytesView digest, reader.take(32));
        record.protected_digest = Digest::from(digest);
    }
    GZ_TRY(record.open, reader.sized(kRecordPartBytesMax));
    rest_ = rest_.substr(rest_.size() - reader.left());
    return record;
}

}  // namespace gongzhi::pack
