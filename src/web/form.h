// Forms of signed-in people. GET shows the form; POST acts and leads on, or shows the form again with all that was filled
// in, what is wrong and how to mend it. A form sent twice (a double click, the back button) acts once.
#pragma once

#include "web/staff_page.h"

namespace gongzhi::web {

constexpr size_t kFormBytesMax = 64u << 10;

class FormValues {
public:
    FormValues() = default;
    explicit FormValues(const http::Request& request) : fields_(request.form_fields()) {}

    bool empty() const { return fields_.empty(); }
    // The first value of that name without white space around it; "" where there is none.
    std::string get(std::string_view name) const;
    // All values of that name in their order, such as the chosen boxes.
    std::vector<std::string> all(std::string_view name) const;
    bool holds(std::string_view name, std::string_view value) const;

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

struct FieldError {
    std::string field;  // its name; "" for the form as a whole
    std::string sentence;
};

// A form as it was sent; nothing filled in while it is shown for the first time.
struct Filled {
    FormValues values{};
    std::vector<FieldError> errors{};

    void wrong(std::string field, std::string sentence) { errors.push_back({std::move(field), std::move(sentence)}); }
    // The value of a field that must not be empty; else its error, <prefix><name>_missing.
    std::string needed(const Visit& visit, std::string_view prefix, std::string_view name);
};

// Where to go after the act, or what to show at once where a link must not lead there again (a protected value).
struct Next {
    std::string go_to{};
    std::optional<StaffView> shown{};
};

struct FormPage {
    std::string pattern, event;
    access::Action action;
    // The page with the form, made by FormView.
    std::function<Result<StaffView>(const Visit&, const Filled&)> show;
    // Errors of fields are put into `Filled`; an error of the command becomes one, but for what is out of reach.
    std::function<Result<Next>(const Visit&, Filled&)> act;
    size_t body_bytes_max = kFormBytesMax;
};
void add_form_page(http::Router& router, node::Node& node, FormPage form);

// Makes the view of the component `form`. Texts by a prefix: <prefix><name> is the label, <prefix><name>_hint its help.
class FormView {
public:
    // `prefix` is a literal that ends in `_`.
    FormView(const Visit& visit, const Filled& filled, std::string prefix)
        : visit_(visit), filled_(filled), prefix_(std::move(prefix)) {}

    struct Item {
        std::string value, text, note{};
    };
    FormView& input(std::string_view name, const std::string& first = {}, std::string_view type = "text");
    FormView& textarea(std::string_view name, const std::string& first = {}, int rows = 5);
    FormView& radios(std::string_view name, const std::vector<Item>& items, const std::string& first = {});
    FormView& select(std::string_view name, const std::vector<Item>& items, const std::string& first = {});
    FormView& checkboxes(std::string_view name, const std::vector<Item>& items,
                         const std::vector<std::string>& first = {});
    // The form is then sent as multipart/form-data.
    FormView& file(std::string_view name, const std::string& accept);
    FormView& hidden(std::string_view name, const std::string& value);
    // Gives the field added last other words than its name's: for fields that the catalogue describes.
    FormView& worded(const std::string& label, const std::string& hint = {});
    // `submit` is the key of the button's text; `back` is where to go without acting.
    Json view(std::string_view submit, const std::string& back, bool danger = false) const;

private:
    Json field(std::string_view name, std::string_view label_name) const;
    Json items(std::string_view name, const std::vector<Item>& items, const std::vector<std::string>& first) const;
    FormView& add(std::string_view kind, Json field);

    const Visit& visit_;
    const Filled& filled_;
    std::string prefix_;
    Json fields_ = Json::array(), hidden_ = Json::array();
    bool multipart_ = false;
};

// The component `error-summary`, each error leading to its field; false without any.
Json error_summary(const Filled& filled);
// What a person is told of a command's error.
std::string refusal_sentence(const Visit& visit, const Error& error);

// A page that holds one form and what must be known to fill it in: the template "form".
struct FormFrame {
    std::string caption, title, lead;
    Json facts = false;    // the component `summary-list`
    Json warning = false;  // the component `warning-text`, or a list of them
    std::vector<PageLink> breadcrumbs{};
};
StaffView form_page(FormFrame frame, const Filled& filled, Json form);

}  // namespace gongzhi::web
