#include "http/compress.h"

#include <zlib.h>

#include "base/log.h"

namespace gongzhi::http {
namespace {

constexpr int kLevel = 6;
constexpr int kGzipWindow = 15 + 16;  // the largest window, in a gzip frame

// "" where zlib fails: the answer then goes as it is.
std::string gzip(std::string_view text) {
    z_stream stream{};
    if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
    std::string out(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib reads it only
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int ended = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return ended == Z_STREAM_END ? out : std::string();
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    return text;
}

// "q=0", "q=0.0" and so on.
bool is_zero_weight(std::string_view weight) {
    weight = trimmed(weight);
    return weight.starts_with("q=0") && weight.find_first_not_of("0.", 2) == std::string_view::npos;
}

}  // namespace

bool takes_gzip(const Request& request) {
    std::string_view list = request.header("accept-encoding");
    while (!list.empty()) {
        const size_t end = std::min(list.find(','), list.size());
        const std::string_view one = list.substr(0, end);
        const size_t mark = std::min(one.find(';'), one.size());
        if (trimmed(one.substr(0, mark)) == "gzip") return !is_zero_weight(one.substr(std::min(mark + 1, one.size())));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

void compress(const Request& request, Response& response) {
    response.headers.emplace_back("vary", "accept-encoding");
    if (!takes_gzip(request) || response.body.size() < kCompressBytesMin || response.body.size() > kCompressBytesMax)
        return;
    std::string packed = gzip(response.body);
    if (packed.empty() || packed.size() >= response.body.size()) {
        if (packed.empty()) log_warning("an answer could not be compressed");
        return;
    }
    response.body = std::move(packed);
    response.headers.emplace_back("content-encoding", "gzip");
}

}  // namespace gongzhi::http
