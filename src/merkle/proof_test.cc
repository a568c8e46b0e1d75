// Trees and proofs against a naive recursive reference, the CT reference vectors, and transparency-dev's test vectors.
#include "merkle/proof.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>
#include <random>

#include "base/bytes.h"
#include "base/file.h"
#include "base/json.h"
#include "base/random.h"
#include "merkle/batch_tree.h"
#include "merkle/frontier.h"
#include "merkle/hash.h"
#include "testing/temp_folder.h"

namespace gongzhi::merkle {
namespace {

using Hashes = std::vector<Digest>;

// RFC 9162 §2.1.1, §2.1.3.1 and §2.1.4.1 as they are written.
size_t naive_split(size_t n) {
    size_t k = 1;
    while (k * 2 < n) k *= 2;
    return k;
}
Digest naive_root(const Hashes& d, size_t from, size_t to) {
    if (from == to) return empty_root();
    if (to - from == 1) return d[from];
    const size_t k = naive_split(to - from);
    return node_hash(naive_root(d, from, from + k), naive_root(d, from + k, to));
}
Hashes naive_path(size_t m, const Hashes& d, size_t from, size_t to) {
    if (to - from == 1) return {};
    const size_t k = naive_split(to - from);
    Hashes path = m < k ? naive_path(m, d, from, from + k) : naive_path(m - k, d, from + k, to);
    path.push_back(m < k ? naive_root(d, from + k, to) : naive_root(d, from, from + k));
    return path;
}
Hashes naive_subproof(size_t m, const Hashes& d, size_t from, size_t to, bool whole) {
    const size_t n = to - from;
    if (m == n) return whole ? Hashes{} : Hashes{naive_root(d, from, to)};
    const size_t k = naive_split(n);
    Hashes proof = m <= k ? naive_subproof(m, d, from, from + k, whole) : naive_subproof(m - k, d, from + k, to, false);
    proof.push_back(m <= k ? naive_root(d, from + k, to) : naive_root(d, from, from + k));
    return proof;
}

NodeReader reader_over(const Hashes& leaves) {
    return [&leaves](NodePosition node) -> Result<Digest> {
        const size_t count = size_t{1} << node.level;
        return naive_root(leaves, node.index * count, (node.index + 1) * count);
    };
}

Hashes reference_leaves() {
    Hashes leaves;
    for (const char* hex :
         {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"})
        leaves.push_back(leaf_hash(from_hex(hex).value()));
    return leaves;
}

TEST(Tree, MatchesTheCtReferenceRoots) {
    EXPECT_EQ(to_hex(Frontier().root().view()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    const char* roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                           "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                           "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                           "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                           "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                           "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                           "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                           "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    Frontier frontier;
    const Hashes leaves = reference_leaves();
    for (size_t i = 0; i < leaves.size(); ++i) {
        frontier.append(leaves[i]);
        EXPECT_EQ(to_hex(frontier.root().view()), roots[i]);
    }
}

std::vector<std::string> hex_of(const Hashes& hashes) {
    std::vector<std::string> texts;
    for (const Digest& hash : hashes) texts.push_back(to_hex(hash.view()));
    return texts;
}

TEST(Proofs, MatchTheCtReferenceProofs) {
    const Hashes leaves = reference_leaves();
    const NodeReader read = reader_over(leaves);
    using Texts = std::vector<std::string>;
    EXPECT_EQ(hex_of(prove_inclusion(EntryIndex(5), TreeSize(8), read).value()),
              (Texts{"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                     "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                     "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
    EXPECT_EQ(hex_of(prove_consistency(TreeSize(6), TreeSize(8), read).value()),
              (Texts{"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                     "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                     "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
    EXPECT_EQ(hex_of(prove_consistency(TreeSize(2), TreeSize(5), read).value()),
              (Texts{"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                     "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}));
    EXPECT_EQ(hex_of(prove_consistency(TreeSize(4), TreeSize(8), read).value()),
              (Texts{"6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
}

TEST(Proofs, EqualTheNaiveReferenceForEverySizeTo300) {
    const uint64_t seed = std::random_device()();
    SCOPED_TRACE(fmt::format("seed {}", seed));
    SeededRandom random(seed);
    Hashes leaves;
    Frontier frontier;
    for (uint64_t n = 0; n <= 300; ++n) {
        const Digest root = naive_root(leaves, 0, n);
        ASSERT_EQ(frontier.root(), root);
        const NodeReader read = reader_over(leaves);
        ASSERT_EQ(root_at(TreeSize(n), read).value(), root);
        const BatchTree batch(leaves);
        ASSERT_EQ(batch.root(), root);
        for (int round = 0; n > 0 && round < 8; ++round) {
            const uint64_t i = random.below(n), m = random.below(n + 1);
            const Hashes path = prove_inclusion(EntryIndex(i), TreeSize(n), read).value();
            ASSERT_EQ(path, naive_path(i, leaves, 0, n));
            ASSERT_EQ(path, batch.path(i));
            ASSERT_TRUE(verify_inclusion(EntryIndex(i), TreeSize(n), leaves[i], path, root));
            ASSERT_FALSE(verify_inclusion(EntryIndex(n), TreeSize(n), leaves[i], path, root));
            Hashes longer = path;
            longer.push_back(root);
            ASSERT_FALSE(verify_inclusion(EntryIndex(i), TreeSize(n), leaves[i], longer, root));
            const Hashes proof = prove_consistency(TreeSize(m), TreeSize(n), read).value();
            if (m > 0) {
                ASSERT_EQ(proof, naive_subproof(m, leaves, 0, n, true));
            }
            const TreeHead older{TreeSize(m), naive_root(leaves, 0, m)}, newer{TreeSize(n), root};
            ASSERT_TRUE(verify_consistency(older, newer, proof));
            longer = proof;
            longer.push_back(root);
            ASSERT_FALSE(verify_consistency(older, newer, longer));
            if (m > 0 && m < n) {
                ASSERT_FALSE(verify_consistency(older, newer, {}));
            }
            TreeHead other = older;
            other.root.bytes[7] ^= 1;
            ASSERT_FALSE(verify_consistency(other, newer, proof));
        }
        leaves.push_back(leaf_hash(random.bytes(random.below(40))));
        frontier.append(leaves.back());
        std::vector<Digest> roots;
        for (const NodePosition& node : frontier_positions(TreeSize(n + 1)))
            roots.push_back(reader_over(leaves)(node).value());
        ASSERT_EQ(Frontier(TreeSize(n + 1), roots).root(), frontier.root());
    }
}

// A hash of the vectors; nothing where the text is not 32 bytes (those vectors must all fail).
std::optional<Digest> hash_of(const Json& base64) {
    const auto raw = from_base64(base64.get<std::string>());
    if (!raw || raw->size() != 32) return std::nullopt;
    return Digest::from(*raw);
}
std::optional<Hashes> hashes_of(const Json& list) {
    Hashes hashes;
    if (list.is_null()) return hashes;
    for (const Json& item : list) {
        const auto hash = hash_of(item);
        if (!hash) return std::nullopt;
        hashes.push_back(*hash);
    }
    return hashes;
}

bool inclusion_holds(const Json& v, uint64_t start, uint64_t end) {
    const uint64_t index = v.at("leafIdx").get<uint64_t>();
    const auto root = hash_of(v.at("root")), leaf = hash_of(v.at("leafHash"));
    const auto proof = hashes_of(v.at("proof"));
    // A subtree [start, end) starts at a multiple of the power of two that covers its length.
    if (!root || !leaf || !proof || end <= start || index < start || end - start > (uint64_t{1} << 62)) return false;
    if (start % std::bit_ceil(end - start) != 0) return false;
    return verify_inclusion(EntryIndex(index - start), TreeSize(end - start), *leaf, *proof, *root).has_value();
}
// Some roots are words ("don't care"): the word's hash stands in, equal only to itself.
Digest root_of(const Json& v, const char* key) {
    return hash_of(v.at(key)).value_or(leaf_hash(v.at(key).get<std::string>()));
}
bool consistency_holds(const Json& v, uint64_t start, uint64_t end, uint64_t size) {
    const auto proof = hashes_of(v.at("proof"));
    const Digest older = root_of(v, "root1");
    const TreeHead newer{TreeSize(size), root_of(v, "root2")};
    if (!proof) return false;
    if (v.contains("size1")) return verify_consistency({TreeSize(end), older}, newer, *proof).has_value();
    return verify_subtree_consistency({start, end, older}, newer, *proof).has_value();
}

bool holds(const std::string& kind, const Json& v) {
    const auto number = [&](const char* key) { return v.at(key).get<uint64_t>(); };
    if (kind == "inclusion") return inclusion_holds(v, 0, number("treeSize"));
    if (kind == "subtreeinclusion") return inclusion_holds(v, number("start"), number("end"));
    if (kind == "consistency") return consistency_holds(v, 0, number("size1"), number("size2"));
    return consistency_holds(v, number("start"), number("end"), number("size"));
}

// RFC 9162 §2.1.4.2 proves nothing from an empty tree, and so do the vectors. A witness has to accept it (C2SP
// tlog-witness, old size 0): there we follow C2SP.
bool starts_empty(const std::string& kind, const Json& v) {
    return kind == "consistency" && v.at("size1") == 0 && v.at("size2") != 0;
}

TEST(Proofs, AgreeWithTheTransparencyDevVectors) {
    const auto archive = testing::shared_data("merkle_vectors/merkle-testdata.tgz");
    if (archive.empty()) GTEST_SKIP() << "merkle-testdata.tgz is not here";
    testing::TempFolder folder;
    ASSERT_EQ(std::system(fmt::format("tar xzf '{}' -C '{}'", archive.string(), folder.path().string()).c_str()), 0);
    int seen = 0, from_nothing = 0;
    for (const std::string kind : {"inclusion", "consistency", "subtreeinclusion", "subtreeconsistency"}) {
        for (const auto& file : std::filesystem::recursive_directory_iterator(folder.path() / "testdata" / kind)) {
            if (file.path().extension() != ".json") continue;
            const Json vector = parse_json(read_file(file.path()).value()).value();
            ++seen;
            const bool held = holds(kind, vector), valid = !vector.at("wantErr").get<bool>();
            if (starts_empty(kind, vector)) {
                ++from_nothing;
                const bool right = root_of(vector, "root1") == empty_root() && hashes_of(vector.at("proof"))->empty();
                EXPECT_FALSE(valid) << vector.at("desc");
                EXPECT_EQ(held, right) << vector.at("desc");
            } else {
                EXPECT_EQ(held, valid) << kind << ": " << vector.at("desc");
            }
        }
    }
    EXPECT_EQ(seen, 518);
    EXPECT_GT(from_nothing, 0);
}

}  // namespace
}  // namespace gongzhi::merkle
