// The sample market's lines through intake's parser: clean ones pass, each dirty one is refused for the planted reason.
#include <gtest/gtest.h>

#include <set>

#include "base/file.h"
#include "intake/json_line.h"
#include "market/market.h"
#include "pack/pack.h"
#include "pack/record_check.h"
#include "testing/temp_folder.h"

namespace gongzhi::intake {
namespace {

struct Checked {
    size_t lines = 0;
    std::map<size_t, std::vector<pack::FieldProblem>> problems;  // by line, from 1
};

Checked check_file(const std::filesystem::path& file, const pack::RecordType& type) {
    Bytes content = read_file(file).value();
    content.append(kLinePaddingBytes, '\0');
    JsonLineParser parser(type);
    Checked checked;
    std::set<std::string> ids;
    for (size_t at = 0; at + kLinePaddingBytes < content.size();) {
        const size_t end = content.find('\n', at);
        pack::RecordView record(type.fields.size());
        std::vector<pack::FieldProblem> problems;
        parser.parse(std::string_view(content).substr(at, end - at), record, problems);
        if (problems.empty()) pack::check_record(type, record, problems);
        ++checked.lines;
        if (problems.empty() && !ids.insert(pack::record_id_of(type, record)).second)
            problems.push_back({0, "/" + type.fields[type.key.back()].name, "duplicate_record", "", ""});
        if (!problems.empty()) checked.problems[checked.lines] = std::move(problems);
        at = end + 1;
    }
    return checked;
}

TEST(MarketIntake, CleanLinesPassAndDirtyOnesAreRefusedAsPlanted) {
    const testing::TempFolder folder;
    const market::Market market = *market::generate({.listings = 300, .sales = 6000});
    ASSERT_TRUE(market::write_market(market, folder.path()));
    const auto pack = pack::Pack::load(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs/cn");
    ASSERT_TRUE(pack) << pack.error().describe();
    for (const auto& [file, type] : std::map<std::string, std::string>{
             {"traders", "trader"}, {"offers", "offer"}, {"sales", "sale"}, {"coverage", "coverage"}}) {
        const Checked checked = check_file(folder.path() / (file + ".ndjson"), *pack->record_type(type));
        EXPECT_GT(checked.lines, 100u);
        for (const auto& [line, problems] : checked.problems)
            ADD_FAILURE() << file << ":" << line << " " << problems[0].field << " " << problems[0].en;
    }

    const Json key = market::answer_key(market);
    std::map<std::string, std::set<size_t>> refused;
    for (const char* type : {"trader", "offer", "sale"}) {
        const std::string file = fmt::format("dirty-{}.ndjson", type);
        const Checked checked = check_file(folder.path() / file, *pack->record_type(type));
        for (const Json& expected : key["expect_refused"]) {
            if (expected["file"] != file) continue;
            const size_t line = expected["line"].get<size_t>();
            refused[file].insert(line);
            const auto found = checked.problems.find(line);
            ASSERT_NE(found, checked.problems.end()) << file << ":" << line << " passed, expected " << expected.dump();
            bool same = false;
            std::string said;
            for (const pack::FieldProblem& problem : found->second) {
                same = same || (problem.code == expected["code"] && problem.field == expected["field"]);
                said += problem.field + " " + problem.code + "; ";
            }
            EXPECT_TRUE(same) << file << ":" << line << " said " << said << " expected " << expected.dump();
        }
        EXPECT_EQ(checked.problems.size(), refused[file].size()) << file;
    }
    EXPECT_GE(market.dirty.size(), 40u);
}

}  // namespace
}  // namespace gongzhi::intake
