#include "accountability/comments.h"

#include "pack/checks.h"

namespace gongzhi::accountability {
namespace {

constexpr size_t kIdBytesMax = 80;
constexpr std::string_view kIdCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-";

// Lines are kept apart by one newline; a browser sends two characters.
std::string with_newlines(std::string text) {
    std::erase(text, '\r');
    return text;
}

bool has_markup(std::string_view text) {
    for (size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
        const char next = at + 1 < text.size() ? text[at + 1] : ' ';
        if (next == '/' || next == '!' || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z')) return true;
    }
    return false;
}

// Newlines belong in a text of several lines; other control characters in none.
bool has_strange_character(std::string text) {
    std::erase(text, '\n');
    return pack::has_control_character(text);
}

Status check_words(const std::string& words) {
    const int64_t length = pack::utf8_length(words);
    if (length < 0 || has_strange_character(words))
        return fail_field(ErrorCode::rejected, "words", "plain text without control characters is expected");
    if (words.empty()) return fail_field(ErrorCode::rejected, "words", "a comment has words");
    if (length > static_cast<int64_t>(kCommentCharsMax))
        return fail_field(ErrorCode::too_large, "words", fmt::format("at most {} characters", kCommentCharsMax));
    if (has_markup(words)) return fail_field(ErrorCode::rejected, "markup", "plain words are expected, no HTML");
    return {};
}

}  // namespace

Json Comment::to_json() const { return {{"about_kind", about_kind}, {"about_id", about_id}, {"words", words}}; }

Result<Comment> Comment::from_json(const Json& json) {
    Comment comment;
    GZ_TRY(comment.about_kind, json_text(json, "about_kind"));
    GZ_TRY(comment.about_id, json_text(json, "about_id"));
    GZ_TRY(std::string words, json_text(json, "words"));
    comment.words = with_newlines(std::move(words));
    if (comment.about_kind != "metric" && comment.about_kind != "rule")
        return fail_field(ErrorCode::malformed, "about_kind", "metric or rule");
    if (comment.about_id.empty() || comment.about_id.size() > kIdBytesMax ||
        comment.about_id.find_first_not_of(kIdCharacters) != std::string::npos)
        return fail_field(ErrorCode::malformed, "about_id", "the name of a metric or rule of the pack");
    GZ_CHECKED(check_words(comment.words));
    return comment;
}

Result<ledger::SentMessage> Comments::say(const access::Actor& actor, const PartyId& to, const Comment& comment) {
    GZ_CHECKED(access::may(actor, access::Action::comment));
    GZ_TRY(const Comment checked, Comment::from_json(comment.to_json()));
    const std::string day = format_date(date_in_zone(clock_.now(), zone_minutes_));
    ledger::OutgoingMessage message;
    message.actor = actor.name;
    message.to = to;
    message.type = "comment";
    message.body = canonical_json(checked.to_json());
    // Each takes the day's next free number; who loses a race for one takes the one after it.
    for (int number = 1; number <= kCommentsADay; ++number) {
        const journal::Claim place = claims_.refuse("comment", {to.value, day, std::to_string(number)});
        GZ_TRY(const auto holder, ledger_.journal().find_claims(std::span(&place.key, 1)));
        if (holder[0]) continue;
        message.claims = {place};
        auto sent = sender_.send(message);
        if (sent || sent.error().code != ErrorCode::conflict) return sent;
    }
    return fail_field(ErrorCode::rejected, "day", fmt::format("at most {} comments a day", kCommentsADay));
}

Status Comments::take_in(const access::Actor& actor, const ledger::Entry& received) const {
    GZ_CHECKED(access::may(actor, access::Action::take_in_message));
    GZ_TRY(const Bytes bytes, ledger_.read_blob(received, ledger::Part::message_body, 0));
    GZ_TRY(const Json body, parse_json(bytes));
    return Comment::from_json(body).map([](const Comment&) {});
}

}  // namespace gongzhi::accountability
