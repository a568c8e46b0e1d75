#include "web/shop_records.h"

#include "sql/json.h"

namespace gongzhi::web {
namespace {

constexpr size_t kRecordsShown = 3;
constexpr std::string_view kNameField = "shop_name";

}  // namespace

Result<Json> shop_records(const Visit& visit, const std::string& party, const std::string& shop) {
    Json links = Json::array();
    if (shop.empty()) return links;
    GZ_TRY(const auto records, visit.node.records());  // as they stand: a page about a case waits for no records
    for (const pack::RecordType& type : visit.node.pack().records()) {
        const auto name_slot = type.slot_of(kNameField);
        if (type.leaves_on != pack::LeavesOn::duty || !type.slot_of("shop")) continue;
        if (!name_slot || type.fields[*name_slot].is_protected()) continue;
        GZ_TRY(const sql::Table rows,
               records->query(fmt::format("SELECT record_id, {} FROM store.{} WHERE party = $1 AND shop = $2 AND "
                                          "entry_to IS NULL ORDER BY record_id LIMIT {}",
                                          kNameField, type.name, kRecordsShown),
                              {party, shop}));
        for (const Json& each : sql::to_json(rows)) {
            const std::string id = text_at(each, "record_id"), name = text_at(each, kNameField);
            const std::string text = pick(visit.language, type.title) + " " + id;
            links.push_back({{"text", name.empty() ? text : visit.text("with_note", {{"text", text}, {"note", name}})},
                             {"href", record_link(type.name, id)}});
        }
    }
    return links;
}

}  // namespace gongzhi::web
