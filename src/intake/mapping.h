// How the columns of somebody's CSV become the fields of a record type: a short YAML file that a clerk can read.
//
//   columns:
//     shop:      {value: S-1}                                # the same for every row
//     listing:   {column: StockCode}
//     sale_id:   {join: [InvoiceNo, "-", "@line"]}           # columns and literal text; @line is the line in the file
//     sale_time: {column: InvoiceDate, zone_minutes: 0}      # for times written without a zone
//     price:     {amount: UnitPrice, currency: GBP}
//   refuse:
//     - {column: InvoiceNo, starts_with: C, field: sale_id, zh: 撤销单, en: a cancellation}
#pragma once

#include <deque>

#include "base/yaml.h"
#include "pack/types.h"

namespace gongzhi::intake {

class Mapping {
public:
    static Result<Mapping> parse(std::string_view yaml, const pack::RecordType& type);
    // Without a mapping file: columns are named like the fields, by name or by title; money has <name>_amount and
    // <name>_currency, or the title and the title with 货币 or " currency" behind it.
    static Mapping by_name(const pack::RecordType& type);

    // Finds the columns; a missing one is a problem of the file as a whole.
    std::vector<pack::FieldProblem> bind(const std::vector<std::string_view>& header);
    // One row → one record. Texts borrow from the cells, from the mapping, or from `made` until the next call.
    void apply(const std::vector<std::string_view>& cells, uint64_t line, pack::RecordView& record,
               std::vector<pack::FieldProblem>& problems);

private:
    struct Piece {
        enum class Kind { column, literal, line } kind;
        std::string text;                   // column name or literal
        size_t column = 0;                  // bound
        std::vector<std::string> titles{};  // other names of the column, looked for where none is called `text`
    };
    struct Source {
        size_t slot = 0;
        std::vector<Piece> pieces;  // the text, or the amount of money
        std::string currency;       // literal, when not a column
        std::optional<Piece> currency_column;
        int zone_minutes = 0;
        bool required_column = true;
    };
    struct Refusal {
        std::string column, starts_with, field, zh, en;
        size_t bound = 0;
    };

    std::string_view assemble(const Source& source, const std::vector<std::string_view>& cells, uint64_t line);
    void convert(const Source& source, std::string_view text, const std::vector<std::string_view>& cells,
                 pack::FieldValue& out, std::vector<pack::FieldProblem>& problems) const;

    const pack::RecordType* type_ = nullptr;
    std::vector<Source> sources_;
    std::vector<Refusal> refusals_;
    size_t column_count_ = 0;
    std::deque<std::string> made_;  // texts put together for the row; views into them must stay
};

// GB18030 (which contains GBK and GB2312) → UTF-8; `malformed` on bytes that are neither.
Result<std::string> utf8_from_gb18030(std::string_view text);
// Strips a byte order mark; text that is not UTF-8 is read as GB18030.
Result<std::string> to_utf8(std::string_view text);

}  // namespace gongzhi::intake
