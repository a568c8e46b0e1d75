// What an entry is: the public bytes (version ‖ commitment), the opening of the commitment, and the detail that the
// journal keeps beside it. Formats: docs/formats/entry.md. Pure values.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "ledger/envelope.h"
#include "vault/vault.h"

namespace gongzhi::ledger {

constexpr uint8_t kEntryVersion = 1;
constexpr size_t kSaltBytes = 32;
constexpr size_t kKindBytesMax = 64;
constexpr size_t kDirectoryMax = 100'000;
constexpr size_t kEnvelopeBytesMax = 64u << 10;

// What is committed to. Whoever holds it can prove what the entry says.
struct Opening {
    Bytes salt;      // 32
    Bytes envelope;  // empty for traces
    Bytes statement;
    Digest commitment() const;
    Bytes entry_bytes() const;  // 0x01 ‖ commitment
    Bytes bytes() const;        // u8 1 ‖ salt ‖ sized envelope ‖ sized statement
    static Result<Opening> parse(BytesView bytes);
};

// Which body of an entry. Numbers are stored: never renumber.
enum class Part : uint8_t {
    message_body = 1,       // the body of a message
    original = 2,           // the file as received
    open_records = 3,       // open parts of records, in groups
    protected_records = 4,  // sealed segments
    verdicts = 5,
    detail = 6,  // anything else that a kind defines
};

enum class PartForm : uint8_t { open = 0, segment = 1, blob = 2, shared_blob = 3 };  // sealed ones as vault::Form

struct PartInfo {
    Part part = Part::detail;
    uint32_t number = 0;
    PartForm form = PartForm::open;
    uint64_t length = 0;      // as stored at first
    Digest digest;            // open: SHA-256 of the bytes; sealed: zero
    vault::BodyId body_id{};  // sealed: what binds it to this place
};

struct Entry {
    EntryIndex index;
    std::string kind;
    Opening opening;
    std::vector<PartInfo> parts;

    Result<Envelope> envelope() const { return Envelope::parse(opening.envelope); }
    Result<NodeStatement> statement() const { return NodeStatement::parse(opening.statement); }
    bool is_trace() const { return opening.envelope.empty(); }
    const PartInfo* find(Part part, uint32_t number) const;

    // The journal's `stored`: u8 1 ‖ sized kind ‖ sized opening ‖ u32 count ‖ parts.
    Bytes stored() const;
    static Result<Entry> parse(EntryIndex index, BytesView stored);
};

}  // namespace gongzhi::ledger
