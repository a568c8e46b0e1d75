#include "merkle/checkpoint.h"

#include "base/bytes.h"
#include "merkle/text.h"

namespace gongzhi::merkle {

std::string Checkpoint::text() const {
    return fmt::format("{}\n{}\n{}\n", origin, head.size.value, to_base64(head.root.view()));
}

Result<Checkpoint> Checkpoint::parse(std::string_view text) {
    std::string_view rest = text;
    const auto origin = take_line(rest), size = take_line(rest), root = take_line(rest);
    if (!origin || origin->empty() || !size || !root)
        return fail(ErrorCode::malformed, "a checkpoint needs origin, size and root");
    if (!rest.empty()) return fail(ErrorCode::malformed, "a checkpoint with extension lines is not accepted");
    GZ_TRY(const uint64_t number, parse_decimal(*size));
    GZ_TRY(const Digest digest, parse_hash(*root));
    return Checkpoint{std::string(*origin), {TreeSize(number), digest}};
}

}  // namespace gongzhi::merkle
