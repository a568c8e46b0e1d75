#include "vault/key_ring.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/file.h"
#include "vault/recovery.h"

namespace gongzhi::vault {
namespace {

constexpr std::string_view kKeysFirstLine = "gongzhi-keys 1\n";
constexpr std::string_view kRootsFirstLine = "gongzhi-roots 1\n";
constexpr size_t kDataKeyBytes = 32;
constexpr size_t kKeysBytesMax = size_t{1} << 30;

// keys/vault: first line ‖ u32 epoch ‖ sealed(u32 next ‖ (u32 number ‖ key)*).
Bytes encode_table(const std::map<uint32_t, crypto::DataKey>& keys) {
    Bytes table;
    for (const auto& [number, key] : keys) {
        put_u32(table, number);
        table += key.value;
    }
    return table;
}

Status write_roots_file(const std::filesystem::path& folder, const std::map<uint32_t, crypto::DataKey>& roots) {
    Bytes file(kRootsFirstLine);
    file += encode_table(roots);
    const Status written = write_file_atomic(folder / "root", file, FileMode::secret);
    crypto::wipe(file);
    return written;
}

// keys/vault as far as it can be read without a key.
struct KeysFile {
    uint32_t epoch = 0;
    Bytes sealed;
};
Result<KeysFile> read_keys_file(const std::filesystem::path& folder) {
    GZ_TRY(const Bytes bytes, read_file(folder / "vault", kKeysBytesMax));
    if (!bytes.starts_with(kKeysFirstLine)) return fail(ErrorCode::corrupt, "the vault's key file is damaged");
    ByteReader reader(BytesView(bytes).substr(kKeysFirstLine.size()));
    KeysFile file;
    GZ_TRY(file.epoch, reader.u32());
    file.sealed = Bytes(reader.take(reader.left()).value());
    return file;
}

Result<std::map<uint32_t, crypto::DataKey>> decode_table(ByteReader& reader) {
    std::map<uint32_t, crypto::DataKey> keys;
    while (!reader.at_end()) {
        GZ_TRY(const uint32_t number, reader.u32());
        GZ_TRY(const BytesView key, reader.take(kDataKeyBytes));
        if (!keys.empty() && keys.rbegin()->first >= number) return fail(ErrorCode::corrupt, "a key file is damaged");
        keys.emplace_hint(keys.end(), number, crypto::DataKey(Bytes(key)));
    }
    return keys;
}

}  // namespace

Result<std::unique_ptr<KeyRing>> KeyRing::open(const std::filesystem::path& keys_folder, Random& random,
                                               uint32_t first_unused) {
    std::unique_ptr<KeyRing> ring(new KeyRing(keys_folder, random));
    GZ_CHECKED(make_folders(keys_folder));
    GZ_CHECKED(std::filesystem::exists(keys_folder / "root") ? ring->load() : ring->create());
    ring->next_ = std::max(ring->next_, first_unused);
    return ring;
}

Result<std::unique_ptr<KeyRing>> KeyRing::open_read_only(const std::filesystem::path& keys_folder, Random& random) {
    std::unique_ptr<KeyRing> ring(new KeyRing(keys_folder, random));
    GZ_CHECKED(ring->load());
    return ring;
}

Status KeyRing::create() {
    if (std::filesystem::exists(folder_ / "vault"))
        return fail(ErrorCode::corrupt,
                    "the root key is gone and the vault's keys are there: restore the keys from a backup");
    roots_.emplace(1, crypto::make_data_key(random_));
    epoch_ = 1;
    GZ_CHECKED(write_keys({}, 0));
    return write_roots(roots_);
}

Status KeyRing::load() {
    GZ_TRY(const Bytes roots_file, read_file(folder_ / "root", 1u << 20));
    if (!roots_file.starts_with(kRootsFirstLine)) return fail(ErrorCode::corrupt, "the root key file is damaged");
    ByteReader roots(BytesView(roots_file).substr(kRootsFirstLine.size()));
    GZ_TRY(roots_, decode_table(roots));
    GZ_TRY(const KeysFile file, read_keys_file(folder_));
    epoch_ = file.epoch;
    const auto root = roots_.find(epoch_);
    if (root == roots_.end()) return fail(ErrorCode::corrupt, "the vault's key file belongs to another root key");
    GZ_TRY(Bytes table, crypto::unseal(root->second, file.sealed, kKeysFirstLine, kKeysBytesMax));
    ByteReader reader(table);
    GZ_TRY(next_, reader.u32());
    GZ_TRY(keys_, decode_table(reader));
    crypto::wipe(table);
    return {};
}

Status KeyRing::write_keys(const std::map<uint32_t, crypto::DataKey>& keys, uint32_t next) const {
    Bytes table;
    put_u32(table, next);
    table += encode_table(keys);
    Bytes file(kKeysFirstLine);
    put_u32(file, epoch_);
    file += crypto::seal(roots_.at(epoch_), table, kKeysFirstLine, random_);
    crypto::wipe(table);
    return write_file_atomic(folder_ / "vault", file, FileMode::secret);
}

Status KeyRing::write_roots(const std::map<uint32_t, crypto::DataKey>& roots) const {
    const auto newest = roots.rbegin();
    GZ_CHECKED(write_recovery(folder_, newest->first, newest->second, random_));
    return write_roots_file(folder_, roots);
}

Status KeyRing::check_root(const std::filesystem::path& keys_folder, uint32_t epoch, const crypto::DataKey& root) {
    GZ_TRY(const KeysFile file, read_keys_file(keys_folder));
    if (file.epoch != epoch)
        return fail(ErrorCode::corrupt, "the recovery copy is of epoch {}, the vault's key file of {}", epoch,
                    file.epoch);
    GZ_TRY(Bytes table, crypto::unseal(root, file.sealed, kKeysFirstLine, kKeysBytesMax));
    crypto::wipe(table);
    return {};
}

Status KeyRing::write_root(const std::filesystem::path& keys_folder, uint32_t epoch, const crypto::DataKey& root) {
    return write_roots_file(keys_folder, {{epoch, root}});
}

// Writes kPoolKeys new keys from `next` on. The caller holds `writing_`.
Status KeyRing::refill(uint32_t next) {
    std::map<uint32_t, crypto::DataKey> keys;
    {
        const std::lock_guard lock(mutex_);
        keys = keys_;
    }
    if (next > UINT32_MAX - kPoolKeys)
        return fail(ErrorCode::unsupported, "the vault has given out all its key numbers");
    for (uint32_t i = 0; i < kPoolKeys; ++i) keys.try_emplace(next + i, crypto::make_data_key(random_));
    GZ_CHECKED(write_keys(keys, next));
    const std::lock_guard lock(mutex_);
    keys_ = std::move(keys);
    return {};
}

Result<KeyRing::Taken> KeyRing::take() {
    const auto try_take = [this]() -> std::optional<Taken> {
        const std::lock_guard lock(mutex_);
        const auto found = keys_.lower_bound(next_);
        if (found == keys_.end()) return std::nullopt;
        next_ = found->first + 1;
        return Taken{found->first, found->second};
    };
    if (auto taken = try_take()) return *std::move(taken);
    const std::lock_guard writing(writing_);
    if (auto taken = try_take()) return *std::move(taken);  // another thread has refilled meanwhile
    uint32_t next;
    {
        const std::lock_guard lock(mutex_);
        next = next_;
    }
    GZ_CHECKED(refill(next));
    auto taken = try_take();
    GZ_CHECK(taken.has_value(), "a refilled ring has a key");
    return *std::move(taken);
}

Result<crypto::DataKey> KeyRing::find(uint32_t number) const {
    const std::lock_guard lock(mutex_);
    const auto found = keys_.find(number);
    if (found == keys_.end()) return fail(ErrorCode::erased, "the key of this sealed part was destroyed");
    return found->second;
}

Status KeyRing::destroy(std::span<const uint32_t> numbers) {
    if (numbers.empty()) return {};
    const std::lock_guard writing(writing_);
    std::map<uint32_t, crypto::DataKey> keys;
    uint32_t next;
    {
        const std::lock_guard lock(mutex_);
        keys = keys_;
        next = next_;
    }
    for (const uint32_t number : numbers) keys.erase(number);
    destroyed_ = true;
    GZ_CHECKED(write_keys(keys, next));
    const std::lock_guard lock(mutex_);
    for (const uint32_t number : numbers) {
        if (const auto found = keys_.find(number); found != keys_.end()) {
            crypto::wipe(found->second.value);
            keys_.erase(found);
        }
    }
    return {};
}

// New root beside the old; the keys under the new; then the old one goes. A crash between leaves both roots and a key
// file that one of them opens.
Status KeyRing::destroy_epoch() {
    const std::lock_guard writing(writing_);
    std::map<uint32_t, crypto::DataKey> keys;
    uint32_t next;
    {
        const std::lock_guard lock(mutex_);
        keys = keys_;
        next = next_;
    }
    const uint32_t epoch = roots_.rbegin()->first + 1;
    roots_.emplace(epoch, crypto::make_data_key(random_));
    GZ_CHECKED(write_roots(roots_));
    epoch_ = epoch;
    GZ_CHECKED(write_keys(keys, next));
    for (auto it = roots_.begin(); it->first != epoch; it = roots_.erase(it)) crypto::wipe(it->second.value);
    GZ_CHECKED(write_roots(roots_));
    destroyed_ = false;
    return {};
}

uint32_t KeyRing::epoch() const {
    const std::lock_guard writing(writing_);
    return epoch_;
}

size_t KeyRing::size() const {
    const std::lock_guard lock(mutex_);
    return keys_.size();
}

}  // namespace gongzhi::vault
