#include "merkle/proof_file.h"

#include "base/bytes.h"
#include "merkle/text.h"

namespace gongzhi::merkle {

std::string ProofFile::format() const {
    std::string text = header + "\n";
    if (extra) text += fmt::format("extra {}\n", to_base64(*extra));
    text += fmt::format("index {}\n", index.value);
    for (const Digest& hash : path) text += to_base64(hash.view()) + "\n";
    return text + "\n" + note;
}

Result<ProofFile> ProofFile::parse(std::string_view text, std::string_view expected_header) {
    if (text.size() > kProofFileBytesMax)
        return fail(ErrorCode::too_large, "a receipt is larger than {} bytes", kProofFileBytesMax);
    std::string_view rest = text;
    auto line = take_line(rest);
    if (!line || *line != expected_header)
        return fail(ErrorCode::malformed, "the text does not begin with \"{}\"", expected_header);
    ProofFile file;
    file.header = expected_header;
    line = take_line(rest);
    if (line && line->starts_with("extra ")) {
        GZ_TRY(Bytes extra, from_base64(line->substr(6)));
        file.extra = std::move(extra);
        line = take_line(rest);
    }
    if (!line || !line->starts_with("index ")) return fail(ErrorCode::malformed, "a receipt has no index line");
    GZ_TRY(const uint64_t index, parse_decimal(line->substr(6)));
    file.index = EntryIndex(index);
    for (line = take_line(rest); line && !line->empty(); line = take_line(rest)) {
        if (file.path.size() == kProofHashesMax)
            return fail(ErrorCode::malformed, "a receipt has more than {} hashes", kProofHashesMax);
        GZ_TRY(const Digest hash, parse_hash(*line));
        file.path.push_back(hash);
    }
    if (!line) return fail(ErrorCode::malformed, "a receipt ends before its signed note");
    file.note = rest;
    return file;
}

}  // namespace gongzhi::merkle
