// A page in one shape: what this is, what to do, the ways to do it, then sections of facts, tables and texts, a
// form where the page has one, and who says so. The template is "sheet".
#pragma once

#include "web/form.h"

namespace gongzhi::web {

struct SheetLink {
    std::string text, href;
    std::string download = {};  // the file's name, where it is one
};

struct SheetSection {
    std::string heading{};  // "": goes on with what stands before
    std::vector<std::string> paragraphs{};
    std::vector<std::string> points{};  // a list after them
    Json facts = false;                 // the component `summary-list`
    Json table = false;                 // the component `table`
    Json details = Json::array();       // of the component `details`
    std::vector<SheetLink> links{};
};

// A way to act, as a button; the first is the main one.
struct SheetAction {
    std::string text, href;
};

struct Sheet {
    std::string caption{}, title{}, lead{};
    Json tag = false;
    std::vector<std::string> warnings{};
    std::string next{};
    std::vector<SheetAction> actions{};
    std::vector<SheetSection> sections{};
    void add(std::vector<SheetSection> more) {
        for (SheetSection& each : more) sections.push_back(std::move(each));
    }
    Json form = false;
    std::string source{};
    std::vector<PageLink> breadcrumbs{};
};
StaffView sheet_view(Sheet sheet, const Filled& filled = {});

// In place of a form that can do nothing now: why not, what the form would be about, the way back, and what was written before
// it came to that.
StaffView instead_of_form(const Visit& visit, FormFrame frame, const std::string& why, SheetAction back,
                          const Filled& filled);

// Rows of a summary list; a value that is empty reads "none".
class Facts {
public:
    explicit Facts(const Visit& visit) : visit_(visit) {}
    Facts& add(std::string_view key, std::string value);
    Facts& add_link(std::string_view key, std::string value, std::string href);
    Facts& add_tag(std::string_view key, Json tag);
    // In the words of the law or of the other side, whatever the page's language.
    Facts& add_chinese(std::string_view key, std::string value);
    Json list() const { return {{"rows", rows_}}; }

private:
    const Visit& visit_;
    Json rows_ = Json::array();
};

}  // namespace gongzhi::web
