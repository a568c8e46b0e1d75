// Connections for reading, kept for the next reader together with the plans of what they ran: opening one and planning a
// page's queries costs more than running them.
//
// What a reader leaves behind, the next one finds: no transaction, no temporary table. Safe for concurrent use; a connection
// belongs to one thread at a time. The pool outlives its connections' users, the database outlives the pool.
#pragma once

#include "sql/database.h"

namespace gongzhi::sql {

class ReaderPool {
public:
    explicit ReaderPool(Database& database);
    ~ReaderPool();
    // Goes back when it is let go.
    Result<std::unique_ptr<Connection>> take();

private:
    struct Idle;
    class Lent;
    Database& database_;
    std::shared_ptr<Idle> idle_;  // also of the connections that are out
};

}  // namespace gongzhi::sql
