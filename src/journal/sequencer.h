// The one appender: takes what is queued, decides claims and conditions in order, writes one batch with one fsync, and
// leaves the answers to a second thread, so that batch trees and callbacks never hold up the next commit. Inside this
// module.
//
// Invariants: nothing is answered before the commit that it depends on; answers come in log order; after a failed commit
// nothing is written any more.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "journal/tree.h"

namespace gongzhi::journal {

class Sequencer {
public:
    // `publish` makes the grown tree visible to readers, after the fsync.
    Sequencer(Store& store, Tree tree, std::function<void(const Tree&)> publish,
              std::function<void(const Error&)> on_fatal);
    ~Sequencer();  // answers what is queued, then ends

    struct Job {
        Draft draft;  // without leaf_entry: local writes alone
        Digest leaf_hash;
        OnAppended on_appended;  // one of the two
        OnStatus on_written;
        size_t bytes = 0;
        bool is_entry() const { return static_cast<bool>(on_appended); }
    };
    void push(Job job);
    Counters counters() const;

private:
    struct Decision {
        OnAppended on_appended;
        OnStatus on_written;
        Status status;  // of local writes; of an entry: why it was refused
        Appended appended;
        std::optional<Refusal> refusal;
        bool is_new = false;  // appended in this batch
    };
    // What one group commit decides and writes.
    struct Batch {
        std::vector<Job> jobs;
        std::vector<Decision> decisions;
        std::unique_ptr<Store::Batch> write;
        Tree tree;
        std::vector<FullTile> full_tiles;
        std::map<Bytes, std::optional<Bytes>> local;  // written so far in this batch
        struct Slot {
            const ClaimBytes* key = nullptr;  // of one of the jobs
            std::optional<Holder> holder;
            bool is_new = false;        // claimed in this batch
            size_t seen_by = SIZE_MAX;  // the job that last named the key
        };
        std::vector<Slot> slots;                     // one per distinct claimed key, ascending
        std::vector<std::vector<uint32_t>> slot_of;  // [job][claim]
    };
    static void answer(const Job& job, Error error);
    void run(std::stop_token stop);
    void run_answers(std::stop_token stop);
    std::vector<Job> take(std::stop_token stop);
    void commit(std::vector<Job> jobs);
    Status look_up_claims(Batch& batch) const;
    void decide(Batch& batch, size_t job_number) const;
    Status check_conditions(Batch& batch, const Draft& draft) const;
    bool check_claims(Batch& batch, size_t job_number, Decision& decision) const;
    void stage(Batch& batch, size_t job_number, Decision& decision) const;
    void stage_batch(Batch& batch) const;
    void hand_over(std::vector<Decision> decisions);
    void give_answers(std::vector<Decision>& decisions) const;
    void stop_for(const Error& error);

    Store& store_;
    Tree tree_;  // the sequencer thread's
    std::function<void(const Tree&)> publish_;
    std::function<void(const Error&)> on_fatal_;

    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable_any queued_, answered_, to_answer_;
    std::deque<Job> queue_;
    size_t queue_bytes_ = 0;
    bool stopped_ = false;
    std::deque<std::vector<Decision>> answers_;
    uint64_t batches_ = 0, entries_ = 0;

    std::jthread answerer_, thread_;
};

}  // namespace gongzhi::journal
