// C2SP tlog-proof: a receipt as a text file. The same layout with another first line carries our accepted receipts.
//
// parse(format(x)) = x and format(parse(t)) = t: there is one text for each value. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace gongzhi::merkle {

constexpr std::string_view kProofFileHeader = "c2sp.org/tlog-proof@v1";
constexpr size_t kProofFileBytesMax = 4u << 20;
constexpr size_t kProofHashesMax = 63;

struct ProofFile {
    std::string header{kProofFileHeader};
    std::optional<Bytes> extra;  // decoded
    EntryIndex index;
    std::vector<Digest> path;
    std::string note;  // verbatim
    std::string format() const;
    static Result<ProofFile> parse(std::string_view text, std::string_view expected_header = kProofFileHeader);
};

}  // namespace gongzhi::merkle
