#include "pack/yaml_view.h"

#include <algorithm>

#include "base/clock.h"

namespace gongzhi::pack {

Status YamlView::allow_keys(std::initializer_list<std::string_view> keys) const {
    if (!node_->is_object()) return error("a mapping is expected here");
    for (const auto& [key, value] : node_->items()) {
        const bool known = std::find(keys.begin(), keys.end(), key) != keys.end();
        if (!known) return error_at(key, fmt::format("unknown key \"{}\"; known are: {}", key, fmt::join(keys, ", ")));
    }
    return {};
}

Result<YamlView> YamlView::at(const std::string& key) const {
    if (!has(key)) return error(fmt::format("\"{}\" is missing", key));
    return YamlView(*document_, (*node_)[key], pointer_ + "/" + key);
}

Result<std::vector<YamlView>> YamlView::list(const std::string& key) const {
    std::vector<YamlView> items;
    if (!has(key)) return items;
    const Json& array = (*node_)[key];
    if (!array.is_array()) return error_at(key, "a list is expected here");
    for (size_t i = 0; i < array.size(); ++i)
        items.emplace_back(*document_, array[i], fmt::format("{}/{}/{}", pointer_, key, i));
    return items;
}

Result<std::string> YamlView::as_text() const {
    if (node_->is_string()) return node_->get<std::string>();
    if (node_->is_number_integer()) return std::to_string(node_->get<int64_t>());
    return error("a text is expected here");
}

Result<std::string> YamlView::text(const std::string& key) const {
    GZ_TRY(const YamlView view, at(key));
    return view.as_text();
}

Result<std::string> YamlView::text_or(const std::string& key, std::string fallback) const {
    return has(key) ? text(key) : Result<std::string>(std::move(fallback));
}

Result<int64_t> YamlView::integer_or(const std::string& key, int64_t fallback) const {
    if (!has(key)) return fallback;
    const Json& value = (*node_)[key];
    if (!value.is_number_integer()) return error_at(key, "a whole number is expected here");
    return value.get<int64_t>();
}

Result<bool> YamlView::flag_or(const std::string& key, bool fallback) const {
    if (!has(key)) return fallback;
    const Json& value = (*node_)[key];
    if (!value.is_boolean()) return error_at(key, "true or false is expected here");
    return value.get<bool>();
}

Result<std::vector<std::string>> YamlView::texts(const std::string& key) const {
    GZ_TRY(const std::vector<YamlView> items, list(key));
    std::vector<std::string> out;
    for (const YamlView& item : items) {
        GZ_TRY(std::string text, item.as_text());
        out.push_back(std::move(text));
    }
    return out;
}

Result<Wording> YamlView::wording(const std::string& key) const {
    GZ_TRY(const YamlView view, at(key));
    GZ_CHECKED(view.allow_keys({"zh", "en"}));
    Wording wording;
    GZ_TRY(wording.zh, view.text("zh"));
    GZ_TRY(wording.en, view.text("en"));
    return wording;
}

Result<std::vector<LegalBasis>> read_basis(const YamlView& view, const std::string& key) {
    GZ_TRY(const std::vector<YamlView> items, view.list(key));
    std::vector<LegalBasis> out;
    for (const YamlView& item : items) {
        GZ_CHECKED(item.allow_keys({"law", "article", "version", "effective_from", "effective_to", "unverified"}));
        LegalBasis basis;
        GZ_TRY(basis.law, item.text("law"));
        GZ_TRY(basis.article, item.text("article"));
        GZ_TRY(basis.version, item.text("version"));
        GZ_TRY(basis.effective_from, item.text("effective_from"));
        GZ_TRY(basis.effective_to, item.text_or("effective_to", ""));
        GZ_TRY(basis.unverified, item.flag_or("unverified", false));
        if (!parse_date(basis.effective_from))
            return item.error_at("effective_from", "not a date of the form 2026-03-01");
        out.push_back(std::move(basis));
    }
    if (out.empty()) return view.error(fmt::format("\"{}\" needs at least one citation", key));
    return out;
}

}  // namespace gongzhi::pack
