#include "supervision/rule_desk.h"

#include "base/bytes.h"
#include "crypto/digest.h"
#include "sql/json.h"

namespace gongzhi::supervision {
namespace {

constexpr size_t kOpenedMax = 64;
constexpr std::string_view kReceived = "received_rule_bundle";

std::string text_at(const sql::Table& table, size_t row, std::string_view column) {
    return sql::text_of(table.at(row, column));
}

// The record's place at an entry: its newest version that was there then.
Result<records::RecordPlace> place_of(sql::Connection& records, const std::string& type, const std::string& party,
                                      const std::string& record_id, EntryIndex as_of) {
    const auto n = static_cast<int64_t>(as_of.value);
    GZ_TRY(const sql::Table table,
           records.query(
               fmt::format("SELECT entry_from, record_no FROM store.{} WHERE record_id = $1 AND entry_from <= $2 AND "
                           "(entry_to IS NULL OR entry_to > $2) AND party = $3",
                           type),
               {record_id, n, party}));
    if (table.rows.size() != 1)
        return fail(ErrorCode::corrupt, "the rule names {} records of one id", table.rows.size());
    return records::RecordPlace{EntryIndex(static_cast<uint64_t>(sql::integer_of(table.rows[0][0]))),
                                static_cast<uint64_t>(sql::integer_of(table.rows[0][1]))};
}

}  // namespace

RuleDesk::RuleDesk(const pack::Pack& pack, ledger::Ledger& ledger, const ledger::ClaimKeys& claims,
                   ledger::Sender& sender, const Clock& clock)
    : pack_(pack), ledger_(ledger), claims_(claims), sender_(sender), clock_(clock) {}

Result<RuleVersion> RuleDesk::rule(const std::string& rule_id) const {
    const bool plain =
        !rule_id.empty() && rule_id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
    if (!plain || !std::filesystem::is_directory(pack_.folder() / "rules" / rule_id))
        return fail(ErrorCode::not_found, "the pack has no rule of this name");
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = compiled_.find(rule_id); found != compiled_.end()) return found->second;
    }
    GZ_TRY(const RuleSource source, read_rule_folder(pack_.folder() / "rules" / rule_id));
    GZ_TRY(Linter linter, Linter::make(catalogue_of(pack_.records())));
    GZ_TRY(RuleVersion version, compile_rule(source, pack_.records(), linter));
    const std::lock_guard lock(mutex_);
    return compiled_.emplace(rule_id, std::move(version)).first->second;
}

Result<pack::Wording> RuleDesk::title(const std::string& rule_id) const {
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = compiled_.find(rule_id); found != compiled_.end()) return found->second.title;
    }
    return rule(rule_id).map([](const RuleVersion& version) { return version.title; });
}

Result<std::vector<std::string>> RuleDesk::rule_ids() const {
    std::vector<std::string> ids;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(pack_.folder() / "rules", error))
        if (entry.is_directory()) ids.push_back(entry.path().filename().string());
    if (error) return fail(ErrorCode::io, "the pack's rules cannot be listed: {}", error.message());
    std::sort(ids.begin(), ids.end());
    return ids;
}

Result<ledger::SentMessage> RuleDesk::send_rule(const access::Actor& actor, const PartyId& to,
                                                const std::string& rule_id) {
    GZ_CHECKED(access::may(actor, access::Action::send_rule));
    GZ_TRY(const RuleVersion version, rule(rule_id));
    ledger::OutgoingMessage message;
    message.actor = actor.name;
    message.to = to;
    message.type = "rule_bundle";
    message.basis = version.basis.empty() ? "" : version.basis[0].law + version.basis[0].article;
    message.body = version.bundle;
    const CivilDate today = date_in_zone(clock_.now(), pack_.zone_offset_minutes());
    message.claims = {claims_.refuse("rule_sent", {to.value, version.digest.view(), format_date(today)})};
    return sender_.send(std::move(message));
}

Result<RuleVersion> RuleDesk::compile_bundle(const ledger::Entry& entry) const {
    GZ_TRY(const Bytes bundle, ledger_.read_blob(entry, ledger::Part::message_body, 0));
    return compile(bundle);
}

Result<RuleVersion> RuleDesk::compile(const Bytes& bundle) const {
    const Digest digest = crypto::sha256(bundle);
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = opened_.find(digest); found != opened_.end()) return found->second;
    }
    GZ_TRY(const RuleSource source, open_bundle(bundle, "bundle"));
    GZ_TRY(Linter linter, Linter::make(catalogue_of(pack_.records())));
    GZ_TRY(RuleVersion version, compile_rule(source, pack_.records(), linter));
    if (version.digest != digest) return fail(ErrorCode::rejected, "the bundle is not in its canonical form");
    const std::lock_guard lock(mutex_);
    if (opened_.size() >= kOpenedMax) opened_.clear();
    return opened_.emplace(digest, std::move(version)).first->second;
}

