// The recovery copy of the root key: in two halves, each sealed to one custodian, so that neither opens the vault alone.
//
//   keys/custodians        two lines, the custodians' public keys in base64
//   keys/recovery          written with each new root key; opens only the epoch that it names
//   keys/recovery-tested   the day on which both custodians last opened it
// A copy of an older epoch is worthless, like the old root key that it holds: it is to be backed up with the keys.
#pragma once

#include <filesystem>

#include "base/clock.h"
#include "crypto/seal.h"
#include "crypto/sealed_box.h"

namespace gongzhi::vault {

// `invalid_argument` unless they are two different keys of 32 bytes.
Status set_custodians(const std::filesystem::path& keys_folder, const Bytes& first, const Bytes& second);
bool has_custodians(const std::filesystem::path& keys_folder);

// Nothing without custodians. Fsynced before it returns.
Status write_recovery(const std::filesystem::path& keys_folder, uint32_t epoch, const crypto::DataKey& root,
                      Random& random);

struct RecoveredRoot {
    uint32_t epoch = 0;
    crypto::DataKey root;
};
// Both custodians' keys, in any order. `corrupt` where one of them is another's.
Result<RecoveredRoot> open_recovery(const std::filesystem::path& keys_folder, const crypto::BoxKeyPair& one,
                                    const crypto::BoxKeyPair& other);

// Opens the copy and the vault's key file with it; with `restore` the root key file is written anew (it must be missing).
Status test_recovery(const std::filesystem::path& keys_folder, const crypto::BoxKeyPair& one,
                     const crypto::BoxKeyPair& other, CivilDate today);
Status restore_root(const std::filesystem::path& keys_folder, const crypto::BoxKeyPair& one,
                    const crypto::BoxKeyPair& other);
// The day of the last test; nothing where there was none.
Result<std::optional<CivilDate>> recovery_tested(const std::filesystem::path& keys_folder);

}  // namespace gongzhi::vault
