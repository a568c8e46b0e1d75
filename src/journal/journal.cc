#include "journal/journal.h"

#include <algorithm>
#include <future>
#include <numeric>

#include "base/log.h"
#include "journal/head_file.h"
#include "journal/sequencer.h"
#include "merkle/hash.h"

namespace gongzhi::journal {
namespace {

constexpr uint8_t kFormat = 1;
// Leaves whose hashes are read again at start to check the signed head: what a tree of 10^7 entries has, in seconds.
constexpr uint64_t kRecheckLeavesMax = uint64_t{1} << 24;

// What a draft takes in the queue.
size_t bytes_of(const Draft& draft) {
    size_t bytes =
        draft.leaf_entry.size() + draft.stored.size() + draft.claims.size() * 64 + draft.deletes.size() * 32 + 256;
    for (const BodyPart& body : draft.bodies) bytes += body.bytes.size() + 32;
    for (const LocalWrite& write : draft.local)
        bytes += write.key.size() + (write.value ? write.value->size() : 0) + 32;
    return bytes;
}

Status check_draft(const Draft& draft) {
    if (draft.leaf_entry.empty() || draft.leaf_entry.size() > merkle::kEntryBytesMax)
        return fail(ErrorCode::invalid_argument, "an entry has 1 to {} bytes", merkle::kEntryBytesMax);
    if (draft.stored.size() > kStoredBytesMax)
        return fail(ErrorCode::too_large, "an entry's detail is larger than {} bytes", kStoredBytesMax);
    if (draft.claims.size() > kClaimsMax)
        return fail(ErrorCode::too_large, "an entry claims more than {} keys", kClaimsMax);
    if (bytes_of(draft) > kDraftBytesMax)
        return fail(ErrorCode::too_large, "an entry with its bodies is larger than {} bytes", kDraftBytesMax);
    return {};
}

Result<TreeSize> stored_size(const Store& store) {
    GZ_TRY(const std::optional<Bytes> size, store.get(Family::meta, "size"));
    GZ_TRY(const std::optional<Bytes> last, store.last_key(Family::entries));
    const uint64_t counted = size ? ByteReader(*size).u64().value_or(UINT64_MAX) : 0;
    const uint64_t by_key = last ? ByteReader(*last).u64().value_or(UINT64_MAX - 1) + 1 : 0;
    if (counted != by_key) return fail(ErrorCode::corrupt, "the journal's size and its last entry do not agree");
    return TreeSize(counted);
}

struct BodyKey {
    EntryIndex index;
    uint8_t part = 0;
    uint32_t number = 0;
};

Result<BodyKey> decode_body_key(BytesView key) {
    ByteReader reader(key);
    GZ_TRY(const uint64_t index, reader.u64());
    GZ_TRY(const uint8_t part, reader.u8());
    GZ_TRY(const uint32_t number, reader.u32());
    return BodyKey{EntryIndex(index), part, number};
}

}  // namespace

struct Journal::Parts {
    std::filesystem::path head_file;
    std::unique_ptr<Store> store;
    mutable std::mutex mutex;  // guards tree and signed
    mutable std::condition_variable grown;
    Tree tree;
    std::optional<SignedHead> signed_head;
    std::mutex signing;                    // one head file at a time
    std::unique_ptr<Sequencer> sequencer;  // last: its threads use the rest. Absent when read-only

    merkle::TileReader tile_reader() const {
        return [this](const merkle::TilePosition& tile) { return read_tile(tile); };
    }

    Result<Bytes> read_tile(const merkle::TilePosition& tile) const {
        {
            const std::lock_guard lock(mutex);
            const uint32_t width = merkle::tile_width_at(tree.size(), tile.level, tile.index);
            if (tile.width == 0 || tile.width > width)
                return fail(ErrorCode::not_found, "the tile is beyond the log's size");
            if (width < merkle::kTileWidth) return tree.growing(tile.level);
        }
        return read_full_tile(*store, tile.level, tile.index);
    }

