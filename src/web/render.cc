#include "web/render.h"

#include <kainjow/mustache.hpp>

#include "web/embedded.h"

namespace gongzhi::web {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

std::string file_text(const std::string& name) { return std::string(embedded_file(name)); }

data data_of(const Json& value) {
    if (value.is_object()) {
        data object(data::type::object);
        for (const auto& [key, item] : value.items()) object.set(key, data_of(item));
        return object;
    }
    if (value.is_array()) {
        data list(data::type::list);
        for (const Json& item : value) list.push_back(data_of(item));
        return list;
    }
    if (value.is_boolean()) return value.get<bool>() ? data(data::type::bool_true) : data(data::type::bool_false);
    if (value.is_null()) return data(data::type::bool_false);
    return data(value.is_string() ? value.get<std::string>() : value.dump());
}

std::string render(const std::string& page, const Json& view) {
    mustache tmpl(file_text("templates/" + page + ".mustache"));
    GZ_CHECK(tmpl.is_valid(), "a template that is compiled in does not parse");
    return tmpl.render(data_of(view));
}

const Json* find_name(const std::vector<const Json*>& scopes, const std::string& dotted) {
    const size_t dot = dotted.find('.');
    for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
        if (!(*scope)->is_object() || !(*scope)->contains(dotted.substr(0, dot))) continue;
        const Json& found = (**scope)[dotted.substr(0, dot)];
        if (dot == std::string::npos) return &found;
        return found.is_object() && found.contains(dotted.substr(dot + 1)) ? &found[dotted.substr(dot + 1)] : nullptr;
    }
    return nullptr;
}

// Walks the tags of a template with the scopes that are open; returns the position behind the closing tag of `section`.
size_t walk(const std::string& text, size_t at, std::vector<const Json*>& scopes, bool live,
            std::vector<std::string>& missing) {
    while (true) {
        const size_t open = text.find("{{", at);
        if (open == std::string::npos) return text.size();
        const size_t close = text.find("}}", open);
        std::string tag = text.substr(open + 2, close - open - 2);
        at = close + 2;
        if (tag.starts_with('{')) {
            tag.erase(0, 1);
            ++at;
        }
        if (tag.starts_with('/')) return at;
        const bool section = tag.starts_with('#'), inverted = tag.starts_with('^');
        const std::string name = section || inverted ? tag.substr(1) : tag;
        const Json* found = find_name(scopes, name);
        if (live && !found) missing.push_back(name);
        if (!section && !inverted) continue;
        const bool filled = found && !found->is_null() && *found != false && !(found->is_array() && found->empty());
        const Json* inner = found && found->is_array() && !found->empty() ? &(*found)[0] : found;
        if (section && filled) scopes.push_back(inner);
        at = walk(text, at, scopes, live && filled == section, missing);
        if (section && filled) scopes.pop_back();
    }
}

}  // namespace

std::string_view embedded_file(std::string_view name) {
    for (const EmbeddedFile& file : embedded_files())
        if (file.name == name) return file.content;
    GZ_CHECK(false, "a page names a file that is not compiled in");
}

std::string_view language_code(Language language) { return language == Language::zh ? "zh-CN" : "en"; }

const Json& texts(Language language) {
    static const Json zh = Json::parse(file_text("locales/zh-CN.json")), en = Json::parse(file_text("locales/en.json"));
    return language == Language::zh ? zh : en;
}

std::string render_page(std::string_view page, Language language, Json view, Json layout) {
    view["t"] = texts(language);
    layout["t"] = texts(language);
    layout["lang"] = language_code(language);
    layout["content"] = render(std::string(page), view);
    return render("layout", layout);
}

std::vector<std::string> missing_names(std::string_view page, Language language, const Json& view) {
    Json whole = view;
    whole["t"] = texts(language);
    std::vector<std::string> missing;
    std::vector<const Json*> scopes = {&whole};
    walk(file_text("templates/" + std::string(page) + ".mustache"), 0, scopes, true, missing);
    return missing;
}

}  // namespace gongzhi::web
