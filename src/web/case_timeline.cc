#include "web/case_timeline.h"

#include "web/request_pieces.h"

namespace gongzhi::web {
namespace {

// One thing that happened; of two at the same time the one logged later, or that follows from the other, is the newer.
struct Event {
    std::string time;  // as text, which sorts as time
    int64_t entry;     // of what it began with
    int follows;       // how many things happened to that before
    Json item;

    auto order() const { return std::tie(time, entry, follows); }
};

class Timeline {
public:
    Timeline(const Visit& visit, const CaseRows& rows)
        : visit_(visit), rows_(rows), own_(party_name(visit.node, visit.language, visit.node.config().party.value)) {}

    Json items() {
        for (const Json& each : rows_.steps) add_step(each);
        for (const Json& each : rows_.requests) add_answer(each);
        for (const Json& each : rows_.objections) add_objection(each);
        for (const Json& each : rows_.reveals) add_look(each);
        std::sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) { return a.order() > b.order(); });
        Json items = Json::array();
        for (Event& event : events_) items.push_back(std::move(event.item));
        return items;
    }

private:
    struct Told {
        std::string title, by, words{}, href{}, link{};
    };
    void add(const Json& time, const Json& row, int follows, Told told) {
        if (time.is_null()) return;
        Json item = {{"title", std::move(told.title)},
                     {"time", time},
                     {"time_text", moment(visit_, time)},
                     {"by", std::move(told.by)},
                     {"text", std::move(told.words)}};
        if (!told.href.empty()) item.update({{"href", std::move(told.href)}, {"link", std::move(told.link)}});
        events_.push_back({time.get<std::string>(), row["entry"].get<int64_t>(), follows, std::move(item)});
    }
    std::string with(std::string_view what, const std::string& detail) const {
        return visit_.text(what) + (detail.empty() ? "" : visit_.text("colon") + detail);
    }

    // What only the trace says: how a check ended, which unit the case went to.
    Json trace_of(const Json& step) const {
        const auto entry = visit_.node.ledger().read(EntryIndex(static_cast<uint64_t>(step["entry"].get<int64_t>())));
        if (!entry) return Json::object();
        const auto said = entry->statement();
        return said ? said->trace : Json::object();
    }
    std::string title_of(const Json& step) const {
        const std::string kind = text_at(step, "kind");
        if (kind == casework::kEffectChecked)
            return with(
                "kind_case_effect_checked",
                visit_.text(trace_of(step).value("effective", false) ? "effect_effective_yes" : "effect_effective_no"));
        if (kind == casework::kCaseClosed)
            return with("kind_case_closed", coded(visit_.language, "outcome_", text_at(rows_.facts, "outcome")));
        if (kind == casework::kCaseMoved)
            return with("kind_case_moved",
                        unit_name(visit_.node, visit_.language, trace_of(step).value("to_unit", std::string())));
        return coded(visit_.language, "kind_", kind);
    }
    void add_step(const Json& step) {
        const std::string actor = text_at(step, "actor");
        Told told{.title = {},
                  .by = actor == "self" ? own_ : person(visit_.language, actor),  // messages go out in the party's name
                  .words = text_at(step, "words")};
        const Json sent = sent_by(step);
        if (sent.is_null()) {
            told.title = title_of(step);
        } else {
            told.title = with(is_order(sent) ? "event_order" : "event_request", contents_of(sent));
            told.href = request_link(text_at(sent, "message_id"));
            told.link = visit_.text("event_see_message");
        }
        add(step["step_time"], step, 0, std::move(told));
    }
    Json sent_by(const Json& step) const {
        for (const Json& each : rows_.requests)
            if (each["entry"] == step["entry"]) return each;
        return nullptr;
    }
    static bool is_order(const Json& request) { return text_at(request, "kind") == "order"; }
    // Measures, or fields.
    std::string contents_of(const Json& request) const {
        return field_list(visit_.node.pack(), visit_.language, text_at(request, "fields"));
    }
    void add_answer(const Json& request) {
        std::string outcome = coded(visit_.language, "outcome_", text_at(request, "outcome"));
        if (const Json& rows = request["answer_rows"]; rows.is_number() && !is_order(request))
            outcome += visit_.text("answer_rows", {{"rows", rows.dump()}});
        add(request["answered_time"], request, 1,
            {.title = with(is_order(request) ? "event_order_answered" : "event_request_answered", outcome),
             .by = party_name(visit_.node, visit_.language, text_at(request, "party")),
             .words = request_what(visit_, request),
             .href = request_link(text_at(request, "message_id")),
             .link = visit_.text("event_see_answer")});
    }
    void add_objection(const Json& objection) {
        std::string raised = coded(visit_.language, "event_objection_", text_at(objection, "raised_by"));
        if (objection.value("late", Json(false)) == true) raised += visit_.text("objection_late");
        add(objection["raised_time"], objection, 0,
            {.title = std::move(raised),
             .by = party_name(visit_.node, visit_.language, text_at(objection, "party")),
             .words = text_at(objection, "grounds")});
        add(objection["answered_time"], objection, 1,
            {.title =
                 with("event_objection_answered", coded(visit_.language, "outcome_", text_at(objection, "outcome"))),
             .by = own_,
             .words = text_at(objection, "reasons")});
    }
    void add_look(const Json& look) {
        const std::string what = field_name(visit_.node.pack(), visit_.language,
                                            text_at(look, "record_type") + "." + text_at(look, "field"));
        const std::string asked_by = person(visit_.language, text_at(look, "asked_by"));
        add(look["asked_time"], look, 0,
            {.title = with("event_look_asked", what), .by = asked_by, .words = text_at(look, "note")});
        add(look["decided_time"], look, 1,
            {.title = with(text_at(look, "state") == "refused" ? "event_look_refused" : "event_look_approved", what),
             .by = person(visit_.language, text_at(look, "decided_by"))});
        add(look["shown_time"], look, 2,
            {.title = with("event_looked", what), .by = asked_by, .words = visit_.text("event_looked_told")});
    }

    const Visit& visit_;
    const CaseRows& rows_;
    const std::string own_;
    std::vector<Event> events_{};
};

}  // namespace

Json case_timeline(const Visit& visit, const CaseRows& rows) { return {{"items", Timeline(visit, rows).items()}}; }

}  // namespace gongzhi::web
