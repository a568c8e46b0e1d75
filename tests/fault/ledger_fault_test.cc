// What a power cut, a flipped bit and a full disk do to a ledger. The node runs in a child process that reports each
// acknowledged entry through a pipe; the parent kills it or damages its files, and then looks.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <random>
#include <thread>

#include "base/file.h"
#include "ledger/fsck.h"
#include "ledger/ledger.h"
#include "testing/temp_folder.h"

namespace gongzhi::ledger {
namespace {

const std::string kOrigin = "fault.example";

struct Keys {
    crypto::KeyPair log, witness;
    static Keys of(uint64_t seed) {
        SeededRandom random(seed);
        return {crypto::KeyPair::generate(crypto::ed25519(), random),
                crypto::KeyPair::generate(crypto::ed25519(), random)};
    }
};

Result<std::unique_ptr<Ledger>> open_ledger(const std::filesystem::path& folder, Random& random, int64_t interval,
                                            std::function<void(const Error&)> on_fatal = {}) {
    static const SystemClock clock;
    const Keys keys = Keys::of(7);
    Options options{folder, kOrigin, keys.log, keys.witness, interval, {}};
    options.journal.on_fatal = std::move(on_fatal);
    return Ledger::open(std::move(options), clock, random);
}

Draft numbered(uint64_t number) {
    NodeStatement statement;
    statement.kind = "reveal";
    statement.auth = "self";
    statement.trace = {{"number", number}};
    Draft draft;
    draft.kind = statement.kind;
    draft.statement = statement.bytes();
    draft.open = {{Part::detail, 0, Bytes(200 + number % 900, static_cast<char>('a' + number % 26))}};
    return draft;
}

// One acknowledged entry, as the child reports it: written in one call, so never torn (PIPE_BUF).
struct Acknowledged {
    uint64_t index = 0;
    uint64_t number = 0;
    Digest leaf;
};

// Appends from several threads until it is killed or an append fails.
[[noreturn]] void run_child(const std::filesystem::path& folder, int pipe, uint64_t first_number, int64_t interval) {
    SystemRandom random;
    std::atomic<bool> fatal = false;
    auto ledger = open_ledger(folder, random, interval, [&](const Error&) { fatal = true; });
    if (!ledger) ::_exit(10);
    std::atomic<uint64_t> next = first_number;
    std::atomic<int> exit_code = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                while (true) {
                    const uint64_t number = next++;
                    const Outcome outcome = (*ledger)->append(numbered(number));
                    if (!outcome) {
                        // After the first error nothing is acknowledged any more.
                        const bool stays = !(*ledger)->append(numbered(number));
                        exit_code = outcome.error().code == ErrorCode::io && stays && fatal ? 20 : 21;
                        return;
                    }
                    const Acknowledged report{outcome->index.value, number, outcome->leaf_hash};
                    if (::write(pipe, &report, sizeof report) != sizeof report) ::_exit(11);
                }
            });
    }
    ::_exit(exit_code);
}

struct Child {
    pid_t pid = -1;
    int pipe = -1;
};

Child start_child(const std::filesystem::path& folder, uint64_t first_number, int64_t interval,
                  rlim_t file_bytes_max = RLIM_INFINITY) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::close(ends[0]);
        if (file_bytes_max != RLIM_INFINITY) {
            ::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{file_bytes_max, file_bytes_max};
            ::setrlimit(RLIMIT_FSIZE, &limit);
        }
        run_child(folder, ends[1], first_number, interval);
    }
    ::close(ends[1]);
    return {pid, ends[0]};
}

// Everything that the child reported, to the end of the pipe.
std::vector<Acknowledged> read_reports(Child& child, std::vector<Acknowledged> reports = {}) {
    Acknowledged report;
    while (::read(child.pipe, &report, sizeof report) == sizeof report) reports.push_back(report);
    ::close(child.pipe);
    return reports;
}

void expect_all_there(const std::filesystem::path& folder, const std::vector<Acknowledged>& reports) {
    SystemRandom random;
    const auto ledger = open_ledger(folder, random, 0);
    ASSERT_TRUE(ledger) << ledger.error().describe();
    for (const Acknowledged& report : reports) {
        ASSERT_EQ((*ledger)->journal().leaf_hash(EntryIndex(report.index)).value(), report.leaf);
        const Entry entry = (*ledger)->read(EntryIndex(report.index)).value();
        ASSERT_EQ(entry.statement()->trace["number"], report.number);
        ASSERT_TRUE((*ledger)->read_open_part(entry, Part::detail, 0));
    }
}

void expect_clean(const std::filesystem::path& folder) {
    const auto report = fsck(folder, kOrigin);
    ASSERT_TRUE(report) << report.error().describe();
    EXPECT_TRUE(report->clean()) << report->problems[0];
}