Result<ledger::Entry> RuleDesk::entry_of(std::string_view claim, const std::string& message_id) const {
    const journal::ClaimBytes key = claims_.key(claim, {message_id});
    GZ_TRY(const auto holder, ledger_.journal().find_claims(std::span(&key, 1)));
    if (!holder[0]) return fail(ErrorCode::not_found, "no rule went with this message");
    GZ_TRY(ledger::Entry entry, ledger_.read(holder[0]->index));
    if (!entry.kind.ends_with(".rule_bundle")) return fail(ErrorCode::not_found, "this message is of no rule");
    return entry;
}

Result<Bytes> RuleDesk::bundle(const std::string& message_id) const {
    auto entry = entry_of(kReceived, message_id);
    if (!entry) entry = entry_of("sent", message_id);
    if (!entry) return tl::unexpected(entry.error());
    return ledger_.read_blob(*entry, ledger::Part::message_body, 0);
}

Result<RuleVersion> RuleDesk::received_rule(const std::string& message_id) const {
    GZ_TRY(const ledger::Entry entry, entry_of(kReceived, message_id));
    return compile_bundle(entry);
}

Result<std::vector<Finding>> RuleDesk::findings_of(const RuleVersion& rule, const RuleRun& run, EntryIndex as_of,
                                                   sql::Connection& records) const {
    std::vector<Finding> findings;
    records::EvidenceMaker maker(ledger_);
    for (size_t row = 0; row < run.result.rows.size(); ++row) {
        Finding finding;
        finding.party = text_at(run.result, row, "party");
        finding.subject = text_at(run.result, row, "subject");
        if (rule.by_shop) finding.shop = text_at(run.result, row, "shop");
        finding.verdict = text_at(run.result, row, "verdict");
        finding.explanation = explain(rule.explanation, run.result, row);
        finding.columns = Json::object();
        for (const CatalogueColumn& column : rule.columns)
            finding.columns[column.name] = sql::to_json(run.result.at(row, column.name));
        for (const EvidenceColumn& column : rule.evidence) {
            const sql::Value& reference = run.result.at(row, column.column);
            if (sql::is_null(reference)) continue;
            const std::string& record_id = sql::text_of(reference);
            GZ_TRY(const records::RecordPlace place,
                   place_of(records, column.record_type, finding.party, record_id, as_of));
            GZ_TRY(records::Evidence evidence, maker.make(*pack_.record_type(column.record_type), record_id, place));
            finding.evidence.push_back(std::move(evidence));
        }
        findings.push_back(std::move(finding));
    }
    return findings;
}

Result<RuleDesk::Reported> RuleDesk::accept_rule(const access::Actor& actor, const std::string& message_id,
                                                 EntryIndex as_of, sql::Connection& records) {
    GZ_CHECKED(access::may(actor, access::Action::accept_rule));
    GZ_TRY(const ledger::Entry entry, entry_of(kReceived, message_id));
    GZ_TRY(const RuleVersion version, compile_bundle(entry));
    GZ_TRY(const ledger::Envelope envelope, entry.envelope());
    GZ_TRY(const ledger::MessageHeader header, ledger::MessageHeader::parse(envelope.header));
    GZ_TRY(const RuleRun run, run_rule(records, catalogue_of(pack_.records()), version, {}, as_of));

    FindingsReport report{version.id, version.version, version.digest, message_id, as_of.value, run.result_digest, {}};
    GZ_TRY(report.findings, findings_of(version, run, as_of, records));
    for (Finding& finding : report.findings) finding.id = finding_id(header.to, version.id, finding);

    ledger::Draft trace = ledger::trace_draft(std::string(kRuleRun),
                                              {{"rule", version.id},
                                               {"rule_digest", to_base64(version.digest.view())},
                                               {"bundle", message_id},
                                               {"as_of", as_of.value},
                                               {"pack_digest", to_base64(pack_.digest().view())},
                                               {"result_digest", to_base64(run.result_digest.view())},
                                               {"findings", report.findings.size()}},
                                              clock_.now(), actor.name);
    const ledger::Outcome traced = ledger_.append(std::move(trace));
    if (!traced) return tl::unexpected(traced.error());

    ledger::OutgoingMessage message;
    message.actor = actor.name;
    message.to = header.from;
    message.type = "findings";
    message.in_reply_to = ledger::MessageHeader::InReplyTo{header.id, crypto::sha256(envelope.header)};
    message.body = canonical_json(report.to_json());
    // The claim is the message's: a crash between trace and report leaves the bundle free to be run again.
    message.claims = {claims_.refuse("thread", {message_id, "2"})};
    GZ_TRY(const ledger::SentMessage sent, sender_.send(std::move(message)));
    return Reported{sent, report.findings.size(), run.micros};
}

}  // namespace gongzhi::supervision
