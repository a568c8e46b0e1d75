#include "access/access.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "access/units.h"
#include "access/users.h"
#include "testing/temp_folder.h"

namespace gongzhi::access {
namespace {

constexpr Role kRoles[] = {Role::none,
                           Role::clerk,
                           Role::engineer,
                           Role::officer,
                           Role::system_administrator,
                           Role::security_administrator,
                           Role::audit_administrator,
                           Role::system};

std::string roles_that_may(Action action) {
    std::string out;
    for (const Role role : kRoles)
        if (may({"x", role}, action)) out += (out.empty() ? "" : " ") + std::string(role_name(role));
    return out;
}

// The whole table, so that a grant is never widened unseen.
TEST(May, IsExactlyThis) {
    const std::vector<std::pair<Action, std::string>> table = {
        {Action::submit, "clerk engineer"},
        {Action::read, "clerk engineer officer system_administrator system"},
        {Action::accept_rule, "engineer"},
        {Action::answer_request, "clerk engineer"},
        {Action::object, "clerk engineer"},
        {Action::check_traders, "clerk engineer"},
        {Action::comment, "clerk engineer"},
        {Action::erase_record, "engineer officer"},
        {Action::send_rule, "officer"},
        {Action::run_rule, "officer"},
        {Action::review_finding, "officer"},
        {Action::open_case, "officer"},
        {Action::dispatch_case, "officer"},
        {Action::file_case, "officer"},
        {Action::check_effect, "officer"},
        {Action::close_case, "officer"},
        {Action::send_request, "officer"},
        {Action::send_order, "officer"},
        {Action::answer_objection, "officer"},
        {Action::request_reveal, "officer"},
        {Action::approve_reveal, "officer"},
        {Action::look, "officer"},
        {Action::define_unit, "system_administrator"},
        {Action::admit_party, "system_administrator"},
        {Action::join_party, "system_administrator"},
        {Action::issue_token, "security_administrator"},
        {Action::manage_users, "security_administrator"},
        {Action::read_audit, "audit_administrator"},
        {Action::take_in_message, "system"},
        {Action::answer_check, "system"},
        {Action::report_findings, "system"},
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

TEST(May, GivesTheThreeAdministratorsNothingInCommon) {
    const Role administrators[] = {Role::system_administrator, Role::security_administrator, Role::audit_administrator};
    const auto shared_by = [&](Action action) {
        return std::count_if(std::begin(administrators), std::end(administrators), [&](Role role) {
            return may({"x", role}, action).has_value();
        });
    };
#define A(action, ...) EXPECT_LE(shared_by(Action::action), 1) << #action;
#include "access/actions.def"
#undef A
}

TEST(Roles, AreReadByNameButNotTheNodesOwn) {
    EXPECT_EQ(role_of("officer"), Role::officer);
    for (const char* name : {"system", "none", "", "root"}) EXPECT_FALSE(role_of(name)) << name;
}

// One province, two cities, four counties.
struct Province {
    testing::TempFolder folder;
    FixedClock clock{parse_utc("2026-03-02T01:00:00Z").value()};
    SystemRandom random;
    ledger::ClaimKeys claims{Bytes(32, 'c')};
    std::unique_ptr<ledger::Ledger> ledger = ledger::Ledger::open({folder.path(),
                                                                   "authority.example",
                                                                   crypto::KeyPair::generate(crypto::ed25519(), random),
                                                                   crypto::KeyPair::generate(crypto::ed25519(), random),
                                                                   0,
                                                                   {}},
                                                                  clock, random)
                                                 .value();
    Units units{ledger->journal()};
    Actor administrator{"user:xi", Role::system_administrator};

    Status define(const std::string& id, const std::string& parent, const std::string& region,
                  const std::string& level) {
        return units.define(administrator, {id, parent, region, level, id, id}, *ledger, claims, clock)
            .map([](EntryIndex) {});
    }
    Province() {
        EXPECT_TRUE(define("prov", "", "990000", "province"));
        EXPECT_TRUE(define("city-1", "prov", "990100", "city") && define("city-2", "prov", "990200", "city"));
        EXPECT_TRUE(define("county-11", "city-1", "990101", "county") &&
                    define("county-12", "city-1", "990102", "county"));
        EXPECT_TRUE(define("county-21", "city-2", "990201", "county"));
    }
};

TEST(Units, HoldTogetherAndComeBackAfterARestart) {
    Province province;
    EXPECT_EQ(province.define("city-1", "prov", "990300", "city").error().code, ErrorCode::conflict);
    EXPECT_EQ(province.define("far", "city-1", "990201", "county").error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(province.define("second", "", "980000", "province").error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(province.define("lost", "nowhere", "990101", "county").error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(province.units
                  .define({"x", Role::officer}, {"y", "prov", "990300", "city", "y", "y"}, *province.ledger,
                          province.claims, province.clock)
                  .error()
                  .code,
              ErrorCode::forbidden);
    Units again(province.ledger->journal());
    ASSERT_TRUE(again.load());
    EXPECT_EQ(again.all().size(), 6u);
    EXPECT_EQ(again.all().front().id, "prov");
    EXPECT_EQ(again.children_of("city-1").size(), 2u);
    EXPECT_TRUE(again.under("county-11", "prov") && again.under("county-11", "city-1") && again.under("prov", "prov"));
    EXPECT_FALSE(again.under("county-11", "city-2") || again.under("prov", "county-11") || again.under("?", "prov"));
    EXPECT_EQ(again.responsible_for("990102"), "county-12");
    EXPECT_EQ(again.responsible_for("990299"), "city-2");
    EXPECT_EQ(again.responsible_for("110000"), "");
}

TEST(Regions, ContainByPairsOfDigits) {
    EXPECT_TRUE(region_under("990101", "990000") && region_under("990101", "990100") &&
                region_under("990101", "990101"));
    EXPECT_FALSE(region_under("990101", "990200") || region_under("990100", "990101") || region_under("99", "990000") ||
                 region_under("99010x", "990000"));
}

TEST(May, LooksAtUnitAndReach) {
    Province province;
    const Subject matter{"county-11", "user:li"};
    const auto may_open = [&](const std::string& name, const std::string& unit, Reach reach) {
        return may({name, Role::officer, unit, reach}, Action::close_case, matter, province.units).has_value();
    };
    EXPECT_TRUE(may_open("user:a", "", Reach::subtree)) << "the whole party";
    EXPECT_TRUE(may_open("user:a", "city-1", Reach::subtree) && may_open("user:a", "county-11", Reach::unit));
    EXPECT_TRUE(may_open("user:li", "county-11", Reach::own));
    EXPECT_FALSE(may_open("user:a", "county-11", Reach::own) || may_open("user:a", "city-1", Reach::unit) ||
                 may_open("user:a", "county-12", Reach::subtree) || may_open("user:a", "city-2", Reach::subtree));
    const Status refused =
        may({"user:a", Role::officer, "city-2", Reach::subtree}, Action::close_case, matter, province.units);
    EXPECT_EQ(refused.error().code, ErrorCode::not_found);
    EXPECT_TRUE(out_of_reach(refused.error()));
    EXPECT_TRUE(refused.error().field.empty()) << "nothing outside tells it from what does not exist";
    EXPECT_FALSE(out_of_reach(may({"x", Role::clerk}, Action::close_case).error()));
}

TEST(Users, LogInWithTheirPasswordAndAreLockedAfterFiveFailures) {
    Province province;
    Users users(province.ledger->journal(), province.clock);
    const Actor security{"user:an", Role::security_administrator};
    EXPECT_EQ(users.add(province.administrator, "li", "a long password", Role::officer).error().code,
              ErrorCode::forbidden);
    EXPECT_EQ(users.add(security, "li", "short", Role::officer).error().code, ErrorCode::invalid_argument);
    ASSERT_TRUE(users.add(security, "li", "a long password", Role::officer, "county-11", Reach::unit));
    EXPECT_EQ(users.add(security, "li", "another password", Role::officer).error().code, ErrorCode::conflict);
    const auto actor = users.log_in("li", "a long password");
    ASSERT_TRUE(actor);
    EXPECT_EQ(actor->name, "user:li");
    EXPECT_EQ(actor->unit, "county-11");
    EXPECT_EQ(actor->reach, Reach::unit);
    EXPECT_EQ(users.log_in("nobody", "a long password").error().code, ErrorCode::unauthenticated);
    for (int i = 0; i < kFailuresMax; ++i) EXPECT_FALSE(users.log_in("li", "a wrong password"));
    EXPECT_FALSE(users.log_in("li", "a long password")) << "locked";
    province.clock.advance(kLockMicros + 1);
    EXPECT_TRUE(users.log_in("li", "a long password"));
    ASSERT_TRUE(users.remove(security, "li"));
    EXPECT_FALSE(users.log_in("li", "a long password"));
}

TEST(Tokens, ThoseForOneUseAreGoodOnce) {
    testing::TempFolder folder;
    SystemRandom random;
    const auto journal = journal::Journal::open({folder.path()}).value();
    Tokens tokens(*journal, random);
    const std::string token = tokens.issue_once({"demo:li", Role::officer, "county-11", Reach::unit}).value();
    const auto actor = tokens.take(token);
    ASSERT_TRUE(actor);
    EXPECT_EQ(actor->unit, "county-11");
    EXPECT_EQ(tokens.take(token).error().code, ErrorCode::unauthenticated);
    EXPECT_EQ(tokens.find(token).error().code, ErrorCode::unauthenticated);
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
