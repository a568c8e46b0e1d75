#include "exchange/outbox.h"

#include "base/log.h"
#include "crypto/digest.h"
#include "ledger/short_lived.h"

namespace gongzhi::exchange {
namespace {

constexpr int64_t kIdleMicros = 500'000;
constexpr size_t kPendingShown = 1'000;

int64_t steady_micros() {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

Bytes queue_prefix(const PartyId& to) { return "outbox/" + to.value + "/"; }
Bytes queue_key(const PartyId& to, uint64_t seq) { return queue_prefix(to) + fmt::format("{:016x}", seq); }
Bytes sequence_key(const PartyId& to) { return "seq/out/" + to.value; }
Bytes delivered_key(const std::string& id) { return "delivered/" + id; }

// A submission's records are kept as records: its body goes once it is delivered. An answer's stays until a record goes
// that it carried; while it is on its way, neither goes.
void add_notes(const ledger::OutgoingMessage& message, const journal::ClaimBytes& claim, ledger::Draft& draft) {
    if (ledger::may_carry_records(message.type))
        draft.local.push_back(ledger::waiting_note(claim, ledger::Part::message_body));
    for (const journal::ClaimBytes& record : message.carries)
        draft.local.push_back(ledger::carries_note(record, claim, ledger::Part::message_body));
}

}  // namespace

Outbox::Outbox(const Self& self, Peers& peers, ledger::Ledger& ledger, const ledger::ClaimKeys& claims,
               const Clock& clock, Random& random)
    : self_(self), peers_(peers), ledger_(ledger), claims_(claims), clock_(clock), random_(random) {}

Outbox::~Outbox() {
    worker_.request_stop();
    changed_.notify_all();
    if (worker_.joinable()) worker_.join();
}

void Outbox::start() {
    worker_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

Result<ledger::SentMessage> Outbox::send(ledger::OutgoingMessage message) {
    const auto peer = peers_.find(message.to);
    if (!peer) return fail(ErrorCode::not_found, "the party {} is not admitted here", message.to.value);
    if (message.body.size() > kMessageBytesMax)
        return fail(ErrorCode::too_large, "a message of more than {} bytes", kMessageBytesMax);
    const std::lock_guard one_at_a_time(sending_);
    GZ_TRY(const std::optional<Bytes> last, ledger_.journal().read_local(sequence_key(message.to)));
    const uint64_t seq = (last ? std::stoull(*last) : 0) + 1;

    ledger::MessageHeader header;
    header.id = MessageId(make_uuid7(clock_.now().value / 1000, random_));
    header.from = self_.descriptor.party;
    header.to = message.to;
    header.type = message.type;
    header.thread = message.thread;
    header.seq = seq;
    header.in_reply_to = message.in_reply_to;
    header.basis = message.basis;
    header.deadline = message.deadline;
    header.body = {crypto::sha256(message.body), message.body.size(), message.media};
    header.record_root = message.record_root;
    const std::string header_bytes = header.json();
    const SignatureFields fields =
        sign_request({"POST", peer->url + "/v1/messages", message.media, header.body.digest, header_bytes},
                     self_.message_key, {self_.descriptor.key_id(), clock_.now(), random_.bytes(16)});
    ledger::NodeStatement said;
    said.kind = "sent." + message.type;
    said.received_time = clock_.now();
    said.auth = message.actor;

    ledger::Draft draft;
    draft.kind = said.kind;
    draft.envelope =
        ledger::Envelope{header_bytes, fields.base, fields.raw_signature, self_.descriptor.key_id()}.bytes();
    draft.statement = said.bytes();
    const auto body_key =
        ledger::may_carry_records(message.type) ? vault::Vault::BlobKey::own : vault::Vault::BlobKey::shared;
    GZ_TRY(vault::SealedBody body, ledger_.vault().seal_blob(message.body, body_key));
    draft.sealed.push_back({ledger::Part::message_body, 0, std::move(body)});
    draft.claims = std::move(message.claims);
    draft.claims.push_back(claims_.refuse("sent", {header.id.value}));
    add_notes(message, draft.claims.back().key, draft);
    const Json item = {
        {"id", header.id.value}, {"type", header.type}, {"header", to_base64(header_bytes)}, {"media", message.media}};
    draft.local.push_back({queue_key(message.to, seq), canonical_json(item)});
    draft.local.push_back({sequence_key(message.to), std::to_string(seq)});
    const ledger::Outcome outcome = ledger_.append(std::move(draft));
    if (!outcome) return tl::unexpected(outcome.error());
    {
        const std::lock_guard lock(mutex_);
        woken_ = true;
    }
    changed_.notify_all();
    return ledger::SentMessage{header.id, outcome->index, outcome->duplicate};
}

void Outbox::run(std::stop_token stop) {
    HttpClient client;
    while (!stop.stop_requested()) {
        bool moved = false;
        for (const PartyDescriptor& peer : peers_.all()) {
            {
                const std::lock_guard lock(mutex_);
                if (waiting_[peer.party].next_try > steady_micros()) continue;
            }
            const Result<bool> delivered = deliver_next(peer, client);
            const std::lock_guard lock(mutex_);
            Waiting& waiting = waiting_[peer.party];
            if (delivered) {
                waiting = {};
                moved |= *delivered;
                continue;
            }
            waiting.problem = delivered.error().describe();
            waiting.delay = std::min(kRetryMaxMicros, std::max(kRetryFirstMicros, waiting.delay * 2));
            // Jitter, so that many platforms do not come back in step.
            const int64_t jitter =
                static_cast<int64_t>(static_cast<uint8_t>(random_.bytes(1)[0])) * waiting.delay / 1024;
            waiting.next_try = steady_micros() + waiting.delay + jitter;
            log_warning("outbox to={} waits {} ms: {}", peer.party.value, waiting.delay / 1000, waiting.problem);
        }
        std::unique_lock lock(mutex_);
        changed_.notify_all();
        if (!moved) changed_.wait_for(lock, stop, std::chrono::microseconds(kIdleMicros), [&] { return woken_; });
        woken_ = false;
    }
}

Result<bool> Outbox::deliver_next(const PartyDescriptor& peer, HttpClient& client) {
    std::optional<std::pair<Bytes, Bytes>> first;
    GZ_CHECKED(
        ledger_.journal().visit_local(queue_prefix(peer.party), 1, [&](BytesView key, BytesView value) -> Status {
            first = {Bytes(key), Bytes(value)};
            return {};
        }));
    if (!first) return false;
    GZ_TRY(const Json item, parse_json(first->second));
    GZ_CHECKED(deliver(peer, first->first, item, client));
    return true;
}

// Signed anew at each try: a nonce is good once, and a signature lives five minutes.
Status Outbox::deliver(const PartyDescriptor& peer, const Bytes& key, const Json& item, HttpClient& client) {
    GZ_TRY(const std::string id, json_text(item, "id"));
    GZ_TRY(const std::string media, json_text(item, "media"));
    GZ_TRY(const std::string encoded, json_text(item, "header"));
    GZ_TRY(const Bytes header, from_base64(encoded));
    const journal::ClaimBytes claim = claims_.key("sent", {id});
    GZ_TRY(const auto holder, ledger_.journal().find_claims(std::span(&claim, 1)));
    if (!holder[0]) return fail(ErrorCode::corrupt, "a queued message is not in the ledger");
    GZ_TRY(const ledger::Entry entry, ledger_.read(holder[0]->index));
    GZ_TRY(const Bytes body, ledger_.read_blob(entry, ledger::Part::message_body, 0));
    const SignatureFields fields =
        sign_request({"POST", peer.url + "/v1/messages", media, crypto::sha256(body), header}, self_.message_key,
                     {self_.descriptor.key_id(), clock_.now(), random_.bytes(16)});
    GZ_TRY(const HttpAnswer answer, client.request("POST", peer.url + "/v1/messages",
                                                   {{"Content-Type", media},
                                                    {"Content-Digest", fields.content_digest},
                                                    {"Gongzhi-Message", fields.message},
                                                    {"Signature-Input", fields.signature_input},
                                                    {"Signature", fields.signature}},
                                                   body));
    return accept_answer(peer, answer, header, key, id);
}

// The other side's accepted receipt must be signed by its log and speak of exactly this header.
Status Outbox::accept_answer(const PartyDescriptor& peer, const HttpAnswer& answer, const Bytes& header,
                             const Bytes& outbox_key, const std::string& id) {
    if (answer.status != 202)
        return fail(ErrorCode::unavailable, "the other node answered {}: {}", answer.status,
                    answer.body.substr(0, 300));
    GZ_TRY(const merkle::VerifierKey log_key, merkle::VerifierKey::parse(peer.log_key));
    GZ_TRY(const ledger::Receipt receipt, ledger::verify_receipt(answer.body, merkle::Policy::of_log(log_key)));
    GZ_TRY(const ledger::Envelope envelope, ledger::Envelope::parse(receipt.opening.envelope));
    if (envelope.header != header) return fail(ErrorCode::proof_invalid, "the other node signed for another message");
    std::vector<journal::LocalWrite> writes = {{outbox_key, std::nullopt}, {delivered_key(id), answer.body}};
    GZ_TRY(const ledger::MessageHeader sent, ledger::MessageHeader::parse(header));
    if (sent.type == "submission") {
        GZ_TRY(auto released, ledger::release_notes(ledger_.journal(), claims_.key("sent", {id}),
                                                    ledger::Part::message_body, clock_.now()));
        std::move(released.begin(), released.end(), std::back_inserter(writes));
    } else if (ledger::may_carry_records(sent.type)) {
        writes.push_back(
            {ledger::waiting_note(claims_.key("sent", {id}), ledger::Part::message_body).key, std::nullopt});
    }
    return ledger_.journal().write_local(std::move(writes));
}

Result<std::vector<Outbox::Pending>> Outbox::pending() const {
    std::vector<Pending> out;
    GZ_CHECKED(ledger_.journal().visit_local("outbox/", kPendingShown, [&](BytesView key, BytesView value) -> Status {
        GZ_TRY(const Json item, parse_json(value));
        const std::string_view rest = key.substr(7);
        Pending pending;
        pending.to = PartyId(std::string(rest.substr(0, rest.find('/'))));
        GZ_TRY(pending.id.value, json_text(item, "id"));
        GZ_TRY(pending.type, json_text(item, "type"));
        const std::lock_guard lock(mutex_);
        if (const auto found = waiting_.find(pending.to); found != waiting_.end())
            pending.last_problem = found->second.problem;
        out.push_back(std::move(pending));
        return {};
    }));
    return out;
}

bool Outbox::wait_delivered(const PartyId& to, int64_t timeout_micros) const {
    const int64_t until = steady_micros() + timeout_micros;
    while (true) {
        bool empty = true;
        const Status looked = ledger_.journal().visit_local(queue_prefix(to), 1, [&](BytesView, BytesView) -> Status {
            empty = false;
            return {};
        });
        if (looked && empty) return true;
        if (steady_micros() >= until) return false;
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::milliseconds(50));
    }
}

Result<std::string> Outbox::delivery_receipt(const MessageId& id) const {
    GZ_TRY(const std::optional<Bytes> stored, ledger_.journal().read_local(delivered_key(id.value)));
    if (!stored) return fail(ErrorCode::not_found, "the other side has not signed for this message yet");
    return *stored;
}

}  // namespace gongzhi::exchange
