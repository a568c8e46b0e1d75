// C2SP signed notes: text, signature lines, verifier keys.
//
// What was received is kept byte for byte. A note is malformed with more than 16 signatures (our limit: the text says at
// least 16), control characters, a missing final newline, a repeated signer or a bad key name. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/signature.h"

namespace gongzhi::merkle {

constexpr size_t kNoteSignaturesMax = 16;
constexpr size_t kNoteBytesMax = 1u << 20;

enum class KeyType : uint8_t { ed25519 = 0x01, cosignature = 0x04 };

bool is_key_name(std::string_view name);

// "name+hex8(id)+base64(type ‖ key)".
struct VerifierKey {
    std::string name;
    KeyType type = KeyType::ed25519;
    crypto::PublicKey key;
    uint32_t id() const;
    std::string format() const;
    static Result<VerifierKey> parse(std::string_view text);
    bool operator==(const VerifierKey&) const = default;
};
VerifierKey log_verifier(std::string name, const crypto::KeyPair& key);
VerifierKey witness_verifier(std::string name, const crypto::KeyPair& key);

struct NoteSignature {
    std::string name;
    uint32_t key_id = 0;
    Bytes payload;             // what follows the key id
    std::string line() const;  // "— name base64\n"
    static Result<NoteSignature> parse(std::string_view line_without_newline);
    bool operator==(const NoteSignature&) const = default;
};

struct Note {
    std::string text;  // ends in \n; the signed bytes
    std::vector<NoteSignature> signatures;
    std::string format() const;
    static Result<Note> parse(std::string_view bytes);
};

NoteSignature sign_note(std::string_view text, std::string_view name, const crypto::KeyPair& key);  // type 0x01
// cosignature/v1 over a checkpoint text, type 0x04. `time` is whole seconds since 1970, not 0.
NoteSignature cosign(std::string_view checkpoint_text, std::string_view name, const crypto::KeyPair& key,
                     uint64_t time);

// The time of a cosignature (0 for type 0x01) where `key` signed the note; nothing where it has no line.
// A line of this name and id that does not verify is `signature_invalid`.
Result<std::optional<uint64_t>> verify_signature(const Note& note, const VerifierKey& key);

}  // namespace gongzhi::merkle
