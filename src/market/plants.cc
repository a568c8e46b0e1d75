#include "market/plants.h"

#include "market/identity.h"

namespace gongzhi::market {
namespace {

struct Kind {
    std::string_view name, verdict;
    void (*lay)(Promotion& promotion, int64_t usual, SeededRandom& random);
};

int64_t share(int64_t price, int64_t percent) { return price * percent / 100; }

// Sales at the usual price on three days of the window.
void usual_sales(Promotion& promotion, int64_t usual) {
    for (const int day : {2, 4, 6}) promotion.sales.push_back({day, usual});
}

constexpr Kind kKinds[] = {
    {"low_sale_in_window", "suspect",
     [](Promotion& promotion, int64_t usual, SeededRandom& random) {
         usual_sales(promotion, usual);
         promotion.sales.push_back({static_cast<int>(random.between(2, 6)), share(usual, 80)});
     }},
    {"low_sale_on_first_day_of_window", "suspect",
     [](Promotion& promotion, int64_t usual, SeededRandom&) {
         usual_sales(promotion, usual);
         promotion.sales.push_back({7, share(usual, 90)});
     }},
    {"low_sale_on_last_day_of_window", "suspect",
     [](Promotion& promotion, int64_t usual, SeededRandom&) {
         usual_sales(promotion, usual);
         promotion.sales.push_back({1, share(usual, 90)});
     }},
    {"compared_price_raised", "suspect",
     [](Promotion& promotion, int64_t usual, SeededRandom& random) {
         usual_sales(promotion, usual);
         promotion.reference_minor = usual + random.between(10, 90) * 100;
     }},
    {"above_last_sale", "suspect",
     [](Promotion& promotion, int64_t usual, SeededRandom& random) {
         promotion.sales = {{14, usual}, {static_cast<int>(random.between(8, 12)), share(usual, 80)}};
     }},
    {"meaning_left_out", "suspect",
     [](Promotion& promotion, int64_t usual, SeededRandom&) {
         usual_sales(promotion, usual);
         promotion.sales.push_back({3, share(usual, 75)});
         promotion.detail_marked.reset();
     }},
    {"one_yuan_above", "suspect",
     [](Promotion& promotion, int64_t usual, SeededRandom&) {
         usual_sales(promotion, usual);
         promotion.sales.push_back({5, usual - 100});
     }},
    {"true_discount", "clear",
     [](Promotion& promotion, int64_t usual, SeededRandom&) { usual_sales(promotion, usual); }},
    {"last_sale_at_compared_price", "clear",
     [](Promotion& promotion, int64_t usual, SeededRandom&) {
         promotion.sales = {{13, share(usual, 70)}, {9, usual}};
     }},
    {"rounded_to_whole_yuan", "clear",
     [](Promotion& promotion, int64_t usual, SeededRandom& random) {
         usual_sales(promotion, usual);
         promotion.sales.push_back({3, usual - random.between(1, 99)});
     }},
    {"meaning_stated", "clear",
     [](Promotion& promotion, int64_t usual, SeededRandom&) {
         usual_sales(promotion, usual);
         promotion.sales.push_back({3, share(usual, 70)});
         promotion.detail_marked = true;
     }},
    {"low_sale_on_the_day_itself", "clear",
     [](Promotion& promotion, int64_t usual, SeededRandom&) {
         usual_sales(promotion, usual);
         promotion.sales.push_back({0, share(usual, 60)});
     }},
    {"low_sale_eight_days_before", "clear",
     [](Promotion& promotion, int64_t usual, SeededRandom&) {
         usual_sales(promotion, usual);
         promotion.sales.push_back({8, share(usual, 70)});
     }},
    {"sold_dearer_before", "clear",
     [](Promotion& promotion, int64_t usual, SeededRandom& random) {
         promotion.sales = {{3, usual + random.between(1, 900)}, {6, usual}};
     }},
    {"first_sale_ever", "undecidable", [](Promotion&, int64_t, SeededRandom&) {}},
    {"history_missing", "undecidable",
     [](Promotion& promotion, int64_t usual, SeededRandom&) {
         promotion.sales = {{0, usual}};
         promotion.in_late_shop = true;
     }},
    {"other_currency", "undecidable",
     [](Promotion& promotion, int64_t usual, SeededRandom& random) {
         usual_sales(promotion, usual);
         promotion.sales.push_back({static_cast<int>(random.between(2, 6)), usual / 7, "USD"});
     }},
};

class DirtyWriter {
public:
    DirtyWriter(const Market& market, SeededRandom& random) : market_(market), random_(random) {}

