// Strong types for ids and positions, and the 32-byte digest: two neighbouring parameters of one type are a bug in waiting.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace gongzhi {

using Bytes = std::string;           // owned bytes; binary safe
using BytesView = std::string_view;  // borrowed bytes

// A number or text of one meaning. Explicit to make, `.value` to read.
template <typename T, typename Tag>
struct Strong {
    T value{};
    Strong() = default;
    explicit Strong(T v) : value(std::move(v)) {}
    auto operator<=>(const Strong&) const = default;
};

using EntryIndex = Strong<uint64_t, struct EntryIndexTag>;   // position of a leaf in a log, from 0
using TreeSize = Strong<uint64_t, struct TreeSizeTag>;       // number of leaves
using PartyId = Strong<std::string, struct PartyIdTag>;      // "authority-x", [a-z0-9-]{2,40}
using MessageId = Strong<std::string, struct MessageIdTag>;  // UUIDv7 in its text form

// SHA-256 output, and nothing else.
struct Digest {
    std::array<uint8_t, 32> bytes{};
    auto operator<=>(const Digest&) const = default;
    BytesView view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
    static Digest from(BytesView raw32) {
        Digest digest;
        if (raw32.size() == 32) std::copy(raw32.begin(), raw32.end(), digest.bytes.begin());
        return digest;
    }
};

}  // namespace gongzhi
