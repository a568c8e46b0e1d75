#include "journal/head_file.h"

#include "base/bytes.h"
#include "base/file.h"
#include "crypto/digest.h"
#include "merkle/text.h"

namespace gongzhi::journal {
namespace {

constexpr std::string_view kFirstLine = "gongzhi-head 1";
constexpr size_t kHeadFileBytesMax = 2u << 20;

// Lines: first line, size, root, SHA-256 of what follows; then the note.
Result<SignedHead> parse_head(std::string_view text) {
    std::string_view rest = text;
    const auto first = merkle::take_line(rest), size = merkle::take_line(rest), root = merkle::take_line(rest);
    const auto check = merkle::take_line(rest);
    if (!first || *first != kFirstLine || !check) return fail(ErrorCode::corrupt, "the file head is damaged");
    GZ_TRY(const uint64_t number, merkle::parse_decimal(*size));
    GZ_TRY(const Digest digest, merkle::parse_hash(*root));
    GZ_TRY(const Digest of_note, merkle::parse_hash(*check));
    if (crypto::sha256(rest) != of_note) return fail(ErrorCode::corrupt, "the file head is damaged");
    return SignedHead{TreeSize(number), digest, Bytes(rest)};
}

}  // namespace

Result<std::optional<SignedHead>> read_head_file(const std::filesystem::path& file) {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) return std::optional<SignedHead>();
    GZ_TRY(const Bytes text, read_file(file, kHeadFileBytesMax));
    auto head = parse_head(text);
    if (!head)
        return fail(ErrorCode::corrupt,
                    "文件 head 已损坏。 The file head, which holds the last signed tree head, is damaged.");
    return std::optional<SignedHead>(*std::move(head));
}

Status write_head_file(const std::filesystem::path& file, const SignedHead& head) {
    return write_file_atomic(file,
                             fmt::format("{}\n{}\n{}\n{}\n{}", kFirstLine, head.size.value, to_base64(head.root.view()),
                                         to_base64(crypto::sha256(head.note).view()), head.note));
}

}  // namespace gongzhi::journal
