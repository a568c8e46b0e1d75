// A pack: the content of one jurisdiction, read from a folder and checked as a whole. Immutable after loading.
//
// The digest names exactly this content: SHA-256 over the sorted relative paths and bytes of every file read. Entries
// in the ledger name it, so that a rebuild validates each entry with the pack it was made under.
#pragma once

#include <filesystem>
#include <map>

#include "pack/calendar.h"
#include "pack/order_type.h"
#include "pack/purpose.h"
#include "pack/types.h"

namespace gongzhi::pack {

constexpr int kOriginalDays = 30;

class Pack {
public:
    // Errors are `malformed` with file:line:column.
    static Result<Pack> load(const std::filesystem::path& folder);

    const std::string& id() const { return id_; }
    const Wording& title() const { return title_; }
    const std::string& version() const { return version_; }
    const Digest& digest() const { return digest_; }
    const std::string& zone_name() const { return zone_name_; }
    int zone_offset_minutes() const { return zone_offset_minutes_; }
    // How long a file is kept as it was received.
    int original_days() const { return original_days_; }
    const std::vector<std::string>& levels() const { return levels_; }

    const std::vector<RecordType>& records() const { return records_; }
    const RecordType* record_type(std::string_view name) const;  // nullptr where there is none
    const OrderType* order_type(std::string_view name) const;
    const std::vector<OrderType>& orders() const { return orders_; }
    const Purpose* purpose(std::string_view id) const;
    const std::vector<Purpose>& purposes() const { return purposes_; }
    const Calendar& calendar() const { return calendar_; }
    const std::filesystem::path& folder() const { return folder_; }

private:
    std::filesystem::path folder_;
    std::string id_, version_, zone_name_;
    Wording title_;
    int zone_offset_minutes_ = 0;
    int original_days_ = kOriginalDays;
    Digest digest_;
    std::vector<std::string> levels_;
    std::vector<RecordType> records_;
    std::vector<OrderType> orders_;
    std::vector<Purpose> purposes_;
    Calendar calendar_;
};

}  // namespace gongzhi::pack
