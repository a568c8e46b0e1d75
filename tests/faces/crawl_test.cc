// Follows every link from where signed-in people start: none leads nowhere, and each page that it leads to is whole. What
// anybody may see, portal_test follows.
#include <deque>
#include <regex>
#include <set>

#include "played.h"

namespace gongzhi::faces {
namespace {

constexpr size_t kPagesMax = 400;

std::set<std::string> links_in(const std::string& html) {
    static const std::regex href("<a [^>]*href=\"([^\"#]+)");
    std::set<std::string> links;
    for (std::sregex_iterator at(html.begin(), html.end(), href), end; at != end; ++at) {
        std::string address = (*at)[1];
        for (size_t mark; (mark = address.find("&amp;")) != std::string::npos;) address.erase(mark + 1, 4);
        links.insert(address);
    }
    return links;
}

// Pages that differ only in what they filter or in the language show the same links.
std::string page_of(const std::string& address) { return address.substr(0, address.find('?')); }

size_t crawl(Client& client, const http::Headers& session, const std::string& start) {
    std::deque<std::string> open = {start};
    std::set<std::string> seen = {page_of(start)};
    while (!open.empty() && seen.size() < kPagesMax) {
        const std::string address = open.front();
        open.pop_front();
        const http::Response response = client.ask("GET", address, "", session);
        EXPECT_TRUE(response.status == 200 || response.status == 303) << address << " " << response.status;
        std::string media;
        for (const auto& [name, value] : response.headers)
            if (name == "content-type") media = value;
        if (response.status != 200 || !media.starts_with("text/html")) continue;
        EXPECT_EQ(testing::page_problems(response, "zh-CN"), std::vector<std::string>()) << address;
        for (const std::string& next : links_in(response.body)) {
            EXPECT_TRUE(next.starts_with('/')) << address << " leads out to " << next;
            if (!page_of(next).starts_with("/v1/") && seen.insert(page_of(next)).second) open.push_back(next);
        }
    }
    EXPECT_LT(seen.size(), kPagesMax) << "the crawl was cut short";
    return seen.size();
}

TEST(Crawl, NoLinkLeadsNowhere) {
    Played played;
    EXPECT_GE(crawl(*played.console, played.console->session_of(kOfficer), "/cockpit"), 40u);
    EXPECT_GE(crawl(*played.desk, played.desk->session_of(kClerk), "/due"), 25u);
    EXPECT_GE(crawl(*played.desk, played.desk->session_of(scenario::kEngineer), "/due"), 25u);
}

}  // namespace
}  // namespace gongzhi::faces
