#include "web/article.h"

#include "web/preferences.h"

namespace gongzhi::web {
namespace {

// Lines of one kind that follow each other are one list.
void add_item(Json& blocks, const char* kind, std::string_view item) {
    if (blocks.empty() || !blocks.back().contains(kind)) blocks.push_back({{kind, {{"items", Json::array()}}}});
    blocks.back()[kind]["items"].push_back(item);
}

void add_link(Json& blocks, std::string_view line) {
    const size_t space = std::min(line.find(' '), line.size());
    GZ_CHECK(space < line.size(), "a link of an article has an address and words");
    blocks.push_back({{"href", link(line.substr(0, space))}, {"link", line.substr(space + 1)}});
}

Json blocks_of(std::string_view body) {
    Json blocks = Json::array();
    while (!body.empty()) {
        const size_t end = std::min(body.find('\n'), body.size());
        const std::string_view line = body.substr(0, end);
        body.remove_prefix(std::min(end + 1, body.size()));
        if (line.starts_with("- "))
            add_item(blocks, "bullets", line.substr(2));
        else if (line.starts_with("# "))
            add_item(blocks, "steps", line.substr(2));
        else if (line.starts_with("> "))
            add_link(blocks, line.substr(2));
        else if (!line.empty())
            blocks.push_back({{"paragraph", line}});
    }
    return blocks;
}

}  // namespace

Json article_section(Language language, const std::string& name, const TextValues& values) {
    return {{"id", name},
            {"heading", text(language, name + "_heading")},
            {"blocks", blocks_of(text(language, name + "_body", values))}};
}

Json article(Language language, const std::vector<std::string>& names, const TextValues& values) {
    Json sections = Json::array();
    for (const std::string& name : names) sections.push_back(article_section(language, name, values));
    return {{"sections", sections}};
}

}  // namespace gongzhi::web