    // The root at a size from the leaves' hashes: of all leaves, or of the last 2^24 on top of the stored upper tiles.
    Result<Digest> recompute_root(TreeSize size) const {
        const uint64_t start = size.value > kRecheckLeavesMax ? (size.value - kRecheckLeavesMax) >> 16 << 16 : 0;
        const merkle::NodeReader read = merkle::node_reader(TreeSize(start), tile_reader());
        std::vector<Digest> roots;
        for (const merkle::NodePosition& node : merkle::frontier_positions(TreeSize(start))) {
            GZ_TRY(const Digest root, read(node));
            roots.push_back(root);
        }
        merkle::Frontier frontier(TreeSize(start), std::move(roots));
        for (uint64_t tile = start / merkle::kTileWidth; frontier.size().value < size.value; ++tile) {
            const uint32_t width = merkle::tile_width_at(size, 0, tile);
            GZ_TRY(const Bytes hashes, read_tile({0, tile, width}));
            for (uint32_t i = 0; i < width; ++i) frontier.append(Digest::from(BytesView(hashes).substr(i * 32, 32)));
        }
        return frontier.root();
    }

    // A tree smaller than, or different from, the last signed head is never opened.
    Status check_signed_head() const {
        if (!signed_head) return {};
        if (tree.size().value < signed_head->size.value)
            return fail(
                ErrorCode::corrupt,
                "日志只有 {} 条，少于最后签名的 {} 条，节点不能启动。 The log has {} entries, fewer than the {} last signed; "
                "the node does not start. Restore a backup.",
                tree.size().value, signed_head->size.value, tree.size().value, signed_head->size.value);
        GZ_TRY(const Digest root, recompute_root(signed_head->size));
        if (root == signed_head->root) return {};
        return fail(
            ErrorCode::corrupt,
            "日志与最后签名的树根不一致（{} 条），节点不能启动。 The log differs from the last signed head at {} entries; "
            "the node does not start. Restore a backup.",
            signed_head->size.value, signed_head->size.value);
    }
};

Journal::Journal(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Journal::~Journal() { parts_->sequencer.reset(); }

Result<std::unique_ptr<Journal>> Journal::open(Options options) {
    auto parts = std::make_unique<Parts>();
    parts->head_file = options.folder / "head";
    GZ_TRY(parts->store, Store::open(options, false));
    GZ_TRY(const std::optional<Bytes> format, parts->store->get(Family::meta, "format"));
    if (!format) {
        auto batch = parts->store->make_batch();
        batch->put(Family::meta, "format", Bytes(1, static_cast<char>(kFormat)));
        GZ_CHECKED(parts->store->commit(*batch));
    } else if (*format != Bytes(1, static_cast<char>(kFormat))) {
        return fail(ErrorCode::unsupported, "the journal was written by a newer version of the program");
    }
    GZ_TRY(const TreeSize size, stored_size(*parts->store));
    GZ_TRY(parts->tree, Tree::load(*parts->store, size));
    GZ_TRY(parts->signed_head, read_head_file(parts->head_file));
    GZ_CHECKED(parts->check_signed_head());
    Parts* shared = parts.get();
    parts->sequencer = std::make_unique<Sequencer>(
        *parts->store, parts->tree,
        [shared](const Tree& tree) {
            {
                const std::lock_guard lock(shared->mutex);
                shared->tree = tree;
            }
            shared->grown.notify_all();
        },
        std::move(options.on_fatal));
    return std::unique_ptr<Journal>(new Journal(std::move(parts)));
}

Result<std::unique_ptr<Journal>> Journal::open_read_only(const std::filesystem::path& folder) {
    auto parts = std::make_unique<Parts>();
    parts->head_file = folder / "head";
    Options options;
    options.folder = folder;
    GZ_TRY(parts->store, Store::open(options, true));
    GZ_TRY(const TreeSize size, stored_size(*parts->store));
    GZ_TRY(parts->tree, Tree::load(*parts->store, size));
    GZ_TRY(parts->signed_head, read_head_file(parts->head_file));
    return std::unique_ptr<Journal>(new Journal(std::move(parts)));
}

void Journal::append_async(Draft draft, OnAppended on_appended) {
    if (!parts_->sequencer)
        return on_appended(Outcome(fail(ErrorCode::unsupported, "the journal is open for reading only")));
    if (Status checked = check_draft(draft); !checked) return on_appended(Outcome(pass_on(std::move(checked))));
    Sequencer::Job job;
    job.leaf_hash = merkle::leaf_hash(draft.leaf_entry);
    job.bytes = bytes_of(draft);
    job.draft = std::move(draft);
    job.on_appended = [this, answer = std::move(on_appended)](Outcome outcome) {
        if (outcome && outcome->duplicate) {  // its place is another batch: it stands for itself
            Result<Digest> hash = leaf_hash(outcome->index);
            if (!hash) return answer(Outcome(pass_on(std::move(hash))));
            outcome->leaf_hash = *hash;
            outcome->position = {outcome->index, 1, 0, *hash, {}};
        }
        answer(std::move(outcome));
    };
    parts_->sequencer->push(std::move(job));
}

Outcome Journal::append(Draft draft) {
    std::promise<Outcome> promise;
    append_async(std::move(draft), [&promise](Outcome outcome) { promise.set_value(std::move(outcome)); });
    return promise.get_future().get();
}

void Journal::write_local_async(std::vector<LocalWrite> writes, std::vector<LocalCondition> conditions,
                                OnStatus on_written) {
    if (!parts_->sequencer) return on_written(fail(ErrorCode::unsupported, "the journal is open for reading only"));
    Sequencer::Job job;
    job.draft.local = std::move(writes);
    job.draft.conditions = std::move(conditions);
    job.bytes = bytes_of(job.draft);
    job.on_written = std::move(on_written);
    parts_->sequencer->push(std::move(job));
}

Status Journal::write_local(std::vector<LocalWrite> writes, std::vector<LocalCondition> conditions) {
    std::promise<Status> promise;
    write_local_async(std::move(writes), std::move(conditions),
                      [&promise](Status status) { promise.set_value(std::move(status)); });
    return promise.get_future().get();
}

TreeSize Journal::size() const { return head().size; }
Digest Journal::root() const { return head().root; }
merkle::TreeHead Journal::head() const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->tree.head();
}

bool Journal::wait_for_size(TreeSize size, int64_t timeout_micros) const {
    std::unique_lock lock(parts_->mutex);
    return parts_->grown.wait_for(lock, std::chrono::microseconds(timeout_micros),
                                  [&] { return parts_->tree.size() >= size; });
}

Result<StoredEntry> Journal::read_entry(EntryIndex index) const {
    if (index.value >= size().value) return fail(ErrorCode::not_found, "there is no entry {}", index.value);
    GZ_TRY(const std::optional<Bytes> value, parts_->store->get(Family::entries, entry_key(index)));
    if (!value) return fail(ErrorCode::corrupt, "the stored entry {} is missing", index.value);
    return decode_entry(*value);
}

Result<Digest> Journal::leaf_hash(EntryIndex index) const {
    const auto offset = static_cast<uint32_t>(index.value % merkle::kTileWidth);
    GZ_TRY(const Bytes tile, read_tile({0, index.value / merkle::kTileWidth, offset + 1}));
    return Digest::from(BytesView(tile).substr(size_t{offset} * 32, 32));
}

Result<Bytes> Journal::read_body(EntryIndex index, uint8_t part, uint32_t number) const {
    GZ_TRY(std::optional<Bytes> body, parts_->store->get(Family::bodies, body_key(index, part, number)));
    if (!body) return fail(ErrorCode::not_found, "entry {} has no such body", index.value);
    return *std::move(body);
}

Status Journal::visit_bodies(EntryIndex index, const BodyVisitor& visit) const {
    return parts_->store->scan(Family::bodies, entry_key(index), [&](BytesView key, BytesView value) -> Result<bool> {
        GZ_TRY(const BodyKey body, decode_body_key(key));
        GZ_CHECKED(visit(body.part, body.number, value));
        return true;
    });
}

Status Journal::visit_all_bodies(const std::function<Status(EntryIndex, uint8_t, uint32_t, BytesView)>& visit) const {
    return parts_->store->scan(Family::bodies, "", [&](BytesView key, BytesView value) -> Result<bool> {
        GZ_TRY(const BodyKey body, decode_body_key(key));
        GZ_CHECKED(visit(body.index, body.part, body.number, value));
        return true;
    });
}

Result<std::vector<std::optional<Holder>>> Journal::find_claims(std::span<const ClaimBytes> keys) const {
    std::vector<size_t> order(keys.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return keys[a] < keys[b]; });
    std::vector<BytesView> sorted;
    for (const size_t i : order) sorted.push_back(view_of(keys[i]));
    GZ_TRY(const auto values, parts_->store->get_sorted(Family::unique, sorted));
    std::vector<std::optional<Holder>> holders(keys.size());
    for (size_t i = 0; i < order.size(); ++i) {
        if (!values[i]) continue;
        GZ_TRY(holders[order[i]], decode_holder(*values[i]));
    }
    return holders;
}

