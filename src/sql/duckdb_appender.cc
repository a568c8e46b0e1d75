#include <cstring>

#include "sql/duckdb_driver.h"

namespace gongzhi::sql::duck {
namespace {

class ChunkAppender final : public Appender {
public:
    // `diagnosis` belongs to the connection, which outlives its appenders.
    ChunkAppender(RawAppender raw, std::string& diagnosis) : raw_(std::move(raw)), diagnosis_(&diagnosis) {
        const idx_t count = duckdb_appender_column_count(raw_.get());
        std::vector<duckdb_logical_type> plain;
        for (idx_t i = 0; i < count; ++i) {
            logical_.emplace_back(duckdb_appender_column_type(raw_.get(), i));
            plain.push_back(logical_.back().get());
            columns_.push_back({duckdb_get_type_id(plain.back()), nullptr, nullptr, nullptr});
        }
        chunk_ = Chunk(duckdb_create_data_chunk(plain.data(), count));
        find_vectors();
    }

    void append_null() override {
        if (at_ >= columns_.size()) return overflow();
        TargetColumn& column = columns_[at_++];
        if (!column.validity) {
            duckdb_vector_ensure_validity_writable(column.vector);
            column.validity = duckdb_vector_get_validity(column.vector);
        }
        duckdb_validity_set_row_invalid(column.validity, row_);
    }
    void append_bool(bool value) override { put<bool>(DUCKDB_TYPE_BOOLEAN, value); }
    void append_int64(int64_t value) override {
        if (at_ < columns_.size() && columns_[at_].type == DUCKDB_TYPE_INTEGER) {
            fits_ = fits_ && value >= INT32_MIN && value <= INT32_MAX;
            return put<int32_t>(DUCKDB_TYPE_INTEGER, static_cast<int32_t>(value));
        }
        put<int64_t>(DUCKDB_TYPE_BIGINT, value);
    }
    void append_text(std::string_view value) override {
        if (at_ >= columns_.size()) return overflow();
        const TargetColumn& column = columns_[at_++];
        if (column.type != DUCKDB_TYPE_VARCHAR) return overflow();
        duckdb_vector_assign_string_element_len(column.vector, row_, value.data(), value.size());
    }
    void append_date(CivilDate value) override { put<int32_t>(DUCKDB_TYPE_DATE, value.value); }
    void append_timestamp(UtcTime value) override { put<int64_t>(DUCKDB_TYPE_TIMESTAMP, value.value); }

    Status end_row() override {
        const bool good = fits_ && at_ == columns_.size();
        at_ = 0;
        fits_ = true;
        if (!good) {
            make_row_valid();
            return fail(ErrorCode::rejected, "a row does not fit the table's columns");
        }
        if (++row_ == duckdb_vector_size()) return hand_over();
        return {};
    }

    Status flush() override {
        GZ_CHECKED(hand_over());
        if (duckdb_appender_flush(raw_.get()) == DuckDBError) return failed();
        return {};
    }

private:
    struct TargetColumn {
        duckdb_type type;
        duckdb_vector vector;
        void* data;
        uint64_t* validity;
    };

    void overflow() { fits_ = false; }

    template <typename T>
    void put(duckdb_type wanted, T value) {
        if (at_ >= columns_.size()) return overflow();
        const TargetColumn& column = columns_[at_++];
        if (column.type != wanted) return overflow();
        static_cast<T*>(column.data)[row_] = value;
    }

    // A dropped row leaves no null behind for the row that takes its place.
    void make_row_valid() {
        for (const TargetColumn& column : columns_)
            if (column.validity) duckdb_validity_set_row_valid(column.validity, row_);
    }

    void find_vectors() {
        for (size_t i = 0; i < columns_.size(); ++i) {
            columns_[i].vector = duckdb_data_chunk_get_vector(chunk_.get(), i);
            columns_[i].data = duckdb_vector_get_data(columns_[i].vector);
            columns_[i].validity = nullptr;
        }
    }

    Status hand_over() {
        if (row_ == 0) return {};
        duckdb_data_chunk_set_size(chunk_.get(), row_);
        row_ = 0;
        const bool failed_now = duckdb_append_data_chunk(raw_.get(), chunk_.get()) == DuckDBError;
        duckdb_data_chunk_reset(chunk_.get());
        find_vectors();
        if (failed_now) return failed();
        return {};
    }

    Status failed() {
        const duckdb_error_data data = duckdb_appender_error_data(raw_.get());
        Error error = error_of(duckdb_error_data_error_type(data), duckdb_error_data_message(data), *diagnosis_);
        duckdb_error_data owned = data;
        duckdb_destroy_error_data(&owned);
        return tl::unexpected(std::move(error));
    }

    RawAppender raw_;
    std::string* diagnosis_;
    std::vector<LogicalType> logical_;
    Chunk chunk_;
    std::vector<TargetColumn> columns_;
    idx_t row_ = 0;
    size_t at_ = 0;
    bool fits_ = true;
};

}  // namespace

Result<std::unique_ptr<Appender>> make_appender(duckdb_connection connection, std::string_view schema,
                                                std::string_view table, std::string& diagnosis) {
    RawAppender raw;
    const std::string schema_name(schema), table_name(table);
    if (duckdb_appender_create(connection, schema_name.c_str(), table_name.c_str(), raw.out()) == DuckDBError) {
        diagnosis = raw && duckdb_appender_error(raw.get()) ? duckdb_appender_error(raw.get()) : "";
        return fail(ErrorCode::rejected, "there is no table to append to");
    }
    return std::make_unique<ChunkAppender>(std::move(raw), diagnosis);
}

}  // namespace gongzhi::sql::duck
