// Files: whole reads, durable atomic replacement, the lock of a node's folder.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "base/types.h"

namespace gongzhi {

// The whole file; `too_large` past `bytes_max`, `io` where it cannot be read.
Result<Bytes> read_file(const std::filesystem::path& file, size_t bytes_max = size_t{1} << 31);

enum class FileMode { shared = 0644, secret = 0600 };
// Temporary file, fsync, rename, fsync of the folder: after a crash either the old or the new content is there.
Status write_file_atomic(const std::filesystem::path& file, BytesView content, FileMode mode = FileMode::shared);
// mkdir -p, then fsync of each folder made and of its parent.
Status make_folders(const std::filesystem::path& folder);

// Held while one process owns a node's folder; released by the destructor or the death of the process.
class FolderLock {
public:
    static Result<FolderLock> acquire(const std::filesystem::path& folder);  // `conflict` when another process holds it
    FolderLock(FolderLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    FolderLock& operator=(FolderLock&&) = delete;
    ~FolderLock();

private:
    explicit FolderLock(int fd) : fd_(fd) {}
    int fd_;
};

}  // namespace gongzhi
