// Checks one parsed record against its type: presence, length, range, list, check digits, order. Pure.
#pragma once

#include "pack/types.h"

namespace gongzhi::pack {

// Appends what is wrong to `problems`; nothing appended means that the record is valid.
void check_record(const RecordType& type, const RecordView& record, std::vector<FieldProblem>& problems);

// The record's identity inside its type: the key fields joined by '/', with '/' and '%' percent-encoded.
// Precondition: check_record found nothing.
std::string record_id_of(const RecordType& type, const RecordView& record);

// Parses a decimal amount ("12.50") into minor units with exactly `decimals` allowed; nullopt where it is not one.
std::optional<int64_t> parse_amount(std::string_view text, int decimals);
// "12.50": for people and for exports.
std::string format_amount(int64_t minor, std::string_view currency);

}  // namespace gongzhi::pack
