// Verify a receipt: by this server for everybody, and beside it by a script in the visitor's own browser where it can.
#include "ledger/strict_signatures.h"
#include "web/assets.h"
#include "web/pieces.h"
#include "web/portal_pages.h"
#include "web/session.h"

namespace gongzhi::web {
namespace {

constexpr size_t kReceiptFormBytesMax = 512u << 10;

// A receipt that holds, and whose log it is from.
struct Verified {
    ledger::Receipt receipt;
    exchange::PartyDescriptor log;
};

std::string name_of(Language language, const exchange::PartyDescriptor& party) {
    return language == Language::zh ? party.name_zh : party.name_en;
}

// In one sentence: who stored or sent what and when.
std::string what_it_says(node::Node& node, Language language, const Verified& verified) {
    const ledger::NodeStatement& statement = verified.receipt.statement;
    const auto& header = verified.receipt.header;
    const std::string kind = coded(language, "kind_", statement.kind);
    const std::string time = time_text(language, statement.received_time, node.pack().zone_offset_minutes());
    if (!header)
        return text(language, "verify_says_trace",
                    {{"who", name_of(language, verified.log)}, {"time", time}, {"kind", kind}});
    TextValues values = {{"from", party_name(node, language, header->from.value)},
                         {"to", party_name(node, language, header->to.value)},
                         {"time", time},
                         {"kind", kind}};
    if (!statement.record_count) return text(language, "verify_says_message", values);
    values.emplace_back("count", std::to_string(*statement.record_count));
    return text(language, header->from == header->to ? "verify_says_stored" : "verify_says_submitted", values);
}

Json receipt_rows(node::Node& node, Language language, const Verified& verified) {
    const ledger::Receipt& receipt = verified.receipt;
    Json rows = Json::array();
    const auto row = [&](const char* label, std::string value) {
        rows.push_back({{"key", text(language, label)}, {"value", std::move(value)}});
    };
    std::string cosigners;
    for (const auto& cosigner : receipt.cosigners)
        cosigners +=
            (cosigners.empty() ? "" : text(language, "list_comma")) + party_name(node, language, cosigner.witness);
    row("row_stage",
        text(language, receipt.stage == ledger::Receipt::Stage::proved ? "stage_proved" : "stage_accepted"));
    row("row_log_of", name_of(language, verified.log));
    row("row_origin", receipt.origin);
    row("row_index", std::to_string(receipt.index.value));
    row("row_kind", coded(language, "kind_", receipt.statement.kind));
    row("row_time", time_text(language, receipt.statement.received_time, node.pack().zone_offset_minutes()));
    if (receipt.header) {
        row("row_from", party_name(node, language, receipt.header->from.value));
        row("row_to", party_name(node, language, receipt.header->to.value));
    }
    row("row_cosigners", cosigners.empty() ? text(language, "none") : cosigners);
    return rows;
}

// Browsers send CRLF for each line of a form.
std::string unix_lines(std::string text) {
    std::erase(text, '\r');
    if (!text.ends_with('\n')) text.push_back('\n');
    return text;
}

// One log's key with everybody else's as witnesses.
std::string policy_of(const std::vector<exchange::PartyDescriptor>& parties, const std::string& log_key) {
    std::string text = "log " + log_key + "\n";
    for (const exchange::PartyDescriptor& party : parties)
        if (party.log_key != log_key) text += fmt::format("witness {} {}\n", party.party.value, party.witness_key);
    return text;
}

// This node's log and those of its peers, each by its own key: what this page can speak for.
Result<Verified> verify_here(node::Node& node, const std::string& text) {
    std::vector<exchange::PartyDescriptor> parties = node.peers().all();
    parties.insert(parties.begin(), node.self());
    Result<Verified> last = fail(ErrorCode::proof_invalid, "no log is known here");
    for (const exchange::PartyDescriptor& party : parties) {
        const std::string policy_text = policy_of(parties, party.log_key);
        GZ_TRY(const merkle::Policy policy, merkle::Policy::parse(policy_text + "quorum none\n"));
        auto receipt = ledger::verify_receipt(text, policy);
        if (!receipt) {
            last = tl::unexpected(receipt.error());
            continue;
        }
        GZ_CHECKED(ledger::refuse_unknown_signatures(text, policy_text));  // as `gongzhi verify` does
        return Verified{*std::move(receipt), party};
    }
    return last;
}

// The same keys as one policy, for the script; a visitor who has them from elsewhere pastes those instead.
std::string known_keys(node::Node& node) {
    std::string logs = "log " + node.self().log_key + "\n", witnesses;
    const auto witness = [&](const exchange::PartyDescriptor& party) {
        witnesses += fmt::format("witness {} {}\n", party.party.value, party.witness_key);
    };
    witness(node.self());
    for (const exchange::PartyDescriptor& peer : node.peers().all()) {
        logs += "log " + peer.log_key + "\n";
        witness(peer);
    }
    return logs + witnesses + "quorum none\n";
}

Json textarea(Language language, const char* name, int rows, std::string value) {
    return {{"id", name},
            {"name", name},
            {"rows", rows},
            {"code", true},
            {"label", text(language, std::string(name) + "_label")},
            {"hint", text(language, std::string(name) + "_hint")},
            {"value", std::move(value)}};
}

Json file_view(Language language) {
    return {{"id", "file"},
            {"name", "file"},
            {"label", text(language, "receipt_file_label")},
            {"hint", text(language, "receipt_file_hint")},
            {"accept", ".receipt,.txt"}};
}

Json result_view(node::Node& node, Language language, const std::string& given) {
    const auto verified = verify_here(node, unix_lines(given));
    if (!verified)
        return {{"bad", true},
                {"heading", text(language, "invalid_heading")},
                {"sentence", text(language, "invalid_sentence")},
                {"receipt", false}};
    return {{"bad", false},
            {"heading", text(language, "valid_heading")},
            {"sentence", what_it_says(node, language, *verified)},
            {"receipt", {{"rows", receipt_rows(node, language, *verified)}}}};
}

// What came with the form; nothing while it is shown for the first time.
struct Given {
    std::optional<std::string> receipt{};
    std::string policy{};
};

Json verification_view(node::Node& node, const Given& given, Language language) {
    Json field = textarea(language, "receipt", 10, given.receipt.value_or(""));
    Json view = {
        {"action", link("/verify")},
        {"errors", false},
        {"result", false},
        {"submit", {{"text", text(language, "verify_button")}}},
        {"run", "no"},
        {"file_field", file_view(language)},
        {"policy_field", textarea(language, "policy", 6, given.policy.empty() ? known_keys(node) : given.policy)},
        {"policy_href", link("/v1/policy")}};
    if (given.receipt && given.receipt->find_first_not_of(" \t\r\n") == std::string::npos) {
        const std::string sentence = text(language, "receipt_empty");
        field["error"] = sentence;
        view["errors"] = {{"items", {{{"text", sentence}, {"href", "#receipt"}}}}};
    } else if (given.receipt) {
        view["run"] = "yes";
        view["result"] = result_view(node, language, *given.receipt);
    }
    view["receipt_field"] = std::move(field);
    return view;
}

http::Response verify_page(const http::Request& request, node::Node& node, const Given& given) {
    const Language language = preferences_of(request).language;
    auto actor = session_actor(node, request);
    Json view = verification_view(node, given, language);
    const std::string title =
        view["result"].is_object() ? view["result"]["heading"].get<std::string>() : text(language, "verify_title");
    Frame frame = frame_for(request, node, actor ? std::optional(*std::move(actor)) : std::nullopt, title);
    frame.script = verify_script_path();
    return page(200, "verify", request, node, frame, std::move(view));
}

std::string value_in(const std::map<std::string, std::string>& form, const char* name) {
    const auto found = form.find(name);
    return found == form.end() ? std::string() : found->second;
}

}  // namespace

void add_verify_page(http::Router& router, node::Node& node) {
    const auto add = [&](const char* method, size_t body_max, auto handle) {
        router.add({method, "/verify", http::Admission::anyone, "public", "page.verify", body_max,
                    [&node, handle](http::Request request, http::Respond respond) { respond(handle(node, request)); }});
    };
    add("GET", 0, [](node::Node& at, const http::Request& request) { return verify_page(request, at, {}); });
    add("POST", kReceiptFormBytesMax, [](node::Node& at, const http::Request& request) {
        const auto form = request.form();
        const std::string file = value_in(form, "file");
        return verify_page(request, at, {file.empty() ? value_in(form, "receipt") : file, value_in(form, "policy")});
    });
}

}  // namespace gongzhi::web
