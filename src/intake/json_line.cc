#include "intake/json_line.h"

#include <simdjson.h>

#include "base/clock.h"
#include "pack/checks.h"
#include "pack/problem.h"
#include "pack/record_check.h"

namespace gongzhi::intake {

static_assert(kLinePaddingBytes >= simdjson::SIMDJSON_PADDING);

namespace {

namespace ondemand = simdjson::ondemand;
using pack::Field;
using pack::FieldProblem;
using pack::FieldType;
using pack::FieldValue;
using pack::make_problem;
using pack::ProblemCode;

// A field name that we repeat to its sender: only if it looks like a name, since anything else could be a value.
std::string echoed_name(std::string_view name) {
    const bool plain =
        name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        });
    return plain ? std::string(name) : std::string("?");
}

constexpr int kSkipDepthMax = 16;

// The file was broken below the level of fields: nothing more can be said of this line.
struct Broken {};

template <typename T>
T or_broken(simdjson::simdjson_result<T>&& result) {
    T value;
    if (std::move(result).get(value) != simdjson::SUCCESS) throw Broken{};
    return value;
}

class Line {
public:
    Line(const pack::RecordType& type, pack::RecordView& record, std::vector<FieldProblem>& problems)
        : type_(type), record_(record), problems_(problems) {}

    void read(ondemand::document& document) {
        ondemand::object object = or_broken(document.get_object());
        for (auto item : object) {
            ondemand::field field = or_broken(std::move(item));
            read_field(field);
        }
        // The location behind the object: out of bounds exactly when nothing but whitespace follows.
        if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) throw Broken{};
    }

