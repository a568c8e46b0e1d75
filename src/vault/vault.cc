#include "vault/vault.h"

#include <algorithm>
#include <set>

#include "base/bytes.h"

namespace gongzhi::vault {
namespace {

// Local keys: "vault/used/<number>" and "vault/destroy/<number>", the number as u32 big-endian.
constexpr std::string_view kUsedPrefix = "vault/used/";
constexpr std::string_view kDestroyPrefix = "vault/destroy/";
// A mark is dropped once a mark this much higher is there; drafts overtake one another by far less.
constexpr uint32_t kMarksKept = 65'536;
constexpr size_t kMarksMax = size_t{1} << 20;

Bytes mark(std::string_view prefix, uint32_t number) {
    Bytes key(prefix);
    put_u32(key, number);
    return key;
}

Result<std::vector<uint32_t>> read_marks(const journal::Journal& journal, std::string_view prefix) {
    std::vector<uint32_t> numbers;
    GZ_CHECKED(journal.visit_local(prefix, kMarksMax, [&](BytesView key, BytesView) -> Status {
        GZ_TRY(const uint32_t number, ByteReader(key.substr(prefix.size())).u32());
        numbers.push_back(number);
        return {};
    }));
    return numbers;
}

void add_used_mark(std::vector<journal::LocalWrite>& writes, uint32_t number) {
    writes.push_back({mark(kUsedPrefix, number), Bytes()});
    if (number >= kMarksKept) writes.push_back({mark(kUsedPrefix, number - kMarksKept), std::nullopt});
}

// u32 count ‖ items: u8 1 ‖ sized bytes, or u8 0 where erased.
Bytes encode_segment(std::span<const Item> items) {
    Bytes segment;
    put_u32(segment, static_cast<uint32_t>(items.size()));
    for (const Item& item : items) {
        put_u8(segment, item ? 1 : 0);
        if (item) put_sized(segment, *item);
    }
    return segment;
}

Result<std::vector<Item>> decode_segment(BytesView segment) {
    ByteReader reader(segment);
    GZ_TRY(const uint32_t count, reader.u32());
    if (count > kSegmentItemsMax) return fail(ErrorCode::corrupt, "a segment has more than {} items", kSegmentItemsMax);
    std::vector<Item> items;
    for (uint32_t i = 0; i < count; ++i) {
        GZ_TRY(const uint8_t present, reader.u8());
        if (present > 1) return fail(ErrorCode::corrupt, "a segment is damaged");
        if (present == 0) {
            items.emplace_back();
            continue;
        }
        GZ_TRY(const BytesView item, reader.sized(kItemBytesMax));
        items.emplace_back(Bytes(item));
    }
    GZ_CHECKED(reader.expect_end());
    return items;
}

}  // namespace

Result<std::unique_ptr<Vault>> Vault::open(Options options, journal::Journal& journal, Random& random) {
    GZ_TRY(const std::vector<uint32_t> used, read_marks(journal, kUsedPrefix));
    const uint32_t first_unused = used.empty() ? 0 : used.back() + 1;
    GZ_TRY(auto keys, options.read_only ? KeyRing::open_read_only(options.keys_folder, random)
                                        : KeyRing::open(options.keys_folder, random, first_unused));
    const bool read_only = options.read_only;
    std::unique_ptr<Vault> vault(new Vault(std::move(options), journal, random, std::move(keys)));
    if (!read_only) GZ_CHECKED(vault->finish_erasures());
    return vault;
}

// Domain ‖ form ‖ sized origin ‖ body id.
Bytes Vault::context(Form form, const BodyId& id) const {
    Bytes context("gongzhi/vault/v1\n");
    put_u8(context, static_cast<uint8_t>(form));
    put_sized(context, options_.origin);
    return context.append(id.begin(), id.end());
}

SealedBody Vault::seal(Form form, const BodyId& id, const KeyRing::Taken& key, BytesView plain) {
    SealedBody body{form, key.number, id, {}};
    put_u32(body.bytes, key.number);
    body.bytes += crypto::seal(key.key, plain, context(form, id), random_);
    return body;
}

Result<uint32_t> Vault::key_number(BytesView body) {
    const auto number = ByteReader(body).u32();
    if (!number) return fail(ErrorCode::corrupt, "a sealed body is too short");
    return *number;
}

Result<Bytes> Vault::unseal(Form form, const BodyId& id, BytesView body) const {
    GZ_TRY(const uint32_t number, key_number(body));
    GZ_TRY(crypto::DataKey key, keys_->find(number));
    auto plain = crypto::unseal(key, body.substr(4), context(form, id));
    crypto::wipe(key.value);
    return plain;
}

BodyId Vault::make_id() {
    BodyId id;
    random_.fill(reinterpret_cast<char*>(id.data()), id.size());
    return id;
}

Result<SealedBody> Vault::seal_segment(std::span<const Bytes> items) {
    if (items.empty() || items.size() > kSegmentItemsMax)
        return fail(ErrorCode::invalid_argument, "a segment has 1 to {} items", kSegmentItemsMax);
    std::vector<Item> all;
    for (const Bytes& item : items) {
        if (item.size() > kItemBytesMax)
            return fail(ErrorCode::too_large, "an item is larger than {} bytes", kItemBytesMax);
        all.emplace_back(item);
    }
    GZ_TRY(const KeyRing::Taken key, keys_->take());
    return seal(Form::segment, make_id(), key, encode_segment(all));
}

Result<KeyRing::Taken> Vault::shared_key() {
    {
        const std::lock_guard lock(shared_mutex_);
        if (shared_ && shared_uses_ < kSharedKeyUses) {
            ++shared_uses_;
            return *shared_;
        }
    }
    GZ_TRY(const KeyRing::Taken key, keys_->take());  // two threads may both take one: harmless
    const std::lock_guard lock(shared_mutex_);
    shared_ = key;
    shared_uses_ = 1;
    return key;
}

Result<SealedBody> Vault::seal_blob(BytesView plain, BlobKey which) {
    const bool own = which == BlobKey::own;
    GZ_TRY(const KeyRing::Taken key, own ? keys_->take() : shared_key());
    return seal(own ? Form::blob : Form::shared_blob, make_id(), key, plain);
}

Result<std::vector<Item>> Vault::unseal_segment(const BodyId& id, BytesView body) const {
    GZ_TRY(const Bytes segment, unseal(Form::segment, id, body));
    return decode_segment(segment);
}

Result<Bytes> Vault::unseal_blob(Form form, const BodyId& id, BytesView body) const {
    if (form == Form::segment) return fail(ErrorCode::invalid_argument, "a segment is not a blob");
    return unseal(form, id, body);
}

std::vector<journal::LocalWrite> Vault::marks(std::span<const SealedBody> bodies) {
    std::set<uint32_t> numbers;
    for (const SealedBody& body : bodies) numbers.insert(body.key_number);
    std::vector<journal::LocalWrite> writes;
    for (const uint32_t number : numbers) add_used_mark(writes, number);
    return writes;
}

Result<Vault::Erasure> Vault::erase_items(const BodyId& id, BytesView body, std::span<const uint32_t> items) {
    GZ_TRY(std::vector<Item> all, unseal_segment(id, body));
    GZ_TRY(const uint32_t old_number, key_number(body));
    for (const uint32_t item : items) {
        if (item >= all.size()) return fail(ErrorCode::invalid_argument, "the segment has no item {}", item);
        if (all[item]) crypto::wipe(*all[item]);
        all[item].reset();
    }
    GZ_TRY(const KeyRing::Taken key, keys_->take());
    Erasure erasure;
    erasure.body = seal(Form::segment, id, key, encode_segment(all));
    add_used_mark(erasure.local, key.number);
    erasure.local.push_back({mark(kDestroyPrefix, old_number), Bytes()});
    return erasure;
}

Result<std::vector<journal::LocalWrite>> Vault::erase_body(Form form, BytesView body) {
    if (form == Form::shared_blob) return fail(ErrorCode::conflict, "the key of this body is shared with others");
    GZ_TRY(const uint32_t number, key_number(body));
    return std::vector<journal::LocalWrite>{{mark(kDestroyPrefix, number), Bytes()}};
}

Status Vault::finish_erasures() {
    GZ_TRY(const std::vector<uint32_t> numbers, read_marks(journal_, kDestroyPrefix));
    if (numbers.empty()) return {};
    GZ_CHECKED(keys_->destroy(numbers));
    std::vector<journal::LocalWrite> forget;
    for (const uint32_t number : numbers) forget.push_back({mark(kDestroyPrefix, number), std::nullopt});
    return journal_.write_local(std::move(forget));
}

}  // namespace gongzhi::vault
