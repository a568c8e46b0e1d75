// A request or order as both sides show it: its address, what it is about, what its messages say.
#pragma once

#include "web/pieces.h"

namespace gongzhi::web {

std::string request_link(const std::string& id);
// Back to it, saying done_<done>.
std::string request_done_link(const std::string& id, std::string_view done);
// Shop and listing; of a request by category its region.
std::string request_about(const Visit& visit, const Json& row);

// What is asked or ordered, so that two of one kind can be told apart: measures, shop and listing.
std::string request_what(const Visit& visit, const Json& row);

// What a message says; null once its days are over.
Result<Json> message_body(const Visit& visit, EntryIndex entry);
// What the first message of this type in reply to another says, with its own id as "message_id"; null where there is none
// or its days are over. `direction` is sent or received.
Result<Json> reply_body(const Visit& visit, const std::string& direction, const std::string& type,
                        const std::string& in_reply_to);

}  // namespace gongzhi::web
