// Verify a receipt: by this server for everybody, and beside it by a script in the visitor's own browser where it can.
#include "ledger/strict_signatures.h"
#include "web/assets.h"
#include "web/pieces.h"
#include "web/portal_pages.h"
#include "web/session.h"

namespace gongzhi::web {
namespace {

constexpr size_t kReceiptFormBytesMax = 512u << 10;

Json receipt_rows(const ledger::Receipt& receipt, Language language, int zone_minutes) {
    Json rows = Json::array();
    const auto row = [&](const char* label, std::string value) {
        rows.push_back({{"key", text(language, label)}, {"value", std::move(value)}});
    };
    std::string cosigners;
    for (const auto& cosigner : receipt.cosigners) cosigners += (cosigners.empty() ? "" : ", ") + cosigner.witness;
    row("row_stage",
        text(language, receipt.stage == ledger::Receipt::Stage::proved ? "stage_proved" : "stage_accepted"));
    row("row_origin", receipt.origin);
    row("row_index", std::to_string(receipt.index.value));
    row("row_kind", coded(language, "kind_", receipt.statement.kind));
    row("row_time", time_text(language, receipt.statement.received_time, zone_minutes));
    if (receipt.header) {
        row("row_from", receipt.header->from.value);
        row("row_to", receipt.header->to.value);
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

// This node's log and those of its peers, each by its own key: what this page can speak for.
Result<ledger::Receipt> verify_here(node::Node& node, const std::string& text) {
    std::vector<std::string> keys = {node.self().log_key};
    for (const exchange::PartyDescriptor& peer : node.peers().all()) keys.push_back(peer.log_key);
    Result<ledger::Receipt> last = fail(ErrorCode::proof_invalid, "no log is known here");
    for (const std::string& key : keys) {
        GZ_TRY(const merkle::VerifierKey log, merkle::VerifierKey::parse(key));
        std::string policy_text = "log " + key + "\n";
        for (const exchange::PartyDescriptor& peer : node.peers().all())
            if (peer.log_key != key) policy_text += fmt::format("witness {} {}\n", peer.party.value, peer.witness_key);
        if (key != node.self().log_key)
            policy_text += fmt::format("witness {} {}\n", node.self().party.value, node.self().witness_key);
        GZ_TRY(const merkle::Policy policy, merkle::Policy::parse(policy_text + "quorum none\n"));
        last = ledger::verify_receipt(text, policy);
        if (!last) continue;
        GZ_CHECKED(ledger::refuse_unknown_signatures(text, policy_text));  // as `gongzhi verify` does
        return last;
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

Json verification_view(node::Node& node, const std::optional<std::string>& pasted, const std::string& policy,
                       Language language) {
    Json field = textarea(language, "receipt", 10, pasted.value_or(""));
    field["required"] = true;
    Json view = {{"action", link("/verify")},
                 {"errors", false},
                 {"result", false},
                 {"submit", {{"text", text(language, "verify_button")}}},
                 {"run", "no"},
                 {"policy_field", textarea(language, "policy", 6, policy.empty() ? known_keys(node) : policy)},
                 {"policy_href", link("/v1/policy")}};
    if (pasted && pasted->find_first_not_of(" \t\r\n") == std::string::npos) {
        const std::string sentence = text(language, "receipt_empty");
        field["error"] = sentence;
        view["errors"] = {{"items", {{{"text", sentence}, {"href", "#receipt"}}}}};
    } else if (pasted) {
        view["run"] = "yes";
        const auto receipt = verify_here(node, unix_lines(*pasted));
        view["result"] = {{"bad", !receipt},
                          {"heading", text(language, receipt ? "valid_heading" : "invalid_heading")},
                          {"sentence", text(language, receipt ? "valid_sentence" : "invalid_sentence")},
                          {"receipt", false}};
        if (receipt)
            view["result"]["receipt"] = {{"rows", receipt_rows(*receipt, language, node.pack().zone_offset_minutes())}};
    }
    view["receipt_field"] = std::move(field);
    return view;
}

http::Response verify_page(const http::Request& request, node::Node& node, const std::optional<std::string>& pasted,
                           const std::string& policy) {
    const Language language = preferences_of(request).language;
    auto actor = session_actor(node, request);
    Json view = verification_view(node, pasted, policy, language);
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
    add("GET", 0,
        [](node::Node& at, const http::Request& request) { return verify_page(request, at, std::nullopt, ""); });
    add("POST", kReceiptFormBytesMax, [](node::Node& at, const http::Request& request) {
        const auto form = request.form();
        return verify_page(request, at, value_in(form, "receipt"), value_in(form, "policy"));
    });
}

}  // namespace gongzhi::web
