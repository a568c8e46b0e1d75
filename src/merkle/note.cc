#include "merkle/note.h"

#include <set>

#include "base/bytes.h"
#include "crypto/digest.h"
#include "merkle/text.h"

namespace gongzhi::merkle {
namespace {

constexpr std::string_view kSignaturePrefix = "\u2014 ";
constexpr size_t kSignaturePayloadMax = 16u << 10;

// The Unicode white space that UTF-8 writes with these bytes (U+0085, U+00A0, U+1680, U+2000–200A, 2028, 2029, 202F, 205F, 3000).
bool has_unicode_space(std::string_view text) {
    static constexpr std::string_view kSpaces[] = {" ",
                                                   "\xc2\x85",
                                                   "\xc2\xa0",
                                                   "\xe1\x9a\x80",
                                                   "\xe2\x80\x80",
                                                   "\xe2\x80\x81",
                                                   "\xe2\x80\x82",
                                                   "\xe2\x80\x83",
                                                   "\xe2\x80\x84",
                                                   "\xe2\x80\x85",
                                                   "\xe2\x80\x86",
                                                   "\xe2\x80\x87",
                                                   "\xe2\x80\x88",
                                                   "\xe2\x80\x89",
                                                   "\xe2\x80\x8a",
                                                   "\xe2\x80\xa8",
                                                   "\xe2\x80\xa9",
                                                   "\xe2\x80\xaf",
                                                   "\xe2\x81\x9f",
                                                   "\xe3\x80\x80"};
    for (const std::string_view space : kSpaces)
        if (text.find(space) != std::string_view::npos) return true;
    return false;
}

Bytes key_bytes(KeyType type, const crypto::PublicKey& key) {
    Bytes bytes;
    put_u8(bytes, static_cast<uint8_t>(type));
    return bytes + key.value;
}

uint32_t first_u32(BytesView bytes) { return ByteReader(bytes).u32().value(); }

Bytes cosigned_message(std::string_view text, uint64_t time) {
    return fmt::format("cosignature/v1\ntime {}\n{}", time, text);
}

}  // namespace

bool is_key_name(std::string_view name) {
    return !name.empty() && name.size() <= 255 && name.find_first_of("+\n") == std::string_view::npos &&
           is_clean_text(name) && !has_unicode_space(name);
}

uint32_t VerifierKey::id() const {
    const Digest digest = crypto::sha256({name, "\n", key_bytes(type, key)});
    return first_u32(digest.view().substr(0, 4));
}

std::string VerifierKey::format() const {
    return fmt::format("{}+{:08x}+{}", name, id(), to_base64(key_bytes(type, key)));
}

Result<VerifierKey> VerifierKey::parse(std::string_view text) {
    const auto bad = [] { return fail(ErrorCode::malformed, "the text is not a verifier key (name+id+base64)"); };
    const size_t first = text.find('+');
    const size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
    if (second == std::string_view::npos || !is_key_name(text.substr(0, first))) return bad();
    const auto raw = from_base64(text.substr(second + 1));
    if (!raw || raw->size() != 33) return bad();
    const auto type = static_cast<uint8_t>(raw->front());
    if (type != static_cast<uint8_t>(KeyType::ed25519) && type != static_cast<uint8_t>(KeyType::cosignature))
        return fail(ErrorCode::unsupported, "keys of type {} are not supported", type);
    VerifierKey key{std::string(text.substr(0, first)), static_cast<KeyType>(type), crypto::PublicKey(raw->substr(1))};
    if (key.format() != text) return fail(ErrorCode::malformed, "the verifier key's id does not fit its name and key");
    return key;
}

VerifierKey log_verifier(std::string name, const crypto::KeyPair& key) {
    return {std::move(name), KeyType::ed25519, key.public_key()};
}
VerifierKey witness_verifier(std::string name, const crypto::KeyPair& key) {
    return {std::move(name), KeyType::cosignature, key.public_key()};
}

std::string NoteSignature::line() const {
    Bytes bytes;
    put_u32(bytes, key_id);
    return fmt::format("{}{} {}\n", kSignaturePrefix, name, to_base64(bytes + payload));
}

Result<NoteSignature> NoteSignature::parse(std::string_view line) {
    const auto bad = [] { return fail(ErrorCode::malformed, "a signature line is malformed"); };
    if (!line.starts_with(kSignaturePrefix)) return bad();
    line.remove_prefix(kSignaturePrefix.size());
    const size_t space = line.find(' ');
    if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return bad();
    if (line.size() - space > kSignaturePayloadMax) return bad();
    const auto raw = from_base64(line.substr(space + 1));
    if (!raw || raw->size() < 5) return bad();
    return NoteSignature{std::string(line.substr(0, space)), first_u32(BytesView(*raw).substr(0, 4)), raw->substr(4)};
}

std::string Note::format() const {
    std::string bytes = text + "\n";
    for (const NoteSignature& signature : signatures) bytes += signature.line();
    return bytes;
}

Result<Note> Note::parse(std::string_view bytes) {
    if (bytes.size() > kNoteBytesMax)
        return fail(ErrorCode::too_large, "a signed note is larger than {} bytes", kNoteBytesMax);
    if (!is_clean_text(bytes))
        return fail(ErrorCode::malformed, "a signed note holds control characters or is not UTF-8");
    const size_t split = bytes.rfind("\n\n");
    if (split == std::string_view::npos)
        return fail(ErrorCode::malformed, "a signed note has no empty line before its signatures");
    Note note{std::string(bytes.substr(0, split + 1)), {}};
    std::string_view rest = bytes.substr(split + 2);
    if (rest.empty() || rest.back() != '\n')
        return fail(ErrorCode::malformed, "a signed note does not end in a signature line");
    std::set<std::pair<std::string, uint32_t>> seen;
    while (const auto line = take_line(rest)) {
        if (note.signatures.size() == kNoteSignaturesMax)
            return fail(ErrorCode::malformed, "a signed note has more than {} signatures", kNoteSignaturesMax);
        GZ_TRY(NoteSignature signature, NoteSignature::parse(*line));
        if (!seen.emplace(signature.name, signature.key_id).second)
            return fail(ErrorCode::malformed, "a signed note has two signatures of one key");
        note.signatures.push_back(std::move(signature));
    }
    return note;
}

NoteSignature sign_note(std::string_view text, std::string_view name, const crypto::KeyPair& key) {
    return {std::string(name), log_verifier(std::string(name), key).id(), key.sign(text).value};
}

NoteSignature cosign(std::string_view checkpoint_text, std::string_view name, const crypto::KeyPair& key,
                     uint64_t time) {
    GZ_CHECK(time > 0 && time <= uint64_t{INT64_MAX}, "a cosignature has a time");
    Bytes payload;
    put_u64(payload, time);
    payload += key.sign(cosigned_message(checkpoint_text, time)).value;
    return {std::string(name), witness_verifier(std::string(name), key).id(), std::move(payload)};
}

Result<std::optional<uint64_t>> verify_signature(const Note& note, const VerifierKey& key) {
    const uint32_t id = key.id();
    for (const NoteSignature& signature : note.signatures) {
        if (signature.name != key.name || signature.key_id != id) continue;
        const auto invalid = [&] {
            return fail(ErrorCode::signature_invalid, "the signature of {} does not verify", key.name);
        };
        if (key.type == KeyType::ed25519) {
            if (!crypto::ed25519().verify(key.key, note.text, signature.payload)) return invalid();
            return std::optional<uint64_t>(0);
        }
        if (signature.payload.size() != 8 + 64) return invalid();
        const uint64_t time = ByteReader(signature.payload).u64().value();
        if (time == 0 || time > uint64_t{INT64_MAX}) return invalid();
        if (!crypto::ed25519().verify(key.key, cosigned_message(note.text, time),
                                      BytesView(signature.payload).substr(8)))
            return invalid();
        return std::optional<uint64_t>(time);
    }
    return std::optional<uint64_t>();
}

}  // namespace gongzhi::merkle
