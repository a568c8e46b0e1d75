#include "journal/sequencer.h"

#include <algorithm>

#include "base/log.h"
#include "merkle/batch_tree.h"

namespace gongzhi::journal {
namespace {

constexpr size_t kAnswerBatchesMax = 4;  // committed batches whose answers wait; then the sequencer waits

Error stopped_error() {
    return Error{ErrorCode::io, "the journal has stopped after a write error; start the node again", {}, {}};
}

}  // namespace

Sequencer::Sequencer(Store& store, Tree tree, std::function<void(const Tree&)> publish,
                     std::function<void(const Error&)> on_fatal)
    : store_(store),
      tree_(std::move(tree)),
      publish_(std::move(publish)),
      on_fatal_(std::move(on_fatal)),
      answerer_([this](std::stop_token stop) { run_answers(stop); }),
      thread_([this](std::stop_token stop) { run(stop); }) {}

Sequencer::~Sequencer() {
    thread_.request_stop();
    thread_.join();
    answerer_.request_stop();
    answerer_.join();
}

void Sequencer::answer(const Job& job, Error error) {
    if (job.is_entry())
        job.on_appended(Outcome(tl::unexpected(std::move(error))));
    else
        job.on_written(tl::unexpected(std::move(error)));
}

void Sequencer::push(Job job) {
    std::optional<Error> refused;
    {
        const std::lock_guard lock(mutex_);
        if (stopped_)
            refused = stopped_error();
        else if (queue_.size() >= kQueueDraftsMax || queue_bytes_ + job.bytes > kQueueBytesMax)
            refused = Error{ErrorCode::busy, "the journal's queue is full, try again in a moment", {}, {}};
        else {
            queue_bytes_ += job.bytes;
            queue_.push_back(std::move(job));
        }
    }
    if (refused)
        answer(job, *std::move(refused));
    else
        queued_.notify_one();
}

Counters Sequencer::counters() const {
    const std::lock_guard lock(mutex_);
    return {batches_, store_.fsyncs(), entries_};
}

// The next group; empty when stopping and nothing is left.
std::vector<Sequencer::Job> Sequencer::take(std::stop_token stop) {
    std::unique_lock lock(mutex_);
    queued_.wait(lock, stop, [this] { return !queue_.empty(); });
    std::vector<Job> jobs;
    size_t bytes = 0;
    while (!queue_.empty() && jobs.size() < kBatchDraftsMax &&
           (jobs.empty() || bytes + queue_.front().bytes <= kBatchBytesMax)) {
        bytes += queue_.front().bytes;
        queue_bytes_ -= queue_.front().bytes;
        jobs.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    return jobs;
}

void Sequencer::run(std::stop_token stop) {
    for (std::vector<Job> jobs = take(stop); !jobs.empty(); jobs = take(stop)) {
        bool stopped;
        {
            const std::lock_guard lock(mutex_);
            stopped = stopped_;
        }
        if (stopped)
            std::for_each(jobs.begin(), jobs.end(), [](const Job& job) { answer(job, stopped_error()); });
        else
            commit(std::move(jobs));
    }
}

void Sequencer::commit(std::vector<Job> jobs) {
    Batch batch;
    batch.jobs = std::move(jobs);
    batch.tree = tree_;
    batch.write = store_.make_batch();
    Status written = look_up_claims(batch);
    if (written) {
        for (size_t i = 0; i < batch.jobs.size(); ++i) decide(batch, i);
        stage_batch(batch);
        if (batch.write->count() > 0) written = store_.commit(*batch.write);
    }
    if (!written) {
        stop_for(written.error());
        for (const Job& job : batch.jobs) answer(job, written.error());
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        if (batch.write->count() > 0) ++batches_;
        entries_ += batch.tree.size().value - tree_.size().value;
    }
    tree_ = std::move(batch.tree);
    publish_(tree_);
    hand_over(std::move(batch.decisions));
}

void Sequencer::stop_for(const Error& error) {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    log_error("the journal stops: {}", error.describe());
    if (on_fatal_) on_fatal_(error);
}

// One sorted lookup for the whole group: distinct keys become slots that start with what the store holds.
Status Sequencer::look_up_claims(Batch& batch) const {
    struct Named {
        const ClaimBytes* key;
        uint32_t job, claim;
    };
    std::vector<Named> named;
    batch.slot_of.resize(batch.jobs.size());
    for (uint32_t job = 0; job < batch.jobs.size(); ++job) {
        const auto& claims = batch.jobs[job].draft.claims;
        batch.slot_of[job].resize(claims.size());
        for (uint32_t claim = 0; claim < claims.size(); ++claim) named.push_back({&claims[claim].key, job, claim});
    }
    std::sort(named.begin(), named.end(), [](const Named& a, const Named& b) { return *a.key < *b.key; });
    std::vector<BytesView> keys;
    for (const Named& each : named) {
        if (keys.empty() || keys.back() != view_of(*each.key)) {
            keys.push_back(view_of(*each.key));
            batch.slots.emplace_back().key = each.key;
        }
        batch.slot_of[each.job][each.claim] = static_cast<uint32_t>(keys.size() - 1);
    }
    GZ_TRY(const auto values, store_.get_sorted(Family::unique, keys));
    for (size_t i = 0; i < values.size(); ++i) {
        if (!values[i]) continue;
        GZ_TRY(batch.slots[i].holder, decode_holder(*values[i]));
    }
    return {};
}

void Sequencer::decide(Batch& batch, size_t job_number) const {
    Job& job = batch.jobs[job_number];
    Decision decision;
    decision.on_appended = job.on_appended;
    decision.on_written = job.on_written;
    decision.status = check_conditions(batch, job.draft);
    if (decision.status && check_claims(batch, job_number, decision)) stage(batch, job_number, decision);
    batch.decisions.push_back(std::move(decision));
}

Status Sequencer::check_conditions(Batch& batch, const Draft& draft) const {
    for (const LocalCondition& condition : draft.conditions) {
        std::optional<Bytes> now;
        if (const auto found = batch.local.find(condition.key); found != batch.local.end())
            now = found->second;
        else {
            GZ_TRY(now, store_.get(Family::local, condition.key));
        }
        if (now != condition.value) return fail(ErrorCode::conflict, "the stored state has changed meanwhile");
    }
    return {};
}

// Whether the draft goes in. Otherwise the decision says why not, or names the entry that was there before.
bool Sequencer::check_claims(Batch& batch, size_t job_number, Decision& decision) const {
    const auto& claims = batch.jobs[job_number].draft.claims;
    for (size_t i = 0; i < claims.size(); ++i) {
        Batch::Slot& slot = batch.slots[batch.slot_of[job_number][i]];
        if (slot.seen_by == job_number) {
            decision.refusal = Refusal{i, EntryIndex(batch.tree.size().value)};
            decision.status = fail(ErrorCode::duplicate, "one draft claims a key twice");
            return false;
        }
        slot.seen_by = job_number;
        if (!slot.holder) continue;
        const bool may_repeat = claims[i].on_taken == Claim::OnTaken::same_content_is_duplicate;
        if (may_repeat && slot.holder->content == claims[i].content) {
            decision.appended.index = slot.holder->index;
            decision.appended.duplicate = true;
            return false;
        }
        decision.refusal = Refusal{i, slot.holder->index};
        const uint64_t holder = slot.holder->index.value;
        if (may_repeat)
            decision.status =
                fail(ErrorCode::duplicate, "the identifier is used by entry {} for other content", holder);
        else
            decision.status = fail(ErrorCode::conflict, "entry {} was first", holder);
        return false;
    }
    return true;
}

void Sequencer::stage(Batch& batch, size_t job_number, Decision& decision) const {
    Job& job = batch.jobs[job_number];
    const EntryIndex index(batch.tree.size().value);
    for (const LocalWrite& write : job.draft.local) {
        if (write.value)
            batch.write->put(Family::local, write.key, *write.value);
        else
            batch.write->remove(Family::local, write.key);
        batch.local[write.key] = write.value;
    }
    if (!job.is_entry()) return;
    batch.write->put(Family::entries, entry_key(index), encode_entry(job.draft.leaf_entry, job.draft.stored));
    for (const BodyPart& body : job.draft.bodies)
        batch.write->put(Family::bodies, body_key(body.entry.value_or(index), body.part, body.number), body.bytes);
    for (const BodyDelete& gone : job.draft.deletes)
        batch.write->remove(Family::bodies, body_key(gone.entry, gone.part, gone.number));
    for (size_t i = 0; i < job.draft.claims.size(); ++i) {
        Batch::Slot& slot = batch.slots[batch.slot_of[job_number][i]];
        slot.holder = Holder{job.draft.claims[i].content, index};
        slot.is_new = true;
    }
    batch.tree.append(job.leaf_hash, batch.full_tiles);
    decision.appended.index = index;
    decision.appended.leaf_hash = job.leaf_hash;
    decision.is_new = true;
}

// What the group writes as a whole. Claims go in ascending order: a sorted run enters the memtable several times faster.
void Sequencer::stage_batch(Batch& batch) const {
    for (const Batch::Slot& slot : batch.slots)
        if (slot.is_new) batch.write->put(Family::unique, view_of(*slot.key), encode_holder(*slot.holder));
    for (const FullTile& tile : batch.full_tiles)
        batch.write->put(Family::tiles, tile_key(tile.level, tile.index), tile.bytes);
    if (batch.tree.size() != tree_.size())
        batch.write->put(Family::meta, "size", entry_key(EntryIndex(batch.tree.size().value)));
}

void Sequencer::hand_over(std::vector<Decision> decisions) {
    std::unique_lock lock(mutex_);
    answered_.wait(lock, [this] { return answers_.size() < kAnswerBatchesMax; });
    answers_.push_back(std::move(decisions));
    lock.unlock();
    to_answer_.notify_one();
}

void Sequencer::run_answers(std::stop_token stop) {
    while (true) {
        std::vector<Decision> decisions;
        {
            std::unique_lock lock(mutex_);
            if (!to_answer_.wait(lock, stop, [this] { return !answers_.empty(); })) return;
            decisions = std::move(answers_.front());
            answers_.pop_front();
        }
        answered_.notify_one();
        give_answers(decisions);
    }
}

void Sequencer::give_answers(std::vector<Decision>& decisions) const {
    std::vector<Digest> leaves;
    for (const Decision& decision : decisions)
        if (decision.is_new) leaves.push_back(decision.appended.leaf_hash);
    const merkle::BatchTree tree(leaves);
    EntryIndex first;
    uint32_t offset = 0;
    for (Decision& decision : decisions) {
        if (!decision.on_appended) {
            decision.on_written(std::move(decision.status));
            continue;
        }
        if (decision.is_new) {
            if (offset == 0) first = decision.appended.index;
            decision.appended.position = {first, static_cast<uint32_t>(leaves.size()), offset, tree.root(),
                                          tree.path(offset)};
            ++offset;
        }
        Outcome outcome = decision.status ? Outcome(std::move(decision.appended))
                                          : Outcome(tl::unexpected(std::move(decision.status).error()));
        outcome.refusal = decision.refusal;
        decision.on_appended(std::move(outcome));
    }
}

}  // namespace gongzhi::journal
