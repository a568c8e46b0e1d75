// Sealed bodies: segments of protected record parts (≤ 4,096 items, own data key each) and blobs (whole bodies).
//
// A sealed body is bound to the log's origin and to a random 16-byte body id that its entry keeps: moved to another place
// it does not open. Erasing items makes a new body under a new key for the trace's draft; once that draft is durable
// `finish_erasures` destroys the old key. Safe for concurrent use. Bytes: docs/formats/vault.md.
#pragma once

#include <atomic>
#include <span>

#include "journal/journal.h"
#include "vault/key_ring.h"

namespace gongzhi::vault {

constexpr size_t kSegmentItemsMax = 4'096;
constexpr size_t kItemBytesMax = size_t{1} << 20;
constexpr uint32_t kSharedKeyUses = 4'096;

using BodyId = std::array<uint8_t, 16>;

enum class Form : uint8_t { segment = 1, blob = 2, shared_blob = 3 };

struct SealedBody {
    Form form = Form::segment;
    uint32_t key_number = 0;
    BodyId id{};
    Bytes bytes;  // u32 key number ‖ sealed
};

// One item; nothing where it was erased.
using Item = std::optional<Bytes>;

class Vault {
public:
    struct Options {
        std::filesystem::path keys_folder;
        std::string origin;
        bool read_only = false;  // for fsck
    };
    // Reads the marks of used keys from the journal and ends erasures that a crash interrupted.
    static Result<std::unique_ptr<Vault>> open(Options options, journal::Journal& journal, Random& random);

    Result<SealedBody> seal_segment(std::span<const Bytes> items);
    enum class BlobKey { own, shared };  // own: can be erased alone; shared: rotates each 4,096 uses
    Result<SealedBody> seal_blob(BytesView plain, BlobKey key);

    // `erased` where the key is gone, `corrupt` where bytes, id or origin do not fit.
    Result<std::vector<Item>> unseal_segment(const BodyId& id, BytesView body) const;
    Result<Bytes> unseal_blob(Form form, const BodyId& id, BytesView body) const;
    static Result<uint32_t> key_number(BytesView body);
    bool has_key(uint32_t number) const { return keys_->find(number).has_value(); }

    // Local writes that must be in the draft that stores these bodies: they mark the keys as used.
    static std::vector<journal::LocalWrite> marks(std::span<const SealedBody> bodies);

    // A segment without these items, under a new key: same id, to be stored over the old body.
    struct Erasure {
        SealedBody body;
        std::vector<journal::LocalWrite> local;  // marks the new key as used, the old one for destruction
    };
    Result<Erasure> erase_items(const BodyId& id, BytesView body, std::span<const uint32_t> items);
    // For a body that is deleted whole and has its own key. `conflict` for a blob under a shared key.
    static Result<std::vector<journal::LocalWrite>> erase_body(Form form, BytesView body);
    // Destroys the keys that durable drafts marked, then forgets the marks.
    Status finish_erasures();
    // After destructions: a new root key for what is left, so that old copies of keys/vault open nothing.
    Status destroy_epoch() { return keys_->destroy_epoch(); }
    uint32_t epoch() const { return keys_->epoch(); }
    bool has_destroyed() const { return keys_->destroyed(); }

private:
    Vault(Options options, journal::Journal& journal, Random& random, std::unique_ptr<KeyRing> keys)
        : options_(std::move(options)), journal_(journal), random_(random), keys_(std::move(keys)) {}
    Bytes context(Form form, const BodyId& id) const;
    SealedBody seal(Form form, const BodyId& id, const KeyRing::Taken& key, BytesView plain);
    Result<Bytes> unseal(Form form, const BodyId& id, BytesView body) const;
    Result<KeyRing::Taken> shared_key();
    BodyId make_id();

    Options options_;
    journal::Journal& journal_;
    Random& random_;
    std::unique_ptr<KeyRing> keys_;
    std::mutex shared_mutex_;
    std::optional<KeyRing::Taken> shared_;
    uint32_t shared_uses_ = 0;
};

}  // namespace gongzhi::vault