private:
    void report(ProblemCode code, std::string field, std::string_view limit_zh = {}, std::string_view limit_en = {}) {
        problems_.push_back(make_problem(code, "/" + std::move(field), limit_zh, limit_en));
    }

    void read_field(ondemand::field& item) {
        const std::string_view name = or_broken(item.unescaped_key());
        const auto slot = slot_of(name);
        if (!slot) {
            report(ProblemCode::unknown_field, echoed_name(name));
            return skip(item.value());
        }
        if (seen_[*slot]) {
            report(ProblemCode::duplicate_field, type_.fields[*slot].name);
            return skip(item.value());
        }
        seen_[*slot] = true;
        read_value(type_.fields[*slot], item.value(), record_[*slot]);
    }

    // Fields usually come in catalogue order: look at the next one first.
    std::optional<size_t> slot_of(std::string_view name) {
        const size_t count = type_.fields.size();
        for (size_t i = 0; i < count; ++i) {
            const size_t slot = (next_ + i) % count;
            if (type_.fields[slot].name != name) continue;
            next_ = slot + 1;
            return slot;
        }
        return std::nullopt;
    }

    // Walks a value that nobody wants, so that broken JSON inside it is still noticed.
    void skip(ondemand::value value, int depth = 0) {
        if (depth > kSkipDepthMax) throw Broken{};
        switch (or_broken(value.type())) {
            case ondemand::json_type::object: {
                ondemand::object object = or_broken(value.get_object());
                for (auto item : object) {
                    ondemand::field field = or_broken(std::move(item));
                    (void)or_broken(field.unescaped_key());
                    skip(field.value(), depth + 1);
                }
                return;
            }
            case ondemand::json_type::array: {
                ondemand::array array = or_broken(value.get_array());
                for (auto item : array) skip(or_broken(std::move(item)), depth + 1);
                return;
            }
            case ondemand::json_type::string: (void)or_broken(value.get_string()); return;
            case ondemand::json_type::boolean: (void)or_broken(value.get_bool()); return;
            case ondemand::json_type::number: (void)or_broken(value.get_double()); return;
            case ondemand::json_type::null:
                if (!or_broken(value.is_null())) throw Broken{};
                return;
        }
    }

    void read_value(const Field& field, ondemand::value value, FieldValue& out) {
        switch (field.type) {
            case FieldType::text: return read_text(field, value, out);
            case FieldType::integer: return read_integer(field, value, out);
            case FieldType::boolean: return read_boolean(field, value, out);
            case FieldType::date: return read_date(field, value, out);
            case FieldType::time: return read_time(field, value, out);
            case FieldType::money: return read_money(field, value, out);
        }
    }

    // A value of the wrong type is skipped whole, so that the walk can go on behind it.
    void wrong_type(const std::string& pointer, ondemand::value value, std::string_view zh, std::string_view en) {
        skip(value);
        report(ProblemCode::wrong_type, pointer, zh, en);
    }

    std::optional<std::string_view> text_of(const std::string& pointer, ondemand::value value) {
        if (or_broken(value.type()) != ondemand::json_type::string) {
            wrong_type(pointer, value, "文本", "text");
            return std::nullopt;
        }
        return or_broken(value.get_string());
    }

    void read_text(const Field& field, ondemand::value value, FieldValue& out) {
        if (const auto text = text_of(field.name, value)) out = {true, 0, *text};
    }

    void read_integer(const Field& field, ondemand::value value, FieldValue& out) {
        if (or_broken(value.type()) != ondemand::json_type::number)
            return wrong_type(field.name, value, "整数", "a whole number");
        int64_t number = 0;
        if (value.get_int64().get(number) != simdjson::SUCCESS)
            return wrong_type(field.name, value, "整数", "a whole number");
        out = {true, number, {}};
    }

    void read_boolean(const Field& field, ondemand::value value, FieldValue& out) {
        if (or_broken(value.type()) != ondemand::json_type::boolean)
            return wrong_type(field.name, value, "是或否", "true or false");
        out = {true, or_broken(value.get_bool()) ? 1 : 0, {}};
    }

    void read_date(const Field& field, ondemand::value value, FieldValue& out) {
        const auto text = text_of(field.name, value);
        if (!text) return;
        const auto date = parse_date(*text);
        if (!date) return report(ProblemCode::bad_date, field.name);
        out = {true, date->value, {}};
    }

    void read_time(const Field& field, ondemand::value value, FieldValue& out) {
        const auto text = text_of(field.name, value);
        if (!text) return;
        const auto time = parse_utc(*text);
        if (!time) return report(ProblemCode::bad_time, field.name);
        out = {true, time->value, {}};
    }

    void read_money(const Field& field, ondemand::value value, FieldValue& out) {
        if (or_broken(value.type()) != ondemand::json_type::object)
            return wrong_type(field.name, value, "金额和货币", "an object with amount and currency");
        std::optional<std::string_view> amount, currency;
        ondemand::object object = or_broken(value.get_object());
        for (auto item : object) {
            ondemand::field part = or_broken(std::move(item));
            read_money_part(field, part, amount, currency);
        }
        if (!amount || !currency) return report(ProblemCode::required, field.name + (amount ? "/currency" : "/amount"));
        const int decimals = pack::currency_decimals(*currency);
        if (decimals < 0) return report(ProblemCode::bad_currency, field.name + "/currency");
        const auto minor = pack::parse_amount(*amount, decimals);
        if (!minor) return report(ProblemCode::bad_amount, field.name + "/amount", std::to_string(decimals));
        out = {true, *minor, *currency};
    }

    void read_money_part(const Field& field, ondemand::field& part, std::optional<std::string_view>& amount,
                         std::optional<std::string_view>& currency) {
        const std::string_view name = or_broken(part.unescaped_key());
        const bool is_amount = name == "amount";
        if (!is_amount && name != "currency") {
            report(ProblemCode::unknown_field, field.name + "/" + echoed_name(name));
            return skip(part.value());
        }
        auto& target = is_amount ? amount : currency;
        if (target) {
            report(ProblemCode::duplicate_field, field.name + "/" + std::string(name));
            return skip(part.value());
        }
        ondemand::value value = part.value();
        // A JSON number is taken by its digits, never through a double.
        if (is_amount && or_broken(value.type()) == ondemand::json_type::number) {
            std::string_view token = value.raw_json_token();
            (void)or_broken(value.get_double());
            while (!token.empty() && static_cast<uint8_t>(token.back()) <= ' ') token.remove_suffix(1);
            target = token;
        } else if (const auto text = text_of(field.name + "/" + std::string(name), value)) {
            target = text;
        }
    }

    const pack::RecordType& type_;
    pack::RecordView& record_;
    std::vector<FieldProblem>& problems_;
    std::vector<bool> seen_ = std::vector<bool>(type_.fields.size());
    size_t next_ = 0;
};

}  // namespace

struct JsonLineParser::Parts {
    const pack::RecordType& type;
    ondemand::parser parser;
};

JsonLineParser::JsonLineParser(const pack::RecordType& type) : parts_(new Parts{type, ondemand::parser()}) {}
JsonLineParser::~JsonLineParser() = default;

void JsonLineParser::parse(std::string_view line, pack::RecordView& record, std::vector<FieldProblem>& problems) {
    record.assign(parts_->type.fields.size(), FieldValue{});
    if (line.size() > kLineBytesMax) {
        problems.push_back(make_problem(ProblemCode::line_too_long, "", std::to_string(kLineBytesMax)));
        return;
    }
    const size_t before = problems.size();
    try {
        ondemand::document document;
        if (parts_->parser.iterate(line.data(), line.size(), line.size() + kLinePaddingBytes).get(document) !=
            simdjson::SUCCESS)
            throw Broken{};
        Line(parts_->type, record, problems).read(document);
    } catch (const Broken&) {
        problems.resize(before);
        const bool utf8 = pack::utf8_length(line) >= 0;
        problems.push_back(make_problem(utf8 ? ProblemCode::not_json : ProblemCode::bad_utf8, ""));
    }
}

}  // namespace gongzhi::intake
