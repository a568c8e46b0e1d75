// Submissions that go onward: the records with both parts and both salts, so that the receiver can check the root which
// the sender signed. Bytes: docs/formats/onward.md.
#include "crypto/digest.h"
#include "intake/intake.h"
#include "pack/record_check.h"
#include "records/evidence.h"

namespace gongzhi::intake {
namespace {

using journal::Claim;

constexpr uint8_t kVersion = 1;

Bytes version_text(uint32_t version) { return std::to_string(version); }

struct OnwardRecord {
    BytesView open_salt, open, protected_salt, protected_part;
};

Result<std::vector<OnwardRecord>> parse_records(ByteReader& reader) {
    GZ_TRY(const uint32_t count, reader.u32());
    if (count > kRecordsMax) return fail(ErrorCode::too_large, "a submission of {} records", count);
    std::vector<OnwardRecord> records;
    for (uint32_t i = 0; i < count; ++i) {
        OnwardRecord record;
        GZ_TRY(record.open_salt, reader.take(pack::kSaltBytes));
        GZ_TRY(record.open, reader.sized(pack::kRecordPartBytesMax));
        GZ_TRY(const BytesView item, reader.sized(pack::kRecordPartBytesMax));
        if (!item.empty()) {
            GZ_TRY(const auto split, records::ProtectedItem::parse(item));
            record.protected_salt = split.salt;
            record.protected_part = split.encoded;
        }
        records.push_back(record);
    }
    GZ_CHECKED(reader.expect_end());
    return records;
}

// Decodes both parts and checks them as if they had been submitted here; returns the record's id.
Result<std::string> validate(const pack::RecordType& type, const OnwardRecord& record, size_t number) {
    pack::RecordView view(type.fields.size());
    GZ_CHECKED(pack::decode_open(type, record.open, view));
    if (type.has_protected == record.protected_part.empty())
        return fail(ErrorCode::malformed, "record {}: its protected part is missing or out of place", number);
    if (type.has_protected) GZ_CHECKED(pack::decode_protected(type, record.protected_part, view));
    std::vector<pack::FieldProblem> problems;
    pack::check_record(type, view, problems);
    if (!problems.empty())
        return fail_field(ErrorCode::rejected, problems[0].field,
                          fmt::format("record {}: {} {}", number, problems[0].zh, problems[0].en));
    return pack::record_id_of(type, view);
}

}  // namespace

Result<Intake::Onward> Intake::onward_body(EntryIndex submission) const {
    GZ_TRY(const ledger::Entry entry, ledger_.read(submission));
    if (entry.kind != kSubmissionKind)
        return fail(ErrorCode::invalid_argument, "entry {} is no submission", submission.value);
    GZ_TRY(const std::string name, records::stored_type_name(ledger_, entry));
    const pack::RecordType* type = pack_.record_type(name);
    if (!type || type->leaves_on != pack::LeavesOn::duty)
        return fail(ErrorCode::blocked,
                    "records of the type {} leave only on request: the law names no duty to send them on", name);
    GZ_TRY(const ledger::NodeStatement said, entry.statement());
    Onward onward{name, said.record_root.value_or(Digest{}), said.record_count.value_or(0), {}};
    put_u8(onward.body, kVersion);
    put_u32(onward.body, static_cast<uint32_t>(onward.record_count));
    GZ_TRY(const uint32_t groups, records::group_count(entry));
    for (uint32_t group = 0; group < groups; ++group) {
        GZ_TRY(const records::OpenGroup open, records::read_group(ledger_, entry, *type, group));
        std::vector<vault::Item> items;
        if (type->has_protected) {
            GZ_TRY(items, ledger_.read_segment(entry, ledger::Part::protected_records, group));
        }
        for (size_t i = 0; i < open.records.size(); ++i) {
            onward.body.append(open.records[i].salt);
            put_sized(onward.body, open.records[i].open);
            const bool hidden = type->has_protected;
            if (hidden && !items.at(i))
                return fail(ErrorCode::erased, "a record of this submission was erased; submit the others anew");
            put_sized(onward.body, hidden ? *items[i] : Bytes());
        }
    }
    return onward;
}

Result<EntryIndex> Intake::take_in(const access::Actor& actor, const ledger::MessageHeader& header, BytesView body) {
    GZ_CHECKED(access::may(actor, access::Action::take_in_message));
    ByteReader reader(body);
    GZ_TRY(const uint8_t version, reader.u8());
    if (version != kVersion) return fail(ErrorCode::malformed, "a submission of form {}", version);
    GZ_TRY(const std::vector<OnwardRecord> incoming, parse_records(reader));
    if (incoming.empty()) return fail(ErrorCode::malformed, "a submission without records");
    GZ_TRY(const std::string name, pack::open_part_type(incoming[0].open));
    const pack::RecordType* type = pack_.record_type(name);
    if (!type || type->leaves_on != pack::LeavesOn::duty)
        return fail(ErrorCode::blocked, "no duty names this record type: it may not be taken in");

    std::vector<records::SaltedRecord> salted;
    std::vector<Claim> claims;
    for (size_t i = 0; i < incoming.size(); ++i) {
        const OnwardRecord& record = incoming[i];
        GZ_TRY(const std::string id, validate(*type, record, i + 1));
        uint32_t next = 1;
        Claim claim;
        while (true) {
            claim = claims_.refuse(kRecordSpace, {header.from.value, type->name, id, version_text(next)});
            GZ_TRY(const auto holder, ledger_.journal().find_claims(std::span(&claim.key, 1)));
            if (!holder[0] || next >= kVersionsMax) break;
            ++next;
        }
        claims.push_back(claim);
        salted.push_back(
            {next, Bytes(record.open_salt), Bytes(record.protected_salt), record.open, record.protected_part});
    }
    GZ_TRY(records::StoredParts parts, records::store_records(*type, salted, ledger_.vault()));
    if (header.record_root != parts.record_root)
        return fail(ErrorCode::proof_invalid, "the records do not add up to the root that the sender signed");

    ledger::NodeStatement said = statement(salted.size(), parts.record_root, "signature");
    said.trace = {{"message_id", header.id.value}, {"from", header.from.value}};
    ledger::Draft draft;
    draft.kind = kSubmissionKind;
    draft.statement = said.bytes();
    draft.open = std::move(parts.open);
    draft.sealed = std::move(parts.sealed);
    draft.claims = std::move(claims);
    draft.claims.insert(draft.claims.begin(), claims_.repeatable("taken_in", {header.from.value, header.id.value},
                                                                 header.body.digest.view()));
    const ledger::Outcome outcome = ledger_.append(std::move(draft));
    if (!outcome) return tl::unexpected(outcome.error());
    return outcome->index;
}

}  // namespace gongzhi::intake
