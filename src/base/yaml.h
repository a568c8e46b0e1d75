// YAML (packs, configuration, mappings) read into JSON with the position of every node, so errors can say file:line:column.
//
// Plain scalars become true/false/null or whole numbers where they read so; everything else, and whatever is quoted, is
// text. Anchors, aliases, tags and duplicate keys are refused.
#pragma once

#include <map>
#include <string>

#include "base/json.h"

namespace gongzhi {

class YamlDocument {
public:
    static Result<YamlDocument> parse(std::string_view text, std::string file_name);
    const Json& root() const { return root_; }
    // "file:line:column" of the node at a JSON pointer, or of its nearest known ancestor.
    std::string where(std::string_view pointer) const;
    // An error that points at a node.
    tl::unexpected<Error> error_at(std::string_view pointer, std::string_view sentence) const;

private:
    std::string file_name_;
    Json root_;
    std::map<std::string, std::pair<int, int>, std::less<>> positions_;  // pointer → line, column from 1
};

}  // namespace gongzhi
