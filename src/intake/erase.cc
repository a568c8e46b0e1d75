// Erasure of one record's protected part: segments rewritten under new keys, old keys destroyed, a trace in the ledger.
#include "intake/intake.h"
#include "ledger/short_lived.h"
#include "records/find_record.h"

namespace gongzhi::intake {
// Records of other parties are claimed under the party's name as well (see take_in).
journal::ClaimBytes Intake::version_key(const PartyId& of, const std::string& type, const std::string& id,
                                        uint32_t version) const {
    const std::string number = std::to_string(version);
    return of == options_.party ? claims_.key(kRecordSpace, {type, id, number})
                                : claims_.key(kRecordSpace, {of.value, type, id, number});
}

// One version: its segment without it, and the file as received with the first erasure that touches it.
Status Intake::erase_version(EntryIndex index, const pack::RecordType& type, const std::string& record_id,
                             ledger::Draft& draft, Json& erased) const {
    GZ_TRY(const ledger::Entry entry, ledger_.read(index));
    GZ_TRY(const uint64_t number, records::find_record(ledger_, entry, type, record_id));
    const auto group = static_cast<uint32_t>(number / records::kGroupRecords),
               item = static_cast<uint32_t>(number % records::kGroupRecords);
    const ledger::PartInfo* part = entry.find(ledger::Part::protected_records, group);
    if (!part) return fail(ErrorCode::corrupt, "the segment of a record is missing");
    GZ_TRY(const Bytes sealed, ledger_.read_sealed_bytes(entry, ledger::Part::protected_records, group));
    GZ_TRY(vault::Vault::Erasure erasure, ledger_.vault().erase_items(part->body_id, sealed, std::span(&item, 1)));
    draft.shrunk.push_back({entry.index, ledger::Part::protected_records, group, std::move(erasure.body)});
    draft.local.insert(draft.local.end(), erasure.local.begin(), erasure.local.end());
    erased.push_back({{"entry", entry.index.value}, {"record_no", number}});
    if (!entry.find(ledger::Part::original, 0)) return {};
    const auto original = ledger_.read_sealed_bytes(entry, ledger::Part::original, 0);
    if (!original) return original.error().code == ErrorCode::erased ? Status() : tl::unexpected(original.error());
    GZ_TRY(auto marks, vault::Vault::erase_body(vault::Form::blob, *original));
    draft.local.insert(draft.local.end(), marks.begin(), marks.end());
    draft.shrunk.push_back({entry.index, ledger::Part::original, 0, std::nullopt});
    return {};
}

// Bodies of messages that carried it.
Status Intake::erase_copies(const PartyId& of, const std::string& type, const std::string& record_id,
                            ledger::Draft& draft, Json& messages) const {
    GZ_TRY(const auto carrying,
           ledger::bodies_carrying(ledger_.journal(), claims_.key(kCarriedSpace, {of.value, type, record_id})));
    for (const ledger::KeptBody& body : carrying) {
        GZ_TRY(const std::optional<EntryIndex> entry, ledger::add_discard(ledger_, body, draft));
        if (entry) messages.push_back(entry->value);
    }
    return {};
}

Result<Intake::Erased> Intake::erase_record(const access::Actor& actor, const std::string& record_type,
                                            const std::string& record_id, const std::string& reason,
                                            const std::optional<PartyId>& of) {
    GZ_CHECKED(access::may(actor, access::Action::erase_record));
    const pack::RecordType* type = pack_.record_type(record_type);
    if (!type || !type->has_protected)
        return fail(ErrorCode::invalid_argument, "this record type has no protected part");
    const PartyId party = of.value_or(options_.party);
    const std::lock_guard one_at_a_time(erasing_);
    GZ_TRY(const auto waiting, ledger::waiting_bodies(ledger_.journal()));
    if (!waiting.empty())
        return fail(ErrorCode::busy, "a message that may carry this record is on its way: try again when it is there");
    GZ_CHECKED(ledger::discard_due(ledger_, clock_.now()).map([](size_t) {}));
    Json erased = Json::array(), messages = Json::array();
    ledger::Draft parts;
    for (uint32_t version = 1; version < kVersionsMax; ++version) {
        const journal::ClaimBytes key = version_key(party, record_type, record_id, version);
        GZ_TRY(const auto holder, ledger_.journal().find_claims(std::span(&key, 1)));
        if (!holder[0]) break;
        GZ_CHECKED(erase_version(holder[0]->index, *type, record_id, parts, erased));
    }
    if (erased.empty()) return fail(ErrorCode::not_found, "there is no such record here");
    GZ_CHECKED(erase_copies(party, record_type, record_id, parts, messages));
    ledger::Draft trace = ledger::trace_draft(std::string(kErasureKind),
                                              {{"record_type", record_type},
                                               {"party", party.value},
                                               {"records", erased},
                                               {"messages", messages},
                                               {"reason", reason}},
                                              clock_.now(), actor.name);
    trace.shrunk = std::move(parts.shrunk);
    trace.local = std::move(parts.local);
    const ledger::Outcome outcome = ledger_.append(std::move(trace));
    if (!outcome) return tl::unexpected(outcome.error());
    GZ_CHECKED(ledger_.vault().finish_erasures());
    return Erased{outcome->index, outcome->accepted};
}

}  // namespace gongzhi::intake
