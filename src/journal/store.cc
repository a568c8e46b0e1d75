#include "journal/store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/statistics.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include "base/file.h"
#include "base/log.h"

namespace gongzhi::journal {
namespace {

constexpr std::array<const char*, kFamilies> kFamilyNames = {"entries", "bodies", "unique", "tiles", "local", "meta"};
constexpr size_t kArenaBytes = 64u << 10;  // a memtable's first block: small, so that an idle node is small
constexpr uint64_t kBlobBytesMin = 512;    // smaller bodies stay in the tree

rocksdb::Slice slice(BytesView bytes) { return {bytes.data(), bytes.size()}; }
BytesView view(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

tl::unexpected<Error> failed(const rocksdb::Status& status, std::string_view what) {
    const ErrorCode code = status.IsCorruption() ? ErrorCode::corrupt : ErrorCode::io;
    log_error("journal {}: {}", what, status.ToString());
    return fail(code, "the journal {}", what);
}

rocksdb::ColumnFamilyOptions family_options(Family family, const Options& options,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = cache;
    table.cache_index_and_filter_blocks = true;
    table.cache_index_and_filter_blocks_with_high_priority = true;
    table.format_version = 5;
    if (family == Family::unique) {
        // Partitioned, so that only the parts in use take room in the cache.
        table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
        table.partition_filters = true;
        table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
        table.whole_key_filtering = true;
    }
    rocksdb::ColumnFamilyOptions out;
    out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    out.arena_block_size = kArenaBytes;
    out.write_buffer_size = options.write_buffer_bytes / (family == Family::bodies || family == Family::unique ? 2 : 4);
    out.max_write_buffer_number = 2;
    out.compression =
        family == Family::unique || family == Family::tiles ? rocksdb::kNoCompression : rocksdb::kLZ4Compression;
    out.paranoid_file_checks = true;
    if (family == Family::unique) {
        // Random keys: with filters in memory a lookup hardly notices more files on level 0, and each compaction that does
        // not happen is a rewrite saved.
        out.level0_file_num_compaction_trigger = 8;
        out.level0_slowdown_writes_trigger = 32;
        out.level0_stop_writes_trigger = 64;
        out.max_write_buffer_number = 4;
        out.memtable_prefix_bloom_size_ratio = 0.02;
        out.memtable_whole_key_filtering = true;
    }
    if (family == Family::bodies) {
        out.enable_blob_files = true;
        out.min_blob_size = kBlobBytesMin;
        out.blob_compression_type = rocksdb::kNoCompression;  // bodies arrive packed or sealed
        out.enable_blob_garbage_collection = true;
    }
    return out;
}

rocksdb::DBOptions db_options(const Options& options) {
    rocksdb::DBOptions out;
    out.create_if_missing = true;
    out.create_missing_column_families = true;
    out.paranoid_checks = true;
    out.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    out.track_and_verify_wals_in_manifest = true;
    out.max_bgerror_resume_count = 0;  // a failed write stops the node; it is not papered over
    out.max_background_jobs = 2;
    out.max_open_files = 256;
    out.keep_log_file_num = 3;
    out.max_log_file_size = 1u << 20;
    out.max_total_wal_size = 256u << 20;
    out.db_write_buffer_size = options.write_buffer_bytes;
    out.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
    out.statistics = rocksdb::CreateDBStatistics();
    out.statistics->set_stats_level(rocksdb::StatsLevel::kExceptHistogramOrTimers);
    out.stats_dump_period_sec = 0;
    out.stats_persist_period_sec = 0;
    return out;
}

}  // namespace

Bytes entry_key(EntryIndex index) {
    Bytes key;
    put_u64(key, index.value);
    return key;
}

Bytes body_key(EntryIndex index, uint8_t part, uint32_t number) {
    Bytes key;
    put_u64(key, index.value);
    put_u8(key, part);
    put_u32(key, number);
    return key;
}

Bytes tile_key(uint32_t level, uint64_t index) {
    Bytes key;
    put_u8(key, static_cast<uint8_t>(level));
    put_u64(key, index);
    return key;
}

bool is_full_tile(BytesView bytes) { return bytes.size() == merkle::kTileBytes; }

Bytes encode_holder(const Holder& holder) {
    Bytes value(view_of(holder.content));
    put_u64(value, holder.index.value);
    return value;
}

Result<Holder> decode_holder(BytesView value) {
    Holder holder;
    if (value.size() != holder.content.size() + 8) return fail(ErrorCode::corrupt, "a stored claim is damaged");
    std::copy_n(value.begin(), holder.content.size(), holder.content.begin());
    holder.index = EntryIndex(ByteReader(value.substr(holder.content.size())).u64().value());
    return holder;
}

struct Store::Db {
    rocksdb::DBOptions options;
    std::unique_ptr<rocksdb::DB> db;
    std::vector<rocksdb::ColumnFamilyHandle*> handles;  // owned: destroyed before the database
    rocksdb::ColumnFamilyHandle* handle(Family family) const { return handles[static_cast<size_t>(family)]; }
    ~Db() {
        for (auto* each : handles) db->DestroyColumnFamilyHandle(each);
        if (db) db->Close();
    }
};

struct Store::Batch::Op {
    rocksdb::WriteBatch batch;
};

Store::Store(std::unique_ptr<Db> db) : db_(std::move(db)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const Options& options, bool read_only) {
    const auto folder = options.folder / "journal";
    const auto cache = rocksdb::NewLRUCache(options.cache_bytes);
    auto db = std::make_unique<Db>();
    db->options = db_options(options);
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (size_t i = 0; i < kFamilies; ++i)
        families.emplace_back(kFamilyNames[i], family_options(static_cast<Family>(i), options, cache));
    families.emplace_back(rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions());
    if (!read_only) GZ_CHECKED(make_folders(folder));
    rocksdb::DB* opened = nullptr;
    const rocksdb::Status status =
        read_only ? rocksdb::DB::OpenForReadOnly(db->options, folder.string(), families, &db->handles, &opened)
                  : rocksdb::DB::Open(db->options, folder.string(), families, &db->handles, &opened);
    db->db.reset(opened);
    if (!status.ok()) return failed(status, "cannot be opened: its stored bytes are damaged or unreadable");
    return std::unique_ptr<Store>(new Store(std::move(db)));
}

Store::Batch::Batch() : op_(std::make_unique<Op>()) {}
Store::Batch::~Batch() = default;

void Store::Batch::put(Family family, BytesView key, BytesView value) {
    const auto status = op_->batch.Put(store_->db_->handle(family), slice(key), slice(value));
    GZ_CHECK(status.ok(), "an in-memory batch takes what it is given");
    ++count_;
}

void Store::Batch::remove(Family family, BytesView key) {
    const auto status = op_->batch.Delete(store_->db_->handle(family), slice(key));
    GZ_CHECK(status.ok(), "an in-memory batch takes what it is given");
    ++count_;
}

size_t Store::Batch::count() const { return count_; }

std::unique_ptr<Store::Batch> Store::make_batch() {
    auto batch = std::make_unique<Batch>();
    batch->store_ = this;
    return batch;
}

Status Store::commit(Batch& batch) {
    rocksdb::WriteOptions options;
    options.sync = true;
    const rocksdb::Status status = db_->db->Write(options, &batch.op_->batch);
    if (!status.ok()) return failed(status, "could not be written");
    return {};
}

Result<std::optional<Bytes>> Store::get(Family family, BytesView key) const {
    Bytes value;
    const rocksdb::Status status = db_->db->Get(rocksdb::ReadOptions(), db_->handle(family), slice(key), &value);
    if (status.IsNotFound()) return std::optional<Bytes>();
    if (!status.ok()) return failed(status, "could not be read");
    return std::optional<Bytes>(std::move(value));
}

Result<std::vector<std::optional<Bytes>>> Store::get_sorted(Family family, const std::vector<BytesView>& keys) const {
    constexpr size_t kChunk = 1'024;  // pins that many blocks at a time
    std::vector<std::optional<Bytes>> values(keys.size());
    std::array<rocksdb::Slice, kChunk> slices;
    std::vector<rocksdb::PinnableSlice> found(std::min(kChunk, keys.size()));
    std::vector<rocksdb::Status> statuses(found.size());
    for (size_t first = 0; first < keys.size(); first += kChunk) {
        const size_t count = std::min(kChunk, keys.size() - first);
        for (size_t i = 0; i < count; ++i) {
            slices[i] = slice(keys[first + i]);
            found[i].Reset();
        }
        db_->db->MultiGet(rocksdb::ReadOptions(), db_->handle(family), count, slices.data(), found.data(),
                          statuses.data(), true);
        for (size_t i = 0; i < count; ++i) {
            if (statuses[i].IsNotFound()) continue;
            if (!statuses[i].ok()) return failed(statuses[i], "could not be read");
            values[first + i] = Bytes(view(found[i]));
        }
    }
    return values;
}

Status Store::scan(Family family, BytesView prefix, const Visitor& visit) const {
    rocksdb::ReadOptions options;
    options.fill_cache = false;
    const std::unique_ptr<rocksdb::Iterator> it(db_->db->NewIterator(options, db_->handle(family)));
    for (it->Seek(slice(prefix)); it->Valid() && view(it->key()).starts_with(prefix); it->Next()) {
        GZ_TRY(const bool more, visit(view(it->key()), view(it->value())));
        if (!more) return {};
    }
    if (!it->status().ok()) return failed(it->status(), "could not be read");
    return {};
}

Result<std::optional<Bytes>> Store::last_key(Family family) const {
    const std::unique_ptr<rocksdb::Iterator> it(db_->db->NewIterator(rocksdb::ReadOptions(), db_->handle(family)));
    it->SeekToLast();
    if (!it->status().ok()) return failed(it->status(), "could not be read");
    if (!it->Valid()) return std::optional<Bytes>();
    return std::optional<Bytes>(Bytes(view(it->key())));
}

uint64_t Store::fsyncs() const { return db_->options.statistics->getTickerCount(rocksdb::WAL_FILE_SYNCED); }

}  // namespace gongzhi::journal
