// Evidence: the open part of one record with the proof that it belongs to a record root which was committed earlier.
//
// Made where the records are, verified anywhere: verification is pure. JSON form: docs/formats/finding.md.
#pragma once

#include <map>

#include "merkle/batch_tree.h"
#include "records/stored_records.h"

namespace gongzhi::records {

struct Evidence {
    std::string record_type;
    std::string record_id;
    Bytes open;
    Bytes open_salt;
    Digest protected_digest;
    uint64_t record_no = 0;     // in its submission
    uint64_t record_count = 0;  // of its submission
    Digest record_root;
    std::vector<Digest> path;

    Json to_json() const;
    static Result<Evidence> from_json(const Json& json);
};

// Where a record stands: entry and number, as the tables say.
struct RecordPlace {
    EntryIndex entry;
    uint64_t record_no = 0;
};

// Makes evidence; keeps the record trees of the entries it met, so that many findings cost one tree. One thread.
class EvidenceMaker {
public:
    explicit EvidenceMaker(const ledger::Ledger& ledger) : ledger_(ledger) {}
    Result<Evidence> make(const pack::RecordType& type, const std::string& record_id, RecordPlace place);

private:
    const ledger::Ledger& ledger_;
    std::map<EntryIndex, merkle::BatchTree> trees_;
    std::map<std::pair<EntryIndex, uint32_t>, OpenGroup> groups_;
};

// Decodes the open part into `record` (texts borrow from the evidence) and checks leaf, path, type and id; not whether
// the root was committed: that is the verifier's own knowledge.
Status verify_evidence(const Evidence& evidence, const pack::RecordType& type, pack::RecordView& record);

}  // namespace gongzhi::records
