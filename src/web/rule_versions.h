// Versions of a rule that this node's ledger holds: what an authority sent, what a platform received. Everybody may see an
// authority's versions with their days; to whom they went is for its people. What came to a platform is for the platform's people.
#pragma once

#include "web/sheet.h"

namespace gongzhi::web {

constexpr int kVersionsShown = 50;

struct KnownVersion {
    std::string digest{};                   // in hex
    std::optional<int64_t> number{};        // as the bundle says
    std::string message_id{};               // of the first message that carried it
    std::string first_time{}, last_time{};  // in words; in public the day
    std::string parties{}, accepted_by{};   // in words; "" for who may not see it
};

// Newest first, of what the visitor may see; with a digest, that one only.
Result<std::vector<KnownVersion>> known_versions(const Visit& visit, const std::string& rule_id,
                                                 const std::string& digest = "");
// The list on the page of the pack's rule.
Result<SheetSection> versions_section(const Visit& visit, const supervision::RuleVersion& current);

std::string rule_version_link(const std::string& rule_id, const std::string& digest);
// "sent" at an authority, "received" at a platform: the end of texts that tell the two apart.
std::string rule_direction(const Visit& visit);
std::string version_name(const Visit& visit, const std::optional<int64_t>& number);
std::string short_digest(const std::string& digest);

// {"text", "href"} of the version by which a finding was found; false where its ledger entry or this node does not know it.
Result<Json> version_of_finding(const Visit& visit, const Json& finding);

}  // namespace gongzhi::web
