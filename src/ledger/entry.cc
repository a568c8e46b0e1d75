#include "ledger/entry.h"

#include "crypto/digest.h"

namespace gongzhi::ledger {
namespace {

constexpr std::string_view kCommitmentDomain = "gongzhi/entry/v1\n";
constexpr uint8_t kOpeningVersion = 1;
constexpr uint8_t kStoredVersion = 1;
constexpr size_t kOpeningBytesMax = kEnvelopeBytesMax + kStatementBytesMax + 64;

// u8 part ‖ u32 number ‖ u8 form ‖ u64 length ‖ digest(32) when open, body id(16) when sealed.
void put_part(Bytes& out, const PartInfo& part) {
    put_u8(out, static_cast<uint8_t>(part.part));
    put_u32(out, part.number);
    put_u8(out, static_cast<uint8_t>(part.form));
    put_u64(out, part.length);
    if (part.form == PartForm::open)
        out += part.digest.view();
    else
        out.append(part.body_id.begin(), part.body_id.end());
}

Result<PartInfo> read_part(ByteReader& reader) {
    PartInfo info;
    GZ_TRY(const uint8_t part, reader.u8());
    GZ_TRY(info.number, reader.u32());
    GZ_TRY(const uint8_t form, reader.u8());
    GZ_TRY(info.length, reader.u64());
    if (part < static_cast<uint8_t>(Part::message_body) || part > static_cast<uint8_t>(Part::detail) ||
        form > static_cast<uint8_t>(PartForm::shared_blob))
        return fail(ErrorCode::malformed, "an entry's detail names an unknown kind of body");
    info.part = static_cast<Part>(part);
    info.form = static_cast<PartForm>(form);
    GZ_TRY(const BytesView rest, reader.take(info.form == PartForm::open ? 32 : info.body_id.size()));
    if (info.form == PartForm::open)
        info.digest = Digest::from(rest);
    else
        std::copy(rest.begin(), rest.end(), info.body_id.begin());
    return info;
}

}  // namespace

Digest Opening::commitment() const {
    GZ_CHECK(salt.size() == kSaltBytes, "a commitment has a salt of 32 bytes");
    Bytes length;
    put_u32(length, static_cast<uint32_t>(envelope.size()));
    return crypto::sha256({kCommitmentDomain, salt, length, envelope, statement});
}

Bytes Opening::entry_bytes() const {
    Bytes entry;
    put_u8(entry, kEntryVersion);
    return entry.append(commitment().view());
}

Bytes Opening::bytes() const {
    Bytes out;
    put_u8(out, kOpeningVersion);
    out += salt;
    put_sized(out, envelope);
    put_sized(out, statement);
    return out;
}

Result<Opening> Opening::parse(BytesView bytes) {
    ByteReader reader(bytes);
    GZ_TRY(const uint8_t version, reader.u8());
    if (version != kOpeningVersion)
        return fail(ErrorCode::unsupported, "openings of version {} are not known", version);
    GZ_TRY(const BytesView salt, reader.take(kSaltBytes));
    GZ_TRY(const BytesView envelope, reader.sized(kEnvelopeBytesMax));
    GZ_TRY(const BytesView statement, reader.sized(kStatementBytesMax));
    GZ_CHECKED(reader.expect_end());
    return Opening{Bytes(salt), Bytes(envelope), Bytes(statement)};
}

const PartInfo* Entry::find(Part part, uint32_t number) const {
    for (const PartInfo& info : parts)
        if (info.part == part && info.number == number) return &info;
    return nullptr;
}

Bytes Entry::stored() const {
    Bytes out;
    put_u8(out, kStoredVersion);
    put_sized(out, kind);
    put_sized(out, opening.bytes());
    put_u32(out, static_cast<uint32_t>(parts.size()));
    for (const PartInfo& part : parts) put_part(out, part);
    return out;
}

Result<Entry> Entry::parse(EntryIndex index, BytesView stored) {
    ByteReader reader(stored);
    GZ_TRY(const uint8_t version, reader.u8());
    if (version != kStoredVersion)
        return fail(ErrorCode::unsupported, "entry details of version {} are not known", version);
    Entry entry;
    entry.index = index;
    GZ_TRY(const BytesView kind, reader.sized(kKindBytesMax));
    entry.kind = kind;
    GZ_TRY(const BytesView opening, reader.sized(kOpeningBytesMax));
    GZ_TRY(entry.opening, Opening::parse(opening));
    GZ_TRY(const uint32_t count, reader.u32());
    if (count > kDirectoryMax) return fail(ErrorCode::malformed, "an entry names more than {} bodies", kDirectoryMax);
    for (uint32_t i = 0; i < count; ++i) {
        GZ_TRY(const PartInfo part, read_part(reader));
        entry.parts.push_back(part);
    }
    GZ_CHECKED(reader.expect_end());
    return entry;
}

}  // namespace gongzhi::ledger
