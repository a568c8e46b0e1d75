#include "web/table_labels.h"

#include <gtest/gtest.h>

#include "web/render.h"

namespace gongzhi::web {
namespace {

Json table_of(size_t columns) {
    Json view = {{"id", "t"}, {"caption", "c"}, {"columns", Json::array()}, {"rows", {{{"cells", Json::array()}}}}};
    for (size_t i = 0; i < columns; ++i) {
        view["columns"].push_back({{"text", "column " + std::to_string(i)}});
        view["rows"][0]["cells"].push_back({{"text", "cell"}});
    }
    return view;
}

TEST(TableLabels, EachCellSaysWhoseColumnItIs) {
    Json view = table_of(3);
    view["rows"][0]["cells"][1]["text"] = "";
    const std::string html = render_component("table", Language::en, view).html;
    EXPECT_NE(html.find("<td role=\"cell\" class=\"govuk-table__cell\" data-label=\"column 0\">cell</td>"),
              std::string::npos);
    EXPECT_EQ(html.find("data-label=\"column 1\""), std::string::npos) << "an empty cell needs no heading";
    EXPECT_NE(html.find("data-label=\"column 2\""), std::string::npos);
}

// Few columns stack only on a telephone; many already where large type leaves them no room.
TEST(TableLabels, RoomGrowsWithTheColumns) {
    const auto room_of = [](Json view) {
        label_table(view);
        return view["room"].get<int>();
    };
    EXPECT_EQ(room_of(table_of(1)), 40);
    EXPECT_EQ(room_of(table_of(6)), 50);
    EXPECT_EQ(room_of(table_of(20)), 75);
    Json numbers = table_of(6), sentences = table_of(3), choice = table_of(6);
    for (Json& column : numbers["columns"]) column["numeric"] = true;
    for (Json& column : sentences["columns"]) column["wide"] = true;
    choice["field"] = "finding";
    EXPECT_EQ(room_of(numbers), 40);
    EXPECT_EQ(room_of(sentences), 55);
    EXPECT_EQ(room_of(choice), 50);
}

TEST(TableLabels, WhatIsNoTableStays) {
    Json view = {{"columns", "x"}, {"rows", Json::array()}};
    const Json before = view;
    label_table(view);
    EXPECT_EQ(view, before);
    Json odd = {{"columns", {false}}, {"rows", {{{"cells", {{{"text", "a"}}, {{"text", "b"}}}}}, false}}};
    label_table(odd);
    EXPECT_EQ(odd["rows"][0]["cells"][1]["column"], false) << "a cell without a column has no heading";
}

}  // namespace
}  // namespace gongzhi::web