TEST(Kill, LosesNothingThatWasAcknowledged) {
    const uint64_t seed = std::random_device()();
    SCOPED_TRACE(fmt::format("seed {}", seed));
    SeededRandom random(seed);
    testing::TempFolder folder;
    std::vector<Acknowledged> all;
    for (int round = 0; round < 20; ++round) {
        Child child = start_child(folder.path(), all.size() * 10, 20'000);
        Acknowledged first;  // from here on it appends
        ASSERT_EQ(::read(child.pipe, &first, sizeof first), static_cast<ssize_t>(sizeof first));
        ::usleep(static_cast<useconds_t>(random.between(0, 80'000)));
        ::kill(child.pid, SIGKILL);
        const auto reports = read_reports(child, {first});
        int status = 0;
        ::waitpid(child.pid, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << WEXITSTATUS(status);
        all.insert(all.end(), reports.begin(), reports.end());
        expect_all_there(folder.path(), all);
        if (HasFatalFailure()) return;
    }
    EXPECT_GT(all.size(), 100u) << "the test must have had something to lose";
    expect_clean(folder.path());
}

// A ledger with `count` entries whose write-ahead log is still on disk, with or without a signed head over all of them.
void fill(const std::filesystem::path& folder, uint64_t count, bool sign) {
    SystemRandom random;
    const auto ledger = open_ledger(folder, random, 0).value();
    for (uint64_t i = 0; i < count; ++i) ASSERT_TRUE(ledger->append(numbered(i)));
    if (sign) {
        ASSERT_TRUE(ledger->checkpoint_now());
    }
}

std::filesystem::path write_ahead_log(const std::filesystem::path& folder) {
    std::filesystem::path largest;
    for (const auto& file : std::filesystem::directory_iterator(folder / "journal"))
        if (file.path().extension() == ".log" &&
            (largest.empty() || file.file_size() > std::filesystem::file_size(largest)))
            largest = file.path();
    return largest;
}

void overwrite(const std::filesystem::path& file, BytesView content) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_TRUNC);
    ASSERT_GE(fd, 0);
    ASSERT_EQ(::write(fd, content.data(), content.size()), static_cast<ssize_t>(content.size()));
    ::close(fd);
}

// Every start is tried on a copy: an open changes the files.
Result<std::unique_ptr<Ledger>> open_copy(const std::filesystem::path& folder, const std::filesystem::path& copy,
                                          BytesView log_content) {
    std::filesystem::remove_all(copy);
    std::filesystem::copy(folder, copy, std::filesystem::copy_options::recursive);
    overwrite(write_ahead_log(copy), log_content);
    SystemRandom random;
    return open_ledger(copy, random, 0);
}

TEST(Damage, OneFlippedBitInTheWriteAheadLogIsNeverOpened) {
    testing::TempFolder folder, copies;
    fill(folder.path(), 200, true);
    const Bytes good = read_file(write_ahead_log(folder.path())).value();
    ASSERT_GT(good.size(), 50'000u);
    ASSERT_TRUE(open_copy(folder.path(), copies.path() / "c", good));
    // Positions of payload, checksums and lengths alike: where a length makes damage look like a torn tail, the signed
    // head tells.
    for (size_t at = 1'000; at + 30'000 < good.size(); at += 3'331) {
        Bytes changed = good;
        changed[at] = static_cast<char>(changed[at] ^ 4);
        const auto opened = open_copy(folder.path(), copies.path() / "c", changed);
        ASSERT_FALSE(opened) << at;
        EXPECT_EQ(opened.error().code, ErrorCode::corrupt);
    }
}

TEST(Damage, AFlippedPayloadBitIsNeverOpenedEvenWithoutASignedHead) {
    testing::TempFolder folder, copies;
    fill(folder.path(), 200, false);
    const Bytes good = read_file(write_ahead_log(folder.path())).value();
    Bytes changed = good;
    const size_t payload = good.find(Bytes(100, 'm'), good.size() / 3);  // inside the body of an entry
    ASSERT_NE(payload, Bytes::npos);
    changed[payload + 50] = static_cast<char>(changed[payload + 50] ^ 1);
    const auto opened = open_copy(folder.path(), copies.path() / "c", changed);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::corrupt);
}

TEST(Damage, ALogCutBelowTheSignedHeadIsRefusedAndATornTailIsNot) {
    testing::TempFolder folder, copies;
    fill(folder.path(), 120, true);
    const Bytes good = read_file(write_ahead_log(folder.path())).value();
    const auto below = open_copy(folder.path(), copies.path() / "c", BytesView(good).substr(0, good.size() / 2));
    ASSERT_FALSE(below);
    EXPECT_NE(below.error().message.find("fewer than the 120 last signed"), std::string::npos) << below.error().message;
    EXPECT_NE(below.error().message.find("节点不能启动"), std::string::npos);
    {
        SystemRandom random;
        const auto ledger = open_ledger(folder.path(), random, 0).value();
        ASSERT_TRUE(ledger->append(numbered(120)));  // beyond the head; its record will be torn
    }
    const Bytes longer = read_file(write_ahead_log(folder.path())).value();
    const auto torn = open_copy(folder.path(), copies.path() / "c", BytesView(longer).substr(0, longer.size() - 9));
    ASSERT_TRUE(torn) << torn.error().describe();
    EXPECT_EQ((*torn)->journal().size().value, 120u);
}

TEST(FullDisk, StopsCleanlyAndLosesNothing) {
    testing::TempFolder folder;
    std::vector<Acknowledged> all;
    for (int round = 0; round < 3; ++round) {
        Child child = start_child(folder.path(), static_cast<uint64_t>(round) * 1'000'000, 0,
                                  400'000 + static_cast<rlim_t>(round) * 123'457);
        const auto reports = read_reports(child);
        int status = 0;
        ::waitpid(child.pid, &status, 0);
        ASSERT_TRUE(WIFEXITED(status));
        EXPECT_EQ(WEXITSTATUS(status), 20) << "an io error, then nothing more, and on_fatal was called";
        EXPECT_GT(reports.size(), 10u);
        all.insert(all.end(), reports.begin(), reports.end());
        expect_all_there(folder.path(), all);
        if (HasFatalFailure()) return;
    }
    expect_clean(folder.path());
}

}  // namespace
}  // namespace gongzhi::ledger
