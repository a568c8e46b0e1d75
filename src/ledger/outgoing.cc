#include "ledger/outgoing.h"

namespace gongzhi::ledger {
namespace {

journal::ClaimBytes first_16(const Digest& digest) {
    journal::ClaimBytes bytes;
    std::copy_n(digest.bytes.begin(), bytes.size(), bytes.begin());
    return bytes;
}

}  // namespace

journal::ClaimBytes ClaimKeys::key(std::string_view space, std::initializer_list<BytesView> parts) const {
    Bytes framed(space);
    framed.push_back('\n');
    for (BytesView part : parts) put_sized(framed, part);
    return first_16(hmac_.mac(framed));
}

journal::Claim ClaimKeys::refuse(std::string_view space, std::initializer_list<BytesView> parts) const {
    return {key(space, parts), {}, journal::Claim::OnTaken::refuse};
}

journal::Claim ClaimKeys::repeatable(std::string_view space, std::initializer_list<BytesView> parts,
                                     BytesView content) const {
    return {key(space, parts), first_16(hmac_.mac({"content\n", content})),
            journal::Claim::OnTaken::same_content_is_duplicate};
}

Draft trace_draft(std::string kind, Json trace, UtcTime now, std::string actor) {
    NodeStatement statement;
    statement.kind = kind;
    statement.received_time = now;
    statement.auth = std::move(actor);
    statement.trace = std::move(trace);
    Draft draft;
    draft.kind = std::move(kind);
    draft.statement = statement.bytes();
    return draft;
}

}  // namespace gongzhi::ledger
