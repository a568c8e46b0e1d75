// Files of the sample market into the tables that rules read, by the road that a submission takes: intake's parser, the
// record type's checks, the columns of the catalogue. Protected values stay NULL: no rule of a pack reads a token.
#pragma once

#include <filesystem>

#include "pack/pack.h"
#include "sql/database.h"

namespace gongzhi::testing {

class MarketTables {
public:
    // Makes the empty tables of the pack.
    MarketTables(const pack::Pack& pack, sql::Connection& connection);
    // Each line must be a valid record; returns how many there were.
    size_t load(const std::string& party, const std::filesystem::path& file, const std::string& record_type);

private:
    const pack::Pack& pack_;
    sql::Connection& connection_;
};

}  // namespace gongzhi::testing
