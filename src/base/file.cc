#include "base/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

namespace gongzhi {
namespace {

Status sync_folder(const std::filesystem::path& folder) {
    const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return fail(ErrorCode::io, "a folder cannot be opened for syncing: {}", std::strerror(errno));
    const int failed = ::fsync(fd);
    ::close(fd);
    if (failed != 0) return fail(ErrorCode::io, "a folder cannot be synced: {}", std::strerror(errno));
    return {};
}

Status write_all(int fd, BytesView content) {
    while (!content.empty()) {
        const ssize_t written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return fail(ErrorCode::io, "a file cannot be written: {}", std::strerror(errno));
        content.remove_prefix(static_cast<size_t>(written));
    }
    if (::fsync(fd) != 0) return fail(ErrorCode::io, "a file cannot be synced: {}", std::strerror(errno));
    return {};
}

}  // namespace

Result<Bytes> read_file(const std::filesystem::path& file, size_t bytes_max) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error) return fail(ErrorCode::io, "the file {} cannot be read", file.filename().string());
    if (size > bytes_max)
        return fail(ErrorCode::too_large, "the file {} is larger than {} bytes", file.filename().string(), bytes_max);
    std::ifstream in(file, std::ios::binary);
    Bytes content(size, '\0');
    if (!in.read(content.data(), static_cast<std::streamsize>(size)))
        return fail(ErrorCode::io, "the file {} cannot be read", file.filename().string());
    return content;
}

Status write_file_atomic(const std::filesystem::path& file, BytesView content, FileMode mode) {
    std::filesystem::path temporary = file;
    temporary += ".new";
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, static_cast<mode_t>(mode));
    if (fd < 0)
        return fail(ErrorCode::io, "the file {} cannot be made: {}", file.filename().string(), std::strerror(errno));
    const Status written = write_all(fd, content);
    ::close(fd);
    if (!written) return written;
    if (::rename(temporary.c_str(), file.c_str()) != 0)
        return fail(ErrorCode::io, "the file {} cannot be replaced: {}", file.filename().string(),
                    std::strerror(errno));
    return sync_folder(file.parent_path());
}

Status make_folders(const std::filesystem::path& folder) {
    if (folder.empty() || std::filesystem::is_directory(folder)) return {};
    GZ_CHECKED(make_folders(folder.parent_path()));
    if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST)
        return fail(ErrorCode::io, "the folder {} cannot be made: {}", folder.filename().string(),
                    std::strerror(errno));
    GZ_CHECKED(sync_folder(folder));
    return sync_folder(folder.parent_path());
}

Result<FolderLock> FolderLock::acquire(const std::filesystem::path& folder) {
    const int fd = ::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) return fail(ErrorCode::io, "the folder's lock file cannot be opened");
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        ::close(fd);
        return fail(ErrorCode::conflict, "the node is running: its folder is in use by another process");
    }
    return FolderLock(fd);
}

FolderLock::~FolderLock() {
    if (fd_ >= 0) ::close(fd_);
}

}  // namespace gongzhi
