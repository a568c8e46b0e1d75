#include "web/template.h"

#include "base/result.h"
#include "web/embedded.h"

namespace gongzhi::web {
namespace {

constexpr int kDepthMax = 8;

class Reader {
public:
    explicit Reader(std::string page) : page_(std::move(page)) {}

    Template read(const std::string& file) {
        Template out;
        take_in(file, out.nodes, out.source, 0);
        return out;
    }

private:
    // The whole of a file; the line end that editors put last is not part of it.
    void take_in(const std::string& file, std::vector<TemplateNode>& nodes, std::string& source, int depth) const {
        GZ_CHECK(depth < kDepthMax, "a template takes itself in");
        std::string_view text = embedded_file(file);
        while (text.ends_with('\n')) text.remove_suffix(1);
        const size_t end = read_nodes(text, 0, nodes, source, depth);
        GZ_CHECK(end == text.size(), "a template closes a section that it did not open");
    }

    // Reads until the end or behind a closing tag; returns where it stopped.
    size_t read_nodes(std::string_view text, size_t at, std::vector<TemplateNode>& nodes, std::string& source,
                      int depth) const {
        while (true) {
            const size_t open = text.find("{{", at);
            source += text.substr(at, std::min(open, text.size()) - at);
            if (open == std::string_view::npos) return text.size();
            const bool triple = text.substr(open).starts_with("{{{");
            const std::string_view mark = triple ? "}}}" : "}}";
            const size_t close = text.find(mark, open);
            GZ_CHECK(close != std::string_view::npos, "a template has a tag that does not end");
            const std::string_view tag = text.substr(open, close + mark.size() - open);
            const std::string_view inner = tag.substr(mark.size(), tag.size() - 2 * mark.size());
            at = open + tag.size();
            if (inner.starts_with('>')) {
                take_in_partial(std::string(inner.substr(inner.find_first_not_of("> "))), nodes, source, depth);
                continue;
            }
            source += tag;
            if (inner.starts_with('/')) return at;
            const bool section = inner.starts_with('#'), inverted = inner.starts_with('^');
            nodes.push_back({section    ? TemplateNode::Kind::section
                             : inverted ? TemplateNode::Kind::inverted
                                        : TemplateNode::Kind::name,
                             std::string(inner.substr(section || inverted ? 1 : 0)),
                             {}});
            if (section || inverted) at = read_nodes(text, at, nodes.back().children, source, depth);
        }
    }

    void take_in_partial(const std::string& name, std::vector<TemplateNode>& nodes, std::string& source,
                         int depth) const {
        if (name == "content") return take_in("templates/" + page_ + ".mustache", nodes, source, depth + 1);
        if (name.starts_with("parts/")) return take_in("components/" + name + ".mustache", nodes, source, depth + 1);
        nodes.push_back({TemplateNode::Kind::component, name, {}});
        take_in("components/" + name + "/template.mustache", nodes.back().children, source, depth + 1);
    }

    std::string page_;
};

}  // namespace

Template page_template(const std::string& page) { return Reader(page).read("templates/layout.mustache"); }

Template component_template(const std::string& component) {
    return Reader("").read("components/" + component + "/template.mustache");
}

}  // namespace gongzhi::web
