#include "access/access.h"

#include <gtest/gtest.h>

#include "testing/temp_folder.h"

namespace gongzhi::access {
namespace {

constexpr Role kRoles[] = {Role::none, Role::clerk, Role::engineer, Role::officer, Role::administrator, Role::system};

std::string roles_that_may(Action action) {
    std::string out;
    for (const Role role : kRoles)
        if (may({"x", role}, action)) out += (out.empty() ? "" : " ") + std::string(role_name(role));
    return out;
}

// The whole table, so that a grant is never widened unseen.
TEST(May, IsExactlyThis) {
    const std::vector<std::pair<Action, std::string>> table = {
        {Action::submit, "clerk engineer"},     {Action::read, "clerk engineer officer administrator system"},
        {Action::accept_rule, "engineer"},      {Action::answer_request, "clerk engineer"},
        {Action::erase_record, "engineer"},     {Action::send_rule, "officer"},
        {Action::open_case, "officer"},         {Action::send_request, "officer"},
        {Action::admit_party, "administrator"}, {Action::join_party, "administrator"},
        {Action::take_in_message, "system"},    {Action::report_findings, "system"},
        {Action::commit_records, "system"},
    };
    size_t actions = 0;
#define A(action, ...) ++actions;
#include "access/actions.def"
#undef A
    EXPECT_EQ(table.size(), actions);
    for (const auto& [action, roles] : table) EXPECT_EQ(roles_that_may(action), roles) << action_name(action);
    EXPECT_EQ(may({"x", Role::none}, Action::read).error().code, ErrorCode::forbidden);
}

TEST(Roles, AreReadByNameButNotTheNodesOwn) {
    EXPECT_EQ(role_of("officer"), Role::officer);
    for (const char* name : {"system", "none", "", "root"}) EXPECT_FALSE(role_of(name)) << name;
}

TEST(Tokens, AreFoundAfterARestartAndKeptOnlyAsDigests) {
    testing::TempFolder folder;
    SystemRandom random;
    std::string token;
    {
        const auto journal = journal::Journal::open({folder.path()}).value();
        Tokens tokens(*journal, random);
        token = tokens.issue("zhao", Role::clerk).value();
        EXPECT_TRUE(token.starts_with("gz_"));
        EXPECT_EQ(token.size(), 46u);
        EXPECT_NE(tokens.issue("zhao", Role::clerk).value(), token);
    }
    const auto journal = journal::Journal::open({folder.path()}).value();
    const Tokens tokens(*journal, random);
    const auto actor = tokens.find(token);
    ASSERT_TRUE(actor);
    EXPECT_EQ(actor->name, "token:zhao");
    EXPECT_EQ(actor->role, Role::clerk);
    EXPECT_EQ(tokens.find(token.substr(1)).error().code, ErrorCode::unauthenticated);
    EXPECT_EQ(tokens.find("").error().code, ErrorCode::unauthenticated);
    EXPECT_TRUE(journal->visit_local("", 1000, [&](BytesView key, BytesView value) -> Status {
        EXPECT_EQ(key.find(token.substr(3)), BytesView::npos);
        EXPECT_EQ(value.find(token.substr(3)), BytesView::npos);
        return {};
    }));
}

}  // namespace
}  // namespace gongzhi::access
