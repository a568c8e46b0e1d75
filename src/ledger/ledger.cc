#include "ledger/ledger.h"

#include <future>
#include <set>

#include "base/file.h"
#include "base/log.h"
#include "crypto/digest.h"

namespace gongzhi::ledger {
namespace {

Status check_options(const Options& options) {
    if (!merkle::is_key_name(options.origin))
        return fail(ErrorCode::invalid_argument, "the log's origin is not a key name");
    if (options.log_key.public_key() == options.witness_key.public_key())
        return fail(ErrorCode::invalid_argument,
                    "log and witness need a key each: a cosignature does not name its witness");
    return {};
}

Status check_draft(const Draft& draft) {
    if (draft.kind.empty() || draft.kind.size() > kKindBytesMax)
        return fail(ErrorCode::invalid_argument, "a kind has 1 to {} bytes", kKindBytesMax);
    if (draft.envelope.size() > kEnvelopeBytesMax)
        return fail(ErrorCode::too_large, "an envelope is larger than {} bytes", kEnvelopeBytesMax);
    if (draft.statement.size() > kStatementBytesMax)
        return fail(ErrorCode::too_large, "a statement is larger than {} bytes", kStatementBytesMax);
    if (draft.open.size() + draft.sealed.size() > kDirectoryMax)
        return fail(ErrorCode::too_large, "an entry has more than {} bodies", kDirectoryMax);
    GZ_TRY(const NodeStatement statement, NodeStatement::parse(draft.statement));
    if (statement.kind != draft.kind)
        return fail(ErrorCode::invalid_argument, "the statement is of another kind than the draft");
    if (!draft.envelope.empty()) {
        GZ_TRY(const Envelope envelope, Envelope::parse(draft.envelope));
        GZ_CHECKED(MessageHeader::parse(envelope.header));
    }
    return {};
}

uint8_t number_of(Part part) { return static_cast<uint8_t>(part); }

}  // namespace

Ledger::Ledger(Options options, const Clock& clock, Random& random)
    : options_(std::move(options)), clock_(clock), random_(random) {}

Ledger::~Ledger() {
    checkpointer_ = {};  // ends the thread before what it uses
    journal_.reset();    // answers what is queued; its callbacks use this object
}

Result<std::unique_ptr<Ledger>> Ledger::open(Options options, const Clock& clock, Random& random) {
    GZ_CHECKED(check_options(options));
    std::unique_ptr<Ledger> ledger(new Ledger(std::move(options), clock, random));
    journal::Options journal_options = ledger->options_.journal;
    journal_options.folder = ledger->options_.folder;
    GZ_TRY(ledger->journal_, journal::Journal::open(std::move(journal_options)));
    GZ_TRY(ledger->vault_,
           vault::Vault::open({ledger->options_.folder / "keys", ledger->options_.origin}, *ledger->journal_, random));
    ledger->witness_ = std::make_unique<Witness>(ledger->options_.origin + "/w1", ledger->options_.witness_key,
                                                 *ledger->journal_, clock);
    GZ_CHECKED(ledger->restore_checkpoint());
    GZ_CHECKED(ledger->restore_cosigned());
    if (ledger->options_.checkpoint_interval_micros > 0)
        ledger->checkpointer_ =
            std::jthread([raw = ledger.get()](std::stop_token stop) { raw->run_checkpoints(stop); });
    return ledger;
}

merkle::VerifierKey Ledger::log_verifier() const { return merkle::log_verifier(options_.origin, options_.log_key); }

// The commitment, the directory of bodies, and everything that goes into one atomic step.
Result<journal::Draft> Ledger::prepare(Draft draft, Opening& opening) const {
    GZ_CHECKED(check_draft(draft));
    opening = {random_.bytes(kSaltBytes), std::move(draft.envelope), std::move(draft.statement)};
    journal::Draft out;
    Entry entry{EntryIndex(), std::move(draft.kind), opening, {}};
    for (OpenPart& part : draft.open) {
        entry.parts.push_back(
            {part.part, part.number, PartForm::open, part.bytes.size(), crypto::sha256(part.bytes), {}});
        out.bodies.push_back({number_of(part.part), part.number, std::move(part.bytes)});
    }
    std::vector<vault::SealedBody> sealed;
    for (SealedPart& part : draft.sealed) {
        const auto form = static_cast<PartForm>(part.body.form);
        entry.parts.push_back({part.part, part.number, form, part.body.bytes.size(), {}, part.body.id});
        sealed.push_back({part.body.form, part.body.key_number, part.body.id, {}});
        out.bodies.push_back({number_of(part.part), part.number, std::move(part.body.bytes)});
    }
    std::set<std::pair<Part, uint32_t>> places;
    for (const PartInfo& part : entry.parts)
        if (!places.emplace(part.part, part.number).second)
            return fail(ErrorCode::invalid_argument, "an entry has two bodies in one place");
    for (ShrunkPart& part : draft.shrunk) {
        if (part.body)
            out.bodies.push_back({number_of(part.part), part.number, std::move(part.body->bytes), part.entry});
        else
            out.deletes.push_back({part.entry, number_of(part.part), part.number});
    }
    out.leaf_entry = opening.entry_bytes();
    out.stored = entry.stored();
    out.claims = std::move(draft.claims);
    out.local = std::move(draft.local);
    for (journal::LocalWrite& mark : vault::Vault::marks(sealed)) out.local.push_back(std::move(mark));
    out.conditions = std::move(draft.conditions);
    return out;
}

void Ledger::append_async(Draft draft, OnAppended on_appended) {
    Opening opening;
    auto prepared = prepare(std::move(draft), opening);
    if (!prepared) return on_appended(Outcome(pass_on(std::move(prepared))));
    journal_->append_async(*std::move(prepared),
                           [this, opening = std::move(opening), answer = std::move(on_appended)](
                               journal::Outcome outcome) { answer(finish(opening, std::move(outcome))); });
}

Outcome Ledger::append(Draft draft) {
    std::promise<Outcome> promise;
    append_async(std::move(draft), [&promise](Outcome outcome) { promise.set_value(std::move(outcome)); });
    return promise.get_future().get();
}

// On the journal's answering thread: one signature for each group commit.
Outcome Ledger::finish(const Opening& opening, journal::Outcome outcome) const {
    if (!outcome) {
        Outcome refused(tl::unexpected(std::move(outcome).error()));
        refused.refusal = outcome.refusal;
        return refused;
    }
    Appended appended{outcome->index, outcome->leaf_hash, outcome->duplicate, {}};
    if (!outcome->duplicate) {
        appended.accepted = accepted_text(opening, outcome->index, outcome->position);
        return Outcome(std::move(appended));
    }
    auto receipt = accepted_receipt(outcome->index);
    if (!receipt) return Outcome(pass_on(std::move(receipt)));
    appended.accepted = *std::move(receipt);
    return Outcome(std::move(appended));
}

std::string Ledger::sign_batch(const journal::BatchPosition& position) const {
    const AcceptedNote accepted{options_.origin, position.first, position.count, position.batch_root, clock_.now()};
    merkle::Note note{accepted.text(), {}};
    note.signatures.push_back(merkle::sign_note(note.text, options_.origin, options_.log_key));
    return note.format();
}

std::string Ledger::accepted_text(const Opening& opening, EntryIndex index,
                                  const journal::BatchPosition& position) const {
    if (last_batch_.note.empty() || last_batch_.first != position.first || last_batch_.root != position.batch_root)
        last_batch_ = {position.first, position.batch_root, sign_batch(position)};
    return merkle::ProofFile{std::string(kAcceptedHeader), opening.bytes(), index, position.path, last_batch_.note}
        .format();
}

Result<std::string> Ledger::accepted_receipt(EntryIndex index) const {
    GZ_TRY(const Entry entry, read(index));
    GZ_TRY(const Digest leaf, journal_->leaf_hash(index));
    return merkle::ProofFile{
        std::string(kAcceptedHeader), entry.opening.bytes(), index, {}, sign_batch({index, 1, 0, leaf, {}})}
        .format();
}

Result<Entry> Ledger::read(EntryIndex index) const {
    GZ_TRY(const journal::StoredEntry stored, journal_->read_entry(index));
    auto entry = Entry::parse(index, stored.stored);
    if (!entry || entry->opening.entry_bytes() != stored.leaf_entry)
        return fail(ErrorCode::corrupt, "the stored entry {} is damaged", index.value);
    return entry;
}

Result<Bytes> Ledger::read_open_part(const Entry& entry, Part part, uint32_t number) const {
    const PartInfo* info = entry.find(part, number);
    if (info == nullptr || info->form != PartForm::open)
        return fail(ErrorCode::not_found, "entry {} has no such open body", entry.index.value);
    GZ_TRY(Bytes body, journal_->read_body(entry.index, number_of(part), number));
    if (crypto::sha256(body) != info->digest)
        return fail(ErrorCode::corrupt, "a stored body of entry {} is damaged", entry.index.value);
    return body;
}

Result<Bytes> Ledger::read_sealed_bytes(const Entry& entry, Part part, uint32_t number) const {
    const PartInfo* info = entry.find(part, number);
    if (info == nullptr || info->form == PartForm::open)
        return fail(ErrorCode::not_found, "entry {} has no such sealed body", entry.index.value);
    auto body = journal_->read_body(entry.index, number_of(part), number);
    if (!body && body.error().code == ErrorCode::not_found)
        return fail(ErrorCode::erased, "this body of entry {} was erased", entry.index.value);
    return body;
}

Result<Bytes> Ledger::read_blob(const Entry& entry, Part part, uint32_t number) const {
    GZ_TRY(const Bytes body, read_sealed_bytes(entry, part, number));
    const PartInfo& info = *entry.find(part, number);
    return vault_->unseal_blob(static_cast<vault::Form>(info.form), info.body_id, body);
}

Result<std::vector<vault::Item>> Ledger::read_segment(const Entry& entry, Part part, uint32_t number) const {
    GZ_TRY(const Bytes body, read_sealed_bytes(entry, part, number));
    return vault_->unseal_segment(entry.find(part, number)->body_id, body);
}

Result<Bytes> Ledger::bundle(const merkle::BundlePosition& position) const {
    Bytes bytes;
    for (uint32_t i = 0; i < position.width; ++i) {
        GZ_TRY(const journal::StoredEntry entry,
               journal_->read_entry(EntryIndex(position.index * merkle::kTileWidth + i)));
        merkle::append_to_bundle(bytes, entry.leaf_entry);
    }
    return bytes;
}

Result<Resource> Ledger::log_resource(std::string_view path) const {
    const auto not_found = [] { return fail(ErrorCode::not_found, "the log has no such resource"); };
    const auto latest = latest_checkpoint();
    if (!latest) return not_found();
    if (path == "checkpoint") return Resource{latest->note, "text/plain; charset=utf-8", false};
    if (const auto position = merkle::parse_bundle_path(path)) {
        if (position->width > merkle::tile_width_at(latest->head.size, 0, position->index)) return not_found();
        GZ_TRY(Bytes bytes, bundle(*position));
        return Resource{std::move(bytes), "application/octet-stream", true};
    }
    GZ_TRY(const merkle::TilePosition tile, merkle::parse_tile_path(path));
    if (tile.width > merkle::tile_width_at(latest->head.size, tile.level, tile.index)) return not_found();
    GZ_TRY(Bytes bytes, journal_->read_tile(tile));
    bytes.resize(size_t{tile.width} * 32);
    return Resource{std::move(bytes), "application/octet-stream", true};
}

}  // namespace gongzhi::ledger
