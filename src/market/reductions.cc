#include "market/reductions.h"

#include "market/identity.h"

namespace gongzhi::market {
namespace {

constexpr int kShops = 8;
constexpr int kHistoryDays = 90;  // before the market's first day
constexpr int kFutureDays = 60;
constexpr std::string_view kPriorPrice = "prior-price", kDeclared = "prior-price-declared";

// Lays the offers of one item around the first day of its reduction. Days count from that day.
class ItemMaker {
public:
    ItemMaker(Reductions& out, SeededRandom& random, CivilDate first, std::string shop, std::string listing)
        : out_(out),
          random_(random),
          first_(first),
          shop_(std::move(shop)),
          listing_(std::move(listing)),
          title_(title(random)),
          usual_(random.between(20, 300) * 100) {}

    int64_t usual() const { return usual_; }
    int64_t share(int64_t percent) const { return usual_ * percent / 100; }
    int between(int64_t low, int64_t high) { return static_cast<int>(random_.between(low, high)); }
    CivilDate day(int number) const { return CivilDate(first_.value + number); }

    AskedOffer& ask(int from, std::optional<int> until, int64_t price) {
        AskedOffer offer;
        offer.shop = shop_;
        offer.listing = listing_;
        offer.offer_id = fmt::format("{}-{:02}", listing_, number_++);
        offer.title = title_;
        offer.from = day(from);
        if (until) offer.until = day(*until);
        offer.price_minor = price;
        out_.offers.push_back(std::move(offer));
        return out_.offers.back();
    }
    // The usual price on all days of [from, until) but those that another price has.
    void usually(int from, int until) { ask(from, until, usual_); }
    AskedOffer& announce(int from, std::optional<int> until, int64_t price, int64_t prior) {
        AskedOffer& offer = ask(from, until, price);
        offer.prior_minor = prior;
        offer.reduced = true;
        return offer;
    }
    void expect(const AskedOffer& offer, std::string_view verdict, std::string_view kind,
                std::string_view rule = kPriorPrice) {
        out_.answers.push_back(
            {std::string(rule), offer.shop, offer.listing, offer.offer_id, std::string(verdict), std::string(kind)});
    }
    void step(int from, std::optional<int> until, int64_t percent, std::string_view verdict, std::string_view kind) {
        AskedOffer& offer = announce(from, until, share(percent), usual_);
        offer.progressive = true;
        offer.campaign = "season";
        expect(offer, verdict, kind);
    }

private:
    Reductions& out_;
    SeededRandom& random_;
    CivilDate first_;
    std::string shop_, listing_, title_;
    int64_t usual_;
    int number_ = 0;
};

struct Kind {
    std::string_view name, verdict;
    void (*lay)(ItemMaker& item);  // the history; the reduction itself follows
    int64_t prior_percent = 100;
};

constexpr Kind kKinds[] = {
    {"lower_price_in_window", "suspect",
     [](ItemMaker& item) {
         const int at = item.between(8, 25);
         item.usually(-kHistoryDays, -at);
         item.ask(-at, 3 - at, item.share(80));
         item.usually(3 - at, 0);
     }},
    {"lower_price_carried_in", "suspect",
     [](ItemMaker& item) {
         item.ask(-kHistoryDays, -29, item.share(85));
         item.usually(-29, 0);
     }},
    {"lower_on_the_last_day", "suspect",
     [](ItemMaker& item) {
         item.usually(-kHistoryDays, -1);
         item.ask(-1, 0, item.share(95));
     }},
    {"prior_price_raised", "suspect", [](ItemMaker& item) { item.usually(-kHistoryDays, 0); }, 125},
    {"true_reduction", "clear", [](ItemMaker& item) { item.usually(-kHistoryDays, 0); }},
    {"lower_until_the_window", "clear",
     [](ItemMaker& item) {
         item.ask(-kHistoryDays, -30, item.share(70));
         item.usually(-30, 0);
     }},
    {"off_sale_for_a_week", "clear",
     [](ItemMaker& item) {
         item.usually(-kHistoryDays, -20);
         item.usually(-13, 0);
     }},
    {"members_were_cheaper", "clear",
     [](ItemMaker& item) {
         item.usually(-kHistoryDays, 0);
         item.ask(-12, -5, item.share(70)).audience = "members";
     }},
    {"prices_in_another_currency", "undecidable",
     [](ItemMaker& item) { item.ask(-kHistoryDays, 0, item.usual()).currency = "PLN"; }},
    {"no_price_before", "undecidable", [](ItemMaker& item) { item.usually(-kHistoryDays, -40); }},
};

class ReductionMaker {
public:
    ReductionMaker(CivilDate start, uint64_t seed) : start_(start), random_(seed) {}

    Reductions make() {
        for (int i = 1; i <= kShops; ++i) cover(fmt::format("S-{:04}", i), -kHistoryDays - 40);
        for (int i = 0; i < kReductionsEach; ++i) {
            for (const Kind& kind : kKinds) plain(kind);
            steps();
            broken_steps();
            new_goods();
            perishable();
            late_shop(i);
            declared();
        }
        return std::move(out_);
    }

private:
    void cover(const std::string& shop, int from) {
        out_.coverage.push_back({"offer", shop, CivilDate(start_.value + from), CivilDate(start_.value + kFutureDays)});
    }

