#include "web/component.h"

#include <set>

#include "web/embedded.h"
#include "web/table_labels.h"

namespace gongzhi::web {
namespace {

constexpr std::string_view kFolder = "components/", kContract = "/contract.json";

std::vector<Component> load_components() {
    std::vector<Component> all;
    for (const EmbeddedFile& file : embedded_files()) {
        if (!file.name.starts_with(kFolder) || !file.name.ends_with(kContract)) continue;
        const std::string name(file.name.substr(kFolder.size(), file.name.size() - kFolder.size() - kContract.size()));
        const Json contract = Json::parse(file.content);
        all.push_back({name, contract.at("about"), contract.at("names"),
                       Json::parse(embedded_file("components/" + name + "/examples.json"))});
    }
    std::sort(all.begin(), all.end(), [](const Component& a, const Component& b) { return a.name < b.name; });
    return all;
}

bool is_blank(const Json& value) {
    return value.is_null() || value == false || (value.is_string() && value.get_ref<const std::string&>().empty());
}

class Preparation {
public:
    Preparation(const Json& texts, Json& view) : texts_(texts), scopes_{&view} {}

    void walk(const std::vector<TemplateNode>& nodes) {
        for (const TemplateNode& node : nodes) {
            if (node.kind == TemplateNode::Kind::component)
                walk_component(node);
            else
                walk_name(node);
        }
    }

    std::vector<std::string> problems;

private:
    void walk_component(const TemplateNode& node) {
        if (scopes_.size() < 2 || !scopes_.back()->is_object())
            return problems.push_back(node.name + " stands outside a section of its own");
        Json& self = *scopes_.back();
        complete(component(node.name).names, self, node.name);
        label_table(self);
        std::vector<Json*> outer = std::exchange(scopes_, {&self});
        walk(node.children);
        scopes_ = std::move(outer);
    }

    void walk_name(const TemplateNode& node) {
        if (node.name.starts_with("t.")) {
            if (!texts_.contains(node.name.substr(2))) problems.push_back(node.name + " is missing");
            return;
        }
        Json* found = find(node.name);
        if (!found) problems.push_back(node.name + " is missing");
        const bool filled = found && !found->is_null() && *found != false && !(found->is_array() && found->empty());
        if (node.kind == TemplateNode::Kind::name) {
            if (found && found->is_structured()) problems.push_back(node.name + " is no text");
        } else if (node.kind == TemplateNode::Kind::inverted) {
            if (!filled) walk(node.children);
        } else if (filled && found->is_array()) {
            for (Json& item : *found) walk_inside(item, node.children);
        } else if (filled) {
            walk_inside(*found, node.children);
        }
    }

    void walk_inside(Json& scope, const std::vector<TemplateNode>& nodes) {
        scopes_.push_back(&scope);
        walk(nodes);
        scopes_.pop_back();
    }

    Json* find(const std::string& dotted) const {
        if (dotted == ".") return scopes_.back();
        const size_t dot = dotted.find('.');
        const std::string first = dotted.substr(0, dot);
        for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
            if (!(*scope)->is_object() || !(*scope)->contains(first)) continue;
            Json& found = (**scope)[first];
            if (dot == std::string::npos) return &found;
            return found.is_object() && found.contains(dotted.substr(dot + 1)) ? &found[dotted.substr(dot + 1)]
                                                                               : nullptr;
        }
        return nullptr;
    }

    // Holds an object against a contract, and fills in what may be absent.
    void complete(const Json& names, Json& self, const std::string& where) {
        std::set<std::string> known;
        for (const auto& [key, expected] : names.items()) {
            const bool optional = key.ends_with('?');
            const std::string name = key.substr(0, key.size() - (optional ? 1 : 0));
            known.insert(name);
            if (!self.contains(name) || is_blank(self[name])) {
                self[name] = false;
                if (!optional) problems.push_back(fmt::format("{}.{} is missing", where, name));
                continue;
            }
            check(expected, self[name], where + "." + name);
        }
        for (const auto& [name, ignored] : self.items())
            if (!known.contains(name)) problems.push_back(fmt::format("{}.{} is not in the contract", where, name));
    }

    void check(const Json& expected, Json& value, const std::string& where) {
        if (expected.is_array()) {
            if (!value.is_array()) return refuse(value, where + " is no list");
            for (Json& item : value) check(expected[0], item, where);
        } else if (expected.is_object() || expected.get<std::string>().starts_with("component ")) {
            if (!value.is_object()) return refuse(value, where + " is no object");
            if (expected.is_object()) complete(expected, value, where);
        } else if (expected == "flag" ? !value.is_boolean() : !value.is_string() && !value.is_number()) {
            problems.push_back(fmt::format("{} is no {}", where, expected.get<std::string>()));
        }
    }

    // One problem, and not one more for each name that is looked for in it.
    void refuse(Json& value, std::string problem) {
        problems.push_back(std::move(problem));
        value = false;
    }

    const Json& texts_;
    std::vector<Json*> scopes_;
};

}  // namespace

const std::vector<Component>& components() {
    static const std::vector<Component> all = load_components();
    return all;
}

const Component& component(std::string_view name) {
    for (const Component& one : components())
        if (one.name == name) return one;
    GZ_CHECK(false, "a template names a component that is not there");
}

std::vector<std::string> prepare_view(const Template& parsed, const Json& texts, Json& view) {
    Preparation preparation(texts, view);
    preparation.walk(parsed.nodes);
    return std::move(preparation.problems);
}

}  // namespace gongzhi::web
