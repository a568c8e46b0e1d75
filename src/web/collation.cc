#include "web/collation.h"

#include <unicode/coll.h>

#include <algorithm>

namespace gongzhi::web {
namespace {

std::unique_ptr<icu::Collator> collator_of(const char* language, const char* country) {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<icu::Collator> collator(icu::Collator::createInstance(icu::Locale(language, country), error));
    GZ_CHECK(U_SUCCESS(error) && collator, "ICU has no collation for one of the two languages");
    return collator;
}

// Comparing changes nothing in a collator: ICU documents const members as safe to share between threads.
const icu::Collator& collator(Language language) {
    static const std::unique_ptr<icu::Collator> zh = collator_of("zh", "CN"), en = collator_of("en", "GB");
    return language == Language::zh ? *zh : *en;
}

}  // namespace

int compare_words(Language language, std::string_view a, std::string_view b) {
    UErrorCode error = U_ZERO_ERROR;
    const UCollationResult result =
        collator(language).compareUTF8(icu::StringPiece(a.data(), static_cast<int32_t>(a.size())),
                                       icu::StringPiece(b.data(), static_cast<int32_t>(b.size())), error);
    return U_SUCCESS(error) ? static_cast<int>(result) : a.compare(b);
}

void sort_by(Language language, Json& objects, const char* member) {
    std::stable_sort(objects.begin(), objects.end(), [&](const Json& a, const Json& b) {
        return compare_words(language, a.at(member).get_ref<const std::string&>(),
                             b.at(member).get_ref<const std::string&>()) < 0;
    });
}

}  // namespace gongzhi::web
