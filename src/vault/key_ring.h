// Data keys by number, in keys/vault; the root keys that wrap them, in keys/root. Both are rewritten whole, never edited.
//
// Keys are written ahead (kPoolKeys at a time), so that taking one needs no fsync. A destroyed key is gone from the file
// before the call returns. Safe for concurrent use; the file is written outside the lock that readers take.
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>

#include "base/random.h"
#include "base/result.h"
#include "crypto/seal.h"

namespace gongzhi::vault {

constexpr uint32_t kPoolKeys = 1'024;

class KeyRing {
public:
    // Makes the folder's files where there are none. `first_unused` comes from the journal's marks: no number below it
    // is given out again.
    static Result<std::unique_ptr<KeyRing>> open(const std::filesystem::path& keys_folder, Random& random,
                                                 uint32_t first_unused);
    static Result<std::unique_ptr<KeyRing>> open_read_only(const std::filesystem::path& keys_folder, Random& random);

    // For a recovery (see recovery.h): whether this root key opens the key file, and writing it back.
    static Status check_root(const std::filesystem::path& keys_folder, uint32_t epoch, const crypto::DataKey& root);
    static Status write_root(const std::filesystem::path& keys_folder, uint32_t epoch, const crypto::DataKey& root);

    struct Taken {
        uint32_t number = 0;
        crypto::DataKey key;
    };
    Result<Taken> take();
    // `erased` where the key was destroyed or never existed.
    Result<crypto::DataKey> find(uint32_t number) const;
    Status destroy(std::span<const uint32_t> numbers);
    // A new root key wraps what is left; the old root key is destroyed.
    Status destroy_epoch();
    uint32_t epoch() const;
    // Whether keys were destroyed since the epoch began, as far as this process knows: true after a start.
    bool destroyed() const { return destroyed_; }
    size_t size() const;

private:
    KeyRing(std::filesystem::path folder, Random& random) : folder_(std::move(folder)), random_(random) {}
    Status load();
    Status create();
    Status refill(uint32_t next);
    Status write_keys(const std::map<uint32_t, crypto::DataKey>& keys, uint32_t next) const;
    // Roots and, of the newest, the recovery copy.
    Status write_roots(const std::map<uint32_t, crypto::DataKey>& roots) const;

    std::filesystem::path folder_;
    std::atomic<bool> destroyed_ = true;
    Random& random_;
    mutable std::mutex writing_;  // held by whoever rewrites the files, one at a time; guards roots_ and epoch_
    std::map<uint32_t, crypto::DataKey> roots_;  // by epoch; two only while an epoch ends
    uint32_t epoch_ = 0;
    mutable std::mutex mutex_;  // guards keys_ and next_; never held over I/O
    std::map<uint32_t, crypto::DataKey> keys_;
    uint32_t next_ = 0;  // first number never taken
};

}  // namespace gongzhi::vault
