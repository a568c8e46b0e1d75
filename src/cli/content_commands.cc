#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/bytes.h"
#include "cli/commands.h"
#include "market/area.h"
#include "pack/dictionary.h"
#include "pack/pack.h"
#include "supervision/rule.h"

namespace gongzhi::cli {
namespace {

Status check_rule(const std::string& folder, const std::string& pack_folder) {
    GZ_TRY(const pack::Pack pack, pack::Pack::load(pack_folder));
    GZ_TRY(const supervision::RuleSource source, supervision::read_rule_folder(folder));
    GZ_TRY(supervision::Linter linter, supervision::Linter::make(supervision::catalogue_of(pack.records())));
    GZ_TRY(const supervision::RuleVersion rule, supervision::compile_rule(source, pack.records(), linter));
    print_json({{"rule", rule.id},
                {"version", rule.version},
                {"cases", rule.cases.size()},
                {"digest", to_hex(rule.digest.view())}});
    return {};
}

struct MarketCommand {
    std::string folder;
    market::AreaOptions options;
};

Status make_market(const MarketCommand& command) {
    GZ_TRY(const market::Area area, market::generate_area(command.options));
    GZ_CHECKED(market::write_area(area, command.folder));
    print_json({{"folder", command.folder},
                {"records", area.first.market.records()},
                {"dirty", area.first.market.dirty.size()},
                {"answers", area.first.market.answers.size()},
                {"second_records", area.second.market.records()},
                {"registry", area.registry.size()}});
    return {};
}

void add_market(CLI::App& app, Run& run) {
    auto command = std::make_shared<MarketCommand>();
    CLI::App* market =
        app.add_subcommand("market", "write a sample market with planted breaches and an answer key 样例市场");
    market
        ->add_option(
            "folder", command->folder,
            "where to write it: the first platform here, a second one below second/, the authority's registry.csv, price lists for the European pack below eu/")
        ->required();
    market->add_option("--seed", command->options.first.seed, "of the first platform: equal seeds give equal bytes");
    market->add_option("--sales", command->options.first.sales, "about how many sales on the first platform");
    market->add_option("--listings", command->options.first.listings, "how many listings on the first platform");
    market->add_option("--second-seed", command->options.second.seed, "of the second, small platform");
    market->callback([command, &run] { run = [command] { return make_market(*command); }; });
}

}  // namespace

void add_content_commands(CLI::App& app, Run& run) {
    add_market(app, run);
    auto folder = std::make_shared<std::string>(), pack = std::make_shared<std::string>("packs/cn");
    CLI::App* rule = app.add_subcommand("rule-check", "lint and compile a rule's folder 检查规则");
    rule->add_option("folder", *folder, "packs/cn/rules/<rule>")->required();
    rule->add_option("--pack", *pack, "the pack");
    rule->callback([folder, pack, &run] { run = [folder, pack] { return check_rule(*folder, *pack); }; });
    CLI::App* dictionary = app.add_subcommand("dictionary", "print the pack's data dictionary 数据目录");
    dictionary->add_option("--pack", *pack, "the pack");
    dictionary->callback([pack, &run] {
        run = [pack]() -> Status {
            GZ_TRY(const pack::Pack loaded, pack::Pack::load(*pack));
            std::printf("%s", pack::data_dictionary(loaded).c_str());
            return {};
        };
    });
}

}  // namespace gongzhi::cli
