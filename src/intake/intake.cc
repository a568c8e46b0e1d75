#include "intake/intake.h"

#include <unordered_map>

#include "crypto/digest.h"
#include "ledger/short_lived.h"
#include "pack/problem.h"
#include "pack/record_check.h"

namespace gongzhi::intake {
namespace {

using journal::Claim;
using journal::ClaimBytes;

constexpr int kRaceTriesMax = 3;
constexpr std::string_view kMessageSpace = "message";

Bytes version_text(uint32_t version) { return std::to_string(version); }

struct ClaimHash {
    size_t operator()(const ClaimBytes& bytes) const {
        size_t value;
        std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }
};

// The problems as the ledger keeps them: line, field and code say all that a later reader needs.
Bytes verdict_bytes(const std::vector<pack::FieldProblem>& problems) {
    Json list = Json::array();
    for (const pack::FieldProblem& problem : problems) list.push_back({problem.line, problem.field, problem.code});
    return canonical_json(list);
}

}  // namespace

// A decoded record with its claim and, once resolved, its version.
struct Intake::Keyed {
    DecodedRecord* record;
    Claim claim;
    uint32_t version = 1;
};

// A submission that was decoded and told new from known; `records` point into `decoded`.
struct Intake::Judged {
    DecodedSubmission decoded;
    std::vector<Keyed> records;
    SubmissionResult result;
};

Intake::Intake(IntakeOptions options, const pack::Pack& pack, ledger::Ledger& ledger, const ledger::ClaimKeys& claims,
               const Clock& clock, Random& random)
    : options_(std::move(options)), pack_(pack), ledger_(ledger), claims_(claims), clock_(clock), random_(random) {}

Result<const pack::RecordType*> Intake::type_for_submission(const std::string& name) const {
    const pack::RecordType* type = pack_.record_type(name);
    if (!type) return fail(ErrorCode::not_found, "the catalogue has no record type of this name");
    if (type->held_by != options_.node_role)
        return fail(ErrorCode::rejected, "records of the type {} are not held by this side", name);
    return type;
}

Result<SubmissionResult> Intake::submit(const access::Actor& actor, const SubmissionRequest& request) {
    GZ_CHECKED(access::may(actor, access::Action::submit));
    GZ_TRY(const pack::RecordType* type, type_for_submission(request.record_type));
    if (!is_uuid(request.message_id))
        return fail(ErrorCode::invalid_argument, "a submission needs an id of its own (a UUID)");
    GZ_TRY(std::optional<SubmissionResult> before, answered_before(request));
    if (before) return *std::move(before);
    for (int attempt = 0;; ++attempt) {
        GZ_TRY(Judged judged, judge(*type, request));
        SubmissionResult& result = judged.result;
        const std::vector<Keyed>& records = judged.records;
        if ((result.refused > 0 && !request.lenient) || records.empty()) {
            result.accepted = result.corrected = 0;
            if (result.refused > 0) result.duplicates = 0;
            return std::move(result);
        }
        GZ_TRY(ledger::Draft draft, draft_of(*type, request, actor, records, result));
        const ledger::Outcome outcome = ledger_.append(std::move(draft));
        if (outcome && outcome->duplicate) return repeated(request, outcome->index);
        if (outcome) {
            result.index = outcome->index;
            result.receipt = outcome->accepted;
            return std::move(result);
        }
        // Somebody else submitted one of these records between our look and the sequencer's: look again.
        const bool lost_race = outcome.error().code == ErrorCode::conflict && attempt < kRaceTriesMax;
        if (!lost_race) return tl::unexpected(outcome.error());
    }
}

Result<SubmissionResult> Intake::check(const access::Actor& actor, const SubmissionRequest& request) const {
    GZ_CHECKED(access::may(actor, access::Action::submit));
    GZ_TRY(const pack::RecordType* type, type_for_submission(request.record_type));
    GZ_TRY(Judged judged, judge(*type, request));
    return std::move(judged.result);
}

Result<Intake::Judged> Intake::judge(const pack::RecordType& type, const SubmissionRequest& request) const {
    Judged judged;
    SubmissionResult& result = judged.result;
    result.id = MessageId(request.message_id);
    GZ_TRY(judged.decoded, decode_submission(type, request));
    GZ_TRY(judged.records, key_records(type, judged.decoded, request.corrects, result));
    result.refused = judged.decoded.refused;
    result.problems_omitted = judged.decoded.problems_omitted;
    result.problems = std::move(judged.decoded.problems);
    std::stable_sort(result.problems.begin(), result.problems.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    return judged;
}

Result<std::vector<Intake::Keyed>> Intake::key_records(const pack::RecordType& type, DecodedSubmission& decoded,
                                                       bool corrects, SubmissionResult& result) const {
    std::vector<Keyed> records;
    records.reserve(decoded.records.size());
    std::unordered_map<ClaimBytes, size_t, ClaimHash> first_of;
    first_of.reserve(decoded.records.size());
    for (DecodedRecord& record : decoded.records) {
        Keyed keyed{&record, {}, 1};
        keyed.claim.key = claims_.key(kRecordSpace, {type.name, record.id, version_text(1)});
        keyed.claim.content = claims_.key("content", {record.open, record.protected_part});
        const auto [known, is_new] = first_of.emplace(keyed.claim.key, records.size());
        if (is_new) {
            records.push_back(keyed);
        } else if (records[known->second].claim.content == keyed.claim.content) {
            ++result.duplicates;
        } else {
            decoded.refuse(
                {pack::make_problem(pack::ProblemCode::duplicate_record, "/" + type.fields[type.key.back()].name)},
                record.line);
        }
    }
    GZ_CHECKED(resolve_versions(type, records, corrects, decoded, result));
    result.accepted = records.size();
    return records;
}

// Looks up what is held already: equal content is a duplicate, other content a correction or a refusal.
Status Intake::resolve_versions(const pack::RecordType& type, std::vector<Keyed>& records, bool corrects,
                                DecodedSubmission& decoded, SubmissionResult& result) const {
    std::vector<ClaimBytes> keys;
    keys.reserve(records.size());
    for (const Keyed& keyed : records) keys.push_back(keyed.claim.key);
    GZ_TRY(const auto holders, ledger_.journal().find_claims(keys));
    std::vector<Keyed> kept;
    kept.reserve(records.size());
    for (size_t i = 0; i < records.size(); ++i) {
        Keyed keyed = records[i];
        std::optional<journal::Holder> holder = holders[i];
        while (holder && keyed.version < kVersionsMax) {
            const ClaimBytes next =
                claims_.key(kRecordSpace, {type.name, keyed.record->id, version_text(keyed.version + 1)});
            GZ_TRY(const auto later, ledger_.journal().find_claims(std::span(&next, 1)));
            if (!later[0] && holder->content == keyed.claim.content) break;
            keyed.claim.key = next;
            ++keyed.version;
            holder = later[0];
        }
        if (holder) {
            ++result.duplicates;
        } else if (keyed.version > 1 && !corrects) {
            decoded.refuse(
                {pack::make_problem(pack::ProblemCode::other_content, "/" + type.fields[type.key.back()].name)},
                keyed.record->line);
        } else {
            result.corrected += keyed.version > 1;
            kept.push_back(keyed);
        }
    }
    records = std::move(kept);
    return {};
}

ledger::NodeStatement Intake::statement(uint64_t record_count, const Digest& root, std::string auth) const {
    ledger::NodeStatement statement;
    statement.kind = kSubmissionKind;
    statement.received_time = clock_.now();
    statement.pack = ledger::NodeStatement::Pack{pack_.id(), pack_.version(), pack_.digest()};
    statement.record_count = record_count;
    statement.record_root = root;
    statement.auth = std::move(auth);
    return statement;
}

Result<ledger::Draft> Intake::draft_of(const pack::RecordType& type, const SubmissionRequest& request,
                                       const access::Actor& actor, const std::vector<Keyed>& records,
                                       SubmissionResult& result) {
    std::vector<records::SaltedRecord> salted;
    salted.reserve(records.size());
    const Bytes salts = random_.bytes(2 * pack::kSaltBytes * records.size());
    for (size_t i = 0; i < records.size(); ++i) {
        const BytesView both = BytesView(salts).substr(2 * pack::kSaltBytes * i, 2 * pack::kSaltBytes);
        const DecodedRecord& record = *records[i].record;
        salted.push_back({records[i].version, Bytes(both.substr(0, pack::kSaltBytes)),
                          Bytes(both.substr(pack::kSaltBytes)), record.open, record.protected_part});
    }
    GZ_TRY(records::StoredParts parts, records::store_records(type, salted, ledger_.vault()));
    result.record_root = parts.record_root;

    ledger::MessageHeader header;
    header.id = result.id;
    header.from = header.to = options_.party;
    header.type = kSubmissionKind;
    header.body = {crypto::sha256(request.body), request.body.size(),
                   request.format == Format::csv ? "text/csv" : "application/x-ndjson"};
    ledger::NodeStatement said = statement(records.size(), parts.record_root, actor.name);
    const Bytes verdicts = verdict_bytes(result.problems);
    said.verdicts_digest = crypto::sha256(verdicts);

    ledger::Draft draft;
    draft.kind = kSubmissionKind;
    draft.envelope = ledger::Envelope{header.json(), {}, {}, {}}.bytes();
    draft.statement = said.bytes();
    draft.open = std::move(parts.open);
    draft.open.push_back({ledger::Part::verdicts, 0, verdicts});
    draft.sealed = std::move(parts.sealed);
    GZ_TRY(vault::SealedBody original, ledger_.vault().seal_blob(request.body, vault::Vault::BlobKey::own));
    draft.sealed.push_back({ledger::Part::original, 0, std::move(original)});
    draft.claims.reserve(records.size() + 1);
    draft.claims.push_back(
        claims_.repeatable(kMessageSpace, {options_.party.value, header.id.value}, header.body.digest.view()));
    const UtcTime original_until(clock_.now().value + pack_.original_days() * kMicrosPerDay);
    draft.local.push_back(ledger::due_note(original_until, draft.claims.back().key, ledger::Part::original));
    for (const Keyed& keyed : records) draft.claims.push_back(keyed.claim);
    return draft;
}

// A submission that is held already; `duplicate` where its id came with other bytes.
Result<std::optional<SubmissionResult>> Intake::answered_before(const SubmissionRequest& request) const {
    const ClaimBytes key = claims_.key(kMessageSpace, {options_.party.value, request.message_id});
    GZ_TRY(const auto holder, ledger_.journal().find_claims(std::span(&key, 1)));
    if (!holder[0]) return std::nullopt;
    const Claim claim = claims_.repeatable(kMessageSpace, {options_.party.value, request.message_id},
                                           crypto::sha256(request.body).view());
    if (holder[0]->content != claim.content)
        return fail(ErrorCode::duplicate, "the id of this submission was used for other bytes");
    GZ_TRY(SubmissionResult result, repeated(request, holder[0]->index));
    return result;
}

// The same submission again: what was answered then, as far as it is on record.
Result<SubmissionResult> Intake::repeated(const SubmissionRequest& request, EntryIndex index) const {
    GZ_TRY(const ledger::Entry entry, ledger_.read(index));
    GZ_TRY(const ledger::NodeStatement said, entry.statement());
    SubmissionResult result;
    result.id = MessageId(request.message_id);
    result.index = index;
    result.repeated = true;
    result.accepted = said.record_count.value_or(0);
    result.record_root = said.record_root.value_or(Digest{});
    GZ_TRY(result.receipt, ledger_.accepted_receipt(index));
    return result;
}

}  // namespace gongzhi::intake