    std::vector<DirtyLine> write() {
        traders();
        offers();
        sales();
        return std::move(lines_);
    }

private:
    // A valid record with one thing changed, added or (null) taken out.
    void add(const char* type, const Json& valid, const char* field, Json value, const char* pointer,
             const char* code) {
        add_broken(type, valid, field, std::move(value), pointer, code);
        lines_.back().mended = canonical_json(valid);
    }
    // The same for a record that is not valid before either: nobody can say how it should have been.
    void add_broken(const char* type, Json record, const char* field, Json value, const char* pointer,
                    const char* code) {
        if (value.is_null())
            record.erase(field);
        else
            record[field] = std::move(value);
        lines_.push_back({type, canonical_json(record), pointer, code, {}});
    }
    // A line that is no valid record, bytes and all.
    void add_raw(const char* type, std::string line, const char* pointer, const char* code) {
        lines_.push_back({type, std::move(line), pointer, code, {}});
    }
    std::string fresh(const char* prefix) { return fmt::format("{}-X{:05}", prefix, number_++); }

    Json trader() {
        const Trader& sample = market_.traders.at(1);
        return {{"kind", "registered"},
                {"trader_id", fresh("T")},
                {"name", sample.name},
                {"credit_code", sample.credit_code},
                {"address", "示例路1号"},
                {"contact", "shop@contact.example"},
                {"shop", fresh("S")},
                {"shop_name", "示例小铺"},
                {"url", "https://shop.example/x"}};
    }
    Json offer() {
        const Offer& sample = market_.offers.at(random_.below(market_.offers.size()));
        return {{"shop", sample.shop},
                {"listing", sample.listing},
                {"offer_id", fresh("O")},
                {"price", {{"amount", "12.50"}, {"currency", "CNY"}}},
                {"from_time", "2026-02-01T08:00:00+08:00"}};
    }
    Json sale() {
        const Sale& sample = market_.sales.at(random_.below(market_.sales.size()));
        return {{"shop", sample.shop},   {"listing", sample.listing},
                {"sale_id", fresh("V")}, {"sale_time", "2026-02-01T08:00:00+08:00"},
                {"quantity", 1},         {"price", {{"amount", "12.50"}, {"currency", "CNY"}}}};
    }

    static std::string broken_digit(std::string code) {
        code.back() = code.back() == '1' ? '2' : '1';
        return code;
    }

    void traders() {
        for (int i = 0; i < 4; ++i)
            add("trader", trader(), "credit_code", broken_digit(credit_code(random_)), "/credit_code", "bad_check");
        add("trader", trader(), "credit_code", "91990101MA", "/credit_code", "bad_check");
        add("trader", trader(), "kind", "merchant", "/kind", "not_in_list");
        add("trader", trader(), "shop_name", nullptr, "/shop_name", "required");
        add("trader", trader(), "address", nullptr, "/address", "required");
        add("trader", trader(), "id_number", id_number(random_), "/id_number", "not_allowed_here");
        add("trader", trader(), "url", "javascript:alert(1)", "/url", "bad_form");
        add("trader", trader(), "shop_name", std::string(500, 'x'), "/shop_name", "too_long");
        add("trader", trader(), "shop_name", "示例\t小铺", "/shop_name", "control_character");
        add("trader", trader(), "favourite_colour", "red", "/favourite_colour", "unknown_field");
        add("trader", trader(), "turnover_above_100k", "yes", "/turnover_above_100k", "wrong_type");
        Json person = trader();
        for (const char* field : {"name", "credit_code"}) person.erase(field);
        person.update({{"kind", "unregistered"},
                       {"person_name", "示例甲某"},
                       {"exemption_reason", "family_crafts"},
                       {"turnover_above_100k", false}});
        add_broken("trader", person, "id_number", broken_digit(id_number(random_)), "/id_number", "bad_check");
        person["trader_id"] = fresh("T");
        add_broken("trader", person, "id_number", "990101199002301230", "/id_number", "bad_check");
        add_raw("trader", canonical_json(trader()).insert(1, "\"kind\":\"registered\","), "/kind", "duplicate_field");
    }

