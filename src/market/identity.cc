#include "market/identity.h"

#include <fmt/format.h>

#include <array>

#include "base/clock.h"

namespace gongzhi::market {
namespace {

constexpr std::string_view kCodeLetters = "0123456789ABCDEFGHJKLMNPQRTUWXY";

template <size_t N>
std::string_view pick(SeededRandom& random, const std::array<std::string_view, N>& words) {
    return words[random.below(N)];
}

constexpr std::array<std::string_view, 12> kPlaces = {"云舟", "青禾",   "北溪",   "南麓",   "松月", "星汀",
                                                      "雾桥", "石榴湾", "晴川口", "白鹭洲", "望潮", "远山"};
constexpr std::array<std::string_view, 10> kTrades = {"日用", "厨具", "文具", "服饰", "茶食",
                                                      "家纺", "灯具", "童装", "户外", "数码"};
constexpr std::array<std::string_view, 12> kGoods = {"保温杯", "雨伞",     "台灯", "茶叶礼盒", "纯棉毛巾", "笔记本",
                                                     "登山包", "儿童外套", "炒锅", "充电线",   "收纳箱",   "羊毛围巾"};
constexpr std::array<std::string_view, 8> kColours = {"墨绿", "米白", "浅灰", "藏青", "橘红", "原木色", "雾蓝", "黑"};
constexpr std::array<std::string_view, 6> kSurnames = {"甲", "乙", "丙", "丁", "戊", "己"};

}  // namespace

// The four counties of the sample province, two in each of its cities.
std::string region_code(SeededRandom& random) {
    constexpr std::string_view counties[] = {"990101", "990102", "990201", "990202"};
    return std::string(counties[random.below(std::size(counties))]);
}

std::string credit_code(SeededRandom& random) {
    constexpr int weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    std::string code = "91" + region_code(random) + "MA";
    while (code.size() < 17) code += kCodeLetters[random.below(kCodeLetters.size())];
    size_t sum = 0;
    for (size_t i = 0; i < 17; ++i) sum += kCodeLetters.find(code[i]) * static_cast<size_t>(weights[i]);
    return code + kCodeLetters[(31 - sum % 31) % 31];
}

std::string id_number(SeededRandom& random) {
    constexpr int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    const CivilDate birth(civil_date(1955, 1, 1).value + static_cast<int32_t>(random.below(18'000)));
    std::string date = format_date(birth);
    std::erase(date, '-');
    std::string number = region_code(random) + date + fmt::format("{:03}", random.between(1, 999));
    int sum = 0;
    for (size_t i = 0; i < 17; ++i) sum += (number[i] - '0') * weights[i];
    return number + "10X98765432"[sum % 11];
}

std::string shop_name(SeededRandom& random) {
    return fmt::format("示例{}{}小铺", pick(random, kPlaces), pick(random, kTrades));
}
std::string company_name(SeededRandom& random) {
    return fmt::format("示例{}{}有限公司", pick(random, kPlaces), pick(random, kTrades));
}
std::string person_name(SeededRandom& random) {
    return fmt::format("示例{}某{}", pick(random, kSurnames), random.below(1000));
}
std::string title(SeededRandom& random) {
    return fmt::format("{}{} {}{}号", pick(random, kColours), pick(random, kGoods), pick(random, kPlaces),
                       random.between(1, 99));
}

}  // namespace gongzhi::market
