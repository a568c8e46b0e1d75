#include "pack/dictionary.h"

#include <fmt/format.h>

namespace gongzhi::pack {
namespace {

std::string_view type_name(FieldType type) {
    constexpr std::string_view names[] = {"text", "integer", "boolean", "date", "time", "money"};
    return names[static_cast<size_t>(type)];
}

std::string_view class_name(FieldClass field_class) {
    constexpr std::string_view names[] = {"", "personal 个人信息", "sensitive 敏感个人信息"};
    return names[static_cast<size_t>(field_class)];
}

std::string limits_of(const Field& field) {
    std::string list;
    for (size_t i = 0; i < field.values.size(); ++i)
        list += fmt::format("{}`{}` {} {}", i == 0 ? "" : "; ", field.values[i], field.value_titles[i].zh,
                            field.value_titles[i].en);
    if (!list.empty()) return list;
    if (!field.check.empty()) return field.check;
    if (field.type == FieldType::text) return fmt::format("≤ {}", field.chars_max);
    if (field.min != INT64_MIN) return fmt::format("≥ {}", field.min);
    return "";
}

void append_basis(std::string& out, const std::vector<LegalBasis>& basis) {
    for (const LegalBasis& item : basis)
        out += fmt::format("- {} {} ({}, {}…{}){}\n", item.law, item.article, item.version, item.effective_from,
                           item.effective_to, item.unverified ? " — unverified 待核对" : "");
}

void append_record(std::string& out, const RecordType& type) {
    constexpr std::string_view held[] = {"authority 监管部门", "platform 平台"};
    constexpr std::string_view leaves[] = {"duty 法定报送", "request 依法调取", "never 不离开"};
    out += fmt::format("\n## {} {} (`{}`)\n\n{}\n{}\n\n", type.title.zh, type.title.en, type.name, type.purpose.zh,
                       type.purpose.en);
    out += fmt::format("Held by {}; leaves on {}; kept {} days. Key: ", held[static_cast<size_t>(type.held_by)],
                       leaves[static_cast<size_t>(type.leaves_on)], type.retention_days);
    for (size_t i = 0; i < type.key.size(); ++i) out += (i ? ", `" : "`") + type.fields[type.key[i]].name + "`";
    out += ".\n";
    if (type.due)
        out += fmt::format("Due {} working days after `{}`{}. 自该日起{}个工作日内报送。\n", type.due->working_days,
                           type.fields[type.due->after].name, type.due->unverified ? " (unverified 待核对)" : "",
                           type.due->working_days);
    out += '\n';
    append_basis(out, type.basis);
    out += "\n| id | field | 中文 | type | required | class | limits | help |\n|---|---|---|---|---|---|---|---|\n";
    for (const Field& field : type.fields)
        out += fmt::format("| {} | `{}` | {} | {} | {} | {} | {} | {} {} |\n", field.id, field.name, field.title.zh,
                           type_name(field.type),
                           field.required           ? "yes"
                           : field.presence.empty() ? ""
                                                    : "depends",
                           class_name(field.field_class), limits_of(field), field.help.zh, field.help.en);
}

}  // namespace

std::string data_dictionary(const Pack& pack) {
    std::string out = fmt::format(
        "# 数据目录 Data dictionary: pack `{}` {}\n\nGenerated from the pack; do not edit. 由法规包生成，请勿手工修改。\n",
        pack.id(), pack.version());
    for (const RecordType& type : pack.records()) append_record(out, type);
    return out;
}

}  // namespace gongzhi::pack
