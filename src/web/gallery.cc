#include "web/gallery.h"

namespace gongzhi::web {
namespace {

Json examples_view(const Component& one, Language language) {
    Json out = Json::array();
    for (const Json& example : one.examples)
        out.push_back({{"title", in_language(example.at("title"), language)},
                       {"html", render_component(one.name, language, in_language(example.at("view"), language)).html}});
    return out;
}

}  // namespace

Json gallery_view(Language language) {
    Json shown = Json::array();
    for (const Component& one : components()) {
        Json names = Json::array();
        for (const auto& [name, what] : one.names.items())
            names.push_back(name + ": " + (what.is_string() ? what.get<std::string>() : what.dump()));
        const std::string anchor = "component-" + one.name;
        shown.push_back({{"name", one.name},
                         {"anchor", anchor},
                         {"anchor_href", "#" + anchor},
                         {"about", in_language(one.about, language)},
                         {"details", {{"summary", text(language, "gallery_names")}, {"paragraphs", names}}},
                         {"examples", examples_view(one, language)}});
    }
    return {{"components", shown}};
}

void add_gallery_route(http::Router& router, node::Node& node) {
    router.add({"GET", "/gallery", http::Admission::anyone, "public", "none", 0,
                [&node](http::Request request, http::Respond respond) {
                    const Language language = preferences_of(request).language;
                    const Frame frame{.title = text(language, "gallery_title"),
                                      .navigation = public_navigation(node, request, language)};
                    respond(page(200, "gallery", request, node, frame, gallery_view(language)));
                }});
}

}  // namespace gongzhi::web
