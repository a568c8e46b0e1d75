// messages_durable_per_s: signed messages of 200 concurrent senders to accepted receipts, over HTTP, each durable.
//
// Usage: messages [senders] [seconds] [pack]. Each sender is a party with its own key and sequence. Prints one JSON line,
// with the disk's own rate of fsyncs, and what two cores could sign and verify if nothing else were done.
#include <fcntl.h>
#include <unistd.h>

#include <thread>

#include "base/log.h"
#include "bench_node.h"
#include "crypto/digest.h"
#include "exchange/http_client.h"

using namespace gongzhi;
using namespace gongzhi::bench;

namespace {

const Bytes kBody = R"({"notice":")" + Bytes(900, 'n') + R"("})";

struct Sender {
    exchange::PartyDescriptor descriptor;
    crypto::KeyPair key;
    std::vector<double> millis;
};

Sender make_sender(size_t number, BenchNode& bench, Random& random) {
    crypto::KeyPair key = crypto::KeyPair::generate(crypto::ed25519(), random);
    exchange::PartyDescriptor descriptor = bench.node->self();
    descriptor.party = PartyId(fmt::format("sender-{}", number));
    descriptor.role = exchange::PartyRole::authority;
    descriptor.url = "http://127.0.0.1:9";
    descriptor.message_key = key.public_key();
    bench.node->peers().remember(descriptor);
    return {std::move(descriptor), std::move(key), {}};
}

void send_until(Sender& sender, BenchNode& bench, double end) {
    SystemRandom random;
    exchange::HttpClient client;
    for (uint64_t seq = 1; now_seconds() < end; ++seq) {
        const double started = now_seconds();
        ledger::MessageHeader header;
        header.id = MessageId(make_uuid7(bench.node->clock().now().value / 1000, random));
        header.from = sender.descriptor.party;
        header.to = bench.node->config().party;
        header.type = "notice";
        header.seq = seq;
        header.body = {crypto::sha256(kBody), kBody.size(), "application/json"};
        const auto fields = exchange::sign_request(
            {"POST", bench.node->config().url + "/v1/messages", "application/json", header.body.digest, header.json()},
            sender.key, {sender.descriptor.key_id(), bench.node->clock().now(), random.bytes(16)});
        const auto answer = must(client.request("POST", bench.url() + "/v1/messages",
                                                {{"Content-Type", "application/json"},
                                                 {"Content-Digest", fields.content_digest},
                                                 {"Gongzhi-Message", fields.message},
                                                 {"Signature-Input", fields.signature_input},
                                                 {"Signature", fields.signature}},
                                                kBody));
        if (answer.status != 202) {
            std::fprintf(stderr, "bench: %d %s\n", answer.status, answer.body.c_str());
            std::exit(1);
        }
        sender.millis.push_back((now_seconds() - started) * 1000);
    }
}

double fsyncs_per_second(const std::filesystem::path& folder) {
    const int fd = ::open((folder / "fsync").c_str(), O_WRONLY | O_CREAT, 0600);
    const Bytes block(4096, 'x');
    int count = 0;
    const double started = now_seconds();
    while (now_seconds() - started < 1.0) {
        if (::write(fd, block.data(), block.size()) < 0 || ::fdatasync(fd) != 0) std::exit(1);
        ++count;
    }
    ::close(fd);
    return count / (now_seconds() - started);
}

// One sign and one verify each for a message, one core.
double signatures_per_second() {
    SystemRandom random;
    const auto key = crypto::KeyPair::generate(crypto::ed25519(), random);
    const double started = now_seconds();
    int count = 0;
    while (now_seconds() - started < 1.0) {
        const Bytes message(600, static_cast<char>(count++));
        if (!crypto::ed25519().verify(key.public_key(), message, key.sign(message).value)) std::exit(1);
    }
    return count / (now_seconds() - started);
}

}  // namespace

int main(int argc, char** argv) {
    const size_t count = argc > 1 ? std::stoul(argv[1]) : 200;
    const double seconds = argc > 2 ? std::stod(argv[2]) : 8;
    set_log_level(LogLevel::error);
    BenchNode bench(argc > 3 ? argv[3] : "packs/cn", 2);
    SystemRandom random;
    std::vector<Sender> senders;
    for (size_t i = 0; i < count; ++i) senders.push_back(make_sender(i, bench, random));
    const double disk = fsyncs_per_second(bench.folder), signatures = 2 * signatures_per_second();
    const auto before = bench.node->ledger().journal().counters();
    const double started = now_seconds();
    {
        std::vector<std::jthread> threads;
        for (Sender& sender : senders) threads.emplace_back([&] { send_until(sender, bench, started + seconds); });
    }
    const double took = now_seconds() - started;
    const auto after = bench.node->ledger().journal().counters();
    std::vector<double> millis;
    for (const Sender& sender : senders) millis.insert(millis.end(), sender.millis.begin(), sender.millis.end());
    std::sort(millis.begin(), millis.end());
    const auto at = [&](double share) {
        return std::round(millis[static_cast<size_t>(share * static_cast<double>(millis.size() - 1))] * 10) / 10;
    };
    const double rate = static_cast<double>(millis.size()) / took;
    const Json line = {{"name", "messages_durable_per_s"},
                       {"value", std::round(rate)},
                       {"unit", "messages/s"},
                       {"ceiling", std::round(signatures)},
                       {"ratio", std::round(rate / signatures * 1000) / 1000},
                       {"senders", count},
                       {"p50_ms", at(0.5)},
                       {"p99_ms", at(0.99)},
                       {"messages_per_batch", std::round(static_cast<double>(millis.size()) * 10 /
                                                         static_cast<double>(after.batches - before.batches)) /
                                                  10},
                       {"fsyncs_per_batch", std::round(static_cast<double>(after.fsyncs - before.fsyncs) * 100 /
                                                       static_cast<double>(after.batches - before.batches)) /
                                                100},
                       {"disk_fsyncs_per_s", std::round(disk)}};
    std::printf("%s\n", line.dump().c_str());
}
