#include "node/config.h"

#include <charconv>

#include "base/bytes.h"
#include "base/file.h"
#include "base/yaml.h"

namespace gongzhi::node {
namespace {

Result<std::string> text_of(const YamlDocument& document, const std::string& key) {
    const Json& root = document.root();
    if (!root.contains(key) || !root[key].is_string())
        return document.error_at("/" + key, "the text \"" + key + "\" is missing");
    return root[key].get<std::string>();
}

std::string quoted(const std::string& text) { return Json(text).dump(); }

// A text that may be left out: node.yaml of before it was known stays good.
Result<std::string> optional_text_of(const YamlDocument& document, const std::string& key) {
    return document.root().contains(key) ? text_of(document, key) : Result<std::string>(std::string());
}

Result<Bytes> load_secret(const std::filesystem::path& file) {
    GZ_TRY(const Bytes text, read_file(file, 4096));
    GZ_TRY(const Bytes secret, from_base64(std::string_view(text).substr(0, text.find('\n'))));
    if (secret.size() != 32) return fail(ErrorCode::malformed, "the key file {} is damaged", file.filename().string());
    return secret;
}

}  // namespace

std::string NodeConfig::address() const {
    const size_t start = url.find("://") + 3, colon = url.rfind(':');
    return colon > start ? url.substr(start, colon - start) : url.substr(start);
}

uint16_t NodeConfig::port() const {
    const size_t colon = url.rfind(':');
    uint16_t port = 0;
    std::from_chars(url.data() + colon + 1, url.data() + url.size(), port);
    return port;
}

std::string NodeConfig::to_yaml() const {
    std::string yaml = "# Made by `gongzhi init`. The keys beside it belong to this node alone.\n";
    const auto add = [&](const char* key, const std::string& value) {
        yaml += fmt::format("{}: {}\n", key, quoted(value));
    };
    add("party", party.value);
    add("role", std::string(exchange::party_role_name(role)));
    add("name_zh", name_zh);
    add("name_en", name_en);
    add("url", url);
    add("origin", origin);
    add("unit_level", unit_level);
    add("pack", pack.string());
    add("clock", clock.string());
    for (const auto& [key, value] :
         {std::pair("telephone", &telephone), std::pair("counter_zh", &counter_zh),
          std::pair("counter_en", &counter_en), std::pair("hours_zh", &hours_zh), std::pair("hours_en", &hours_en)})
        if (!value->empty()) add(key, *value);
    return yaml;
}

Result<NodeConfig> NodeConfig::load(const std::filesystem::path& folder) {
    const auto text = read_file(folder / "node.yaml", 64u << 10);
    if (!text)
        return fail(ErrorCode::not_found,
                    "there is no node in this folder (node.yaml is missing): make one with `gongzhi init`");
    GZ_TRY(const YamlDocument document, YamlDocument::parse(*text, "node.yaml"));
    NodeConfig config;
    GZ_TRY(config.party.value, text_of(document, "party"));
    if (!exchange::valid_party_id(config.party.value))
        return document.error_at("/party", "a party's id is 2 to 40 of a-z, 0-9 and -");
    GZ_TRY(const std::string role, text_of(document, "role"));
    if (role != "authority" && role != "platform") return document.error_at("/role", "authority or platform");
    config.role = role == "authority" ? exchange::PartyRole::authority : exchange::PartyRole::platform;
    GZ_TRY(config.name_zh, text_of(document, "name_zh"));
    GZ_TRY(config.name_en, text_of(document, "name_en"));
    GZ_TRY(config.url, text_of(document, "url"));
    GZ_TRY(config.origin, text_of(document, "origin"));
    GZ_TRY(config.unit_level, text_of(document, "unit_level"));
    GZ_TRY(const std::string pack, text_of(document, "pack"));
    config.pack = pack;
    GZ_TRY(const std::string clock, text_of(document, "clock"));
    config.clock = clock;
    GZ_TRY(config.telephone, optional_text_of(document, "telephone"));
    GZ_TRY(config.counter_zh, optional_text_of(document, "counter_zh"));
    GZ_TRY(config.counter_en, optional_text_of(document, "counter_en"));
    GZ_TRY(config.hours_zh, optional_text_of(document, "hours_zh"));
    GZ_TRY(config.hours_en, optional_text_of(document, "hours_en"));
    if (config.port() == 0) return document.error_at("/url", "the address needs a port");
    if (config.clock.empty() == config.origin.ends_with("/simulated"))
        return document.error_at("/clock", "a simulated clock and an origin ending in /simulated belong together");
    return config;
}

Result<Keys> Keys::load(const std::filesystem::path& folder) {
    GZ_TRY(crypto::KeyPair message, crypto::KeyPair::load(folder / "keys" / "message"));
    GZ_TRY(crypto::KeyPair log, crypto::KeyPair::load(folder / "keys" / "log"));
    GZ_TRY(crypto::KeyPair witness, crypto::KeyPair::load(folder / "keys" / "witness"));
    GZ_TRY(Bytes claims, load_secret(folder / "keys" / "claims"));
    GZ_TRY(Bytes tokens, load_secret(folder / "keys" / "tokens"));
    return Keys{std::move(message), std::move(log), std::move(witness), std::move(claims), std::move(tokens)};
}

Status init_node(const std::filesystem::path& folder, const NodeConfig& config, Random& random) {
    if (std::filesystem::exists(folder / "node.yaml"))
        return fail(ErrorCode::conflict, "a node is in this folder already");
    GZ_CHECKED(make_folders(folder / "keys"));
    GZ_CHECKED(make_folders(folder / "tables"));
    std::filesystem::permissions(folder / "keys", std::filesystem::perms::owner_all);
    for (const char* name : {"message", "log", "witness"})
        GZ_CHECKED(crypto::KeyPair::generate(crypto::ed25519(), random).save(folder / "keys" / name));
    for (const char* name : {"claims", "tokens"})
        GZ_CHECKED(write_file_atomic(folder / "keys" / name, to_base64(random.bytes(32)) + "\n", FileMode::secret));
    return write_file_atomic(folder / "node.yaml", config.to_yaml());
}

std::unique_ptr<Clock> open_clock(const NodeConfig& config, Status& status) {
    if (config.clock.empty()) return std::make_unique<SystemClock>();
    auto simulated = SimulatedClock::open(config.clock);
    if (!simulated) {
        status = tl::unexpected(simulated.error());
        return nullptr;
    }
    return std::move(*simulated);
}

}  // namespace gongzhi::node
