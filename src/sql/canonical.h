// The bytes on which engines must agree: one encoding of a result, whatever engine made it.
//
//   u32 columns, each u32 length ‖ name; u32 rows; each value a tag byte and its content:
//     'z' null · 'b' u8 · 'n' u32 length ‖ decimal text (decimal_text) · 't' u32 length ‖ UTF-8
//     'd' i64 days since 1970-01-01 · 'm' i64 UTC microseconds
//
// Integers of all widths, HUGEINT and NUMERIC share the tag 'n': engines differ in the type of a sum, not in its value.
// Rows stand in the order given; `sort_rows` gives the order of their encodings, which no collation can change.
#pragma once

#include "sql/types.h"

namespace gongzhi::sql {

Bytes canonical_encoding(const Table& table);
void sort_rows(Table& table);

}  // namespace gongzhi::sql