    void offers() {
        add("offer", offer(), "from_time", "2026-02-30T08:00:00+08:00", "/from_time", "bad_time");
        add("offer", offer(), "from_time", "2026-02-01", "/from_time", "bad_time");
        add("offer", offer(), "until_time", "2026-01-01T08:00:00+08:00", "/until_time", "order");
        for (const char* amount : {"12.505", "1e3", "12,50", "", "0x10", "twelve"})
            add("offer", offer(), "price", {{"amount", amount}, {"currency", "CNY"}}, "/price/amount", "bad_amount");
        add("offer", offer(), "price", {{"amount", "0.00"}, {"currency", "CNY"}}, "/price", "out_of_range");
        add("offer", offer(), "price", {{"amount", "-5.00"}, {"currency", "CNY"}}, "/price", "out_of_range");
        add("offer", offer(), "price", {{"amount", "5.00"}, {"currency", "QQQ"}}, "/price/currency", "bad_currency");
        add("offer", offer(), "price", {{"amount", "5.00"}}, "/price/currency", "required");
        add("offer", offer(), "price", 12, "/price", "wrong_type");
        add("offer", offer(), "reference_detail_marked", "true", "/reference_detail_marked", "wrong_type");
        add("offer", offer(), "title", std::string(2000, 'y'), "/title", "too_long");
        std::string line = canonical_json(offer());
        add_raw("offer", line.insert(line.size() - 1, ",\"title\":\"\xC3\x28\""), "", "bad_utf8");
        add_raw("offer", canonical_json(offer()) + "}", "", "not_json");
        add_raw("offer", "[1,2,3]", "", "not_json");
        add_raw("offer", canonical_json(offer()).substr(0, 40), "", "not_json");
    }

    void sales() {
        for (const int quantity : {0, -1, -3}) add("sale", sale(), "quantity", quantity, "/quantity", "out_of_range");
        add("sale", sale(), "quantity", "2", "/quantity", "wrong_type");
        add("sale", sale(), "quantity", 1.5, "/quantity", "wrong_type");
        add("sale", sale(), "sale_time", "2025-02-29T00:00:00+08:00", "/sale_time", "bad_time");
        add("sale", sale(), "sale_time", "2026-02-01T25:00:00+08:00", "/sale_time", "bad_time");
        add("sale", sale(), "region", "99", "/region", "bad_form");
        add("sale", sale(), "buyer_phone", "13800000000", "/buyer_phone", "unknown_field");
        add("sale", sale(), "sale_id", nullptr, "/sale_id", "required");
        add("sale", sale(), "price", {{"amount", "1.999"}, {"currency", "CNY"}}, "/price/amount", "bad_amount");
        add("sale", sale(), "price", {{"amount", "12.5"}, {"currency", "JPY"}}, "/price/amount", "bad_amount");
        add("sale", sale(), "price", {{"amount", "5.00"}, {"currency", "CNY"}, {"tax", "1"}}, "/price/tax",
            "unknown_field");
        // One id for two contents. (One id twice with equal content is harmless, and no line of this list.)
        Json twice = sale();
        add_raw("sale", canonical_json(twice), "", "");
        twice["quantity"] = 2;
        add_raw("sale", canonical_json(twice), "/sale_id", "duplicate_record");
    }

    const Market& market_;
    SeededRandom& random_;
    std::vector<DirtyLine> lines_;
    int number_ = 1;
};

}  // namespace

size_t planted_kinds() { return std::size(kKinds); }

Promotion plant(size_t kind, int64_t usual_minor, SeededRandom& random) {
    const Kind& what = kKinds[kind];
    Promotion promotion{std::string(what.name), std::string(what.verdict), usual_minor, false, {}, false};
    what.lay(promotion, usual_minor, random);
    return promotion;
}

std::vector<DirtyLine> dirty_lines(const Market& market, SeededRandom& random) {
    return DirtyWriter(market, random).write();
}

}  // namespace gongzhi::market
