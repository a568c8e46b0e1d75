#include "base/json.h"

#include <set>

template class nlohmann::basic_json<>;

namespace gongzhi {
namespace {

// Rejects a document as it is read: nlohmann keeps the last of two equal keys and nests without limit.
class StrictReader : public nlohmann::json_sax<Json> {
public:
    explicit StrictReader(int depth_max) : depth_max_(depth_max) {}
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(size_t) override {
        keys_.emplace_back();
        return enter();
    }
    bool end_object() override {
        keys_.pop_back();
        --depth_;
        return true;
    }
    bool key(string_t& name) override {
        if (keys_.back().insert(name).second) return true;
        problem = fmt::format("the key {} stands twice in one object", name);
        return false;
    }
    bool start_array(size_t) override { return enter(); }
    bool end_array() override {
        --depth_;
        return true;
    }
    bool parse_error(size_t position, const std::string&, const Json::exception&) override {
        problem = fmt::format("not JSON at byte {}", position);
        return false;
    }
    std::string problem;

private:
    bool enter() {
        if (++depth_ <= depth_max_) return true;
        problem = fmt::format("nested deeper than {}", depth_max_);
        return false;
    }
    int depth_max_;
    int depth_ = 0;
    std::vector<std::set<std::string>> keys_;
};

}  // namespace

Result<Json> parse_json(std::string_view text, JsonLimits limits) {
    if (text.size() > limits.bytes_max)
        return fail(ErrorCode::too_large, "JSON of more than {} bytes", limits.bytes_max);
    StrictReader reader(limits.depth_max);
    if (!Json::sax_parse(text, &reader)) return fail(ErrorCode::malformed, "{}", reader.problem);
    return Json::parse(text);
}

std::string canonical_json(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::strict); }

Result<std::string> json_text(const Json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    if (!object.is_object() || found == object.end() || !found->is_string())
        return fail_field(ErrorCode::malformed, key, fmt::format("the text \"{}\" is missing", key));
    return found->get<std::string>();
}

Result<std::string> json_text_or_empty(const Json& object, const char* key) {
    if (object.is_object() && !object.contains(key)) return std::string();
    return json_text(object, key);
}

Result<int64_t> json_int(const Json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    if (!object.is_object() || found == object.end() || !found->is_number_integer())
        return fail_field(ErrorCode::malformed, key, fmt::format("the whole number \"{}\" is missing", key));
    return found->get<int64_t>();
}

}  // namespace gongzhi
