#include "base/yaml.h"

#include <yaml-cpp/yaml.h>

#include <charconv>

namespace gongzhi {
namespace {

constexpr int kDepthMax = 24;

using Positions = std::map<std::string, std::pair<int, int>, std::less<>>;

Json scalar(const YAML::Node& node) {
    const std::string& text = node.Scalar();
    if (node.Tag() == "!") return text;  // quoted
    if (text == "true") return true;
    if (text == "false") return false;
    if (text == "null" || text == "~" || text.empty()) return nullptr;
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool canonical = error == std::errc() && end == text.data() + text.size() && std::to_string(number) == text;
    if (canonical) return number;
    return text;
}

struct Converter {
    const std::string& file_name;
    Positions& positions;

    tl::unexpected<Error> error(const YAML::Node& node, std::string_view sentence) const {
        return fail(ErrorCode::malformed, "{}:{}:{}: {}", file_name, node.Mark().line + 1, node.Mark().column + 1,
                    sentence);
    }

    Result<Json> convert(const YAML::Node& node, const std::string& pointer, int depth) {
        if (depth > kDepthMax) return error(node, "nested too deeply");
        positions[pointer] = {node.Mark().line + 1, node.Mark().column + 1};
        if (node.IsScalar()) return scalar(node);
        if (node.IsSequence()) return sequence(node, pointer, depth);
        if (node.IsMap()) return mapping(node, pointer, depth);
        return Json(nullptr);
    }

    Result<Json> sequence(const YAML::Node& node, const std::string& pointer, int depth) {
        Json array = Json::array();
        for (const auto& item : node) {
            GZ_TRY(Json value, convert(item, fmt::format("{}/{}", pointer, array.size()), depth + 1));
            array.push_back(std::move(value));
        }
        return array;
    }

    Result<Json> mapping(const YAML::Node& node, const std::string& pointer, int depth) {
        Json object = Json::object();
        for (const auto& item : node) {
            if (!item.first.IsScalar()) return error(item.first, "a key must be a plain word");
            const std::string key = item.first.Scalar();
            if (object.contains(key)) return error(item.first, fmt::format("the key {} stands twice", key));
            GZ_TRY(Json value, convert(item.second, pointer + "/" + key, depth + 1));
            object[key] = std::move(value);
        }
        return object;
    }
};

}  // namespace

Result<YamlDocument> YamlDocument::parse(std::string_view text, std::string file_name) {
    // An alias can blow a small file up without bound, and a pack never needs one.
    YamlDocument document;
    document.file_name_ = std::move(file_name);
    try {
        const YAML::Node node = YAML::Load(std::string(text));
        Converter converter{document.file_name_, document.positions_};
        GZ_TRY(document.root_, converter.convert(node, "", 0));
    } catch (const YAML::Exception& e) {
        return fail(ErrorCode::malformed, "{}:{}:{}: {}", document.file_name_, e.mark.line + 1, e.mark.column + 1,
                    e.msg);
    }
    return document;
}

std::string YamlDocument::where(std::string_view pointer) const {
    std::string_view at = pointer;
    while (true) {
        if (const auto found = positions_.find(at); found != positions_.end())
            return fmt::format("{}:{}:{}", file_name_, found->second.first, found->second.second);
        if (at.empty()) return file_name_;
        at = at.substr(0, at.rfind('/') == std::string_view::npos ? 0 : at.rfind('/'));
    }
}

tl::unexpected<Error> YamlDocument::error_at(std::string_view pointer, std::string_view sentence) const {
    Error error{ErrorCode::malformed, fmt::format("{}: {}", where(pointer), sentence), std::string(pointer), {}};
    return tl::unexpected(std::move(error));
}

}  // namespace gongzhi
