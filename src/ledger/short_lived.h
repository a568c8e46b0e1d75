// Bodies that are kept for a time only: a file as received, a message that carried records which are kept elsewhere.
//
// Notes about them stand in the journal's local key space, written in the same step as the body, or as what ends its work:
//   keep/waiting/<claim>/<part>           the body still has work to do
//   keep/due/<time>/<claim>/<part>        it may go from that moment on
//   keep/carries/<record>/<claim>/<part>  it goes with that record
// `claim` (hex) is the claim by which its entry is found. Discarding is a trace; then the body's own key is destroyed.
#pragma once

#include "ledger/ledger.h"

namespace gongzhi::ledger {

constexpr std::string_view kDiscardedKind = "bodies.discarded";
constexpr size_t kDiscardedMax = 1'000;  // in one trace

journal::LocalWrite waiting_note(const journal::ClaimBytes& claim, Part part);
journal::LocalWrite due_note(UtcTime time, const journal::ClaimBytes& claim, Part part);
journal::LocalWrite carries_note(const journal::ClaimBytes& record, const journal::ClaimBytes& claim, Part part);
// What makes a waiting body due now; nothing for a body that never waited.
Result<std::vector<journal::LocalWrite>> release_notes(const journal::Journal& journal,
                                                       const journal::ClaimBytes& claim, Part part, UtcTime now);

struct KeptBody {
    Bytes note;  // its key in the local key space
    journal::ClaimBytes claim{};
    Part part = Part::message_body;
};
Result<std::vector<KeptBody>> waiting_bodies(const journal::Journal& journal);
Result<std::vector<KeptBody>> due_bodies(const journal::Journal& journal, UtcTime now);
Result<std::vector<KeptBody>> bodies_carrying(const journal::Journal& journal, const journal::ClaimBytes& record);

// Adds to a trace's draft what deletes the body and its note. The entry whose body goes, or nothing where it was gone.
// After the append the caller runs vault().finish_erasures().
Result<std::optional<EntryIndex>> add_discard(const Ledger& ledger, const KeptBody& body, Draft& draft);

// Everything that is due: one trace for each kDiscardedMax bodies. Returns how many bodies went.
Result<size_t> discard_due(Ledger& ledger, UtcTime now);

}  // namespace gongzhi::ledger
