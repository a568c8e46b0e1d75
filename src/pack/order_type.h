// orders/*.yaml: what an authority may ask or order, in which fields, by whom, and how long the other side has.
#pragma once

#include "base/yaml.h"
#include "pack/types.h"

namespace gongzhi::pack {

struct StandardField {
    std::string record_type;
    std::string field;
    std::string dataset;  // the group of the law that it belongs to
};

enum class OrderKind { information, act };
// What a request is about: one shop of a case, or one category, period and region without a case.
enum class OrderScope { shop, category };

struct OrderType {
    std::string name;
    OrderKind kind = OrderKind::information;
    OrderScope scope = OrderScope::shop;
    Wording title;
    std::vector<LegalBasis> basis;
    std::vector<StandardField> standard_fields;
    std::vector<std::string> measures;      // of an order to act
    int objection_working_days = 0;         // in which the other side may object; 0: it may not
    int objection_answer_working_days = 0;  // in which an objection is to be answered
    std::vector<std::string> levels;        // of units that may issue it
    std::vector<std::string> answers;       // allowed kinds of answer
    int deadline_working_days = 0;
    bool deadline_unverified = false;

    // Whether "sale.price" is inside the standard set.
    bool allows(std::string_view dotted_field) const;
};

Result<OrderType> load_order_type(const YamlDocument& document, const std::vector<RecordType>& records);

}  // namespace gongzhi::pack
