#include "web/desk_pieces.h"

#include <algorithm>
#include <set>

#include "web/collation.h"

namespace gongzhi::web {
namespace {

// Record types of the shop that went to the asking authority already: it may not ask for them again.
Result<std::vector<std::string>> types_it_holds(const Visit& visit, const PartyId& authority, const std::string& shop) {
    std::vector<std::string> held;
    for (const pack::RecordType& type : visit.node.pack().records()) {
        if (shop.empty() || type.leaves_on != pack::LeavesOn::duty || !type.slot_of("shop")) continue;
        GZ_TRY(const Json rows,
               records_rows(
                   visit.node,
                   fmt::format("SELECT DISTINCT entry_from FROM store.{} WHERE shop = $1 AND party = $2", type.name),
                   {shop, visit.node.config().party.value}));
        for (const Json& row : rows) {
            GZ_TRY(const auto went, onward_entry(visit, row["entry_from"].get<int64_t>(), authority));
            if (!went) continue;
            held.push_back(type.name);
            break;
        }
    }
    return held;
}

std::string sentence(const Visit& visit, const casework::GateReason& reason) {
    return visit.language == Language::zh ? reason.zh : reason.en;
}

// Our view of it. Which unit of the authority asks is not ours to judge, nor which shop its case is about.
Result<std::vector<casework::GateReason>> gate_on(const Visit& visit, const Incoming& incoming) {
    const std::string level = incoming.type && !incoming.type->levels.empty() ? incoming.type->levels[0] : "";
    if (incoming.is_order()) {
        GZ_TRY(const casework::ActOrder order, visit.node.casework().received_order(incoming.id));
        return casework::gate(order, incoming.type, {order.shop, level, {}});
    }
    GZ_TRY(const casework::InformationRequest request, visit.node.casework().received_request(incoming.id));
    GZ_TRY(auto held, types_it_holds(visit, PartyId(text_at(incoming.row, "party")), request.scope.shop));
    return casework::gate(request, incoming.type,
                          {request.scope.shop, level, std::move(held), &visit.node.pack().records()});
}

bool shorter_than_the_rules_say(const Visit& visit, const Incoming& incoming) {
    const auto sent = parse_utc(text_at(incoming.row, "sent_time"));
    const auto deadline = parse_utc(text_at(incoming.row, "deadline_time"));
    if (!incoming.type || !sent || !deadline) return false;
    const auto usual = end_of_working_day(visit, *sent, incoming.type->deadline_working_days);
    return usual && day_of(visit, *deadline) < day_of(visit, *usual);
}

int64_t rows_in(const Json& answer) {
    int64_t count = 0;
    if (answer.contains("rows"))
        for (const auto& [type, list] : answer["rows"].items()) count += static_cast<int64_t>(list.size());
    return count;
}

}  // namespace

bool Incoming::is_order() const { return text_at(row, "kind") == "order"; }
bool Incoming::waits() const { return text_at(row, "state") == "open"; }

Result<Incoming> incoming_of_address(const Visit& visit) {
    Incoming incoming;
    incoming.id = visit.request.path_values.at("id");
    GZ_TRY(const Json rows,
           affairs_rows(visit.node, "SELECT * FROM request WHERE message_id = $1 AND direction = 'received'",
                        {incoming.id}));
    if (rows.empty()) return fail(ErrorCode::not_found, "there is nothing of this id here");
    incoming.row = rows[0];
    incoming.type = visit.node.pack().order_type(text_at(incoming.row, "order_type"));
    return incoming;
}

std::string incoming_name(const Visit& visit, const Json& row) {
    return order_name(visit.node.pack(), visit.language, text_at(row, "order_type"));
}

Result<SheetSection> our_answer(const Visit& visit, const Incoming& incoming) {
    SheetSection section{.heading = visit.text("incoming_answer")};
    if (text_at(incoming.row, "state") != "answered") {
        section.paragraphs = {visit.text(incoming.waits() ? "incoming_not_answered" : "incoming_withdrawn")};
        return section;
    }
    GZ_TRY(const Json answer, reply_body(visit, "sent", "answer", incoming.id));
    Facts facts(visit);
    facts.add("column_answer", coded(visit.language, "outcome_", text_at(incoming.row, "outcome")))
        .add("column_time", moment(visit, incoming.row["answered_time"]));
    if (answer.is_null()) {
        facts.add("incoming_sent_rows", visit.text("incoming_body_gone"));
    } else {
        if (!incoming.is_order()) facts.add("incoming_sent_rows", std::to_string(rows_in(answer)));
        facts.add_chinese("incoming_words", text_at(answer, "statement"));
        section.links = {
            {visit.text("incoming_answer_receipt"), receipt_link(text_at(answer, "message_id")), "answer.receipt"}};
    }
    section.facts = facts.list();
    return section;
}

Result<std::vector<std::string>> doubts_about(const Visit& visit, const Incoming& incoming) {
    GZ_TRY(const std::vector<casework::GateReason> reasons, gate_on(visit, incoming));
    std::vector<std::string> doubts;
    for (const casework::GateReason& reason : reasons) doubts.push_back(sentence(visit, reason));
    if (shorter_than_the_rules_say(visit, incoming))
        doubts.push_back(visit.text("doubt_period", {{"days", std::to_string(incoming.type->deadline_working_days)}}));
    return doubts;
}

Result<std::vector<std::string>> lawful_fields(const Visit& visit, const casework::InformationRequest& request) {
    const pack::OrderType* type = visit.node.pack().order_type(request.order_type);
    std::vector<std::string> lawful;
    for (const std::string& field : request.fields)
        if (type && type->allows(field)) lawful.push_back(field);
    return lawful;
}

std::vector<exchange::PartyDescriptor> authorities(const Visit& visit) {
    std::vector<exchange::PartyDescriptor> found;
    for (exchange::PartyDescriptor& peer : visit.node.peers().all())
        if (peer.role == exchange::PartyRole::authority) found.push_back(std::move(peer));
    return found;
}

void ask_authority(const Visit& visit, FormView& form) {
    const auto all = authorities(visit);
    std::vector<FormView::Item> items;
    for (const exchange::PartyDescriptor& each : all)
        items.push_back({each.party.value, party_name(visit.node, visit.language, each.party.value)});
    std::sort(items.begin(), items.end(), [&](const FormView::Item& a, const FormView::Item& b) {
        return compare_words(visit.language, a.text, b.text) < 0;
    });
    if (all.size() == 1) form.hidden("to", items[0].value);
    if (all.size() > 1) form.radios("to", items).worded(visit.text("which_authority"));
}

PartyId authority_in(const Visit& visit, Filled& filled) {
    const std::string to = filled.values.get("to");
    for (const exchange::PartyDescriptor& each : authorities(visit))
        if (each.party.value == to) return each.party;
    filled.wrong(authorities(visit).size() > 1 ? "to" : "",
                 visit.text(authorities(visit).empty() ? "no_authority" : "which_authority_missing"));
    return PartyId();
}

Result<std::optional<EntryIndex>> onward_entry(const Visit& visit, int64_t submission, const PartyId& to) {
    const journal::ClaimBytes key = visit.node.claims().key("onward", {to.value, std::to_string(submission)});
    GZ_TRY(const auto holder, visit.node.ledger().journal().find_claims(std::span(&key, 1)));
    if (!holder[0]) return std::optional<EntryIndex>();
    return std::optional<EntryIndex>(holder[0]->index);
}

std::string receipt_link(const std::string& message_id) { return link("/receipts/" + path_segment(message_id)); }

}  // namespace gongzhi::web
