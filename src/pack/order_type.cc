#include "pack/order_type.h"

#include <algorithm>

#include "pack/yaml_view.h"

namespace gongzhi::pack {
namespace {

Status read_standard_fields(const YamlView& root, const std::vector<RecordType>& records, OrderType& order) {
    GZ_TRY(const std::vector<YamlView> groups, root.list("standard_fields"));
    for (const YamlView& group : groups) {
        GZ_CHECKED(group.allow_keys({"record", "dataset", "fields"}));
        GZ_TRY(const std::string record, group.text("record"));
        GZ_TRY(const std::string dataset, group.text("dataset"));
        GZ_TRY(const std::vector<std::string> fields, group.texts("fields"));
        const auto type =
            std::find_if(records.begin(), records.end(), [&](const RecordType& r) { return r.name == record; });
        if (type == records.end())
            return group.error_at("record", fmt::format("no record type is called \"{}\"", record));
        for (const std::string& field : fields) {
            if (!type->slot_of(field))
                return group.error_at("fields", fmt::format("{} has no field \"{}\"", record, field));
            order.standard_fields.push_back({record, field, dataset});
        }
    }
    if (order.standard_fields.empty()) return root.error("`standard_fields` is missing");
    return {};
}

Status read_kind(const YamlView& root, OrderType& order) {
    GZ_TRY(const std::string kind, root.text_or("kind", "information"));
    if (kind != "information" && kind != "act") return root.error_at("kind", "information or act");
    order.kind = kind == "act" ? OrderKind::act : OrderKind::information;
    GZ_TRY(const std::string scope, root.text_or("scope", "shop"));
    if (scope != "shop" && scope != "category") return root.error_at("scope", "shop or category");
    order.scope = scope == "category" ? OrderScope::category : OrderScope::shop;
    return {};
}

Status read_act(const YamlView& root, OrderType& order) {
    GZ_TRY(order.measures, root.texts("measures"));
    if (order.measures.empty()) return root.error("an order to act needs `measures`");
    GZ_TRY(const YamlView objection, root.at("objection"));
    GZ_CHECKED(objection.allow_keys({"working_days", "answer_working_days", "unverified"}));
    GZ_TRY(const int64_t days, objection.integer_or("working_days", 0));
    GZ_TRY(const int64_t answer_days, objection.integer_or("answer_working_days", 0));
    if (days < 1 || days > 250 || answer_days < 1 || answer_days > 250)
        return objection.error("`working_days` and `answer_working_days` are between 1 and 250");
    order.objection_working_days = static_cast<int>(days);
    order.objection_answer_working_days = static_cast<int>(answer_days);
    return {};
}

}  // namespace

bool OrderType::allows(std::string_view dotted) const {
    return std::any_of(standard_fields.begin(), standard_fields.end(), [&](const StandardField& standard) {
        return dotted == standard.record_type + "." + standard.field;
    });
}

Result<OrderType> load_order_type(const YamlDocument& document, const std::vector<RecordType>& records) {
    const YamlView root(document);
    GZ_CHECKED(root.allow_keys({"order", "zh", "en", "basis", "levels", "answers", "deadline", "standard_fields",
                                "kind", "scope", "measures", "objection"}));
    OrderType order;
    GZ_TRY(order.name, root.text("order"));
    GZ_TRY(order.title.zh, root.text("zh"));
    GZ_TRY(order.title.en, root.text("en"));
    GZ_TRY(order.basis, read_basis(root, "basis"));
    GZ_TRY(order.levels, root.texts("levels"));
    GZ_TRY(order.answers, root.texts("answers"));
    GZ_TRY(const YamlView deadline, root.at("deadline"));
    GZ_CHECKED(deadline.allow_keys({"working_days", "unverified"}));
    GZ_TRY(const int64_t days, deadline.integer_or("working_days", 0));
    if (days < 1 || days > 250) return deadline.error("`working_days` is between 1 and 250");
    order.deadline_working_days = static_cast<int>(days);
    GZ_TRY(order.deadline_unverified, deadline.flag_or("unverified", false));
    GZ_CHECKED(read_kind(root, order));
    GZ_CHECKED(order.kind == OrderKind::act ? read_act(root, order) : read_standard_fields(root, records, order));
    return order;
}

}  // namespace gongzhi::pack
