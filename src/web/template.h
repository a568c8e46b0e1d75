// Mustache templates read once: components put in, names listed.
//
// {{> button}} takes in web/components/button/template.mustache; the section around it is the component's own object, and
// inside it sees nothing else but `t`. {{> parts/…}} takes in a piece of a component, which sees what the component sees.
// {{> content}} in the layout is the page. The result is one template without partials, and the tree of its names.
#pragma once

#include <string>
#include <vector>

namespace gongzhi::web {

struct TemplateNode {
    enum class Kind { name, section, inverted, component };
    Kind kind = Kind::name;
    std::string name;
    std::vector<TemplateNode> children;
};

struct Template {
    std::string source;
    std::vector<TemplateNode> nodes;
};

Template page_template(const std::string& page);  // inside the layout
Template component_template(const std::string& component);

}  // namespace gongzhi::web
