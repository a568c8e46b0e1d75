// What the pages of a platform's desk share: requests and orders that came in, what went onward and to whom, receipts.
#pragma once

#include "web/due_time.h"
#include "web/pieces.h"
#include "web/request_pieces.h"
#include "web/sheet.h"

namespace gongzhi::web {

// A request for information or an order to act, as it came in.
struct Incoming {
    Json row;  // of the table `request`
    std::string id;
    const pack::OrderType* type = nullptr;  // nullptr: the pack does not know it

    bool is_order() const;
    bool waits() const;  // for our answer
};
// The one that the address names by {id}; `not_found` for what did not come in here.
Result<Incoming> incoming_of_address(const Visit& visit);

std::string incoming_name(const Visit& visit, const Json& row);
// What we answered, with its receipt; or that nothing was answered.
Result<SheetSection> our_answer(const Visit& visit, const Incoming& incoming);

// What this node itself thinks of it: the sentences of the gate that binds the authority, and of the period given.
Result<std::vector<std::string>> doubts_about(const Visit& visit, const Incoming& incoming);
// Fields of the request that the gate has no objection to.
Result<std::vector<std::string>> lawful_fields(const Visit& visit, const casework::InformationRequest& request);

std::vector<exchange::PartyDescriptor> authorities(const Visit& visit);
// A choice between authorities where there are several, else the only one, unseen.
void ask_authority(const Visit& visit, FormView& form);
// The authority that the form names; an error of the form where it names none.
PartyId authority_in(const Visit& visit, Filled& filled);
// The entry of the message by which a submission of ours went to that party, if it did.
Result<std::optional<EntryIndex>> onward_entry(const Visit& visit, int64_t submission, const PartyId& to);

std::string receipt_link(const std::string& message_id);

}  // namespace gongzhi::web
