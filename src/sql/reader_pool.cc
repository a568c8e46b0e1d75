#include "sql/reader_pool.h"

#include <mutex>

namespace gongzhi::sql {
namespace {

constexpr size_t kIdleMax = 16;

}  // namespace

struct ReaderPool::Idle {
    std::mutex mutex;
    std::vector<std::unique_ptr<Connection>> connections;
};

class ReaderPool::Lent final : public Connection {
public:
    Lent(std::unique_ptr<Connection> connection, std::shared_ptr<Idle> idle)
        : connection_(std::move(connection)), idle_(std::move(idle)) {}
    ~Lent() override {
        const std::lock_guard lock(idle_->mutex);
        if (idle_->connections.size() < kIdleMax) idle_->connections.push_back(std::move(connection_));
    }
    Status execute(std::string_view sql) override { return connection_->execute(sql); }
    Result<std::unique_ptr<Statement>> prepare(std::string_view sql) override { return connection_->prepare(sql); }
    Result<std::unique_ptr<RowStream>> stream(std::string_view sql, const Parameters& parameters) override {
        return connection_->stream(sql, parameters);
    }
    Result<std::unique_ptr<Appender>> appender(std::string_view schema, std::string_view table) override {
        return connection_->appender(schema, table);
    }
    void interrupt() override { connection_->interrupt(); }
    std::string diagnosis() const override { return connection_->diagnosis(); }

private:
    std::unique_ptr<Connection> connection_;
    std::shared_ptr<Idle> idle_;
};

ReaderPool::ReaderPool(Database& database) : database_(database), idle_(std::make_shared<Idle>()) {}

ReaderPool::~ReaderPool() {
    const std::lock_guard lock(idle_->mutex);
    idle_->connections.clear();  // while the database is still there
}

Result<std::unique_ptr<Connection>> ReaderPool::take() {
    std::unique_ptr<Connection> connection;
    {
        const std::lock_guard lock(idle_->mutex);
        if (!idle_->connections.empty()) {
            connection = std::move(idle_->connections.back());
            idle_->connections.pop_back();
        }
    }
    if (!connection) {
        GZ_TRY(connection, database_.connect());
    }
    return std::make_unique<Lent>(std::move(connection), idle_);
}

}  // namespace gongzhi::sql
