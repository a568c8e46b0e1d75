#include "exchange/moving.h"

namespace gongzhi::exchange {
namespace {

Bytes announced_key(const PartyId& to) { return "announced/" + to.value; }

}  // namespace

journal::LocalWrite address_known(const Self& self, const PartyId& to) {
    return {announced_key(to), self.descriptor.url};
}

Status announce_address(const Self& self, const Peers& peers, ledger::Ledger& ledger, ledger::Sender& sender) {
    const std::string& url = self.descriptor.url;
    for (const PartyDescriptor& peer : peers.all()) {
        const Bytes key = announced_key(peer.party);
        GZ_TRY(const std::optional<Bytes> announced, ledger.journal().read_local(key));
        if (announced != url) {
            ledger::OutgoingMessage message;
            message.to = peer.party;
            message.type = "moved";
            message.body = canonical_json({{"url", url}});
            GZ_CHECKED(sender.send(std::move(message)).map([](const auto&) {}));
        }
        if (announced != url) GZ_CHECKED(ledger.journal().write_local({address_known(self, peer.party)}));
    }
    return {};
}

Status take_in_move(const access::Actor& actor, const ledger::Entry& received, Peers& peers, ledger::Ledger& ledger,
                    const ledger::ClaimKeys& claims, const Clock& clock) {
    GZ_CHECKED(access::may(actor, access::Action::take_in_message));
    GZ_TRY(const ledger::Envelope envelope, received.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    GZ_TRY(const Bytes body, ledger.read_blob(received, ledger::Part::message_body, 0));
    GZ_TRY(const Json json, parse_json(body));
    const auto known = peers.find(header.from);
    if (!known) return fail(ErrorCode::not_found, "the party {} is not admitted here", header.from.value);
    PartyDescriptor moved = *known;
    GZ_TRY(moved.url, json_text(json, "url"));
    // The descriptor's own check: an address is scheme, host and port.
    GZ_TRY(moved, PartyDescriptor::from_json(moved.to_json()));
    ledger::Draft draft = ledger::trace_draft(
        std::string(kMovedKind), {{"party", moved.party.value}, {"url", moved.url}}, clock.now(), actor.name);
    draft.claims = {claims.repeatable("moved", {header.from.value, header.id.value}, moved.url)};
    draft.local = {Peers::write_of(moved)};
    const ledger::Outcome outcome = ledger.append(std::move(draft));
    if (!outcome) return tl::unexpected(outcome.error());
    peers.remember(moved);
    return {};
}

}  // namespace gongzhi::exchange
