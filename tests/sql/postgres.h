// A PostgreSQL 15 of this test's own: made in a temporary folder, reached over a Unix socket there, gone afterwards.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"
#include "sql/types.h"

struct pg_conn;

namespace gongzhi::testing {

class PrivatePostgres {
public:
    static bool installed();
    // The folder becomes the server's: as root it is given to the user postgres, who alone may run a server.
    static Result<std::unique_ptr<PrivatePostgres>> start(const std::filesystem::path& folder);
    ~PrivatePostgres();

    Status execute(const std::string& sql);
    Result<sql::Table> query(const std::string& sql);

private:
    explicit PrivatePostgres(std::filesystem::path folder) : folder_(std::move(folder)) {}
    std::filesystem::path folder_;
    pg_conn* connection_ = nullptr;
};

}  // namespace gongzhi::testing
