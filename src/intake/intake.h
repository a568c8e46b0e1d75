// Takes submissions in: decode, validate, tell new from known, protect, append. One entry in the ledger per submission.
//
// All or nothing unless the request is lenient. Uniqueness is decided by the journal's claims, never by a table: each
// version of a record claims its own key. Safe for concurrent use.
#pragma once

#include <mutex>

#include "access/access.h"
#include "intake/decode.h"
#include "ledger/outgoing.h"
#include "pack/pack.h"
#include "records/stored_records.h"

namespace gongzhi::intake {

constexpr std::string_view kSubmissionKind = "submission";
constexpr std::string_view kErasureKind = "erasure";
constexpr std::string_view kRecordSpace = "record";    // claims of one version of one record
constexpr std::string_view kCarriedSpace = "carried";  // names a record whose values stand in a message's body
constexpr uint32_t kVersionsMax = 10'000;              // of one record

struct IntakeOptions {
    PartyId party;           // whose node this is
    pack::HeldBy node_role;  // which record types may be submitted here directly
};

class Intake {
public:
    Intake(IntakeOptions options, const pack::Pack& pack, ledger::Ledger& ledger, const ledger::ClaimKeys& claims,
           const Clock& clock, Random& random);

    // `forbidden`, `not_found` (no such type), `malformed`, `too_large`, `duplicate` (the message id came with other
    // bytes). Invalid records are no error: the result says so, and nothing is stored unless lenient.
    Result<SubmissionResult> submit(const access::Actor& actor, const SubmissionRequest& request);
    // What `submit` would say to a lenient request, and nothing is stored: the same road up to the ledger.
    Result<SubmissionResult> check(const access::Actor& actor, const SubmissionRequest& request) const;

    // Everything of one own submission in the form in which it goes onward to an authority (docs/formats/onward.md).
    struct Onward {
        std::string record_type;
        Digest record_root;
        uint64_t record_count = 0;
        Bytes body;
    };
    Result<Onward> onward_body(EntryIndex submission) const;
    // The receiving side: validates each record, checks the root that the sender signed, and stores. A refusal is an
    // error that names record and field. Idempotent by message id.
    Result<EntryIndex> take_in(const access::Actor& actor, const ledger::MessageHeader& header, BytesView body);

    // Destroys the protected part of one record (docs/formats/vault.md), and every body that carried it: the files as
    // received, the messages. The leaf and its neighbours stay provable. `of` is the party whose record it is: this one,
    // or one that submitted it here. `busy` while a message that carries it is on its way.
    struct Erased {
        EntryIndex trace;
        std::string receipt;
    };
    Result<Erased> erase_record(const access::Actor& actor, const std::string& record_type,
                                const std::string& record_id, const std::string& reason,
                                const std::optional<PartyId>& of = std::nullopt);

private:
    struct Keyed;
    struct Judged;
    Result<Judged> judge(const pack::RecordType& type, const SubmissionRequest& request) const;
    Result<const pack::RecordType*> type_for_submission(const std::string& name) const;
    Result<std::vector<Keyed>> key_records(const pack::RecordType& type, DecodedSubmission& decoded, bool corrects,
                                           SubmissionResult& result) const;
    Status resolve_versions(const pack::RecordType& type, std::vector<Keyed>& records, bool corrects,
                            DecodedSubmission& decoded, SubmissionResult& result) const;
    Result<ledger::Draft> draft_of(const pack::RecordType& type, const SubmissionRequest& request,
                                   const access::Actor& actor, const std::vector<Keyed>& records,
                                   SubmissionResult& result);
    Result<std::optional<SubmissionResult>> answered_before(const SubmissionRequest& request) const;
    Result<SubmissionResult> repeated(const SubmissionRequest& request, EntryIndex index) const;
    journal::ClaimBytes version_key(const PartyId& of, const std::string& type, const std::string& id,
                                    uint32_t version) const;
    Status erase_version(EntryIndex index, const pack::RecordType& type, const std::string& record_id,
                         ledger::Draft& draft, Json& erased) const;
    Status erase_copies(const PartyId& of, const std::string& type, const std::string& record_id, ledger::Draft& draft,
                        Json& messages) const;
    ledger::NodeStatement statement(uint64_t record_count, const Digest& root, std::string auth) const;

    IntakeOptions options_;
    const pack::Pack& pack_;
    ledger::Ledger& ledger_;
    const ledger::ClaimKeys& claims_;
    const Clock& clock_;
    Random& random_;
    std::mutex erasing_;  // an erasure writes back what it has read: one at a time
};

}  // namespace gongzhi::intake
