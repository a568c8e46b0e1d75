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

struct OrderType {
    std::string name;
    Wording title;
    std::vector<LegalBasis> basis;
    std::vector<StandardField> standard_fields;
    std::vector<std::string> levels;   // of units that may issue it
    std::vector<std::string> answers;  // allowed kinds of answer
    int deadline_working_days = 0;
    bool deadline_unverified = false;

    // Whether "sale.price" is inside the standard set.
    bool allows(std::string_view dotted_field) const;
};

Result<OrderType> load_order_type(const YamlDocument& document, const std::vector<RecordType>& records);

}  // namespace gongzhi::pack
