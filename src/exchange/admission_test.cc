#include "exchange/admission.h"

#include <gtest/gtest.h>

#include "ledger/ledger_fixture.h"

namespace gongzhi::exchange {
namespace {

const access::Actor kAdministrator{"token:administrator", access::Role::system_administrator};

// A party without a ledger of its own: it presents a descriptor and signs.
struct Applicant {
    SystemRandom random;
    crypto::KeyPair key = crypto::KeyPair::generate(crypto::ed25519(), random),
                    log_key = crypto::KeyPair::generate(crypto::ed25519(), random);
    PartyDescriptor descriptor;

    explicit Applicant(const std::string& party, PartyRole role = PartyRole::platform, const std::string& suffix = "") {
        const std::string origin = party + ".example" + suffix;
        descriptor = {PartyId(party),
                      role,
                      "平台",
                      "platform",
                      "http://127.0.0.1:4000",
                      origin,
                      key.public_key(),
                      merkle::log_verifier(origin, log_key).format(),
                      merkle::witness_verifier(origin + "/w1", log_key).format()};
    }
    Admission::JoinRequest request(const std::string& code, UtcTime now, const crypto::KeyPair* other_key = nullptr) {
        const Bytes body = join_body(code, descriptor);
        const std::string uri = "http://127.0.0.1:5000/v1/join";
        const auto fields = sign_request({"POST", uri, "application/json", crypto::sha256(body), ""},
                                         other_key ? *other_key : key, {descriptor.key_id(), now, random.bytes(16)});
        return {{"POST", uri, "application/json", fields.content_digest, "", fields.signature_input, fields.signature,
                 false},
                body};
    }
};

struct Authority {
    ledger::testing_support::Node node{"authority-x.example"};
    Applicant self_applicant{"authority-x", PartyRole::authority};
    Self self{self_applicant.descriptor, self_applicant.key};
    Peers peers{node.ledger->journal()};
    ledger::ClaimKeys claims{Bytes(32, 'c')};
    Admission admission{self, peers, *node.ledger, claims, node.clock, node.random};

    std::string invite(const std::string& party) {
        return admission.invite(kAdministrator, PartyId(party)).value().code;
    }
    ErrorCode refusal(const Admission::JoinRequest& join) {
        const auto admitted = admission.admit(join);
        return admitted ? ErrorCode::internal : admitted.error().code;
    }
};

TEST(Admission, AnInvitedPartyIsAdmittedOnceAndRememberedAfterARestart) {
    Authority authority;
    Applicant platform("platform-y");
    const std::string code = authority.invite("platform-y");
    const auto join = platform.request(code, authority.node.clock.now());
    const auto admitted = authority.admission.admit(join);
    ASSERT_TRUE(admitted) << admitted.error().describe();
    EXPECT_EQ((*admitted)["descriptor"]["party"], "authority-x");
    EXPECT_EQ(authority.refusal(join), ErrorCode::forbidden);
    EXPECT_EQ(authority.admission.invite(kAdministrator, PartyId("platform-y")).error().code, ErrorCode::conflict);
    Peers again(authority.node.ledger->journal());
    ASSERT_TRUE(again.load());
    EXPECT_EQ(again.find_key("platform-y/message")->to_json(), platform.descriptor.to_json());
}

TEST(Admission, ACodeIsForOnePartyAndSevenDays) {
    Authority authority;
    Applicant platform("platform-y"), other("platform-z");
    const UtcTime now = authority.node.clock.now();
    EXPECT_EQ(authority.refusal(platform.request("AAAA-AAAA", now)), ErrorCode::forbidden);
    const std::string code = authority.invite("platform-y");
    EXPECT_EQ(authority.refusal(other.request(code, now)), ErrorCode::forbidden);
    authority.node.clock.advance(kInvitationMicros + 1);
    EXPECT_EQ(authority.refusal(platform.request(code, authority.node.clock.now())), ErrorCode::forbidden);
    EXPECT_EQ(authority.admission.invite(kAdministrator, PartyId("Not An Id")).error().code,
              ErrorCode::invalid_argument);
    EXPECT_EQ(authority.admission.invite({"token:clerk", access::Role::clerk}, PartyId("platform-q")).error().code,
              ErrorCode::forbidden);
}

TEST(Admission, WhatIsPresentedMustBeSignedByItsOwnKeyAndFit) {
    Authority authority;
    Applicant platform("platform-y"), impostor("platform-z"), second("authority-w", PartyRole::authority),
        simulated("platform-s", PartyRole::platform, "/simulated");
    const UtcTime now = authority.node.clock.now();
    EXPECT_EQ(authority.refusal(platform.request(authority.invite("platform-y"), now, &impostor.key)),
              ErrorCode::signature_invalid);
    EXPECT_EQ(authority.refusal(second.request(authority.invite("authority-w"), now)), ErrorCode::rejected);
    EXPECT_EQ(authority.refusal(simulated.request(authority.invite("platform-s"), now)), ErrorCode::rejected);
    auto tampered = platform.request(authority.invite("platform-y"), now);
    tampered.body.back() = ' ';
    EXPECT_EQ(authority.refusal(tampered), ErrorCode::signature_invalid);
    EXPECT_TRUE(authority.peers.all().empty());
}

TEST(PartyDescriptor, RoundTripsAndRefusesEachOddMember) {
    const Json good = Applicant("platform-y").descriptor.to_json();
    EXPECT_EQ(PartyDescriptor::from_json(good)->to_json(), good);
    const std::vector<std::pair<std::string, Json>> odd = {
        {"party", "UPPER"},      {"party", "x"},          {"party", "a/b"},
        {"role", "observer"},    {"url", "ftp://x"},      {"url", "http://x/path"},
        {"url", "http://"},      {"url", "http://a b"},   {"origin", "other.example"},
        {"message_key", "AA=="}, {"log_key", "nonsense"}, {"witness_key", good["log_key"]},
        {"witness_key", 1}};
    for (const auto& [key, value] : odd) {
        Json wrong = good;
        wrong[key] = value;
        EXPECT_FALSE(PartyDescriptor::from_json(wrong)) << key << " " << value;
    }
    for (const auto& [key, value] : good.items()) {
        Json without = good;
        without.erase(key);
        EXPECT_FALSE(PartyDescriptor::from_json(without)) << key;
    }
}

}  // namespace
}  // namespace gongzhi::exchange
