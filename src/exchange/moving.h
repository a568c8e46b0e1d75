// A party that listens at another address tells the others: after a desk left its host, or a node got another machine.
// Keys, log and history stay the same; only the address changes. The message is signed like any other.
#pragma once

#include "access/access.h"
#include "exchange/outbox.h"

namespace gongzhi::exchange {

constexpr std::string_view kMovedKind = "party.moved";

// What an admission notes: this peer knows where we are.
journal::LocalWrite address_known(const Self& self, const PartyId& to);

// At the start: to each peer that does not know this address yet. Once for each address and peer.
Status announce_address(const Self& self, const Peers& peers, ledger::Ledger& ledger, ledger::Sender& sender);

// Reaction to a received "moved": from now on the party is spoken to there. The change is a trace.
Status take_in_move(const access::Actor& actor, const ledger::Entry& received, Peers& peers, ledger::Ledger& ledger,
                    const ledger::ClaimKeys& claims, const Clock& clock);

}  // namespace gongzhi::exchange
