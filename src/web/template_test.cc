// Rules for the files below web/, read as text.
#include <gtest/gtest.h>

#include <array>
#include <regex>
#include <set>

#include "base/file.h"
#include "web/assets.h"
#include "web/embedded.h"
#include "web/language.h"

namespace gongzhi::web {
namespace {

// Unescaped values: the gallery's samples, each a rendered component.
const std::set<std::string, std::less<>> kMayBeUnescaped = {"templates/gallery.mustache"};

template <typename Visit>
void each_template(Visit visit) {
    for (const EmbeddedFile& file : embedded_files())
        if (file.name.ends_with(".mustache")) visit(file);
}

std::vector<std::string> matches(const std::string& text, const char* pattern, int group = 1) {
    const std::regex regex(pattern);
    std::vector<std::string> out;
    for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it) out.push_back((*it)[group]);
    return out;
}

TEST(Templates, EscapeAndQuote) {
    each_template([](const EmbeddedFile& file) {
        const std::string text(file.content);
        const bool unescaped = text.find("{{{") != std::string::npos || text.find("{{&") != std::string::npos;
        EXPECT_EQ(unescaped, kMayBeUnescaped.contains(file.name)) << file.name;
        const std::string bare = std::regex_replace(text, std::regex("\"[^\"]*\""), "\"\"");
        EXPECT_EQ(matches(bare, "([a-z-]+)=[^\"]"), std::vector<std::string>()) << file.name << ": not quoted";
        // Addresses come whole from C++ (`link`), or are a place of the page.
        for (const std::string& value : matches(text, "(?:href|action|src)=\"([^\"]*)\""))
            EXPECT_TRUE(
                std::regex_match(value, std::regex("\\{\\{[a-z_.]*(href|action|stylesheet|script)\\}\\}|#[a-z]+")))
                << file.name << " " << value;
    });
}

TEST(Templates, HoldNoTextOfTheirOwn) {
    each_template([](const EmbeddedFile& file) {
        std::string text = std::regex_replace(std::string(file.content), std::regex("\\{\\{\\{?[^}]*\\}\\}\\}?"), "");
        text = std::regex_replace(text, std::regex("<[^>]*>| [a-z-]+=\"[^\"]*\""), "");
        for (const unsigned char c : text)
            EXPECT_FALSE((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xe4 && c <= 0xe9))
                << file.name << " has text that no locale has: " << text;
    });
}

// A class that the stylesheet lacks is a slip of the pen, or a part of govuk-frontend that is not taken in.
TEST(Templates, UseOnlyClassesOfTheStylesheet) {
    // Without rules in govuk-frontend itself; kept, as it names them.
    const std::set<std::string> hooks = {"govuk-template", "govuk-template__body", "govuk-table__row",
                                         "govuk-table__body"};
    each_template([&](const EmbeddedFile& file) {
        for (std::string classes : matches(std::string(file.content), "class=\"([^\"]*)\"")) {
            classes = std::regex_replace(classes, std::regex("\\{\\{[#^/][^}]*\\}\\}"), "");
            for (const std::string& name : matches(classes, "(?:^| )([a-z][a-z0-9_-]*)(?=$| )"))
                EXPECT_TRUE(hooks.contains(name) || stylesheet().find("." + name) != std::string_view::npos)
                    << file.name << " " << name;
        }
    });
}

// The budget of every first visit, and that nothing is fetched from anywhere.
TEST(Stylesheet, FitsItsBudgetAndFetchesNothing) {
    EXPECT_LE(stylesheet_gzip().size(), 20'000u);
    for (const char* unwanted : {"url(", "@import", "@font-face", "GDS Transport"})
        EXPECT_EQ(stylesheet().find(unwanted), std::string_view::npos) << unwanted;
    EXPECT_TRUE(stylesheet_path().starts_with("/assets/site-"));
}

bool has_chinese(const std::string& text) { return std::regex_search(text, std::regex("[\xe4-\xe9]")); }

TEST(Locales, EveryTextIsThereInBothLanguages) {
    for (const auto& [key, zh] : texts(Language::zh).items()) {
        const std::string en = texts(Language::en).at(key), chinese = zh;
        EXPECT_FALSE(en.empty() || chinese.empty()) << key;
        EXPECT_FALSE(has_chinese(en)) << key << " is not translated";
        // What is no more than names, numbers and punctuation needs no words.
        const std::string words = std::regex_replace(chinese, std::regex("\\{[a-z]+\\}"), "");
        EXPECT_TRUE(has_chinese(chinese) || !std::regex_search(words, std::regex("[A-Za-z]")))
            << key << " is not translated";
        // A name in braces, or one that is counted: {count} and {count, plural, …}.
        const char* names = "\\{([a-z]+)(?:\\}|, plural)";
        EXPECT_EQ(matches(en, names).size(), matches(chinese, names).size()) << key;
    }
}

// Words that the vocabulary retired. 经营主体 is the trader, 主体 alone was the party.
TEST(Locales, HoldNoRetiredWord) {
    const auto check = [](const std::string& text, std::string_view where) {
        for (const char* retired : {"主体", "行为", "法域包"})
            for (size_t at = text.find(retired); at != std::string::npos; at = text.find(retired, at + 1))
                EXPECT_TRUE(std::string_view(retired) == "主体" && at >= 6 && text.substr(at - 6, 6) == "经营")
                    << where << " " << text.substr(at, 12);
        EXPECT_EQ(text.find("疑点线索"), std::string::npos) << where;
    };
    for (const EmbeddedFile& file : embedded_files())
        if (file.name.ends_with(".json")) check(std::string(file.content), file.name);
}

constexpr std::array<std::string_view, 9> kEndings = {"_heading", "_sentence", "_body",      "_title", "_label",
                                                      "_lead",    "_card",     "_card_text", "_hint"};

// A key is used where a template says t.key or the code has it as a literal; "kind_" in the code uses all that begin so.
TEST(Locales, EveryTextIsUsed) {
    std::set<std::string> used, prefixes;
    each_template([&](const EmbeddedFile& file) {
        for (const std::string& key : matches(std::string(file.content), "t\\.([a-z0-9_]+)")) used.insert(key);
    });
    const std::filesystem::path folder = std::filesystem::path(GONGZHI_SOURCE_DIR) / "src" / "web";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".cc" || entry.path().stem().string().ends_with("_test")) continue;
        for (const std::string& literal :
             matches(read_file(entry.path()).value(), "\"(_?[a-z][a-z0-9_]*)(?:\\{\\})?\"")) {
            used.insert(literal);
            if (literal.ends_with('_')) prefixes.insert(literal);
        }
    }
    for (const auto& [key, ignored] : texts(Language::zh).items()) {
        const bool by_prefix = std::any_of(prefixes.begin(), prefixes.end(),
                                           [&](const std::string& prefix) { return key.starts_with(prefix); });
        // Put together from a literal name and an ending: by message_page, by articles, by cards.
        const bool by_suffix = std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) {
            return key.ends_with(ending) && used.contains(key.substr(0, key.size() - ending.size()));
        });
        EXPECT_TRUE(used.contains(key) || by_prefix || by_suffix) << key << " is used nowhere";
    }
}

}  // namespace
}  // namespace gongzhi::web
