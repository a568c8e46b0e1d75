#include "web/table_labels.h"

#include <algorithm>

namespace gongzhi::web {
namespace {

// Widths of columns as _base.scss sets them, with their padding, in rem.
constexpr double kColumn = 7.8, kNumeric = 5.4, kWide = 16.7, kChoice = 3;
constexpr int kRoomMin = 40, kRoomMax = 75, kRoomStep = 5;

bool is_list(const Json& view, const char* name) { return view.contains(name) && view[name].is_array(); }

bool is_set(const Json& item, const char* name) {
    return item.contains(name) && item[name] != false && item[name] != "";
}

bool shows(const Json& cell) { return is_set(cell, "text") || is_set(cell, "tag"); }

int room_of(const Json& view) {
    double sum = view.contains("field") ? kChoice : 0;
    for (const Json& column : view["columns"])
        sum += is_set(column, "wide") ? kWide : is_set(column, "numeric") ? kNumeric : kColumn;
    const int steps = static_cast<int>(sum / kRoomStep) + 1;
    return std::clamp(steps * kRoomStep, kRoomMin, kRoomMax);
}

}  // namespace

void label_table(Json& view) {
    if (!is_list(view, "columns") || !is_list(view, "rows")) return;
    const Json& columns = view["columns"];
    for (Json& row : view["rows"]) {
        if (!is_list(row, "cells")) continue;
        size_t at = 0;
        for (Json& cell : row["cells"]) {
            const bool has_heading = at < columns.size() && is_set(columns[at], "text");
            if (cell.is_object()) cell["column"] = has_heading && shows(cell) ? columns[at]["text"] : Json(false);
            ++at;
        }
    }
    view["room"] = room_of(view);
}

}  // namespace gongzhi::web
