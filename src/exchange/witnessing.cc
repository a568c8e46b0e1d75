#include "exchange/witnessing.h"

#include <charconv>

#include "base/log.h"

namespace gongzhi::exchange {
namespace {

constexpr int64_t kRoundMicros = kMicrosPerSecond;

Result<TreeSize> parse_size(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    uint64_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (error != std::errc() || end != text.data() + text.size())
        return fail(ErrorCode::malformed, "the witness named no size");
    return TreeSize(size);
}

}  // namespace

Witnessing::~Witnessing() {
    worker_.request_stop();
    if (worker_.joinable()) worker_.join();
}

void Witnessing::start() {
    worker_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void Witnessing::trust_peers() {
    for (const PartyDescriptor& peer : peers_.all())
        if (const auto key = merkle::VerifierKey::parse(peer.log_key)) ledger_.witness().trust(peer.origin, {*key});
}

void Witnessing::run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        if (const auto asked = ask_all(); !asked) log_warning("witnessing: {}", asked.error().describe());
        for (int64_t waited = 0; waited < kRoundMicros && !stop.stop_requested(); waited += 100'000)
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

Result<size_t> Witnessing::ask_all() {
    const std::lock_guard lock(asking_);
    const auto checkpoint = ledger_.latest_checkpoint();
    if (!checkpoint) return size_t{0};
    HttpClient client;
    size_t cosigned = 0;
    for (const PartyDescriptor& peer : peers_.all()) {
        if (const auto done = asked_.find(peer.party); done != asked_.end() && done->second >= checkpoint->head.size)
            continue;
        const Status asked = ask(peer, client);
        if (asked)
            asked_[peer.party] = checkpoint->head.size;
        else if (asked.error().code != ErrorCode::peer_unreachable)
            log_warning("witness of {}: {}", peer.party.value, asked.error().describe());
        cosigned += asked.has_value();
    }
    return cosigned;
}

Status Witnessing::ask(const PartyDescriptor& peer, HttpClient& client) {
    GZ_TRY(const merkle::VerifierKey key, merkle::VerifierKey::parse(peer.witness_key));
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto checkpoint = ledger_.latest_checkpoint();
        if (!checkpoint) return {};
        GZ_TRY(const std::string request, ledger_.witness_request(key.name));
        GZ_TRY(const HttpAnswer answer, client.request("POST", peer.url + "/witness/add-checkpoint",
                                                       {{"Content-Type", "text/plain; charset=utf-8"}}, request, 10));
        if (answer.status == 200) {
            // The checkpoint may have grown meanwhile: take the size from what was asked for.
            GZ_TRY(const ledger::AddCheckpoint asked, ledger::AddCheckpoint::parse(request));
            GZ_TRY(const merkle::Note note, merkle::Note::parse(asked.note));
            GZ_TRY(const merkle::Checkpoint signed_head, merkle::Checkpoint::parse(note.text));
            return ledger_.store_cosignature(signed_head.head.size, answer.body, key);
        }
        if (answer.status != 409 || answer.content_type != "text/x.tlog.size")
            return fail(ErrorCode::conflict, "it answered {} to a checkpoint", answer.status);
        GZ_TRY(const TreeSize has, parse_size(answer.body));
        GZ_CHECKED(ledger_.set_witness_size(key.name, has));
    }
    return fail(ErrorCode::conflict, "it does not accept the size that it named itself");
}

}  // namespace gongzhi::exchange
