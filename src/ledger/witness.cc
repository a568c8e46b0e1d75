#include "ledger/witness.h"

#include "base/bytes.h"
#include "base/log.h"
#include "crypto/digest.h"
#include "merkle/hash.h"
#include "merkle/text.h"

namespace gongzhi::ledger {
namespace {

constexpr size_t kRequestHashesMax = 63;
constexpr size_t kForksListed = 1'000;
constexpr std::string_view kForkPrefix = "witness-fork/";
constexpr int kPersistTries = 3;  // a concurrent request for the same origin moves the state at most so often

std::string origin_hash(std::string_view origin) { return to_hex(crypto::sha256(origin).view()); }
Bytes state_key(std::string_view origin) { return fmt::format("witness/{}/state", origin_hash(origin)); }
// Every cosigned checkpoint is kept whole: size alone could not prove a fork.
Bytes history_key(std::string_view origin, TreeSize size) {
    Bytes key = fmt::format("witness/{}/at/", origin_hash(origin));
    put_u64(key, size.value);
    return key;
}

HttpReply plain(int status, std::string body) { return {status, "text/plain; charset=utf-8", std::move(body)}; }
HttpReply latest_size(TreeSize size) { return {409, "text/x.tlog.size", fmt::format("{}\n", size.value)}; }

// u8 forked ‖ u64 size ‖ root ‖ sized note.
Bytes encode_state(bool forked, const merkle::TreeHead& head, const std::string& note) {
    Bytes out;
    put_u8(out, forked ? 1 : 0);
    put_u64(out, head.size.value);
    out += head.root.view();
    put_sized(out, note);
    return out;
}

}  // namespace

std::string AddCheckpoint::format() const {
    std::string body = fmt::format("old {}\n", old_size.value);
    for (const Digest& hash : proof) body += to_base64(hash.view()) + "\n";
    return body + "\n" + note;
}

Result<AddCheckpoint> AddCheckpoint::parse(std::string_view body) {
    const auto bad = [] { return fail(ErrorCode::malformed, "the body is not an add-checkpoint request"); };
    if (body.size() > kAddCheckpointBytesMax)
        return fail(ErrorCode::too_large, "the request is larger than {} bytes", kAddCheckpointBytesMax);
    AddCheckpoint request;
    std::string_view rest = body;
    auto line = merkle::take_line(rest);
    if (!line || !line->starts_with("old ")) return bad();
    GZ_TRY(request.old_size.value, merkle::parse_decimal(line->substr(4)));
    for (line = merkle::take_line(rest); line && !line->empty(); line = merkle::take_line(rest)) {
        if (request.proof.size() == kRequestHashesMax) return bad();
        GZ_TRY(const Digest hash, merkle::parse_hash(*line));
        request.proof.push_back(hash);
    }
    if (!line) return bad();
    request.note = rest;
    return request;
}

Witness::Witness(std::string name, const crypto::KeyPair& key, journal::Journal& journal, const Clock& clock)
    : name_(std::move(name)), key_(key), journal_(journal), clock_(clock) {}

void Witness::trust(const std::string& origin, std::vector<merkle::VerifierKey> log_keys) {
    const std::lock_guard lock(mutex_);
    trusted_[origin] = std::move(log_keys);
}

merkle::VerifierKey Witness::verifier() const { return merkle::witness_verifier(name_, key_); }

Result<Witness::State> Witness::load(const std::string& origin) const {
    State state;
    GZ_TRY(state.raw, journal_.read_local(state_key(origin)));
    if (!state.raw) return state;
    ByteReader reader(*state.raw);
    GZ_TRY(const uint8_t forked, reader.u8());
    GZ_TRY(state.head.size.value, reader.u64());
    GZ_TRY(const BytesView root, reader.take(32));
    GZ_TRY(const BytesView note, reader.sized(merkle::kNoteBytesMax));
    state.forked = forked != 0;
    state.head.root = Digest::from(root);
    state.note = note;
    return state;
}

HttpReply Witness::add_checkpoint(std::string_view body) {
    const auto request = AddCheckpoint::parse(body);
    if (!request) return plain(400, "malformed request\n");
    const auto note = merkle::Note::parse(request->note);
    if (!note) return plain(400, "malformed checkpoint\n");
    const auto checkpoint = merkle::Checkpoint::parse(note->text);
    if (!checkpoint) return plain(400, "malformed checkpoint\n");
    std::vector<merkle::VerifierKey> keys;
    {
        const std::lock_guard lock(mutex_);
        const auto found = trusted_.find(checkpoint->origin);
        if (found == trusted_.end()) return plain(404, "unknown origin\n");
        keys = found->second;
    }
    bool log_signed = false;
    for (const merkle::VerifierKey& key : keys) {
        const auto time = merkle::verify_signature(*note, key);
        if (!time) return plain(403, "bad signature\n");
        log_signed = log_signed || time->has_value();
    }
    if (!log_signed) return plain(403, "no signature by a trusted key\n");
    if (request->old_size > checkpoint->head.size) return plain(400, "old size is larger than the checkpoint\n");
    return judge(*request, *note, *checkpoint);
}

HttpReply Witness::judge(const AddCheckpoint& request, const merkle::Note& note, const merkle::Checkpoint& checkpoint) {
    for (int attempt = 0; attempt < kPersistTries; ++attempt) {
        const auto state = load(checkpoint.origin);
        if (!state) return plain(500, "the witness's state cannot be read\n");
        if (state->forked) return plain(422, "this log has forked: it is not cosigned any more\n");
        const auto kept = journal_.read_local(history_key(checkpoint.origin, checkpoint.head.size));
        if (!kept) return plain(500, "the witness's state cannot be read\n");
        if (*kept && !(*kept)->starts_with(note.text + "\n"))
            return record_fork(checkpoint.origin, *state, **kept, note.format(), request.old_size);
        if (request.old_size != state->head.size) return latest_size(state->head.size);
        const merkle::TreeHead older = state->raw ? state->head : merkle::TreeHead{TreeSize(0), merkle::empty_root()};
        if (checkpoint.head.size.value == 0 && checkpoint.head.root != merkle::empty_root())
            return plain(422, "the empty tree has another root\n");
        if (!merkle::verify_consistency(older, checkpoint.head, request.proof))
            return plain(422, "the consistency proof does not verify\n");
        if (const auto reply = sign(note, checkpoint, *state)) return *reply;
    }
    return plain(503, "busy\n");
}

// Persists, then replies. Nothing where another request was faster.
std::optional<HttpReply> Witness::sign(const merkle::Note& note, const merkle::Checkpoint& checkpoint,
                                       const State& state) {
    const auto seconds = static_cast<uint64_t>(std::max<int64_t>(1, clock_.now().value / kMicrosPerSecond));
    const merkle::NoteSignature cosignature = merkle::cosign(note.text, name_, key_, seconds);
    merkle::Note cosigned = note;  // signatures of others are not kept: there may be no room
    std::erase_if(cosigned.signatures,
                  [&](const merkle::NoteSignature& each) { return each.name != checkpoint.origin; });
    cosigned.signatures.push_back(cosignature);
    const std::string text = cosigned.format();
    const Status written =
        journal_.write_local({{state_key(checkpoint.origin), encode_state(false, checkpoint.head, text)},
                              {history_key(checkpoint.origin, checkpoint.head.size), text}},
                             {{state_key(checkpoint.origin), state.raw}});
    if (!written && written.error().code == ErrorCode::conflict) return std::nullopt;
    if (!written) return plain(503, "the witness's state cannot be written\n");
    return plain(200, cosignature.line());
}

HttpReply Witness::record_fork(const std::string& origin, const State& state, const std::string& first_note,
                               const std::string& second_note, TreeSize old_size) {
    log_error("the log {} has forked: two signed heads of one size", origin);
    Bytes evidence;
    put_sized(evidence, origin);
    put_sized(evidence, first_note);
    put_sized(evidence, second_note);
    const Status written = journal_.write_local({{state_key(origin), encode_state(true, state.head, state.note)},
                                                 {fmt::format("{}{}", kForkPrefix, origin_hash(origin)), evidence}});
    if (!written) return plain(503, "the witness's state cannot be written\n");
    return old_size != state.head.size ? latest_size(state.head.size) : plain(422, "two different heads of one size\n");
}

Result<std::string> Witness::latest(const std::string& origin) const {
    GZ_TRY(const State state, load(origin));
    if (state.note.empty()) return fail(ErrorCode::not_found, "nothing of this log was cosigned");
    return state.note;
}

Result<std::string> Witness::monitor(std::string_view hex_origin_hash) const {
    std::vector<std::string> origins;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [origin, keys] : trusted_) origins.push_back(origin);
    }
    for (const std::string& origin : origins)
        if (origin_hash(origin) == hex_origin_hash) return latest(origin);
    return fail(ErrorCode::not_found, "this log is not witnessed here");
}

Result<std::vector<Witness::Fork>> Witness::forks() const {
    std::vector<Fork> forks;
    GZ_CHECKED(journal_.visit_local(kForkPrefix, kForksListed, [&](BytesView, BytesView value) -> Status {
        ByteReader reader(value);
        GZ_TRY(const BytesView origin, reader.sized(merkle::kNoteBytesMax));
        GZ_TRY(const BytesView first, reader.sized(merkle::kNoteBytesMax));
        GZ_TRY(const BytesView second, reader.sized(merkle::kNoteBytesMax));
        forks.push_back({std::string(origin), std::string(first), std::string(second)});
        return {};
    }));
    return forks;
}

}  // namespace gongzhi::ledger
