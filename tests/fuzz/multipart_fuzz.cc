// Mutates forms as browsers send them and sends them through the parser.
//
// Nothing may crash (run it with the sanitizers); a form that is taken comes out the same when it is written again; and an
// unchanged form is always taken. Prints seed, counts and the rerun line; fails also when one outcome never occurred.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/random.h"
#include "http/multipart.h"

namespace gongzhi::http {
namespace {

using Parts = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kTokens[] = {"\r\n", "\r\n\r\n", "--", "--b",   "\r\n--b", "--b--",
                                        "\"",   "\\",       ";",  "name=", "\0",      ":"};

std::string written(const Parts& parts, const std::string& boundary) {
    std::string body;
    for (const auto& [name, content] : parts) {
        std::string quoted;
        for (const char c : name) quoted += (c == '"' || c == '\\' ? "\\" : "") + std::string(1, c);
        body +=
            "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + quoted + "\"\r\n\r\n" + content + "\r\n";
    }
    return body + "--" + boundary + "--\r\n";
}

class Fuzz {
public:
    explicit Fuzz(uint64_t seed) : seed_(seed), random_(seed) {}

    int run(double seconds) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
        while (std::chrono::steady_clock::now() < end)
            for (int i = 0; i < 100; ++i) step();
        std::printf("seed %llu: taken %llu, refused %llu\n", static_cast<unsigned long long>(seed_),
                    static_cast<unsigned long long>(taken_), static_cast<unsigned long long>(refused_));
        return taken_ > 0 && refused_ > 0 ? 0 : 1;
    }

private:
    void require(bool condition, const char* what) {
        if (condition) return;
        std::printf("FAILED: %s\nrerun: multipart_fuzz --seed %llu\n", what, static_cast<unsigned long long>(seed_));
        std::exit(1);
    }

    Parts some_parts() {
        Parts parts;
        for (uint64_t count = random_.below(5); count > 0; --count) {
            std::string content;
            for (uint64_t length = random_.below(40); length > 0; --length)
                content.push_back(static_cast<char>(random_.below(256)));
            parts.emplace_back("field" + std::to_string(count), std::move(content));
        }
        return parts;
    }

    std::string mutated(std::string text) {
        for (uint64_t rounds = random_.below(4); rounds > 0 && !text.empty(); --rounds) {
            const size_t at = random_.below(text.size());
            switch (random_.below(4)) {
                case 0: text[at] = static_cast<char>(text[at] ^ (1 << random_.below(8))); break;
                case 1: text.resize(at); break;
                case 2: text.erase(at, 1 + random_.below(8)); break;
                default: text.insert(at, kTokens[random_.below(std::size(kTokens))]); break;
            }
        }
        return text;
    }

    void step() {
        const Parts parts = some_parts();
        const std::string whole = written(parts, "b-7");
        const auto same = parse_multipart(whole, "b-7");
        require(same && *same == parts, "a whole form is taken as it was written");
        const auto changed = parse_multipart(mutated(whole), "b-7");
        if (!changed) {
            ++refused_;
            return require(!changed.error().message.empty(), "an error says why");
        }
        ++taken_;
        require(changed->size() <= kPartsMax, "no more parts than the limit");
        const auto again = parse_multipart(written(*changed, "b-7"), "b-7");
        require(again && *again == *changed, "what was taken comes out the same when written again");
    }

    const uint64_t seed_;
    SeededRandom random_;
    uint64_t taken_ = 0, refused_ = 0;
};

}  // namespace
}  // namespace gongzhi::http

int main(int argc, char** argv) {
    gongzhi::SystemRandom system;
    uint64_t seed = 0;
    system.fill(reinterpret_cast<char*>(&seed), 4);
    double seconds = 3;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--seed") == 0) seed = std::strtoull(argv[i + 1], nullptr, 10);
        if (std::strcmp(argv[i], "--seconds") == 0) seconds = std::strtod(argv[i + 1], nullptr);
    }
    return gongzhi::http::Fuzz(seed).run(seconds);
}
