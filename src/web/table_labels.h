// What tables need to be read where there is little room: each row becomes a block there, with the heading of its column
// before each cell (web/styles/_tables.scss). Pages do nothing for it: columns and rows say all that is needed.
#pragma once

#include "base/json.h"

namespace gongzhi::web {

// Where `view` is a table: gives each cell that shows something its column's heading, as `column`, and the table `room`, the
// width below which its rows are stacked, in rem, a multiple of five from 40 to 75.
void label_table(Json& view);

}  // namespace gongzhi::web
