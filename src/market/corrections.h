// Valid records that are corrected later, and mended lines for what intake refused. Neither changes what the rules say:
// prices, times and shops stay as they were.
#pragma once

#include "base/random.h"
#include "market/line.h"

namespace gongzhi::market {

// The whole record again, with one field changed; submitted with `corrects`.
struct Correction {
    std::string record_type, record_id, line, field, before, after;
};

std::vector<Correction> corrections_of(const Market& market, SeededRandom& random);

// corrections-<record type>.ndjson and mended-<record type>.ndjson.
Status write_corrections(const std::vector<Correction>& corrections, const std::filesystem::path& folder);
Status write_mended(const std::vector<DirtyLine>& dirty, const std::filesystem::path& folder);
// file, line, record_id, field, before, after.
Json to_json(const std::vector<Correction>& corrections);
// file and line of the dirty line, mended_file and mended_line.
Json mended_key(const std::vector<DirtyLine>& dirty);

}  // namespace gongzhi::market
