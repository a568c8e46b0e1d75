#include "page_check.h"

#include <set>

namespace gongzhi::testing {
namespace {

const std::set<std::string, std::less<>> kVoid = {"meta", "link", "input", "br", "hr", "img"};
const std::set<std::string, std::less<>> kFields = {"input", "select", "textarea"};

struct Tag {
    std::string name;
    std::map<std::string, std::string, std::less<>> attributes;
    bool closing = false;

    std::string_view get(std::string_view attribute) const {
        const auto found = attributes.find(attribute);
        return found == attributes.end() ? std::string_view() : std::string_view(found->second);
    }
};

class Check {
public:
    explicit Check(std::string_view html) : html_(html) {}

    std::vector<std::string> run(std::string_view language) {
        if (!html_.starts_with("<!DOCTYPE html>")) problem("no doctype");
        if (html_.find("view problems:") != std::string_view::npos)
            problem("the view lacks names that the template uses");
        if (html_.find("{{") != std::string_view::npos) problem("a template tag was left");
        for (size_t at = html_.find('<', 15); at != std::string_view::npos; at = html_.find('<', at)) at = take_tag(at);
        for (const std::string& open : open_) problem("not closed: " + open);
        if (language_ != language) problem("the page is not in " + std::string(language));
        if (std::count(headings_.begin(), headings_.end(), 1) != 1) problem("not one h1");
        if (mains_ != 1) problem("not one main");
        for (const std::string& id : referred_)
            if (!ids_.contains(id)) problem("nothing has the id " + id);
        for (const std::string& id : fields_)
            if (!labelled_.contains(id)) problem("no label for " + id);
        return std::move(problems_);
    }

private:
    void problem(std::string sentence) { problems_.push_back(std::move(sentence)); }

    // Reads the tag that begins at `at`; returns where to go on.
    size_t take_tag(size_t at) {
        if (html_.substr(at).starts_with("<!--")) return std::min(html_.find("-->", at), html_.size());
        Tag tag;
        size_t i = at + 1;
        tag.closing = i < html_.size() && html_[i] == '/';
        if (tag.closing) ++i;
        const size_t name_end = std::min(html_.find_first_of(" >\n", i), html_.size());
        tag.name = html_.substr(i, name_end - i);
        i = name_end;
        while (i < html_.size() && html_[i] != '>') i = take_attribute(i, tag);
        if (tag.closing)
            close(tag);
        else
            look_at(tag);
        return i;
    }

    size_t take_attribute(size_t i, Tag& tag) {
        if (html_[i] == ' ' || html_[i] == '\n') return i + 1;
        const size_t end = std::min(html_.find_first_of(" =>\n", i), html_.size());
        const std::string name(html_.substr(i, end - i));
        std::string value;
        size_t next = end;
        if (end < html_.size() && html_[end] == '=') {
            const size_t close = html_.find('"', end + 2);
            if (html_[end + 1] != '"' || close == std::string_view::npos) {
                problem(fmt::format("<{}>: {} is not quoted", tag.name, name));
                return html_.size();
            }
            value = html_.substr(end + 2, close - end - 2);
            next = close + 1;
        }
        if (!tag.attributes.emplace(name, value).second) problem(fmt::format("<{}>: {} twice", tag.name, name));
        return next;
    }

    void close(const Tag& tag) {
        if (open_.empty() || open_.back() != tag.name)
            return problem(fmt::format("</{}> closes {}", tag.name, open_.empty() ? "nothing" : open_.back()));
        open_.pop_back();
    }

    void look_at(const Tag& tag) {
        if (!kVoid.contains(tag.name)) open_.push_back(tag.name);
        if (tag.name == "html") language_ = tag.get("lang");
        if (tag.name == "main") ++mains_;
        if (tag.name == "style") problem("a style element");
        if (tag.name == "script" && !tag.closing) look_at_script(tag);
        for (const auto& [name, value] : tag.attributes)
            if (name.starts_with("on") || name == "style") problem(fmt::format("<{}>: attribute {}", tag.name, name));
        if (tag.name.size() == 2 && tag.name[0] == 'h' && tag.name[1] >= '1' && tag.name[1] <= '6') {
            const int level = tag.name[1] - '0';
            if (!headings_.empty() && level > headings_.back() + 1) problem(tag.name + " skips a level");
            headings_.push_back(level);
        }
        look_at_names(tag);
    }

    // The one script there is: a file of this site, kept by its digest, on the page that checks receipts, once.
    void look_at_script(const Tag& tag) {
        const std::string_view source = tag.get("src");
        const bool known = source.starts_with("/assets/verify-") && source.ends_with(".js");
        if (!known || tag.attributes.size() != 2 || !tag.attributes.contains("defer") || ++scripts_ > 1)
            problem("a script element");
        if (html_.find("id=\"receipt\"") == std::string_view::npos) problem("a script on a page without receipts");
    }

    void look_at_names(const Tag& tag) {
        const std::string id(tag.get("id"));
        if (tag.attributes.contains("id") && (id.empty() || !ids_.insert(id).second))
            problem("id twice or empty: " + id);
        for (const char* attribute : {"aria-describedby", "aria-labelledby", "for"}) refer(tag.get(attribute));
        if (tag.name == "label") labelled_.insert(std::string(tag.get("for")));
        if (kFields.contains(tag.name) && tag.get("type") != "hidden") fields_.push_back(id);
        if (tag.name == "img" && !tag.attributes.contains("alt")) problem("an image without alt");
        const std::string_view href = tag.get("href");
        if (tag.name == "a" && !href.starts_with('/') && !href.starts_with('#')) problem("a link out of this site");
        if (tag.name == "a" && href.starts_with('#')) refer(href.substr(1));
    }

    void refer(std::string_view ids) {
        while (!ids.empty()) {
            const size_t end = std::min(ids.find(' '), ids.size());
            if (end > 0) referred_.emplace_back(ids.substr(0, end));
            ids.remove_prefix(std::min(end + 1, ids.size()));
        }
    }

    std::string_view html_;
    std::vector<std::string> open_, referred_, fields_, problems_;
    std::set<std::string> ids_, labelled_;
    std::vector<int> headings_;
    std::string language_;
    int mains_ = 0, scripts_ = 0;
};

}  // namespace

std::vector<std::string> page_problems(const http::Response& response, std::string_view language) {
    std::vector<std::string> problems = Check(response.body).run(language);
    std::map<std::string, std::string> headers;  // as the server sends them
    for (const auto& [name, value] : http::default_headers()) headers[name] = value;
    for (const auto& [name, value] : response.headers) headers[name] = value;
    const std::string& policy = headers["content-security-policy"];
    const bool has_script = response.body.find("<script ") != std::string::npos;
    const bool allows_script = policy.find("script-src 'self';") != std::string::npos;
    if (!policy.starts_with("default-src 'none'") || policy.find("unsafe") != std::string::npos ||
        has_script != allows_script || (!allows_script && policy.find("script-src") != std::string::npos))
        problems.push_back("the content security policy is weak");
    if (headers["content-type"] != "text/html; charset=utf-8") problems.push_back("not HTML in UTF-8");
    if (headers["cache-control"] != "no-store") problems.push_back("a page may be stored");
    if (headers["x-content-type-options"] != "nosniff") problems.push_back("a page may be sniffed");
    return problems;
}

}  // namespace gongzhi::testing
