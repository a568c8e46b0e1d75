// Rows for the price rule, written straight into the tables of a record store: what a benchmark needs of volume without
// the hours of submitting it.
#pragma once

#include <cstdio>
#include <cstdlib>

#include "pack/pack.h"
#include "supervision/runner.h"

namespace gongzhi::bench {

inline constexpr int32_t kFirstDay = 20'000;
inline constexpr int32_t kDays = 60;
inline constexpr int64_t kOffersOfAListing = 10;
inline constexpr int64_t kShops = 20'000;

template <typename T>
T done(Result<T> result, const char* what) {
    if (!result) std::fprintf(stderr, "%s: %s\n", what, result.error().describe().c_str()), std::exit(1);
    if constexpr (!std::is_void_v<T>) return *std::move(result);
}

// SplitMix64's finisher: a hash of a row's number.
inline uint64_t scatter(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

// Columns in the order of supervision::store_statements: entry span, party, record_id, then the record type's.
class Filler {
public:
    Filler(sql::Connection& connection, const supervision::Catalogue& catalogue, const char* table)
        : columns_(supervision::find_table(catalogue, table)->columns),
          appender_(done(connection.appender("store", table), "appender")) {}

    template <typename Put>
    void row(Put put) {
        appender_->append_int64(0);
        appender_->append_null();
        for (const supervision::CatalogueColumn& column : columns_)
            if (!put(*appender_, column.name)) appender_->append_null();
        done(appender_->end_row(), "row");
    }
    void finish() { done(appender_->flush(), "flush"); }

private:
    const std::vector<supervision::CatalogueColumn>& columns_;
    std::unique_ptr<sql::Appender> appender_;
};

struct Names {
    std::string shop, listing;
    explicit Names(int64_t number)
        : shop(fmt::format("S-{:05}", number % kShops)), listing(fmt::format("L-{:08}", number)) {}
};

inline bool put_common(sql::Appender& appender, const std::string& column, const Names& names, const std::string& id) {
    if (column == "party") return appender.append_text("platform-a"), true;
    if (column == "record_id") return appender.append_text(id), true;
    if (column == "shop") return appender.append_text(names.shop), true;
    if (column == "listing") return appender.append_text(names.listing), true;
    if (column.ends_with("_currency")) return appender.append_text("CNY"), true;
    return false;
}

// One offer in twenty compares with 100.00 and does not say what price that is.
inline void fill_offers(sql::Connection& connection, const supervision::Catalogue& catalogue, int64_t count) {
    Filler offers(connection, catalogue, "offer");
    for (int64_t i = 0; i < count; ++i) {
        const uint64_t hash = scatter(static_cast<uint64_t>(i) + 1);
        const Names names(i / kOffersOfAListing);
        const std::string id = fmt::format("O-{:09}", i);
        const int32_t day = kFirstDay + static_cast<int32_t>(hash % kDays);
        offers.row([&](sql::Appender& appender, const std::string& column) {
            if (column == "from_date") return appender.append_date(CivilDate(day)), true;
            if (column == "from_time") return appender.append_timestamp(UtcTime(day * kMicrosPerDay)), true;
            if (column == "price_minor") return appender.append_int64(8000), true;
            if (column == "reference_price_minor" && hash / 64 % 20 == 0) return appender.append_int64(10'000), true;
            if (column == "reference_detail_marked") return appender.append_bool(false), true;
            return put_common(appender, column, names, id);
        });
    }
    offers.finish();
}

// One sale in five thousand lies below.
inline void fill_sales(sql::Connection& connection, const supervision::Catalogue& catalogue, int64_t count,
                       int64_t listings) {
    Filler sales(connection, catalogue, "sale");
    for (int64_t i = 0; i < count; ++i) {
        const uint64_t hash = scatter(static_cast<uint64_t>(i) + 7'000'000'007);
        const Names names(static_cast<int64_t>(hash % static_cast<uint64_t>(listings)));
        const std::string id = fmt::format("V-{:09}", i);
        const int32_t day = kFirstDay - 30 + static_cast<int32_t>(hash / 1024 % (kDays + 30));
        sales.row([&](sql::Appender& appender, const std::string& column) {
            if (column == "sale_date") return appender.append_date(CivilDate(day)), true;
            if (column == "sale_time")
                return appender.append_timestamp(
                           UtcTime(day * kMicrosPerDay + static_cast<int64_t>(hash % 86'400) * kMicrosPerSecond)),
                       true;
            if (column == "quantity") return appender.append_int64(1), true;
            if (column == "price_minor") return appender.append_int64(hash / 128 % 5000 == 0 ? 9000 : 10'000), true;
            return put_common(appender, column, names, id);
        });
    }
    sales.finish();
}

inline void fill_coverage(sql::Connection& connection, const supervision::Catalogue& catalogue) {
    Filler coverage(connection, catalogue, "coverage");
    for (int64_t i = 0; i < kShops; ++i) {
        const Names names(i);
        coverage.row([&](sql::Appender& appender, const std::string& column) {
            if (column == "record_type") return appender.append_text("sale"), true;
            if (column == "from_date") return appender.append_date(CivilDate(kFirstDay - 400)), true;
            if (column == "until_date") return appender.append_date(CivilDate(kFirstDay + 400)), true;
            return put_common(appender, column, names, names.shop);
        });
    }
    coverage.finish();
}

}  // namespace gongzhi::bench
