// The witness role: C2SP tlog-witness `add-checkpoint` for the logs it was told to trust.
//
// The state of an origin is compared and persisted in one atomic step before the reply; every cosigned checkpoint is kept
// whole. Two signed heads of one size that differ are a fork: both notes are kept, and that origin is never cosigned again.
// Safe for concurrent use.
#pragma once

#include <map>
#include <mutex>

#include "base/clock.h"
#include "journal/journal.h"
#include "merkle/checkpoint.h"

namespace gongzhi::ledger {

constexpr size_t kAddCheckpointBytesMax = 64u << 10;

struct HttpReply {
    int status = 200;
    std::string content_type;
    std::string body;
};

// A parsed request body, `old <size>` + consistency hashes + checkpoint note.
struct AddCheckpoint {
    TreeSize old_size;
    std::vector<Digest> proof;
    std::string note;
    std::string format() const;
    static Result<AddCheckpoint> parse(std::string_view body);
};

class Witness {
public:
    // `name` is the witness key's name, "<origin>/w1".
    Witness(std::string name, const crypto::KeyPair& key, journal::Journal& journal, const Clock& clock);

    // The logs that this witness cosigns; replaces the key set of that origin.
    void trust(const std::string& origin, std::vector<merkle::VerifierKey> log_keys);
    const std::string& name() const { return name_; }
    merkle::VerifierKey verifier() const;

    HttpReply add_checkpoint(std::string_view body);
    // The latest cosigned checkpoint, log signature and ours included; `not_found` before the first.
    Result<std::string> latest(const std::string& origin) const;
    // `<hex sha256(origin)>/checkpoint` of the monitoring interface.
    Result<std::string> monitor(std::string_view hex_origin_hash) const;

    struct Fork {
        std::string origin, first_note, second_note;
    };
    Result<std::vector<Fork>> forks() const;

private:
    struct State {
        merkle::TreeHead head;
        bool forked = false;
        std::string note;  // "" before the first
        std::optional<Bytes> raw;
    };
    Result<State> load(const std::string& origin) const;
    HttpReply judge(const AddCheckpoint& request, const merkle::Note& note, const merkle::Checkpoint& checkpoint);
    HttpReply record_fork(const std::string& origin, const State& state, const std::string& first_note,
                          const std::string& second_note, TreeSize old_size);
    std::optional<HttpReply> sign(const merkle::Note& note, const merkle::Checkpoint& checkpoint, const State& state);

    std::string name_;
    const crypto::KeyPair& key_;
    journal::Journal& journal_;
    const Clock& clock_;
    mutable std::mutex mutex_;  // guards trusted_
    std::map<std::string, std::vector<merkle::VerifierKey>> trusted_;
};

}  // namespace gongzhi::ledger
