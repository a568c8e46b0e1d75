#include "ledger/short_lived.h"

#include <algorithm>

#include "ledger/outgoing.h"

namespace gongzhi::ledger {
namespace {

constexpr std::string_view kWaitingPrefix = "keep/waiting/";
constexpr std::string_view kDuePrefix = "keep/due/";
constexpr std::string_view kCarriesPrefix = "keep/carries/";
constexpr size_t kNotesMax = 100'000;
constexpr size_t kClaimHexBytes = 32;

std::string hex_of(const journal::ClaimBytes& claim) {
    return to_hex(BytesView(reinterpret_cast<const char*>(claim.data()), claim.size()));
}
std::string place_of(const journal::ClaimBytes& claim, Part part) {
    return fmt::format("{}/{}", hex_of(claim), static_cast<int>(part));
}
Bytes carries_prefix(const journal::ClaimBytes& record) { return fmt::format("{}{}/", kCarriesPrefix, hex_of(record)); }

// The end of a note's key: <claim>/<part>.
Result<KeptBody> parse_note(BytesView key) {
    const size_t slash = key.rfind('/');
    if (slash == BytesView::npos || slash < kClaimHexBytes || slash + 2 != key.size())
        return fail(ErrorCode::corrupt, "a note about a kept body is damaged");
    KeptBody body{Bytes(key), {}, static_cast<Part>(key.back() - '0')};
    GZ_TRY(const Bytes claim, from_hex(key.substr(slash - kClaimHexBytes, kClaimHexBytes)));
    std::copy(claim.begin(), claim.end(), body.claim.begin());
    return body;
}

Result<std::vector<KeptBody>> notes_below(const journal::Journal& journal, BytesView prefix, BytesView until = {}) {
    std::vector<KeptBody> bodies;
    GZ_CHECKED(journal.visit_local(prefix, kNotesMax, [&](BytesView key, BytesView) -> Status {
        if (!until.empty() && key >= until) return {};
        GZ_TRY(KeptBody body, parse_note(key));
        bodies.push_back(std::move(body));
        return {};
    }));
    return bodies;
}

}  // namespace

journal::LocalWrite waiting_note(const journal::ClaimBytes& claim, Part part) {
    return {Bytes(kWaitingPrefix) + place_of(claim, part), Bytes()};
}

journal::LocalWrite due_note(UtcTime time, const journal::ClaimBytes& claim, Part part) {
    return {fmt::format("{}{:016x}/{}", kDuePrefix, time.value, place_of(claim, part)), Bytes()};
}

journal::LocalWrite carries_note(const journal::ClaimBytes& record, const journal::ClaimBytes& claim, Part part) {
    return {carries_prefix(record) + place_of(claim, part), Bytes()};
}

Result<std::vector<journal::LocalWrite>> release_notes(const journal::Journal& journal,
                                                       const journal::ClaimBytes& claim, Part part, UtcTime now) {
    std::vector<journal::LocalWrite> writes;
    Bytes waiting = waiting_note(claim, part).key;
    GZ_TRY(const std::optional<Bytes> note, journal.read_local(waiting));
    if (!note) return writes;
    writes.push_back({std::move(waiting), std::nullopt});
    writes.push_back(due_note(now, claim, part));
    return writes;
}

Result<std::vector<KeptBody>> waiting_bodies(const journal::Journal& journal) {
    return notes_below(journal, kWaitingPrefix);
}

Result<std::vector<KeptBody>> due_bodies(const journal::Journal& journal, UtcTime now) {
    return notes_below(journal, kDuePrefix, fmt::format("{}{:016x}", kDuePrefix, now.value + 1));
}

Result<std::vector<KeptBody>> bodies_carrying(const journal::Journal& journal, const journal::ClaimBytes& record) {
    return notes_below(journal, carries_prefix(record));
}

Result<std::optional<EntryIndex>> add_discard(const Ledger& ledger, const KeptBody& body, Draft& draft) {
    draft.local.push_back({body.note, std::nullopt});
    GZ_TRY(const auto holder, ledger.journal().find_claims(std::span(&body.claim, 1)));
    if (!holder[0]) return fail(ErrorCode::corrupt, "a kept body is noted whose entry is not in the ledger");
    GZ_TRY(const Entry entry, ledger.read(holder[0]->index));
    const auto sealed = ledger.read_sealed_bytes(entry, body.part, 0);
    if (!sealed && sealed.error().code == ErrorCode::erased) return std::nullopt;
    if (!sealed) return tl::unexpected(sealed.error());
    GZ_TRY(auto marks, vault::Vault::erase_body(vault::Form::blob, *sealed));
    std::move(marks.begin(), marks.end(), std::back_inserter(draft.local));
    draft.shrunk.push_back({entry.index, body.part, 0, std::nullopt});
    return entry.index;
}

Result<size_t> discard_due(Ledger& ledger, UtcTime now) {
    size_t discarded = 0;
    GZ_TRY(const std::vector<KeptBody> due, due_bodies(ledger.journal(), now));
    for (size_t first = 0; first < due.size(); first += kDiscardedMax) {
        Draft parts;
        Json gone = Json::array();
        for (const KeptBody& body : std::span(due).subspan(first, std::min(kDiscardedMax, due.size() - first))) {
            GZ_TRY(const std::optional<EntryIndex> entry, add_discard(ledger, body, parts));
            if (entry) gone.push_back({{"entry", entry->value}, {"part", static_cast<int>(body.part)}});
        }
        discarded += gone.size();
        if (gone.empty()) {
            GZ_CHECKED(ledger.journal().write_local(std::move(parts.local)));
            continue;
        }
        Draft trace = trace_draft(std::string(kDiscardedKind), {{"bodies", gone}}, now, "system");
        trace.shrunk = std::move(parts.shrunk);
        trace.local = std::move(parts.local);
        const Outcome outcome = ledger.append(std::move(trace));
        if (!outcome) return tl::unexpected(outcome.error());
    }
    GZ_CHECKED(ledger.vault().finish_erasures());
    return discarded;
}

}  // namespace gongzhi::ledger
