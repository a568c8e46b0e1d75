#include "web/render.h"

#include <kainjow/mustache.hpp>
#include <set>

#include "base/log.h"
#include "web/embedded.h"

namespace gongzhi::web {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

constexpr std::string_view kPages = "templates/", kSuffix = ".mustache", kLayout = "layout";

// The library copies whatever is put into an object or a list by its own functions: once for each level that something lies
// deep. What is moved into its place is not copied.
data data_of(const Json& value) {
    if (value.is_object()) {
        data object(data::type::object);
        for (const auto& [key, item] : value.items()) object[key] = data_of(item);
        return object;
    }
    if (value.is_array()) {
        data list(kainjow::mustache::list(value.size(), data(data::type::bool_false)));
        // Lists can only be read; this one is our own and not constant.
        auto& items = const_cast<kainjow::mustache::list&>(list.list_value());
        for (size_t i = 0; i < value.size(); ++i) items[i] = data_of(value[i]);
        return list;
    }
    if (value.is_boolean()) return value.get<bool>() ? data(data::type::bool_true) : data(data::type::bool_false);
    if (value.is_null()) return data(data::type::bool_false);
    return data(value.is_string() ? value.get<std::string>() : value.dump());
}

// Read and parsed once. Without partials and lambdas rendering changes nothing in the library's object, though it is not
// declared const: requests share it.
struct Program {
    explicit Program(Template from) : parsed(std::move(from)), mustache_(std::make_unique<mustache>(parsed.source)) {
        GZ_CHECK(mustache_->is_valid(), "a template that is compiled in does not parse");
        collect_text_keys(parsed.nodes);
    }

    Rendered render(Language language, Json view) const {
        Rendered out;
        out.problems = prepare_view(parsed, texts(language), view);
        data root = data_of(view), words(data::type::object);
        for (const std::string& key : text_keys_)
            if (const auto found = texts(language).find(key); found != texts(language).end())
                words[key] = data(found->get_ref<const std::string&>());
        root["t"] = std::move(words);
        out.html = mustache_->render(root);
        return out;
    }

    Template parsed;

private:
    void collect_text_keys(const std::vector<TemplateNode>& nodes) {
        for (const TemplateNode& node : nodes) {
            if (node.name.starts_with("t.")) text_keys_.insert(node.name.substr(2));
            collect_text_keys(node.children);
        }
    }

    std::unique_ptr<mustache> mustache_;
    std::set<std::string> text_keys_;
};

using Programs = std::map<std::string, Program, std::less<>>;

const Programs& pages() {
    static const Programs all = [] {
        Programs programs;
        for (const std::string& name : page_names()) programs.emplace(name, page_template(name));
        return programs;
    }();
    return all;
}

const Programs& component_programs() {
    static const Programs all = [] {
        Programs programs;
        for (const Component& one : components()) {
            // The component's view in a section of its own, as a page would have it.
            Template whole = component_template(one.name);
            whole.source = "{{#self}}" + whole.source + "{{/self}}";
            TemplateNode component{TemplateNode::Kind::component, one.name, std::move(whole.nodes)};
            whole.nodes = {{TemplateNode::Kind::section, "self", {std::move(component)}}};
            programs.emplace(one.name, std::move(whole));
        }
        return programs;
    }();
    return all;
}

const Program& program(const Programs& programs, std::string_view name) {
    const auto found = programs.find(name);
    GZ_CHECK(found != programs.end(), "a page or component is named that is not compiled in");
    return found->second;
}

}  // namespace

std::string_view embedded_file(std::string_view name) {
    for (const EmbeddedFile& file : embedded_files())
        if (file.name == name) return file.content;
    GZ_CHECK(false, "a file is named that is not compiled in");
}

std::vector<std::string> page_names() {
    std::vector<std::string> names;
    for (const EmbeddedFile& file : embedded_files()) {
        if (!file.name.starts_with(kPages) || !file.name.ends_with(kSuffix)) continue;
        const std::string_view name =
            file.name.substr(kPages.size(), file.name.size() - kPages.size() - kSuffix.size());
        if (name != kLayout) names.emplace_back(name);
    }
    return names;
}

Rendered render_page(std::string_view page, Language language, Json view, Json layout) {
    view["layout"] = std::move(layout);
    Rendered out = program(pages(), page).render(language, std::move(view));
    if (out.problems.empty()) return out;
    const std::string listed = fmt::format("{}", fmt::join(out.problems, ", "));
    log_error("page={} view problems: {}", page, listed);
    out.html += fmt::format("\n<!-- view problems: {} -->\n", listed);
    return out;
}

Rendered render_component(std::string_view name, Language language, Json view) {
    return program(component_programs(), name).render(language, {{"self", std::move(view)}});
}

}  // namespace gongzhi::web
