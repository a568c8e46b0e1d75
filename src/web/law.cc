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

// In Chinese law and article follow each other as they are cited.
std::string cited(const pack::LegalBasis& basis) {
    return basis.law + (language_of(basis.law) == "en" ? " " : "") + basis.article;
}

Json own_words(std::string words) {
    const std::string_view language = language_of(words);
    return {{"text", std::move(words)}, {"lang", language}};
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
        list.push_back({{"law", cited(one)},
                        {"lang", language_of(one.law)},
                        {"in_force", in_force(language, one)},
                        {"unverified", one.unverified}});
    return list;
}

Json law_table(const Visit& visit, std::string_view id, std::string caption,
               const std::vector<pack::LegalBasis>& basis) {
    Json lines = Json::array();
    for (const pack::LegalBasis& one : basis) {
        Json law = own_words(cited(one));
        law["header"] = true;
        const Json since = in_force(visit.language, one);
        lines.push_back(row({std::move(law), own_words(one.version),
                             cell(since == false ? visit.text("none") : since.get<std::string>()),
                             tag_cell(one.unverified ? tag(visit.text("unverified"), "orange")
                                                     : tag(visit.text("law_verified"), "green"))}));
    }
    return table(
        id, std::move(caption),
        {{visit.text("law_clause")}, {visit.text("law_version")}, {visit.text("law_in_force")}, {visit.text("state")}},
        std::move(lines));
}

}  // namespace gongzhi::web
