#include "pack/pack.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/file.h"
#include "crypto/digest.h"
#include "pack/record_loader.h"
#include "pack/yaml_view.h"

namespace gongzhi::pack {
namespace {

constexpr size_t kFileBytesMax = 1u << 20;
constexpr size_t kFilesMax = 2000;

using Files = std::map<std::string, Bytes>;  // relative path → content, sorted

Result<Files> read_folder(const std::filesystem::path& folder) {
    Files files;
    std::error_code error;
    for (const auto& item : std::filesystem::recursive_directory_iterator(folder, error)) {
        if (!item.is_regular_file() || item.path().filename().string().starts_with('.')) continue;
        if (files.size() >= kFilesMax) return fail(ErrorCode::too_large, "a pack of more than {} files", kFilesMax);
        GZ_TRY(Bytes content, read_file(item.path(), kFileBytesMax));
        files[std::filesystem::relative(item.path(), folder).generic_string()] = std::move(content);
    }
    if (error || files.empty()) return fail(ErrorCode::not_found, "the pack's folder cannot be read or is empty");
    return files;
}

Digest digest_of(const Files& files) {
    crypto::Sha256 hash;
    for (const auto& [path, content] : files) {
        Bytes framed;
        put_sized(framed, path);
        put_sized(framed, content);
        hash.update(framed);
    }
    return hash.finish();
}

// The YAML documents directly below a sub-folder, in order of name.
Result<std::vector<YamlDocument>> documents_in(const Files& files, const std::string& below) {
    std::vector<YamlDocument> documents;
    for (const auto& [path, content] : files) {
        if (!path.starts_with(below + "/") || !path.ends_with(".yaml") ||
            path.find('/', below.size() + 1) != std::string::npos)
            continue;
        GZ_TRY(YamlDocument document, YamlDocument::parse(content, path));
        documents.push_back(std::move(document));
    }
    return documents;
}

}  // namespace

Result<Pack> Pack::load(const std::filesystem::path& folder) {
    GZ_TRY(const Files files, read_folder(folder));
    const auto manifest = files.find("pack.yaml");
    if (manifest == files.end()) return fail(ErrorCode::malformed, "pack.yaml is missing");
    GZ_TRY(const YamlDocument document, YamlDocument::parse(manifest->second, "pack.yaml"));
    const YamlView root(document);
    GZ_CHECKED(
        root.allow_keys({"pack", "version", "zh", "en", "languages", "levels", "zone", "residency", "original_days"}));

    Pack pack;
    pack.folder_ = folder;
    pack.digest_ = digest_of(files);
    GZ_TRY(pack.id_, root.text("pack"));
    GZ_TRY(pack.version_, root.text("version"));
    GZ_TRY(pack.title_.zh, root.text("zh"));
    GZ_TRY(pack.title_.en, root.text("en"));
    GZ_TRY(pack.levels_, root.texts("levels"));
    GZ_TRY(const YamlView zone, root.at("zone"));
    GZ_CHECKED(zone.allow_keys({"name", "offset_minutes"}));
    GZ_TRY(pack.zone_name_, zone.text("name"));
    GZ_TRY(const int64_t offset, zone.integer_or("offset_minutes", 10'000));
    if (offset < -840 || offset > 840) return zone.error("`offset_minutes` is missing or out of range");
    pack.zone_offset_minutes_ = static_cast<int>(offset);

    GZ_TRY(const int64_t original_days, root.integer_or("original_days", kOriginalDays));
    if (original_days < 1 || original_days > 366) return root.error("`original_days` is 1 to 366");
    pack.original_days_ = static_cast<int>(original_days);

    GZ_TRY(const std::vector<YamlDocument> records, documents_in(files, "records"));
    for (const YamlDocument& record : records) {
        GZ_TRY(RecordType type, load_record_type(record));
        if (pack.record_type(type.name)) return record.error_at("/record", "this record type stands in two files");
        pack.records_.push_back(std::move(type));
    }
    GZ_TRY(const std::vector<YamlDocument> orders, documents_in(files, "orders"));
    for (const YamlDocument& order : orders) {
        GZ_TRY(OrderType type, load_order_type(order, pack.records_));
        pack.orders_.push_back(std::move(type));
    }
    if (const auto file = files.find("purposes.yaml"); file != files.end()) {
        GZ_TRY(const YamlDocument purposes, YamlDocument::parse(file->second, "purposes.yaml"));
        GZ_TRY(pack.purposes_, load_purposes(purposes));
    }
    GZ_TRY(const std::vector<YamlDocument> years, documents_in(files, "calendars"));
    for (const YamlDocument& year : years) GZ_CHECKED(pack.calendar_.add_year(year));
    return pack;
}

const RecordType* Pack::record_type(std::string_view name) const {
    const auto found =
        std::find_if(records_.begin(), records_.end(), [&](const RecordType& type) { return type.name == name; });
    return found == records_.end() ? nullptr : &*found;
}

const OrderType* Pack::order_type(std::string_view name) const {
    const auto found =
        std::find_if(orders_.begin(), orders_.end(), [&](const OrderType& type) { return type.name == name; });
    return found == orders_.end() ? nullptr : &*found;
}

const Purpose* Pack::purpose(std::string_view id) const {
    const auto found =
        std::find_if(purposes_.begin(), purposes_.end(), [&](const Purpose& purpose) { return purpose.id == id; });
    return found == purposes_.end() ? nullptr : &*found;
}

}  // namespace gongzhi::pack
