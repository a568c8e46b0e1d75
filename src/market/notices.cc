#include "market/notices.h"

namespace gongzhi::market {
namespace {

struct Service {
    std::string_view prefix, type;
};
constexpr Service kShop{"app", "online_shopping"}, kLive{"live", "live_streaming"},
    kParcel{"parcel", "parcel_delivery"}, kPets{"pets", "pet_sitting"};

struct ItemText {
    std::string_view item, name, purpose, function;
};

constexpr ItemText kNeeded[] = {{"account_mobile", "注册用户移动电话号码", "注册和登录", "account"},
                                {"recipient_name", "收货人姓名", "送货", "checkout"},
                                {"recipient_address", "收货人地址", "送货", "checkout"},
                                {"recipient_phone", "收货人联系电话", "送货", "checkout"},
                                {"payment_time", "支付时间", "支付和对账", "payment"},
                                {"payment_amount", "支付金额", "支付和对账", "payment"},
                                {"payment_channel", "支付渠道", "支付和对账", "payment"}};
constexpr ItemText kBeyond[] = {{"id_number", "身份证件号码", "提升服务体验", "account"},
                                {"precise_location", "精确位置", "推荐附近商品", "browse"},
                                {"contact_list", "通讯录", "邀请好友", "browse"},
                                {"device_photos", "相册", "以图搜货", "search"}};
constexpr ItemText kSender{"sender_name", "寄件人姓名", "寄送", "shipping"};
constexpr ItemText kBirthday{"birthday", "生日", "生日优惠", "account"};
constexpr ItemText kPet{"pet_name", "宠物名", "照看宠物", "booking"};

// One planted item: where it stands, what the notice says of it, what the rule must say.
struct Plant {
    std::string_view kind, verdict;
    Service service;
    ItemText text;
    bool necessary = true, denies = true, purpose = true, days = true;
    std::string_view retention_rule = "";
};

class NoticeMaker {
public:
    NoticeMaker(const Market& market, SeededRandom& random) : market_(market), random_(random) {}

    std::vector<NoticeItem> make() {
        for (const ItemText& text : kNeeded) add(Plant{"", "clear", kShop, text}, "2026-01");
        const size_t demanded = random_.below(std::size(kBeyond));
        const ItemText by_refusal = kBeyond[(demanded + 1) % std::size(kBeyond)];
        const ItemText replaced = kBeyond[(demanded + 2) % std::size(kBeyond)];
        const ItemText optional = kBeyond[(demanded + 3) % std::size(kBeyond)];
        const Plant plants[] = {
            {"beyond_need", "suspect", kShop, kBeyond[demanded]},
            {"refusal_denies_service", "suspect", kShop, by_refusal, false, true},
            {"needed_by_another_type", "suspect", kShop, kSender},
            {"type_that_needs_nothing", "suspect", kLive, kNeeded[0]},
            {"purpose_left_out",
             "suspect",
             kParcel,
             {"sender_phone", "寄件人联系电话", "", "shipping"},
             true,
             true,
             false},
            {"period_left_out",
             "suspect",
             kParcel,
             {"recipient_address", "收件人地址", "寄送", "shipping"},
             true,
             true,
             true,
             false},
            {"optional_beyond_need", "clear", kShop, optional, false, false},
            {"optional_birthday", "clear", kShop, kBirthday, false, false},
            {"needed_by_its_own_type", "clear", kParcel, kSender},
            {"period_in_words",
             "clear",
             kParcel,
             {"recipient_name", "收件人姓名", "寄送", "shipping"},
             true,
             true,
             true,
             false,
             "寄送完成后三十日"},
            {"optional_in_unknown_type", "clear", kPets, kBirthday, false, false},
            {"unknown_type", "undecidable", kPets, kPet},
        };
        for (const Plant& plant : plants) add(plant, "2026-01");
        // A version that was mended: the old one stays on record and stays a suspicion.
        add(Plant{"replaced_version", "suspect", kLive, replaced}, "2025-07");
        notices_.back().until = market_.options.start;
        notices_.back().effective = CivilDate(market_.options.start.value - 180);
        add(Plant{"mended_version", "clear", kLive, replaced, false, false}, "2026-01");
        return std::move(notices_);
    }

private:
    void add(const Plant& plant, std::string_view version) {
        NoticeItem notice;
        notice.service = fmt::format("{}.{}", plant.service.prefix, market_.options.host);
        notice.service_type = plant.service.type;
        notice.notice_version = version;
        notice.service_function = plant.text.function;
        notice.item = plant.text.item;
        notice.item_name = plant.text.name;
        if (plant.purpose) notice.purpose = plant.text.purpose;
        notice.ground = plant.necessary ? "contract" : "consent";
        notice.necessity = plant.necessary ? "necessary" : "optional";
        notice.refusal_denies_service = plant.denies;
        if (plant.days) notice.retention_days = random_.between(1, 12) * 30;
        notice.retention_rule = plant.retention_rule;
        notice.effective = market_.options.start;
        notice.verdict = plant.verdict;
        notice.kind = plant.kind;
        notices_.push_back(std::move(notice));
    }

    const Market& market_;
    SeededRandom& random_;
    std::vector<NoticeItem> notices_;
};

}  // namespace

std::string NoticeItem::record_id() const {
    return fmt::format("{}/{}/{}/{}", service, notice_version, service_function, item);
}

std::vector<NoticeItem> notices_of(const Market& market, SeededRandom& random) {
    return NoticeMaker(market, random).make();
}

void write_line(std::string& out, const NoticeItem& notice) {
    Line(out)
        .text("service", notice.service)
        .text("service_type", notice.service_type)
        .text("notice_version", notice.notice_version)
        .text("service_function", notice.service_function)
        .text("item", notice.item)
        .text("item_name", notice.item_name)
        .text("purpose", notice.purpose)
        .text("ground", notice.ground)
        .text("necessity", notice.necessity)
        .flag("refusal_denies_service", notice.refusal_denies_service)
        .whole("retention_days", notice.retention_days)
        .text("retention_rule", notice.retention_rule)
        .date("effective_date", notice.effective)
        .date("until_date", notice.until)
        .text("url", fmt::format("https://{}/privacy/{}", notice.service, notice.notice_version))
        .end();
}

Json to_json(const std::vector<NoticeItem>& notices) {
    Json list = Json::array();
    for (const NoticeItem& notice : notices)
        if (!notice.kind.empty())
            list.push_back({{"rule", "collection-beyond-need"},
                            {"record_id", notice.record_id()},
                            {"service", notice.service},
                            {"notice_version", notice.notice_version},
                            {"item", notice.item},
                            {"verdict", notice.verdict},
                            {"kind", notice.kind}});
    return list;
}

}  // namespace gongzhi::market
