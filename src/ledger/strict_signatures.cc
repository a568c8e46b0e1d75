#include "ledger/strict_signatures.h"

#include <sstream>
#include <vector>

#include "base/json.h"
#include "merkle/note.h"

namespace gongzhi::ledger {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // an em dash and a space begin a signature line

std::vector<merkle::VerifierKey> keys_of(const std::string& policy) {
    std::vector<merkle::VerifierKey> keys;
    std::istringstream words(policy);
    for (std::string word; words >> word;)
        if (auto key = merkle::VerifierKey::parse(word)) keys.push_back(*std::move(key));
    return keys;
}

Status check_lines(const std::string& receipt, const std::vector<merkle::VerifierKey>& keys) {
    std::istringstream lines(receipt);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(kDash)) continue;
        GZ_TRY(const merkle::NoteSignature signature, merkle::NoteSignature::parse(line));
        bool named = false;
        for (const merkle::VerifierKey& key : keys) named |= key.name == signature.name && key.id() == signature.key_id;
        if (!named)
            return fail(ErrorCode::proof_invalid,
                        "the policy names no key of {} for one of the signatures (--ignore-unknown lets it pass)",
                        signature.name);
    }
    return {};
}

}  // namespace

Status refuse_unknown_signatures(const std::string& text, const std::string& policy) {
    const std::vector<merkle::VerifierKey> keys = keys_of(policy);
    if (!text.starts_with("{")) return check_lines(text, keys);
    GZ_TRY(const Json file, parse_json(text, {.bytes_max = 8u << 20}));
    std::vector<std::string> receipts;
    for (const char* member : {"finding", "rule"}) {
        GZ_TRY(std::string receipt, json_text(file, member));
        receipts.push_back(std::move(receipt));
    }
    if (file.contains("commitments") && file["commitments"].is_array())
        for (const Json& receipt : file["commitments"])
            if (receipt.is_string()) receipts.push_back(receipt.get<std::string>());
    for (const std::string& receipt : receipts) GZ_CHECKED(check_lines(receipt, keys));
    return {};
}

}  // namespace gongzhi::ledger
