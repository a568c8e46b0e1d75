// The rows of an answer as a table, before it leaves and after it came. Protected values are never shown: who needs one asks
// for a look.
#pragma once

#include "web/pieces.h"

namespace gongzhi::web {

// The catalogue's field of "sale.price"; nullptr where there is none.
const pack::Field* catalogue_field(const pack::Pack& pack, const std::string& dotted);

// Of one record type: the asked fields in their order, and the rows.
struct AnswerRows {
    const pack::RecordType* type;
    std::vector<const pack::Field*> fields;
    Json rows;
};
// `rows` is an answer's: record type → list of rows. Types that the pack does not know are left out.
std::vector<AnswerRows> answer_rows(const pack::Pack& pack, const std::vector<std::string>& fields, const Json& rows);

// The first `shown_max` rows.
Json answer_table(const Visit& visit, const AnswerRows& answer, std::string caption, size_t shown_max);
// All of them, headed by the names of the fields.
std::string answer_csv(const Visit& visit, const AnswerRows& answer);

}  // namespace gongzhi::web
