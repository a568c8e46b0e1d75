#include "intake/commitment.h"

namespace gongzhi::intake {

Status commit_records(const access::Actor& actor, const ledger::Entry& submission, const PartyId& to,
                      const ledger::Ledger& ledger, const ledger::ClaimKeys& claims, ledger::Sender& sender) {
    GZ_CHECKED(access::may(actor, access::Action::commit_records));
    GZ_TRY(const ledger::NodeStatement said, submission.statement());
    GZ_TRY(const std::string type, records::stored_type_name(ledger, submission));
    if (!said.record_root || !said.record_count) return fail(ErrorCode::corrupt, "a submission without a record root");
    ledger::OutgoingMessage message;
    message.to = to;
    message.type = "commitment";
    message.record_root = said.record_root;
    message.body = canonical_json({{"record_type", type},
                                   {"record_count", *said.record_count},
                                   {"record_root", to_base64(said.record_root->view())}});
    message.claims = {claims.refuse("committed", {to.value, std::to_string(submission.index.value)})};
    const auto sent = sender.send(std::move(message));
    // Taken: it went out before a restart.
    if (!sent && sent.error().code != ErrorCode::conflict) return tl::unexpected(sent.error());
    return {};
}

}  // namespace gongzhi::intake
