#include "ledger/envelope.h"

#include "base/bytes.h"
#include "base/random.h"
#include "crypto/digest.h"

namespace gongzhi::ledger {
namespace {

constexpr uint8_t kEnvelopeVersion = 1;
constexpr int kJsonDepthMax = 16;

Json digest_json(const Digest& digest) { return to_hex(digest.view()); }

Result<Digest> digest_at(const Json& object, const char* key) {
    GZ_TRY(const std::string text, json_text(object, key));
    const auto raw = from_hex(text);
    if (!raw || raw->size() != 32 || to_hex(*raw) != text)
        return fail_field(ErrorCode::malformed, key, "a digest is 64 lower-case hex digits");
    return Digest::from(*raw);
}

Result<uint64_t> count_at(const Json& object, const char* key) {
    GZ_TRY(const int64_t number, json_int(object, key));
    if (number < 0) return fail_field(ErrorCode::malformed, key, "a count is not negative");
    return static_cast<uint64_t>(number);
}

Result<UtcTime> time_at(const Json& object, const char* key) {
    GZ_TRY(const std::string text, json_text(object, key));
    return parse_utc(text);
}

// Unknown members are refused: nothing is signed that nobody reads.
Status check_members(const Json& object, std::initializer_list<std::string_view> known, std::string_view what) {
    if (!object.is_object()) return fail(ErrorCode::malformed, "{} is not a JSON object", what);
    for (const auto& [key, value] : object.items())
        if (std::find(known.begin(), known.end(), std::string_view(key)) == known.end())
            return fail_field(ErrorCode::malformed, key, fmt::format("{} has a member that is not known", what));
    return {};
}

bool is_party_id(std::string_view id) {
    return id.size() >= 2 && id.size() <= 40 &&
           id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

// The value of the one line `"name": value` of a signature base.
Result<std::string_view> base_value(std::string_view base, std::string_view name) {
    const std::string start = fmt::format("\"{}\": ", name);
    std::optional<std::string_view> value;
    for (std::string_view rest = base; !rest.empty();) {
        const size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!line.starts_with(start)) continue;
        if (value) return fail(ErrorCode::signature_invalid, "the signature base has two lines for {}", name);
        value = line.substr(start.size());
    }
    if (!value) return fail(ErrorCode::signature_invalid, "the signature does not cover {}", name);
    return *value;
}

Result<MessageHeader::InReplyTo> parse_in_reply_to(const Json& object) {
    GZ_CHECKED(check_members(object, {"id", "digest"}, "in_reply_to"));
    MessageHeader::InReplyTo reply;
    GZ_TRY(reply.id.value, json_text(object, "id"));
    if (!is_uuid(reply.id.value)) return fail_field(ErrorCode::malformed, "in_reply_to", "a message id is a UUID");
    GZ_TRY(reply.digest, digest_at(object, "digest"));
    return reply;
}

}  // namespace

Bytes Envelope::bytes() const {
    Bytes out;
    put_u8(out, kEnvelopeVersion);
    put_sized(out, header);
    put_sized(out, base);
    put_sized(out, signature);
    put_sized(out, key_id);
    return out;
}

Result<Envelope> Envelope::parse(BytesView bytes) {
    ByteReader reader(bytes);
    GZ_TRY(const uint8_t version, reader.u8());
    if (version != kEnvelopeVersion)
        return fail(ErrorCode::unsupported, "envelopes of version {} are not known", version);
    GZ_TRY(const BytesView header, reader.sized(kHeaderBytesMax));
    GZ_TRY(const BytesView base, reader.sized(kBaseBytesMax));
    GZ_TRY(const BytesView signature, reader.sized(kSignatureBytesMax));
    GZ_TRY(const BytesView key_id, reader.sized(kKeyIdBytesMax));
    GZ_CHECKED(reader.expect_end());
    if (base.empty() != signature.empty() || key_id.empty() != signature.empty())
        return fail(ErrorCode::malformed, "an envelope has base, signature and key id together or none of them");
    return Envelope{Bytes(header), Bytes(base), Bytes(signature), Bytes(key_id)};
}

std::string MessageHeader::json() const {
    Json out = {{"id", id.value}, {"from", from.value}, {"to", to.value}, {"type", type}, {"seq", seq}};
    if (!thread.empty()) out["thread"] = thread;
    if (in_reply_to) out["in_reply_to"] = {{"id", in_reply_to->id.value}, {"digest", digest_json(in_reply_to->digest)}};
    if (!basis.empty()) out["basis"] = basis;
    if (deadline) out["deadline"] = format_utc(*deadline);
    out["body"] = {{"digest", digest_json(body.digest)}, {"length", body.length}, {"media", body.media}};
    if (record_root) out["record_root"] = digest_json(*record_root);
    return canonical_json(out);
}

Result<MessageHeader> MessageHeader::parse(std::string_view json) {
    if (json.size() > kHeaderBytesMax)
        return fail(ErrorCode::too_large, "a message header is larger than {} bytes", kHeaderBytesMax);
    GZ_TRY(const Json object, parse_json(json, {kHeaderBytesMax, kJsonDepthMax}));
    GZ_CHECKED(check_members(
        object,
        {"id", "from", "to", "type", "thread", "seq", "in_reply_to", "basis", "deadline", "body", "record_root"},
        "a message header"));
    MessageHeader header;
    GZ_TRY(header.id.value, json_text(object, "id"));
    GZ_TRY(header.from.value, json_text(object, "from"));
    GZ_TRY(header.to.value, json_text(object, "to"));
    GZ_TRY(header.type, json_text(object, "type"));
    GZ_TRY(header.seq, count_at(object, "seq"));
    GZ_TRY(header.thread, json_text_or_empty(object, "thread"));
    GZ_TRY(header.basis, json_text_or_empty(object, "basis"));
    if (!is_uuid(header.id.value)) return fail_field(ErrorCode::malformed, "id", "a message id is a UUID");
    if (!is_party_id(header.from.value))
        return fail_field(ErrorCode::malformed, "from", "a party id is 2 to 40 of a-z, 0-9 and -");
    if (!is_party_id(header.to.value))
        return fail_field(ErrorCode::malformed, "to", "a party id is 2 to 40 of a-z, 0-9 and -");
    if (header.type.empty() || header.type.size() > 64)
        return fail_field(ErrorCode::malformed, "type", "a type has 1 to 64 characters");
    if (object.contains("in_reply_to")) {
        GZ_TRY(header.in_reply_to, parse_in_reply_to(object["in_reply_to"]));
    }
    if (object.contains("deadline")) {
        GZ_TRY(header.deadline, time_at(object, "deadline"));
    }
    if (object.contains("record_root")) {
        GZ_TRY(header.record_root, digest_at(object, "record_root"));
    }
    if (!object.contains("body"))
        return fail_field(ErrorCode::malformed, "body", "a message header describes its body");
    const Json& body = object["body"];
    GZ_CHECKED(check_members(body, {"digest", "length", "media"}, "body"));
    GZ_TRY(header.body.digest, digest_at(body, "digest"));
    GZ_TRY(header.body.length, count_at(body, "length"));
    GZ_TRY(header.body.media, json_text(body, "media"));
    return header;
}

Bytes NodeStatement::bytes() const {
    Json out = {{"kind", kind}, {"received_time", format_utc(received_time)}, {"auth", auth}};
    if (pack) out["pack"] = {{"id", pack->id}, {"version", pack->version}, {"digest", digest_json(pack->digest)}};
    if (record_count) out["record_count"] = *record_count;
    if (record_root) out["record_root"] = digest_json(*record_root);
    if (verdicts_digest) out["verdicts_digest"] = digest_json(*verdicts_digest);
    if (!trace.is_null()) out["trace"] = trace;
    return canonical_json(out);
}

Result<NodeStatement> NodeStatement::parse(BytesView bytes) {
    GZ_TRY(const Json object, parse_json(bytes, {kStatementBytesMax, kJsonDepthMax}));
    GZ_CHECKED(check_members(
        object, {"kind", "received_time", "auth", "pack", "record_count", "record_root", "verdicts_digest", "trace"},
        "a node statement"));
    NodeStatement statement;
    GZ_TRY(statement.kind, json_text(object, "kind"));
    GZ_TRY(statement.received_time, time_at(object, "received_time"));
    GZ_TRY(statement.auth, json_text(object, "auth"));
    if (object.contains("pack")) {
        const Json& pack = object["pack"];
        GZ_CHECKED(check_members(pack, {"id", "version", "digest"}, "pack"));
        statement.pack.emplace();
        GZ_TRY(statement.pack->id, json_text(pack, "id"));
        GZ_TRY(statement.pack->version, json_text(pack, "version"));
        GZ_TRY(statement.pack->digest, digest_at(pack, "digest"));
    }
    if (object.contains("record_count")) {
        GZ_TRY(statement.record_count, count_at(object, "record_count"));
    }
    if (object.contains("record_root")) {
        GZ_TRY(statement.record_root, digest_at(object, "record_root"));
    }
    if (object.contains("verdicts_digest")) {
        GZ_TRY(statement.verdicts_digest, digest_at(object, "verdicts_digest"));
    }
    if (object.contains("trace")) {
        if (!object["trace"].is_object()) return fail_field(ErrorCode::malformed, "trace", "a trace is a JSON object");
        statement.trace = object["trace"];
    }
    return statement;
}

Status check_base(const Envelope& envelope, const MessageHeader& header) {
    GZ_TRY(const std::string_view message, base_value(envelope.base, "gongzhi-message"));
    if (message != fmt::format(":{}:", to_base64(envelope.header)))
        return fail(ErrorCode::signature_invalid, "the signature covers another message header");
    GZ_TRY(const std::string_view digest, base_value(envelope.base, "content-digest"));
    if (digest != fmt::format("sha-256=:{}:", to_base64(header.body.digest.view())))
        return fail(ErrorCode::signature_invalid, "the signature covers another body than the header names");
    return {};
}

Status verify_envelope(const Envelope& envelope, const crypto::SignatureSuite& suite, const crypto::PublicKey& sender) {
    if (!envelope.is_signed()) return fail(ErrorCode::signature_invalid, "the message was not signed by its sender");
    GZ_TRY(const MessageHeader header, MessageHeader::parse(envelope.header));
    GZ_CHECKED(check_base(envelope, header));
    if (!suite.verify(sender, envelope.base, envelope.signature))
        return fail(ErrorCode::signature_invalid, "the sender's signature of the message does not verify");
    return {};
}

}  // namespace gongzhi::ledger
