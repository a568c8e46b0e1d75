#include "web/record_values.h"

namespace gongzhi::web {

std::string value_in_words(const Visit& visit, const pack::Field& field, const Json& value) {
    if (value.is_null()) return visit.text("none");
    if (value.is_boolean()) return visit.text(value.get<bool>() ? "yes" : "no");
    if (value.is_object()) return text_at(value, "amount") + " " + text_at(value, "currency");
    if (!value.is_string()) return value.dump();
    const auto& text = value.get_ref<const std::string&>();
    if (const pack::Wording* title = field.value_title(text)) return pick(visit.language, *title);
    if (field.type == pack::FieldType::time && parse_utc(text)) return moment(visit, value);
    if (field.type == pack::FieldType::date)
        if (const auto day = parse_date(text)) return day_text(visit.language, *day);
    return text;
}

}  // namespace gongzhi::web
