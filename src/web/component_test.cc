#include "web/component.h"

#include <gtest/gtest.h>

#include <set>

#include "testing/golden.h"
#include "web/render.h"

namespace gongzhi::web {
namespace {

using Problems = std::vector<std::string>;

// The names of a contract, and of a view, as dotted paths; lists are looked into.
void collect(const Json& names, const std::string& where, bool contract, std::set<std::string>& out) {
    if (names.is_array()) {
        for (const Json& item : names) collect(item, where, contract, out);
    } else if (names.is_object()) {
        for (const auto& [key, inner] : names.items()) {
            const std::string name = where + (contract && key.ends_with('?') ? key.substr(0, key.size() - 1) : key);
            out.insert(name);
            const bool component = contract && inner.is_string();
            if (!component) collect(inner, name + ".", contract, out);
        }
    }
}

TEST(Components, ExamplesFollowTheContractAndAreGolden) {
    for (const Component& one : components()) {
        std::string golden;
        for (const Language language : {Language::zh, Language::en})
            for (const Json& example : one.examples) {
                const Rendered shown = render_component(one.name, language, in_language(example.at("view"), language));
                EXPECT_EQ(shown.problems, Problems()) << one.name;
                golden += fmt::format("<!-- {}: {} -->\n{}\n", language_code(language),
                                      in_language(example.at("title"), language).get<std::string>(), shown.html);
            }
        testing::expect_golden("web/components/" + one.name + "/golden.html", golden);
    }
    EXPECT_GE(components().size(), 27u);
}

// A name that no example uses is shown nowhere and tested nowhere.
TEST(Components, ExamplesUseEveryName) {
    for (const Component& one : components()) {
        std::set<std::string> declared, used;
        collect(one.names, "", true, declared);
        for (const Json& example : one.examples)
            collect(in_language(example.at("view"), Language::en), "", false, used);
        for (const std::string& name : declared) EXPECT_TRUE(used.contains(name)) << one.name << " " << name;
    }
}

TEST(Components, ViewsAreHeldToTheContract) {
    const auto problems = [](std::string_view name, Json view) {
        return render_component(name, Language::en, std::move(view)).problems;
    };
    EXPECT_EQ(problems("tag", {{"text", "x"}}), Problems());
    EXPECT_EQ(problems("tag", {{"colour", "red"}}), Problems{"tag.text is missing"});
    EXPECT_EQ(problems("tag", {{"text", "x"}, {"color", "red"}}), Problems{"tag.color is not in the contract"});
    EXPECT_EQ(problems("button", {{"text", "x"}, {"secondary", "yes"}}), Problems{"button.secondary is no flag"});
    EXPECT_EQ(problems("summary-list", {{"rows", {{{"key", "k"}, {"tag", {{"colour", "red"}}}}}}}),
              Problems{"tag.text is missing"});
    EXPECT_EQ(problems("breadcrumbs", {{"items", "x"}}), Problems{"breadcrumbs.items is no list"});
}

// Mustache would look for an absent name in the scopes around it.
TEST(Components, SeeNothingOfThePageAroundThem) {
    const Template parsed = {"", {{TemplateNode::Kind::section, "one", {{TemplateNode::Kind::component, "tag", {}}}}}};
    Json view = {{"colour", "red"}, {"one", {{"text", "x"}}}};
    EXPECT_EQ(prepare_view(parsed, Json::object(), view), Problems());
    EXPECT_EQ(view["one"]["colour"], false);
    const Template bare = {"", {{TemplateNode::Kind::component, "tag", {}}}};
    EXPECT_EQ(prepare_view(bare, Json::object(), view), Problems{"tag stands outside a section of its own"});
}

TEST(Pages, AMissingNameIsTold) {
    const Rendered page = render_page("message", Language::en, {{"heading", "h"}}, Json::object());
    EXPECT_NE(page.html.find("view problems: "), std::string::npos);
    EXPECT_NE(page.html.find("sentence is missing"), std::string::npos);
}

}  // namespace
}  // namespace gongzhi::web
