// One record as a form, made from the catalogue: every field with its label, help and example; and what was filled in as
// the line that intake reads. Names in the form are field_<name>; money has two, field_<name>_amount and _currency.
#pragma once

#include "web/form.h"

namespace gongzhi::web {

void ask_record(const Visit& visit, const pack::RecordType& type, FormView& form);
// What was filled in, as a JSON object; what is empty is left out. Checked by nobody yet.
Json record_in(const Visit& visit, const pack::RecordType& type, const FormValues& values);
// The form's field to which a problem's pointer belongs; "" for the record as a whole.
std::string form_field_of(const pack::RecordType& type, const std::string& pointer);

// The field's title with what it needs: "名称（必填）".
std::string field_label(const Visit& visit, const pack::Field& field);

// What a record type is for, whether it leaves and on which law it rests.
Json record_type_facts(const Visit& visit, const pack::RecordType& type);
// The types that this node may submit.
std::vector<const pack::RecordType*> submittable_types(const Visit& visit);
// The one that the address names by {type}.
Result<const pack::RecordType*> type_of_address(const Visit& visit);

}  // namespace gongzhi::web
