#include "web/law.h"

namespace gongzhi::web {
namespace {

// "自2022年7月1日施行", or what the pack wrote where it is not a date.
Json in_force(Language language, const pack::LegalBasis& basis) {
    const auto from = parse_date(basis.effective_from);
    if (!from) return false;
    const auto until = parse_date(basis.effective_to);
    if (!until) return text(language, "law_from", {{"from", day_text(language, *from)}});
    return text(language, "law_from_until",
                {{"from", day_text(language, *from)}, {"until", day_text(language, *until)}});
}

}  // namespace

// The blocks of CJK punctuation and ideographs begin with these bytes in UTF-8.
std::string_view language_of(std::string_view text) {
    const bool chinese = std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0xe3 && static_cast<unsigned char>(c) <= 0xe9;
    });
    return language_code(chinese ? Language::zh : Language::en);
}

Json law_list(Language language, const std::vector<pack::LegalBasis>& basis) {
    Json list = Json::array();
    for (const pack::LegalBasis& one : basis)
        list.push_back({{"law", one.law + (language_of(one.law) == "en" ? " " : "") + one.article},
                        {"lang", language_of(one.law)},
                        {"in_force", in_force(language, one)},
                        {"unverified", one.unverified}});
    return list;
}

}  // namespace gongzhi::web
