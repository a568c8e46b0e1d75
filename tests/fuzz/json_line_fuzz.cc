// Mutates valid lines and rows of every record type and sends them through the parsers of intake.
//
// Nothing may crash (run it with the sanitizers); whatever is accepted must survive its encoding unchanged; and a good
// line keeps its verdict and its bytes whatever stands before and behind it. Prints seed, counts and the rerun line;
// fails also when a kind of operation was never exercised.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/json.h"
#include "base/random.h"
#include "intake/decode.h"
#include "intake/json_line.h"
#include "intake/mapping.h"
#include "pack/checks.h"
#include "pack/pack.h"
#include "pack/record_check.h"
#include "pack/record_codec.h"

namespace gongzhi::intake {
namespace {

struct Sample {
    const char* type;
    std::string json, csv_header, csv_row;
};

std::vector<Sample> samples() {
    return {
        {"sale",
         R"({"shop":"S-1","listing":"L-1","sale_id":"O-1","sale_time":"2026-03-01T08:00:00+08:00","quantity":2,"price":{"amount":"12.50","currency":"CNY"},"buyer":"买家-7","region":"350100"})",
         "shop,listing,sale_id,sale_time,quantity,price_amount,price_currency,buyer,region",
         "S-1,L-1,O-1,2026-03-01T08:00:00+08:00,2,12.50,CNY,b-7,350100"},
        {"offer",
         R"({"shop":"S-1","listing":"L-1","offer_id":"O-1","seller_code":"91350100M000100Y43","title":"\"引号\" A","from_time":"2026-03-01T00:00:00Z","price":{"currency":"CNY","amount":9.9},"reference_price":{"amount":"19.90","currency":"CNY"},"reference_detail_marked":true})",
         "shop,listing,offer_id,from_time,price_amount,price_currency,reference_detail_marked",
         "S-1,L-1,O-1,2026-03-01 00:00,9.90,CNY,是"},
        {"trader",
         R"({"trader_id":"T-1","kind":"unregistered","person_name":"某人","id_number":"11010519491231002X","address":"某路1号","contact":"1","shop":"S-1","shop_name":"店","url":"https://shop.example/","exemption_reason":"family_crafts","turnover_above_100k":false})",
         "trader_id,kind,name,credit_code,address,contact,shop,shop_name,url",
         "T-1,registered,示例公司,91350100M000100Y43,某路1号,1,S-1,店,https://shop.example/"},
        {"coverage", R"({"record_type":"sale","shop":"S-1","from_date":"2026-01-01","until_date":"2026-03-01"})",
         "record_type,shop,from_date,until_date", "sale,S-1,2026-01-01,2026-03-01"},
    };
}

constexpr std::string_view kMappingYaml =
    "columns:\n  shop: {value: S-9}\n  listing: {column: Code}\n  sale_id: {join: [Invoice, \"-\", \"@line\"]}\n  sale_time: {column: Date, zone_minutes: 480}\n"
    "  quantity: {column: Quantity}\n  price: {amount: Price, currency: GBP}\nrefuse:\n  - {column: Invoice, starts_with: C, field: sale_id, zh: 撤, en: c}\n";

enum Kind { json_line, json_neighbours, csv_file, csv_neighbours, mapping_yaml, kKinds };
constexpr const char* kKindNames[] = {"json_line", "json_neighbours", "csv_file", "csv_neighbours", "mapping_yaml"};
enum Change { flip_bit, cut, duplicate_span, erase_span, insert_token, kChanges };
constexpr const char* kChangeNames[] = {"flip_bit", "cut", "duplicate_span", "erase_span", "insert_token"};

