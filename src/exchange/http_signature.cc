#include "exchange/http_signature.h"

#include <charconv>
#include <map>

#include "base/bytes.h"
#include "crypto/digest.h"

namespace gongzhi::exchange {
namespace {

constexpr std::string_view kLabel = "gz";
constexpr size_t kFieldBytesMax = 40u << 10;

std::string covered_list(bool with_message) {
    std::string list = R"(("@method" "@target-uri" "content-type" "content-digest")";
    if (with_message) list += R"( "gongzhi-message")";
    return list + ")";
}

std::string signature_base(const SignedParts& parts, const std::string& content_digest, const std::string& message,
                           const std::string& params) {
    std::string base =
        fmt::format("\"@method\": {}\n\"@target-uri\": {}\n\"content-type\": {}\n\"content-digest\": {}\n",
                    parts.method, parts.target_uri, parts.content_type, content_digest);
    if (!message.empty()) base += fmt::format("\"gongzhi-message\": {}\n", message);
    return base + fmt::format("\"@signature-params\": {}", params);
}

std::string byte_sequence(BytesView bytes) { return fmt::format(":{}:", to_base64(bytes)); }

Result<Bytes> read_byte_sequence(std::string_view text, const char* field) {
    if (text.size() < 2 || text.front() != ':' || text.back() != ':')
        return fail(ErrorCode::malformed, "{} is not a byte sequence", field);
    return from_base64(text.substr(1, text.size() - 2));
}

// The parameters behind the covered list: ;name=123 and ;name="text", each once, nothing else.
class Parameters {
public:
    static Result<Parameters> parse(std::string_view text) {
        Parameters parameters;
        while (!text.empty()) {
            if (text.front() != ';') return fail(ErrorCode::malformed, "Signature-Input: a parameter is expected");
            text.remove_prefix(1);
            const size_t equals = text.find('=');
            if (equals == std::string_view::npos)
                return fail(ErrorCode::malformed, "Signature-Input: a parameter without a value");
            const std::string name(text.substr(0, equals));
            text.remove_prefix(equals + 1);
            size_t end = std::min(text.find(';'), text.size());
            if (text.starts_with('"')) {
                const size_t close = text.find('"', 1);
                if (close == std::string_view::npos || text.substr(1, close - 1).find('\\') != std::string_view::npos)
                    return fail(ErrorCode::malformed, "Signature-Input: a text that does not end or has escapes");
                end = close + 1;
            }
            if (!parameters.values_.emplace(name, std::string(text.substr(0, end))).second)
                return fail(ErrorCode::malformed, "Signature-Input: a parameter stands twice");
            text.remove_prefix(end);
        }
        return parameters;
    }

    Result<std::string> text(const std::string& name) const {
        const auto found = values_.find(name);
        if (found == values_.end() || found->second.size() < 3 || found->second.front() != '"')
            return fail(ErrorCode::malformed, "Signature-Input: {} is missing", name);
        return found->second.substr(1, found->second.size() - 2);
    }

