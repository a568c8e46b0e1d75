// What is open in a case, on both sides, in the order in which it falls due; and what the case waits for or needs next, by what
// has happened in it.
#pragma once

#include "web/case_rows.h"

namespace gongzhi::web {

struct OpenItem {
    std::string time;  // as text, which sorts as time; "" where nothing fixes one
    std::string sentence;
    std::string href{}, act{};  // what this person can do about it
};
std::vector<OpenItem> open_items(const Visit& visit, const CaseRows& rows);

struct NextStep {
    std::string sentence;
    std::string path{};  // of the step that usually comes now, below the case's address; "" where one waits, or is done
    std::string href{};  // of one that is elsewhere, with its text
    std::string text{};
};
NextStep next_step(const Visit& visit, const CaseRows& rows);

}  // namespace gongzhi::web
