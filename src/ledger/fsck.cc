#include "ledger/fsck.h"

#include "crypto/digest.h"
#include "ledger/entry.h"
#include "merkle/frontier.h"
#include "merkle/hash.h"

namespace gongzhi::ledger {
namespace {

class Check {
public:
    Check(const journal::Journal& journal, const vault::Vault* vault) : journal_(journal), vault_(vault) {}

    FsckReport run() {
        const TreeSize size = journal_.size();
        check_head(0);
        for (uint64_t i = 0; i < size.value; ++i) {
            check_entry(EntryIndex(i));
            check_head(i + 1);
        }
        if (frontier_.root() != journal_.root()) problem("the root of all entries is not the root of the stored tree");
        if (const auto head = journal_.signed_head(); head && head->size > size)
            problem(fmt::format("the log has {} entries, fewer than the {} last signed", size.value, head->size.value));
        check_stray_bodies();
        check_claims(size);
        return std::move(report_);
    }

private:
    void problem(std::string sentence) {
        ++report_.problem_count;
        if (report_.problems.size() < kProblemsMax) report_.problems.push_back(std::move(sentence));
    }

    void check_entry(EntryIndex index) {
        ++report_.entries;
        const auto stored = journal_.read_entry(index);
        if (!stored) return problem(fmt::format("entry {} cannot be read", index.value));
        const Digest leaf = merkle::leaf_hash(stored->leaf_entry);
        add_leaf(leaf);
        if (const auto kept = journal_.leaf_hash(index); !kept || *kept != leaf)
            problem(fmt::format("entry {}: the tree holds another hash", index.value));
        const auto entry = Entry::parse(index, stored->stored);
        if (!entry) return problem(fmt::format("entry {}: its detail cannot be parsed", index.value));
        if (entry->opening.entry_bytes() != stored->leaf_entry)
            problem(fmt::format("entry {}: its envelope and statement are not what was committed to", index.value));
        if (const auto statement = entry->statement(); !statement || statement->kind != entry->kind)
            problem(fmt::format("entry {}: its statement does not fit its kind", index.value));
        for (const PartInfo& part : entry->parts) check_part(*entry, part);
    }

    // Every level's hashes again, compared with the stored tile when one is full.
    void add_leaf(const Digest& leaf) {
        frontier_.append(leaf);
        Digest hash = leaf;
        for (uint32_t level = 0; level <= merkle::kTileLevelMax; ++level) {
            growing_[level].push_back(hash);
            if (growing_[level].size() < merkle::kTileWidth) return;
            Bytes bytes;
            for (const Digest& each : growing_[level]) bytes += each.view();
            const uint64_t number = full_[level]++;
            if (const auto tile = journal_.read_tile({level, number, merkle::kTileWidth}); !tile || *tile != bytes)
                problem(fmt::format("tile {} of level {} does not hold the hashes of its entries", number, level));
            hash = merkle::root_of(growing_[level]);
            growing_[level].clear();
        }
    }

    void check_head(uint64_t size) {
        const auto head = journal_.signed_head();
        if (head && head->size.value == size && head->root != frontier_.root())
            problem(fmt::format("the signed head of {} entries has another root", size));
    }

    void check_part(const Entry& entry, const PartInfo& part) {
        const auto body = journal_.read_body(entry.index, static_cast<uint8_t>(part.part), part.number);
        const std::string place =
            fmt::format("entry {}, body {}/{}", entry.index.value, static_cast<int>(part.part), part.number);
        if (part.form == PartForm::open) {
            if (!body || crypto::sha256(*body) != part.digest)
                problem(place + ": missing or damaged");
            else
                ++known_bodies_;
            return;
        }
        if (!body && body.error().code == ErrorCode::not_found) {
            ++report_.erased_bodies;
            return;
        }
        if (!body) return problem(place + ": cannot be read");
        ++known_bodies_;
        if (vault_ == nullptr) return problem(place + ": is sealed and the keys are not here");
        const auto opened =
            part.form == PartForm::segment
                ? vault_->unseal_segment(part.body_id, *body).map([](const auto&) {})
                : vault_->unseal_blob(static_cast<vault::Form>(part.form), part.body_id, *body).map([](const auto&) {});
        if (opened) return;
        if (opened.error().code == ErrorCode::erased)
            ++report_.erased_bodies;
        else
            problem(place + ": does not open with its key");
    }

    void check_stray_bodies() {
        const Status walked = journal_.visit_all_bodies([&](EntryIndex, uint8_t, uint32_t, BytesView) {
            ++report_.bodies;
            return Status();
        });
        if (!walked)
            problem("the bodies cannot be read to their end");
        else if (report_.bodies > known_bodies_ && report_.problem_count == 0)
            problem(fmt::format("{} bodies belong to no entry", report_.bodies - known_bodies_));
    }

    void check_claims(TreeSize size) {
        const Status walked = journal_.visit_claims([&](const journal::ClaimBytes&, const journal::Holder& holder) {
            ++report_.claims;
            if (holder.index.value >= size.value)
                problem(fmt::format("a claim is held by entry {}, which does not exist", holder.index.value));
            return Status();
        });
        if (!walked) problem("the claims cannot be read to their end");
    }

    const journal::Journal& journal_;
    const vault::Vault* vault_;
    FsckReport report_;
    uint64_t known_bodies_ = 0;
    merkle::Frontier frontier_;
    std::array<std::vector<Digest>, merkle::kTileLevelMax + 1> growing_;
    std::array<uint64_t, merkle::kTileLevelMax + 1> full_{};
};

}  // namespace

Result<FsckReport> fsck(const std::filesystem::path& folder, const std::string& origin) {
    GZ_TRY(const auto journal, journal::Journal::open_read_only(folder));
    SystemRandom random;
    const auto vault = vault::Vault::open({folder / "keys", origin, true}, *journal, random);
    return Check(*journal, vault ? vault->get() : nullptr).run();
}

}  // namespace gongzhi::ledger