Status Journal::visit_claims(const std::function<Status(const ClaimBytes&, const Holder&)>& visit) const {
    return parts_->store->scan(Family::unique, "", [&](BytesView key, BytesView value) -> Result<bool> {
        ClaimBytes claim{};
        if (key.size() != claim.size()) return fail(ErrorCode::corrupt, "a stored claim is damaged");
        std::copy(key.begin(), key.end(), claim.begin());
        GZ_TRY(const Holder holder, decode_holder(value));
        GZ_CHECKED(visit(claim, holder));
        return true;
    });
}

Status Journal::visit_tiles(const std::function<Status(uint32_t, uint64_t, BytesView)>& visit) const {
    return parts_->store->scan(Family::tiles, "", [&](BytesView key, BytesView value) -> Result<bool> {
        ByteReader reader(key);
        GZ_TRY(const uint8_t level, reader.u8());
        GZ_TRY(const uint64_t index, reader.u64());
        GZ_CHECKED(visit(level, index, value));
        return true;
    });
}

Result<std::optional<Bytes>> Journal::read_local(BytesView key) const { return parts_->store->get(Family::local, key); }

Status Journal::visit_local(BytesView prefix, size_t count_max, const LocalVisitor& visit) const {
    size_t count = 0;
    return parts_->store->scan(Family::local, prefix, [&](BytesView key, BytesView value) -> Result<bool> {
        if (count++ == count_max) return false;
        GZ_CHECKED(visit(key, value));
        return true;
    });
}

