// First pass: words. DuckDB reads more than SQL (==, FROM first, trailing commas, 1_000, {…}, E'' strings); its tree no
// longer shows which was written, so what PostgreSQL would not read the same is refused here.
#include <set>

#include "supervision/lint_passes.h"

namespace gongzhi::supervision {
namespace {

bool is_word_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string upper_word(std::string_view word) {
    std::string out(word);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

class TokenLint {
public:
    TokenLint(std::string_view sql, ProblemList& problems) : sql_(sql), problems_(problems) {}

    void run() {
        while (at_ < sql_.size()) {
            const size_t start = at_;
            const std::string_view token = next();
            if (token.empty()) continue;
            check(token, start);
            previous_ = std::string(token);
        }
        if (first_) problems_.add(LintCode::one_select, 0);
    }

private:
    // Skips white space and comments; else returns the token and moves behind it.
    std::string_view next() {
        const size_t start = at_;
        const char c = sql_[at_];
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') return ++at_, std::string_view();
        if (sql_.substr(at_, 2) == "--") return at_ = std::min(sql_.find('\n', at_), sql_.size()), std::string_view();
        if (is_word_start(c)) return take_while([](char x) { return is_word_start(x) || is_digit(x); }, start);
        if (is_digit(c)) return take_while([](char x) { return is_word_start(x) || is_digit(x) || x == '.'; }, start);
        if (c == '\'' || c == '"') return quoted(c, start);
        for (const std::string_view pair : {"<>", "<=", ">=", "||", "::"})
            if (sql_.substr(at_, 2) == pair) return at_ += 2, pair;
        return sql_.substr(at_++, 1);
    }

    template <typename Test>
    std::string_view take_while(Test test, size_t start) {
        while (at_ < sql_.size() && test(sql_[at_])) ++at_;
        return sql_.substr(start, at_ - start);
    }

    std::string_view quoted(char quote, size_t start) {
        for (++at_; at_ < sql_.size(); ++at_) {
            if (sql_[at_] != quote) continue;
            if (at_ + 1 < sql_.size() && sql_[at_ + 1] == quote) {
                ++at_;
                continue;
            }
            return ++at_, sql_.substr(start, at_ - start);
        }
        problems_.add(LintCode::token, start, sql_.substr(start, 1));
        return {};
    }

    void check(std::string_view token, size_t start) {
        const bool adjacent = start > 0 && token.front() == '\'' && is_word_start(sql_[start - 1]);
        const bool number = is_digit(token.front()) && token.find_first_not_of("0123456789") != std::string_view::npos;
        if (number || adjacent) problems_.add(LintCode::token, start, token);
        const std::string word = upper_word(token);
        if (first_ && word != "SELECT" && word != "WITH") problems_.add(LintCode::one_select, start);
        first_ = false;
        if (token.front() == '"' && token != "\"C\"") problems_.add(LintCode::token, start, token);
        const bool symbol =
            !is_word_start(token.front()) && !is_digit(token.front()) && token.front() != '\'' && token.front() != '"';
        static const std::set<std::string, std::less<>> symbols = {
            "(", ")", ",", ".", "=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "||", "::"};
        if (symbol && !symbols.contains(token)) problems_.add(LintCode::token, start, token);
        check_neighbours(word, start);
        before_previous_ = upper_word(previous_);
    }

    void check_neighbours(const std::string& word, size_t start) {
        static const std::set<std::string, std::less<>> ends = {")",      "FROM",  "WHERE", "GROUP",
                                                                "HAVING", "UNION", "ORDER", "SELECT"};
        if (previous_ == "," && ends.contains(word)) problems_.add(LintCode::token, start, ",");
        static const std::set<std::string, std::less<>> bare = {"ROW_NUMBER", "RANK", "DENSE_RANK", "OVER"};
        if (previous_ == "(" && word == ")" && !bare.contains(before_previous_))
            problems_.add(LintCode::token, start, "()");
        static const std::set<std::string, std::less<>> signs = {"=", "<", ">"};
        if (signs.contains(previous_) && signs.contains(word)) problems_.add(LintCode::token, start, word);
    }

    std::string_view sql_;
    ProblemList& problems_;
    size_t at_ = 0;
    bool first_ = true;
    std::string previous_, before_previous_;
};

}  // namespace

void lint_tokens(std::string_view sql, ProblemList& problems) { TokenLint(sql, problems).run(); }

}  // namespace gongzhi::supervision
