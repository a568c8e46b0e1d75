#include "records/stored_records.h"

#include "crypto/seal.h"
#include "merkle/batch_tree.h"

namespace gongzhi::records {
namespace {

constexpr size_t kGroupBytesMax = 256u << 20;

Status seal_group(std::vector<Bytes>& items, uint32_t group, vault::Vault& vault, StoredParts& parts) {
    if (items.empty()) return {};
    GZ_TRY(vault::SealedBody body, vault.seal_segment(items));
    parts.sealed.push_back({ledger::Part::protected_records, group, std::move(body)});
    for (Bytes& item : items) crypto::wipe(item);
    items.clear();
    return {};
}

}  // namespace

Result<StoredParts> store_records(const pack::RecordType& type, const std::vector<SaltedRecord>& records,
                                  vault::Vault& vault) {
    StoredParts parts;
    merkle::RootStream tree;
    std::vector<Bytes> items;
    for (size_t first = 0; first < records.size(); first += kGroupRecords) {
        const auto group = static_cast<uint32_t>(first / kGroupRecords);
        pack::BatchWriter writer(type);
        const size_t end = std::min(records.size(), first + kGroupRecords);
        for (size_t i = first; i < end; ++i) {
            const SaltedRecord& record = records[i];
            const Digest hidden = type.has_protected
                                      ? pack::protected_part_digest(record.protected_salt, record.protected_part)
                                      : pack::no_protected_part();
            tree.append(pack::record_leaf(pack::open_part_digest(record.open_salt, record.open), hidden));
            writer.add(record.version, record.open_salt, hidden, record.open);
            if (type.has_protected) items.push_back(record.protected_salt + Bytes(record.protected_part));
        }
        parts.open.push_back({ledger::Part::open_records, group, crypto::compress(std::move(writer).finish())});
        GZ_CHECKED(seal_group(items, group, vault, parts));
    }
    parts.record_root = tree.root();
    return parts;
}

Result<uint32_t> group_count(const ledger::Entry& entry) {
    uint32_t count = 0;
    while (entry.find(ledger::Part::open_records, count)) ++count;
    if (count == 0) return fail(ErrorCode::not_found, "entry {} holds no records", entry.index.value);
    return count;
}

Result<OpenGroup> read_group(const ledger::Ledger& ledger, const ledger::Entry& entry, const pack::RecordType& type,
                             uint32_t group) {
    GZ_TRY(const Bytes packed, ledger.read_open_part(entry, ledger::Part::open_records, group));
    OpenGroup out;
    out.first = group * kGroupRecords;
    GZ_TRY(out.bytes, crypto::decompress(packed, kGroupBytesMax));
    GZ_TRY(pack::BatchReader reader, pack::BatchReader::open(out.bytes, type.has_protected));
    out.records.reserve(reader.count());
    for (uint32_t i = 0; i < reader.count(); ++i) {
        GZ_TRY(pack::BatchRecord record, reader.next());
        out.records.push_back(record);
    }
    return out;
}

Result<std::string> stored_type_name(const ledger::Ledger& ledger, const ledger::Entry& entry) {
    GZ_TRY(const Bytes packed, ledger.read_open_part(entry, ledger::Part::open_records, 0));
    GZ_TRY(const Bytes bytes, crypto::decompress(packed, kGroupBytesMax));
    return pack::BatchReader::type_name(bytes);
}

Result<ProtectedItem> ProtectedItem::parse(BytesView item) {
    if (item.size() < pack::kSaltBytes) return fail(ErrorCode::corrupt, "a protected part without its salt");
    return ProtectedItem{item.substr(0, pack::kSaltBytes), item.substr(pack::kSaltBytes)};
}

Result<std::vector<Digest>> record_leaves(const ledger::Ledger& ledger, const ledger::Entry& entry,
                                          const pack::RecordType& type) {
    std::vector<Digest> leaves;
    GZ_TRY(const uint32_t groups, group_count(entry));
    for (uint32_t group = 0; group < groups; ++group) {
        GZ_TRY(const OpenGroup open, read_group(ledger, entry, type, group));
        for (const pack::BatchRecord& record : open.records)
            leaves.push_back(
                pack::record_leaf(pack::open_part_digest(record.salt, record.open), record.protected_digest));
    }
    return leaves;
}

}  // namespace gongzhi::records
