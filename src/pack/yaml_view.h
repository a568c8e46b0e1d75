// Typed reading of a YAML document with errors that name file, line and column. Used by every loader of this module.
#pragma once

#include <set>

#include "base/yaml.h"
#include "pack/types.h"

namespace gongzhi::pack {

// A place in a document: the node and its JSON pointer.
class YamlView {
public:
    YamlView(const YamlDocument& document, const Json& node, std::string pointer)
        : document_(&document), node_(&node), pointer_(std::move(pointer)) {}
    explicit YamlView(const YamlDocument& document) : YamlView(document, document.root(), "") {}

    // The keys that may stand in this mapping; any other is an error, so a typing mistake cannot pass unseen.
    Status allow_keys(std::initializer_list<std::string_view> keys) const;
    bool has(const std::string& key) const { return node_->is_object() && node_->contains(key); }
    Result<YamlView> at(const std::string& key) const;
    Result<std::vector<YamlView>> list(const std::string& key) const;  // empty where the key is absent
    Result<std::string> text(const std::string& key) const;
    Result<std::string> text_or(const std::string& key, std::string fallback) const;
    Result<int64_t> integer_or(const std::string& key, int64_t fallback) const;
    Result<bool> flag_or(const std::string& key, bool fallback) const;
    Result<std::vector<std::string>> texts(const std::string& key) const;  // empty where the key is absent
    Result<Wording> wording(const std::string& key) const;                 // {zh, en}, both required
    Result<std::string> as_text() const;

    const Json& json() const { return *node_; }
    tl::unexpected<Error> error(std::string_view sentence) const { return document_->error_at(pointer_, sentence); }
    tl::unexpected<Error> error_at(const std::string& key, std::string_view sentence) const {
        return document_->error_at(pointer_ + "/" + key, sentence);
    }

private:
    const YamlDocument* document_;
    const Json* node_;
    std::string pointer_;
};

// Law citations: [{law, article, version, effective_from, effective_to?, unverified?}].
Result<std::vector<LegalBasis>> read_basis(const YamlView& view, const std::string& key);

}  // namespace gongzhi::pack
