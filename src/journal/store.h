// One RocksDB with its column families: the only place that knows RocksDB. Inside this module.
//
// Reads are safe from any thread; commits come from the sequencer alone. Recovery tolerates a torn tail and nothing else.
#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "base/bytes.h"
#include "journal/journal.h"

namespace gongzhi::journal {

// Order is the order of the column families' names in store.cc.
enum class Family : uint8_t { entries, bodies, unique, tiles, local, meta };
constexpr size_t kFamilies = 6;

// Keys are big-endian, so that byte order is number order.
Bytes entry_key(EntryIndex index);
Bytes body_key(EntryIndex index, uint8_t part, uint32_t number);
Bytes tile_key(uint32_t level, uint64_t index);
// Out of line: where GCC 12 sees the size it warns of overflows that cannot be.
bool is_full_tile(BytesView bytes);
inline BytesView view_of(const ClaimBytes& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
// A claim's value: content(16) ‖ u64 index.
Bytes encode_holder(const Holder& holder);
Result<Holder> decode_holder(BytesView value);

class Store {
public:
    static Result<std::unique_ptr<Store>> open(const Options& options, bool read_only);
    ~Store();

    // One atomic write. Refers to the batch's bytes only during the calls.
    class Batch {
    public:
        Batch();
        ~Batch();
        void put(Family family, BytesView key, BytesView value);
        void remove(Family family, BytesView key);
        size_t count() const;

    private:
        friend class Store;
        struct Op;
        std::unique_ptr<Op> op_;
        size_t count_ = 0;
        Store* store_ = nullptr;
    };
    std::unique_ptr<Batch> make_batch();
    // Returns after the fsync of the write-ahead log.
    Status commit(Batch& batch);

    Result<std::optional<Bytes>> get(Family family, BytesView key) const;
    // `keys` sorted ascending; one answer each.
    Result<std::vector<std::optional<Bytes>>> get_sorted(Family family, const std::vector<BytesView>& keys) const;
    // Keys with the prefix, ascending, until `visit` returns false or an error.
    using Visitor = std::function<Result<bool>(BytesView key, BytesView value)>;
    Status scan(Family family, BytesView prefix, const Visitor& visit) const;
    // The largest key; nothing where the family is empty.
    Result<std::optional<Bytes>> last_key(Family family) const;
    uint64_t fsyncs() const;

private:
    struct Db;
    explicit Store(std::unique_ptr<Db> db);
    std::unique_ptr<Db> db_;
};

}  // namespace gongzhi::journal
