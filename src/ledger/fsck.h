// Re-reads every stored byte of a node's folder offline and recomputes everything: commitments, leaf hashes, tiles, root,
// signed head, claims, open bodies' digests, sealed bodies. Writes nothing.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace gongzhi::ledger {

constexpr size_t kProblemsMax = 100;  // then it stops listing, and counts

struct FsckReport {
    uint64_t entries = 0;
    uint64_t bodies = 0;
    uint64_t claims = 0;
    uint64_t erased_bodies = 0;  // sealed under a key that was destroyed
    uint64_t problem_count = 0;
    std::vector<std::string> problems;  // one sentence each
    bool clean() const { return problem_count == 0; }
};

// `origin` opens the sealed bodies. An error only where the folder cannot be opened at all.
Result<FsckReport> fsck(const std::filesystem::path& folder, const std::string& origin);

}  // namespace gongzhi::ledger
