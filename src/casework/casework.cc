// What cases, requests and orders share: looking things up in the ledger, deadlines, refusals on record.
#include "casework/casework.h"

namespace gongzhi::casework {
namespace {

constexpr int64_t kEndOfDayMicros = kMicrosPerDay - kMicrosPerSecond;

}  // namespace

Casework::Casework(CaseworkOptions options, const pack::Pack& pack, ledger::Ledger& ledger,
                   const ledger::ClaimKeys& claims, ledger::Sender& sender, const access::Units& units,
                   const Clock& clock, Random& random)
    : options_(std::move(options)),
      pack_(pack),
      ledger_(ledger),
      claims_(claims),
      sender_(sender),
      units_(units),
      clock_(clock),
      random_(random) {}

Result<ledger::Entry> Casework::entry_of(std::string_view space, std::initializer_list<BytesView> parts) const {
    const journal::ClaimBytes key = claims_.key(space, parts);
    GZ_TRY(const auto holder, ledger_.journal().find_claims(std::span(&key, 1)));
    if (!holder[0]) return fail(ErrorCode::not_found, "there is nothing of this id here");
    return ledger_.read(holder[0]->index);
}

Result<Casework::Message> Casework::message_of(std::string_view space, std::initializer_list<BytesView> parts) const {
    Message message;
    GZ_TRY(message.entry, entry_of(space, parts));
    GZ_TRY(const ledger::Envelope envelope, message.entry.envelope());
    message.header_bytes = envelope.header;
    GZ_TRY(message.header, ledger::MessageHeader::parse(envelope.header));
    return message;
}

Result<Json> Casework::body_of(const ledger::Entry& entry) const {
    GZ_TRY(const Bytes body, ledger_.read_blob(entry, ledger::Part::message_body, 0));
    return parse_json(body);
}

// The last second of the last day, in the pack's zone.
Result<UtcTime> Casework::end_of_working_day(int working_days) const {
    const int zone = pack_.zone_offset_minutes();
    GZ_TRY(const CivilDate last, pack_.calendar().add_working_days(date_in_zone(clock_.now(), zone), working_days));
    return UtcTime(last.value * kMicrosPerDay + kEndOfDayMicros - zone * 60 * kMicrosPerSecond);
}

// The level at which somebody acts: that of their own unit, else that of the unit which has the case.
std::string Casework::level_of(const access::Actor& actor, const CaseThread& thread) const {
    if (const auto unit = units_.find(actor.unit)) return unit->level;
    if (const auto unit = units_.find(thread.unit)) return unit->level;
    return options_.unit_level;
}

Status Casework::record_blocked(const access::Actor& actor, const Json& request, const CaseThread& thread,
                                const std::vector<GateReason>& reasons) {
    Json list = Json::array();
    for (const GateReason& reason : reasons)
        list.push_back({{"code", reason.code}, {"zh", reason.zh}, {"en", reason.en}});
    const ledger::Outcome outcome =
        ledger_.append(ledger::trace_draft(std::string(kRequestBlocked),
                                           {{"request", request},
                                            {"reasons", list},
                                            {"unit", actor.unit.empty() ? thread.unit : actor.unit},
                                            {"region", thread.region}},
                                           clock_.now(), actor.name));
    if (!outcome) return tl::unexpected(outcome.error());
    return {};
}

}  // namespace gongzhi::casework
