// Who can bring a node back, and whether it is in good order: custodian-key, recover, doctor.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/bytes.h"
#include "base/file.h"
#include "cli/commands.h"
#include "node/config.h"
#include "pack/pack.h"
#include "vault/recovery.h"

namespace gongzhi::cli {
namespace {

constexpr uint64_t kDiskBytesMin = uint64_t{1} << 30;
constexpr int kTestDaysMax = 366;

Status make_custodian_key(const std::string& file) {
    if (std::filesystem::exists(file)) return fail(ErrorCode::conflict, "the file {} is there already", file);
    SystemRandom random;
    const crypto::BoxKeyPair key = crypto::BoxKeyPair::generate(random);
    GZ_CHECKED(write_file_atomic(file, to_base64(key.secret_key) + "\n", FileMode::secret));
    std::printf("%s\n", to_base64(key.public_key).c_str());
    std::fprintf(stderr,
                 "公钥（上行）交给 `gongzhi init --custodian`；私钥文件由保管人离线保存 / give the public key above to "
                 "`gongzhi init --custodian`; the custodian keeps the file offline\n");
    return {};
}

Result<crypto::BoxKeyPair> load_custodian_key(const std::string& file) {
    GZ_TRY(const Bytes text, read_file(file, 4'096));
    GZ_TRY(const Bytes secret, from_base64(BytesView(text).substr(0, text.find('\n'))));
    return crypto::BoxKeyPair::of_secret(secret);
}

struct RecoverOptions {
    std::string folder;
    std::vector<std::string> keys;
    bool test = false;
};

Status recover(const RecoverOptions& options) {
    const auto keys_folder = std::filesystem::path(options.folder) / "keys";
    GZ_TRY(const crypto::BoxKeyPair one, load_custodian_key(options.keys[0]));
    GZ_TRY(const crypto::BoxKeyPair other, load_custodian_key(options.keys[1]));
    if (options.test) {
        GZ_CHECKED(vault::test_recovery(keys_folder, one, other, date_in_zone(SystemClock().now(), 0)));
        std::fprintf(stderr, "恢复副本可用 / the recovery copy opens the vault\n");
        return {};
    }
    GZ_CHECKED(vault::restore_root(keys_folder, one, other));
    std::fprintf(stderr, "根密钥已恢复 / the root key is restored\n");
    return {};
}

// One line of the doctor's list; `good` false is a warning.
struct Finding {
    std::string name;
    bool good = true;
    std::string zh, en;
};

Finding check_recovery(const std::filesystem::path& keys_folder) {
    if (!vault::has_custodians(keys_folder))
        return {"recovery", false, "没有恢复副本：根密钥一旦丢失，受保护的内容全部丢失",
                "there is no recovery copy: losing the root key loses every protected value"};
    const auto tested = vault::recovery_tested(keys_folder);
    if (!tested || !*tested)
        return {"recovery", false, "恢复副本从未测试：`gongzhi recover --test`",
                "the recovery copy was never tested: `gongzhi recover --test`"};
    if (date_in_zone(SystemClock().now(), 0).value - (*tested)->value > kTestDaysMax)
        return {"recovery", false, "恢复副本一年以上未测试", "the recovery copy was not tested for over a year"};
    return {"recovery", true, "恢复副本已测试", "the recovery copy was tested"};
}

Finding check_keys_mode(const std::filesystem::path& keys_folder) {
    std::error_code error;
    const auto mode = std::filesystem::status(keys_folder, error).permissions();
    const bool open_to_others =
        error || (mode & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) !=
                     std::filesystem::perms::none;
    if (open_to_others)
        return {"keys", false, "keys 文件夹对他人开放：chmod 700", "others can read the folder keys: chmod 700"};
    return {"keys", true, "密钥只有本用户可读", "only this user can read the keys"};
}

Finding check_processor() {
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2"))
        return {"processor", false, "处理器没有 AVX2：JSON 解析较慢",
                "the processor lacks AVX2: JSON is parsed slowly"};
#endif
    return {"processor", true, "处理器合适", "the processor is suitable"};
}

Finding check_disk(const std::filesystem::path& folder) {
    std::error_code error;
    const auto space = std::filesystem::space(folder, error);
    if (error || space.available < kDiskBytesMin)
        return {"disk", false, "磁盘剩余不足 1 GiB", "less than 1 GiB of disk is left"};
    return {"disk", true, "磁盘空间充足", "there is enough disk"};
}

Finding check_pack(const node::NodeConfig& config) {
    const auto pack = pack::Pack::load(config.pack);
    if (!pack)
        return {"pack", false, "法规包不能读取：" + pack.error().message,
                "the pack does not load: " + pack.error().message};
    return {"pack", true, "法规包可读", "the pack loads"};
}

Status doctor(const std::string& folder) {
    GZ_TRY(const node::NodeConfig config, node::NodeConfig::load(folder));
    const auto keys_folder = std::filesystem::path(folder) / "keys";
    Json list = Json::array();
    size_t warnings = 0;
    for (const Finding& found : {check_recovery(keys_folder), check_keys_mode(keys_folder), check_processor(),
                                 check_disk(folder), check_pack(config)}) {
        warnings += found.good ? 0 : 1;
        std::fprintf(stderr, "%s %s / %s\n", found.good ? "  ok" : "警告 warning:", found.zh.c_str(), found.en.c_str());
        list.push_back({{"name", found.name}, {"good", found.good}, {"zh", found.zh}, {"en", found.en}});
    }
    print_json({{"checks", list}, {"warnings", warnings}});
    return {};
}

}  // namespace

void add_custody_commands(CLI::App& app, Run& run) {
    auto file = std::make_shared<std::string>();
    CLI::App* key = app.add_subcommand("custodian-key", "make a custodian's key for the recovery copy 生成保管人密钥");
    key->add_option("file", *file, "where the secret key goes; the public key is printed")->required();
    key->callback([file, &run] { run = [file] { return make_custodian_key(*file); }; });

    auto options = std::make_shared<RecoverOptions>();
    CLI::App* command =
        app.add_subcommand("recover", "restore a lost root key, or test that it could be 恢复根密钥或测试");
    command->add_option("folder", options->folder, "the node's folder")->required();
    command->add_option("--custodian-key", options->keys, "the two custodians' key files")->required()->expected(2);
    command->add_flag("--test", options->test, "only open the copy and note the day");
    command->callback([options, &run] { run = [options] { return recover(*options); }; });

    auto folder = std::make_shared<std::string>();
    CLI::App* check = app.add_subcommand("doctor", "say what is not in good order with a node 检查节点");
    check->add_option("folder", *folder, "the node's folder")->required();
    check->callback([folder, &run] { run = [folder] { return doctor(*folder); }; });
}

}  // namespace gongzhi::cli