    ItemMaker item() { return item_in(fmt::format("S-{:04}", random_.between(1, kShops)), next_day()); }
    CivilDate next_day() { return CivilDate(start_.value + static_cast<int32_t>(random_.below(20))); }
    ItemMaker item_in(const std::string& shop, CivilDate first) {
        return {out_, random_, first, shop, fmt::format("L-{:06}", items_++)};
    }

    void plain(const Kind& kind) {
        ItemMaker made = item();
        kind.lay(made);
        made.expect(made.announce(0, 10, made.share(60), made.share(kind.prior_percent)), kind.verdict, kind.name);
    }

    void steps() {
        ItemMaker made = item();
        made.usually(-kHistoryDays, 0);
        made.step(0, 5, 90, "clear", "growing_in_steps");
        made.step(5, 9, 80, "clear", "growing_in_steps");
        made.step(9, std::nullopt, 60, "clear", "growing_in_steps");
    }

    void broken_steps() {
        ItemMaker made = item();
        made.usually(-kHistoryDays, 0);
        made.step(0, 5, 90, "clear", "first_of_broken_steps");
        made.usually(5, 6);
        made.step(6, std::nullopt, 80, "suspect", "steps_with_a_day_between");
    }

    void new_goods() {
        ItemMaker low = item(), fair = item(), first = item();
        low.ask(-10, -6, low.share(80));
        low.usually(-6, 0);
        fair.usually(-10, 0);
        for (auto& [made, listed, verdict, kind] : {std::tuple{&low, -10, "suspect", "new_goods_were_cheaper"},
                                                    {&fair, -10, "clear", "new_goods"},
                                                    {&first, 0, "undecidable", "reduced_from_the_first_day"}}) {
            AskedOffer& offer = made->announce(0, 10, made->share(60), made->usual());
            offer.first_listed = made->day(listed);
            made->expect(offer, verdict, kind);
        }
    }

    void perishable() {
        ItemMaker made = item();
        made.ask(-kHistoryDays, 0, made.share(80));
        AskedOffer& offer = made.announce(0, 1, made.share(50), made.usual());
        offer.perishable = true;
        made.expect(offer, "clear", "perishable");
    }

    // Its records begin in the window; a lower price in it is known all the same.
    void late_shop(int number) {
        const std::string shop = fmt::format("S-{:04}", 101 + number);
        const CivilDate first = next_day();
        cover(shop, first.value - start_.value - 12);
        ItemMaker made = item_in(shop, first);
        made.ask(-12, -8, made.share(80));
        made.usually(-8, 0);
        made.expect(made.announce(0, 10, made.share(60), made.usual()), "undecidable", "history_missing");
    }

    void declared() {
        for (const bool exceeded : {true, false}) {
            ItemMaker made = item();
            made.usually(-kHistoryDays, 0);
            AskedOffer& offer = made.announce(0, 10, made.share(80), made.usual());
            offer.declared_low_minor = made.share(exceeded ? 75 : 80);
            const char* kind = exceeded ? "above_declared_low" : "at_declared_low";
            made.expect(offer, "clear", kind);
            made.expect(offer, exceeded ? "suspect" : "clear", kind, kDeclared);
        }
    }

    CivilDate start_;
    SeededRandom random_;
    Reductions out_;
    int items_ = 0;
};

}  // namespace

Reductions reductions_of(CivilDate start, uint64_t seed) { return ReductionMaker(start, seed).make(); }

void write_line(std::string& out, const AskedOffer& offer) {
    Line(out)
        .text("shop", offer.shop)
        .text("listing", offer.listing)
        .text("offer_id", offer.offer_id)
        .text("title", offer.title)
        .date("from_date", offer.from)
        .date("until_date", offer.until)
        .money("price", offer.price_minor, offer.currency)
        .money("prior_price", offer.prior_minor, "EUR")
        .flag("progressive", offer.progressive)
        .text("campaign", offer.campaign)
        .flag("perishable", offer.perishable)
        .date("first_listed_date", offer.first_listed)
        .text("audience", offer.audience)
        .flag("reduced", offer.reduced)
        .money("declared_low", offer.declared_low_minor, "EUR")
        .end();
}

Status write_reductions(const Reductions& reductions, const std::filesystem::path& folder) {
    GZ_CHECKED(make_folders(folder));
    GZ_CHECKED(write_lines(folder / "offers.ndjson", reductions.offers));
    GZ_CHECKED(write_lines(folder / "coverage.ndjson", reductions.coverage));
    Json findings = Json::array(), lawful = Json::array();
    for (const ReductionAnswer& answer : reductions.answers)
        (answer.verdict == "clear" ? lawful : findings)
            .push_back({{"rule", answer.rule},
                        {"shop", answer.shop},
                        {"listing", answer.listing},
                        {"offer_id", answer.offer_id},
                        {"verdict", answer.verdict},
                        {"kind", answer.kind}});
    const Json key = {{"findings", findings}, {"lawful", lawful}};
    return write_file_atomic(folder / "answer_key.json", key.dump(1) + "\n");
}

}  // namespace gongzhi::market
