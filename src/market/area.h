// A market of two platforms and the authority that supervises both: what generate() makes of one platform, for each of
// them, and beside it registry, privacy notices, clues and corrections. And a folder of price lists for the European pack.
//
// The second platform is small and numbers its shops, listings and offers as the first does, and sells cheaply under the
// very numbers of the first one's lawful promotions: whoever forgets that such numbers are a platform's own accuses the
// innocent. Equal options give equal bytes; the first platform is generate(first).
#pragma once

#include "market/clues.h"
#include "market/corrections.h"
#include "market/notices.h"
#include "market/reductions.h"
#include "market/registry.h"

namespace gongzhi::market {

struct AreaOptions {
    MarketOptions first;
    MarketOptions second{.seed = 20'260'206,
                         .traders = 40,
                         .listings = 400,
                         .sales = 3000,
                         .platform_name = "示例街坊集",
                         .host = "bazaar.example"};
};

struct Platform {
    Market market;
    std::vector<NoticeItem> notices;
    std::vector<Clue> clues;
    std::vector<Correction> corrections;
    std::vector<IdentityAnswer> identities;

    size_t records() const { return market.records() + notices.size() + clues.size(); }
};

struct Area {
    Platform first, second;
    std::vector<RegistryEntry> registry;
    Reductions reductions;
};

// `invalid_argument` as generate(), and where both platforms have one seed: their businesses would be the same.
Result<Area> generate_area(const AreaOptions& options = {});

// The first platform into the folder itself, the second into second/, registry.csv, and the price lists into eu/.
Status write_area(const Area& area, const std::filesystem::path& folder);
// answer_key(market) with the sections identities, notices, clues, corrections and mended.
Json answer_key(const Platform& platform);

}  // namespace gongzhi::market
