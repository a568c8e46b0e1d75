// Components of pages: web/components/<name>/ with template.mustache, contract.json (the names that it needs) and
// examples.json, which the gallery shows and the golden files hold.
//
// A contract maps names to what they are: "text" (or a number), "flag", "component button", an object of names, a list of
// one of these. A name that ends in ? may be absent. What a contract does not name, a component must not be given.
#pragma once

#include "web/language.h"
#include "web/template.h"

namespace gongzhi::web {

struct Component {
    std::string name;
    Json about;     // {zh, en}
    Json names;     // the contract
    Json examples;  // [{title, view}], texts as {zh, en}
};

const std::vector<Component>& components();  // by name
const Component& component(std::string_view name);

// Goes through a template with the view that it will get: gives every absent optional name of a component the value false
// (mustache would look for it further out) and returns what is wrong, as "button.text is missing". Nothing: all is there.
std::vector<std::string> prepare_view(const Template& parsed, const Json& texts, Json& view);

}  // namespace gongzhi::web
