#include "service/identity_check.h"

#include <algorithm>

#include "crypto/digest.h"

namespace gongzhi::service {
namespace {

constexpr size_t kTextBytesMax = 400;

std::string without_spaces(std::string text) {
    std::erase_if(text, [](char c) { return c == ' ' || c == '\t'; });
    return text;
}

Result<std::vector<IdentityItem>> items_of(const Json& body) {
    if (!body.is_object() || !body.contains("items") || !body["items"].is_array() || body["items"].empty())
        return fail_field(ErrorCode::malformed, "items", "a list of traders is expected");
    if (body["items"].size() > kCheckItemsMax)
        return fail_field(ErrorCode::too_large, "items", fmt::format("at most {} traders at a time", kCheckItemsMax));
    std::vector<IdentityItem> items;
    for (const Json& each : body["items"]) {
        IdentityItem item;
        GZ_TRY(item.credit_code, json_text(each, "credit_code"));
        GZ_TRY(item.name, json_text(each, "name"));
        if (item.credit_code.size() > kTextBytesMax || item.name.size() > kTextBytesMax)
            return fail_field(ErrorCode::too_large, "items", "a code or a name is too long");
        items.push_back(std::move(item));
    }
    return items;
}

Json json_of(const std::vector<IdentityItem>& items) {
    Json list = Json::array();
    for (const IdentityItem& item : items) list.push_back({{"credit_code", item.credit_code}, {"name", item.name}});
    return {{"items", list}};
}

}  // namespace

std::string_view identity_verdict_name(IdentityVerdict verdict) {
    constexpr std::string_view names[] = {"valid", "unknown", "revoked", "name_differs"};
    return names[static_cast<size_t>(verdict)];
}

Result<IdentityVerdict> check_identity(const IdentityItem& item, sql::Connection& records) {
    GZ_TRY(const sql::Table rows,
           records.query("SELECT name, status FROM registry WHERE credit_code = $1", {item.credit_code}));
    if (rows.rows.empty()) return IdentityVerdict::unknown;
    if (sql::text_of(rows.rows[0][1]) != "valid") return IdentityVerdict::revoked;
    const bool same = without_spaces(sql::text_of(rows.rows[0][0])) == without_spaces(item.name);
    return same ? IdentityVerdict::valid : IdentityVerdict::name_differs;
}

Result<ledger::SentMessage> Checks::ask(const access::Actor& actor, const PartyId& to,
                                        const std::vector<IdentityItem>& items) {
    GZ_CHECKED(access::may(actor, access::Action::check_traders));
    const Json body = json_of(items);
    GZ_CHECKED(items_of(body).map([](const auto&) {}));
    ledger::OutgoingMessage message;
    message.actor = actor.name;
    message.to = to;
    message.type = "check";
    message.body = canonical_json(body);
    return sender_.send(std::move(message));
}

Status Checks::answer(const access::Actor& actor, const ledger::Entry& received, sql::Connection& records) {
    GZ_CHECKED(access::may(actor, access::Action::answer_check));
    GZ_TRY(const ledger::Envelope envelope, received.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    GZ_TRY(const Bytes bytes, ledger_.read_blob(received, ledger::Part::message_body, 0));
    GZ_TRY(const Json body, parse_json(bytes));
    GZ_TRY(const std::vector<IdentityItem> items, items_of(body));
    Json results = Json::array();
    for (const IdentityItem& item : items) {
        GZ_TRY(const IdentityVerdict verdict, check_identity(item, records));
        results.push_back({{"credit_code", item.credit_code}, {"verdict", identity_verdict_name(verdict)}});
    }
    ledger::OutgoingMessage message;
    message.to = header.from;
    message.type = "check_answer";
    message.in_reply_to = ledger::MessageHeader::InReplyTo{header.id, crypto::sha256(envelope.header)};
    message.body =
        canonical_json({{"check", header.id.value}, {"as_of", format_utc(clock_.now())}, {"results", results}});
    message.claims = {claims_.refuse("check_answered", {header.id.value})};
    const auto sent = sender_.send(std::move(message));
    if (!sent && sent.error().code != ErrorCode::conflict) return tl::unexpected(sent.error());
    return {};
}

Result<Json> Checks::answer_to(const std::string& check_id) const {
    const journal::ClaimBytes key = claims_.key("check_answer", {check_id});
    GZ_TRY(const auto holder, ledger_.journal().find_claims(std::span(&key, 1)));
    if (!holder[0]) return fail(ErrorCode::unavailable, "the answer is not here yet");
    GZ_TRY(const ledger::Entry entry, ledger_.read(holder[0]->index));
    GZ_TRY(const Bytes bytes, ledger_.read_blob(entry, ledger::Part::message_body, 0));
    GZ_TRY(Json answer, parse_json(bytes));
    answer["entry"] = entry.index.value;
    return answer;
}

}  // namespace gongzhi::service
