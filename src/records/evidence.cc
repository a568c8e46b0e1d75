#include "records/evidence.h"

#include "merkle/proof.h"
#include "pack/record_check.h"

namespace gongzhi::records {
namespace {

Result<Digest> read_digest(const Json& json, const char* key) {
    GZ_TRY(const std::string text, json_text(json, key));
    GZ_TRY(const Bytes raw, from_base64(text));
    if (raw.size() != 32) return fail_field(ErrorCode::malformed, key, "a digest has 32 bytes");
    return Digest::from(raw);
}

Result<Bytes> read_bytes(const Json& json, const char* key) {
    GZ_TRY(const std::string text, json_text(json, key));
    return from_base64(text);
}

Result<uint64_t> read_count(const Json& json, const char* key) {
    GZ_TRY(const int64_t number, json_int(json, key));
    if (number < 0) return fail_field(ErrorCode::malformed, key, "a count is not negative");
    return static_cast<uint64_t>(number);
}

}  // namespace

Json Evidence::to_json() const {
    Json hashes = Json::array();
    for (const Digest& digest : path) hashes.push_back(to_base64(digest.view()));
    return {{"record_type", record_type},
            {"record_id", record_id},
            {"open", to_base64(open)},
            {"open_salt", to_base64(open_salt)},
            {"protected_digest", to_base64(protected_digest.view())},
            {"record_no", record_no},
            {"record_count", record_count},
            {"record_root", to_base64(record_root.view())},
            {"path", hashes}};
}

Result<Evidence> Evidence::from_json(const Json& json) {
    Evidence evidence;
    GZ_TRY(evidence.record_type, json_text(json, "record_type"));
    GZ_TRY(evidence.record_id, json_text(json, "record_id"));
    GZ_TRY(evidence.open, read_bytes(json, "open"));
    GZ_TRY(evidence.open_salt, read_bytes(json, "open_salt"));
    GZ_TRY(evidence.protected_digest, read_digest(json, "protected_digest"));
    GZ_TRY(evidence.record_no, read_count(json, "record_no"));
    GZ_TRY(evidence.record_count, read_count(json, "record_count"));
    GZ_TRY(evidence.record_root, read_digest(json, "record_root"));
    if (!json.contains("path") || !json["path"].is_array() || json["path"].size() > 64)
        return fail_field(ErrorCode::malformed, "path", "a list of at most 64 hashes is expected");
    for (const Json& item : json["path"]) {
        if (!item.is_string()) return fail_field(ErrorCode::malformed, "path", "a hash is a text");
        GZ_TRY(const Bytes raw, from_base64(item.get<std::string>()));
        if (raw.size() != 32) return fail_field(ErrorCode::malformed, "path", "a hash has 32 bytes");
        evidence.path.push_back(Digest::from(raw));
    }
    return evidence;
}

Result<Evidence> EvidenceMaker::make(const pack::RecordType& type, const std::string& record_id, RecordPlace place) {
    GZ_TRY(const ledger::Entry entry, ledger_.read(place.entry));
    auto tree = trees_.find(place.entry);
    if (tree == trees_.end()) {
        GZ_TRY(std::vector<Digest> leaves, record_leaves(ledger_, entry, type));
        tree = trees_.emplace(place.entry, merkle::BatchTree(std::move(leaves))).first;
    }
    const auto number = static_cast<uint32_t>(place.record_no / kGroupRecords);
    auto group = groups_.find({place.entry, number});
    if (group == groups_.end()) {
        GZ_TRY(OpenGroup read, read_group(ledger_, entry, type, number));
        group = groups_.emplace(std::pair(place.entry, number), std::move(read)).first;
    }
    const size_t offset = place.record_no % kGroupRecords;
    if (offset >= group->second.records.size())
        return fail(ErrorCode::corrupt, "the tables name a record that the ledger lacks");
    const pack::BatchRecord& record = group->second.records[offset];
    return Evidence{type.name,
                    record_id,
                    Bytes(record.open),
                    Bytes(record.salt),
                    record.protected_digest,
                    place.record_no,
                    tree->second.size(),
                    tree->second.root(),
                    tree->second.path(place.record_no)};
}

Status verify_evidence(const Evidence& evidence, const pack::RecordType& type, pack::RecordView& record) {
    if (evidence.record_type != type.name) return fail(ErrorCode::proof_invalid, "evidence of another record type");
    record.assign(type.fields.size(), pack::FieldValue{});
    GZ_CHECKED(pack::decode_open(type, evidence.open, record));
    for (size_t slot : type.key)
        if (!record[slot].present) return fail(ErrorCode::proof_invalid, "evidence without its key fields");
    if (pack::record_id_of(type, record) != evidence.record_id)
        return fail(ErrorCode::proof_invalid, "the evidence is of another record");
    if (!type.has_protected && evidence.protected_digest != pack::no_protected_part())
        return fail(ErrorCode::proof_invalid, "a protected part where the type has none");
    const Digest leaf =
        pack::record_leaf(pack::open_part_digest(evidence.open_salt, evidence.open), evidence.protected_digest);
    return merkle::verify_inclusion(EntryIndex(evidence.record_no), TreeSize(evidence.record_count), leaf,
                                    evidence.path, evidence.record_root);
}

}  // namespace gongzhi::records