Result<std::vector<Digest>> Journal::prove_inclusion(EntryIndex index, TreeSize size) const {
    return merkle::prove_inclusion(index, size, merkle::node_reader(size, parts_->tile_reader()));
}
Result<std::vector<Digest>> Journal::prove_consistency(TreeSize old_size, TreeSize new_size) const {
    return merkle::prove_consistency(old_size, new_size, merkle::node_reader(new_size, parts_->tile_reader()));
}
Result<Bytes> Journal::read_tile(const merkle::TilePosition& tile) const { return parts_->read_tile(tile); }
Result<Digest> Journal::root_at(TreeSize size) const {
    return merkle::root_at(size, merkle::node_reader(size, parts_->tile_reader()));
}

Status Journal::record_signed_head(const merkle::TreeHead& head, BytesView note) {
    const std::lock_guard one_at_a_time(parts_->signing);
    if (!parts_->sequencer) return fail(ErrorCode::unsupported, "the journal is open for reading only");
    if (head.size > size()) return fail(ErrorCode::conflict, "a head beyond the durable log is never signed");
    GZ_TRY(const Digest root, root_at(head.size));
    if (root != head.root) return fail(ErrorCode::conflict, "a head that differs from the durable log is never signed");
    const std::optional<SignedHead> before = signed_head();
    if (before && before->size > head.size)
        return fail(ErrorCode::conflict, "a head smaller than the last one is never signed");
    SignedHead next{head.size, head.root, Bytes(note)};
    GZ_CHECKED(write_head_file(parts_->head_file, next));
    const std::lock_guard lock(parts_->mutex);
    parts_->signed_head = std::move(next);
    return {};
}

std::optional<SignedHead> Journal::signed_head() const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->signed_head;
}

Counters Journal::counters() const { return parts_->sequencer ? parts_->sequencer->counters() : Counters{}; }

}  // namespace gongzhi::journal
