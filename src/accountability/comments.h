// The right to comment: a platform says in its own words what it thinks of a figure about it, or of a rule. The message is
// signed and in both ledgers; the authority shows it beside the figure, whether it likes it or not.
//
// Plain text, at most kCommentCharsMax characters, at most kCommentsADay a day to one authority. Safe for concurrent use.
#pragma once

#include "access/access.h"
#include "ledger/outgoing.h"

namespace gongzhi::accountability {

constexpr size_t kCommentCharsMax = 4'000;
constexpr int kCommentsADay = 20;

struct Comment {
    std::string about_kind;  // metric or rule
    std::string about_id;    // as the pack calls it
    std::string words;

    Json to_json() const;
    // `malformed` where something is missing, `rejected` where the words are none: empty, too long, markup.
    static Result<Comment> from_json(const Json& json);
};

class Comments {
public:
    // `zone_minutes` decides when a day ends.
    Comments(ledger::Ledger& ledger, const ledger::ClaimKeys& claims, ledger::Sender& sender, const Clock& clock,
             int zone_minutes)
        : ledger_(ledger), claims_(claims), sender_(sender), clock_(clock), zone_minutes_(zone_minutes) {}

    // The platform says it. `rejected` with the field "day" once the day's number is used up.
    Result<ledger::SentMessage> say(const access::Actor& actor, const PartyId& to, const Comment& comment);
    // Reaction of the authority: what is no comment is recorded as a message that could not be acted on.
    Status take_in(const access::Actor& actor, const ledger::Entry& received) const;

private:
    ledger::Ledger& ledger_;
    const ledger::ClaimKeys& claims_;
    ledger::Sender& sender_;
    const Clock& clock_;
    int zone_minutes_;
};

}  // namespace gongzhi::accountability