    Result<int64_t> number(const std::string& name) const {
        const auto found = values_.find(name);
        int64_t value = 0;
        if (found == values_.end()) return fail(ErrorCode::malformed, "Signature-Input: {} is missing", name);
        const std::string& digits = found->second;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (error != std::errc() || end != digits.data() + digits.size() || value < 0 || value > 100'000'000'000)
            return fail(ErrorCode::malformed, "Signature-Input: {} is not a time", name);
        return value;
    }

private:
    std::map<std::string, std::string> values_;
};

Status check_clock(const SignatureClaim& claim, UtcTime now) {
    const int64_t skew = kClockSkewSeconds * kMicrosPerSecond;
    if (claim.expires < claim.created ||
        claim.expires.value - claim.created.value > kSignatureLifeSeconds * kMicrosPerSecond)
        return fail(ErrorCode::signature_invalid, "the signature lives longer than {} seconds", kSignatureLifeSeconds);
    if (claim.created.value > now.value + skew)
        return fail(ErrorCode::signature_invalid, "the signature was made in the future: compare the clocks ({})",
                    format_utc(now));
    if (claim.expires.value + skew < now.value)
        return fail(ErrorCode::signature_invalid, "the signature has expired: compare the clocks ({})",
                    format_utc(now));
    return {};
}

}  // namespace

std::string content_digest_of(const Digest& digest) { return "sha-256=" + byte_sequence(digest.view()); }

SignatureFields sign_request(const SignedParts& parts, const crypto::KeyPair& key, const SigningOptions& options) {
    SignatureFields fields;
    fields.content_digest = content_digest_of(parts.body_digest);
    if (!parts.message.empty()) fields.message = byte_sequence(parts.message);
    const int64_t created = options.created.value / kMicrosPerSecond;
    const std::string params =
        fmt::format("{};created={};expires={};nonce=\"{}\";keyid=\"{}\";alg=\"{}\";tag=\"{}\"",
                    covered_list(!parts.message.empty()), created, created + kSignatureLifeSeconds,
                    to_base64url(options.nonce), options.key_id, key.suite().name(), kSignatureTag);
    fields.base = signature_base(parts, fields.content_digest, fields.message, params);
    fields.raw_signature = key.sign(fields.base).value;
    fields.signature_input = fmt::format("{}={}", kLabel, params);
    fields.signature = fmt::format("{}={}", kLabel, byte_sequence(fields.raw_signature));
    return fields;
}

Result<SignatureClaim> read_signature(const ReceivedRequest& request, BytesView body, UtcTime now) {
    for (const std::string* field :
         {&request.content_type, &request.content_digest, &request.signature_input, &request.signature})
        if (field->empty() || field->size() > kFieldBytesMax)
            return fail(ErrorCode::malformed,
                        "a signed request needs Content-Type, Content-Digest, Signature-Input and Signature");
    if (request.needs_message == request.gongzhi_message.empty())
        return fail(ErrorCode::malformed, "the field Gongzhi-Message is missing or out of place");
    const std::string prefix = fmt::format("{}=", kLabel), covered = covered_list(request.needs_message);
    const std::string_view input = request.signature_input, signature = request.signature;
    if (!input.starts_with(prefix) || !signature.starts_with(prefix))
        return fail(ErrorCode::malformed, "exactly one signature, labelled {}, is expected", kLabel);
    const std::string_view params = input.substr(prefix.size());
    if (!params.starts_with(covered))
        return fail(ErrorCode::signature_invalid, "the signature does not cover what it must: {}", covered);

    GZ_TRY(const Parameters parameters, Parameters::parse(params.substr(covered.size())));
    SignatureClaim claim;
    GZ_TRY(claim.key_id, parameters.text("keyid"));
    GZ_TRY(claim.nonce, parameters.text("nonce"));
    GZ_TRY(const std::string tag, parameters.text("tag"));
    if (tag != kSignatureTag) return fail(ErrorCode::signature_invalid, "a signature for another purpose");
    if (claim.nonce.size() > 64) return fail(ErrorCode::malformed, "a nonce of more than 64 characters");
    GZ_TRY(const int64_t created, parameters.number("created"));
    GZ_TRY(const int64_t expires, parameters.number("expires"));
    claim.created = UtcTime(created * kMicrosPerSecond);
    claim.expires = UtcTime(expires * kMicrosPerSecond);
    GZ_CHECKED(check_clock(claim, now));

    const Digest digest = crypto::sha256(body);
    if (request.content_digest != content_digest_of(digest))
        return fail(ErrorCode::signature_invalid, "the body is not the one that was signed");
    if (request.needs_message) {
        GZ_TRY(claim.message, read_byte_sequence(request.gongzhi_message, "Gongzhi-Message"));
    }
    GZ_TRY(claim.raw_signature, read_byte_sequence(signature.substr(prefix.size()), "Signature"));
    const SignedParts parts{request.method, request.target_uri, request.content_type, digest, claim.message};
    claim.base = signature_base(parts, request.content_digest, request.gongzhi_message, std::string(params));
    return claim;
}

Status verify_signature(const SignatureClaim& claim, const crypto::SignatureSuite& suite,
                        const crypto::PublicKey& key) {
    if (suite.verify(key, claim.base, claim.raw_signature)) return {};
    return fail(ErrorCode::signature_invalid, "the signature is not that of the key {}", claim.key_id);
}

}  // namespace gongzhi::exchange