constexpr std::string_view kTokens[] = {"null",
                                        "{",
                                        "}",
                                        "[",
                                        "]",
                                        ",",
                                        ":",
                                        "\"",
                                        "\\u0000",
                                        "\\ud800",
                                        "1e999",
                                        "-0",
                                        "99999999999999999999",
                                        "\xff",
                                        "\xc0\x80",
                                        "\t",
                                        "\r",
                                        "\n",
                                        "\"\"",
                                        "true",
                                        "0.1.2",
                                        "\xe2\x80\xae",
                                        "@line",
                                        "\xef\xbb\xbf",
                                        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["};

class Fuzz {
public:
    explicit Fuzz(uint64_t seed)
        : seed_(seed),
          random_(seed),
          pack_(pack::Pack::load(std::filesystem::path(GONGZHI_SOURCE_DIR) / "packs" / "cn").value()) {}

    int run(double seconds) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
        while (std::chrono::steady_clock::now() < end)
            for (int i = 0; i < 100; ++i) step();
        return report();
    }

private:
    [[noreturn]] void failed(const char* what, const std::string& input) {
        std::printf("FAILED: %s\ninput (%zu bytes): %s\nrerun: json_line_fuzz --seed %llu\n", what, input.size(),
                    Json(input).dump(-1, ' ', true, Json::error_handler_t::replace).c_str(),
                    static_cast<unsigned long long>(seed_));
        std::exit(1);
    }
    void require(bool condition, const char* what, const std::string& input) {
        if (!condition) failed(what, input);
    }

    void step() {
        const Sample& sample = samples_[random_.below(samples_.size())];
        const pack::RecordType& type = *pack_.record_type(sample.type);
        const auto kind = static_cast<Kind>(random_.below(kKinds));
        ++kinds_[kind];
        switch (kind) {
            case json_line: return parse_line(type, mutated(sample.json));
            case json_neighbours:
                return neighbours(type, Format::ndjson, "", sample.json, {mutated(sample.json), mutated(sample.json)});
            case csv_file:
                return whole_csv(
                    type, mutated(sample.csv_header + "\r\n" + sample.csv_row + "\n" + sample.csv_row + "\n"), "");
            case csv_neighbours:
                return neighbours(type, Format::csv, sample.csv_header, sample.csv_row,
                                  {mutated(sample.csv_row), mutated(sample.csv_row)});
            case mapping_yaml:
                return whole_csv(*pack_.record_type("sale"),
                                 "Invoice,Code,Date,Quantity,Price\n1,x,2026-03-01,1,1.00\n",
                                 mutated(std::string(kMappingYaml)));
            case kKinds: return;
        }
    }

    std::string mutated(std::string text) {
        const uint64_t rounds = 1 + random_.below(4);
        for (uint64_t i = 0; i < rounds && !text.empty(); ++i) {
            const auto change = static_cast<Change>(random_.below(kChanges));
            ++changes_[change];
            const size_t at = random_.below(text.size()),
                         length = 1 + random_.below(std::min<size_t>(text.size() - at, 24));
            switch (change) {
                case flip_bit: text[at] = static_cast<char>(text[at] ^ (1 << random_.below(8))); break;
                case cut: text.resize(at); break;
                case duplicate_span: text.insert(at, std::string(text, at, length)); break;
                case erase_span: text.erase(at, length); break;
                case insert_token: text.insert(at, kTokens[random_.below(std::size(kTokens))]); break;
                case kChanges: break;
            }
        }
        return text;
    }

    // One line in a buffer of exactly the padding that is promised, so that the sanitizer sees a byte more.
    void parse_line(const pack::RecordType& type, const std::string& line) {
        std::vector<char> exact(line.begin(), line.end());
        exact.resize(line.size() + kLinePaddingBytes, ' ');
        JsonLineParser parser(type);
        pack::RecordView view;
        std::vector<pack::FieldProblem> problems;
        parser.parse(std::string_view(exact.data(), line.size()), view, problems);
        require(view.size() == type.fields.size(), "one slot for each field", line);
        if (problems.empty()) pack::check_record(type, view, problems);
        if (!problems.empty()) return check_problems(problems, line);
        ++accepted_;
        round_trip(type, view, line);
    }

    void check_problems(const std::vector<pack::FieldProblem>& problems, const std::string& input) {
        ++refused_;
        for (const pack::FieldProblem& problem : problems) {
            require(!problem.code.empty() && !problem.zh.empty() && !problem.en.empty(),
                    "a problem has a code and both texts", input);
            require(pack::utf8_length(problem.field) >= 0 && problem.field.size() < 200,
                    "a problem's pointer is short and readable", input);
        }
    }

    void round_trip(const pack::RecordType& type, const pack::RecordView& view, const std::string& input) {
        Bytes open, hidden;
        pack::encode_open(type, view, open);
        pack::encode_protected(type, view, hidden);
        pack::RecordView back(type.fields.size());
        require(pack::decode_open(type, open, back) && pack::decode_protected(type, hidden, back),
                "what was encoded decodes", input);
        Bytes open_again, hidden_again;
        pack::encode_open(type, back, open_again);
        pack::encode_protected(type, back, hidden_again);
        require(open == open_again && hidden == hidden_again, "one encoding for each record", input);
        std::vector<pack::FieldProblem> problems;
        pack::check_record(type, back, problems);
        require(problems.empty(), "a decoded record is as valid as it was", input);
        require(pack::record_id_of(type, back) == pack::record_id_of(type, view), "the id survives", input);
    }

    static SubmissionRequest request(const pack::RecordType& type, Format format, Bytes body,
                                     std::string mapping = "") {
        SubmissionRequest request;
        request.record_type = type.name;
        request.format = format;
        request.body = std::move(body);
        request.mapping = std::move(mapping);
        return request;
    }

    void neighbours(const pack::RecordType& type, Format format, const std::string& header, const std::string& good,
                    std::array<std::string, 2> bad) {
        const std::string head = header.empty() ? "" : header + "\n";
        const auto alone = decode_submission(type, request(type, format, head + good + "\n"));
        require(alone && alone->records.size() == 1 && alone->refused == 0, "the sample is good", good);
        // A newline makes two lines of one, and an open quote takes the next row with it: both change what the good line is.
        for (std::string& line : bad)
            for (char& c : line)
                if (c == '\n' || (format == Format::csv && c == '"')) c = ' ';
        const std::string body = head + bad[0] + "\n" + good + "\n" + bad[1] + "\n";
        if (format == Format::csv && pack::utf8_length(body) < 0) return;  // read as GB18030: other bytes
        const auto among = decode_submission(type, request(type, format, body));
        require(among.has_value(), "bad lines do not spoil the file", body);
        const uint64_t line = header.empty() ? 2 : 3;
        const auto found = std::find_if(among->records.begin(), among->records.end(),
                                        [&](const DecodedRecord& record) { return record.line == line; });
        require(found != among->records.end(), "the good line stays good", body);
        require(found->id == alone->records[0].id && found->open == alone->records[0].open &&
                    found->protected_part == alone->records[0].protected_part,
                "the good line keeps its bytes", body);
        for (const pack::FieldProblem& problem : among->problems)
            require(problem.line != line, "no problem moves to the good line", body);
        accepted_ += among->records.size();
    }

    void whole_csv(const pack::RecordType& type, const std::string& body, const std::string& mapping) {
        const auto decoded = decode_submission(type, request(type, Format::csv, body, mapping));
        if (!decoded) {
            ++unreadable_;
            return require(!decoded.error().message.empty(), "an error says why", body);
        }
        accepted_ += decoded->records.size();
        if (decoded->refused > 0) check_problems(decoded->problems, body);
        for (const DecodedRecord& record : decoded->records) {
            pack::RecordView view(type.fields.size());
            require(pack::decode_open(type, record.open, view).has_value(), "what was encoded decodes", body);
            if (type.has_protected)
                require(pack::decode_protected(type, record.protected_part, view).has_value(),
                        "what was encoded decodes", body);
            round_trip(type, view, body);
        }
    }

    int report() const {
        std::printf("seed %llu: accepted %llu, refused %llu, unreadable files %llu;",
                    static_cast<unsigned long long>(seed_), static_cast<unsigned long long>(accepted_),
                    static_cast<unsigned long long>(refused_), static_cast<unsigned long long>(unreadable_));
        bool all = accepted_ > 0 && refused_ > 0 && unreadable_ > 0;
        const auto list = [&](const char* const* names, const auto& counts) {
            for (size_t i = 0; i < counts.size(); ++i) {
                std::printf(" %s %llu", names[i], static_cast<unsigned long long>(counts[i]));
                all &= counts[i] > 0;
            }
        };
        list(kKindNames, kinds_);
        list(kChangeNames, changes_);
        std::printf("\n");
        if (!all)
            std::printf("FAILED: some kind was never exercised\nrerun: json_line_fuzz --seed %llu\n",
                        static_cast<unsigned long long>(seed_));
        return all ? 0 : 1;
    }

    const uint64_t seed_;
    SeededRandom random_;
    const pack::Pack pack_;
    const std::vector<Sample> samples_ = samples();
    std::array<uint64_t, kKinds> kinds_{};
    std::array<uint64_t, kChanges> changes_{};
    uint64_t accepted_ = 0, refused_ = 0, unreadable_ = 0;
};

}  // namespace
}  // namespace gongzhi::intake

int main(int argc, char** argv) {
    gongzhi::SystemRandom system;
    uint64_t seed = 0;
    system.fill(reinterpret_cast<char*>(&seed), 4);
    double seconds = 3;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--seed") == 0) seed = std::strtoull(argv[i + 1], nullptr, 10);
        if (std::strcmp(argv[i], "--seconds") == 0) seconds = std::strtod(argv[i + 1], nullptr);
    }
    return gongzhi::intake::Fuzz(seed).run(seconds);
}
