#include "vault/recovery.h"

#include "base/bytes.h"
#include "base/file.h"
#include "vault/key_ring.h"

namespace gongzhi::vault {
namespace {

constexpr std::string_view kFirstLine = "gongzhi-recovery 1\n";
constexpr size_t kFileBytesMax = 4'096;

Bytes exclusive_or(BytesView a, BytesView b) {
    Bytes out(a);
    for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<char>(out[i] ^ b[i]);
    return out;
}

Result<std::pair<Bytes, Bytes>> read_custodians(const std::filesystem::path& keys_folder) {
    GZ_TRY(const Bytes text, read_file(keys_folder / "custodians", kFileBytesMax));
    const size_t end = text.find('\n');
    if (end == Bytes::npos) return fail(ErrorCode::malformed, "keys/custodians has two lines");
    GZ_TRY(Bytes first, from_base64(BytesView(text).substr(0, end)));
    GZ_TRY(Bytes second, from_base64(BytesView(text).substr(end + 1, text.find('\n', end + 1) - end - 1)));
    return std::pair(std::move(first), std::move(second));
}

}  // namespace

Status set_custodians(const std::filesystem::path& keys_folder, const Bytes& first, const Bytes& second) {
    if (first.size() != crypto::kBoxKeyBytes || second.size() != crypto::kBoxKeyBytes || first == second)
        return fail(ErrorCode::invalid_argument, "two custodians have two different keys of 32 bytes, in base64");
    return write_file_atomic(keys_folder / "custodians", to_base64(first) + "\n" + to_base64(second) + "\n");
}

bool has_custodians(const std::filesystem::path& keys_folder) {
    return std::filesystem::exists(keys_folder / "custodians");
}

Status write_recovery(const std::filesystem::path& keys_folder, uint32_t epoch, const crypto::DataKey& root,
                      Random& random) {
    if (!has_custodians(keys_folder)) return {};
    GZ_TRY(const auto custodians, read_custodians(keys_folder));
    Bytes pad = random.bytes(root.value.size());
    Bytes half = exclusive_or(root.value, pad);
    GZ_TRY(const Bytes first, crypto::seal_to(custodians.first, pad));
    GZ_TRY(const Bytes second, crypto::seal_to(custodians.second, half));
    crypto::wipe(pad);
    crypto::wipe(half);
    Bytes file(kFirstLine);
    put_u32(file, epoch);
    put_sized(file, first);
    put_sized(file, second);
    return write_file_atomic(keys_folder / "recovery", file, FileMode::secret);
}

Result<RecoveredRoot> open_recovery(const std::filesystem::path& keys_folder, const crypto::BoxKeyPair& one,
                                    const crypto::BoxKeyPair& other) {
    const auto file = read_file(keys_folder / "recovery", kFileBytesMax);
    if (!file) return fail(ErrorCode::not_found, "there is no recovery copy: this node was made without custodians");
    if (!file->starts_with(kFirstLine)) return fail(ErrorCode::corrupt, "the recovery copy is damaged");
    ByteReader reader(BytesView(*file).substr(kFirstLine.size()));
    RecoveredRoot recovered;
    GZ_TRY(recovered.epoch, reader.u32());
    GZ_TRY(const BytesView first, reader.sized(kFileBytesMax));
    GZ_TRY(const BytesView second, reader.sized(kFileBytesMax));
    GZ_CHECKED(reader.expect_end());
    const bool in_order = crypto::open_sealed(one, first).has_value();
    GZ_TRY(Bytes pad, crypto::open_sealed(in_order ? one : other, first));
    GZ_TRY(Bytes half, crypto::open_sealed(in_order ? other : one, second));
    if (pad.size() != half.size()) return fail(ErrorCode::corrupt, "the recovery copy is damaged");
    recovered.root = crypto::DataKey(exclusive_or(pad, half));
    crypto::wipe(pad);
    crypto::wipe(half);
    return recovered;
}

Status test_recovery(const std::filesystem::path& keys_folder, const crypto::BoxKeyPair& one,
                     const crypto::BoxKeyPair& other, CivilDate today) {
    GZ_TRY(const RecoveredRoot recovered, open_recovery(keys_folder, one, other));
    GZ_CHECKED(KeyRing::check_root(keys_folder, recovered.epoch, recovered.root));
    return write_file_atomic(keys_folder / "recovery-tested", format_date(today) + "\n");
}

Status restore_root(const std::filesystem::path& keys_folder, const crypto::BoxKeyPair& one,
                    const crypto::BoxKeyPair& other) {
    if (std::filesystem::exists(keys_folder / "root"))
        return fail(ErrorCode::conflict, "the root key is here: only a lost one is restored");
    GZ_TRY(const RecoveredRoot recovered, open_recovery(keys_folder, one, other));
    GZ_CHECKED(KeyRing::check_root(keys_folder, recovered.epoch, recovered.root));
    return KeyRing::write_root(keys_folder, recovered.epoch, recovered.root);
}

Result<std::optional<CivilDate>> recovery_tested(const std::filesystem::path& keys_folder) {
    if (!std::filesystem::exists(keys_folder / "recovery-tested")) return std::optional<CivilDate>();
    GZ_TRY(const Bytes text, read_file(keys_folder / "recovery-tested", kFileBytesMax));
    GZ_TRY(const CivilDate day, parse_date(BytesView(text).substr(0, text.find('\n'))));
    return std::optional(day);
}

}  // namespace gongzhi::vault
