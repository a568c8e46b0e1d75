// A node's folder and its configuration (node.yaml). `init` makes both; nothing else writes node.yaml.
//
//   node.yaml            who this is, where it listens, which pack
//   keys/                message, log, witness keys; claims and tokens keys; vault (see vault)
//   socket               the owner's door while the node runs
//   journal/, head       truth     tables/affairs.duckdb, tables/records.duckdb     derived
#pragma once

#include <filesystem>

#include "exchange/peers.h"

namespace gongzhi::node {

struct NodeConfig {
    PartyId party;
    exchange::PartyRole role = exchange::PartyRole::platform;
    std::string name_zh, name_en;
    std::string url;                      // http://127.0.0.1:4310: where this node listens and how others reach it
    std::string origin;                   // of the log; ends in /simulated on simulated time
    std::string unit_level = "province";  // of an authority's unit
    std::filesystem::path pack;           // folder
    std::filesystem::path clock;          // the simulated clock's file; empty: real time

    // Ways other than the pages, each optional: what is not known is left out and never invented.
    std::string telephone;               // for everybody
    std::string counter_zh, counter_en;  // where people are served: name and address
    std::string hours_zh, hours_en;      // when

    uint16_t port() const;
    std::string address() const;
    std::string to_yaml() const;
    static Result<NodeConfig> load(const std::filesystem::path& folder);
};

struct Keys {
    crypto::KeyPair message, log, witness;
    Bytes claims, tokens;  // 32 bytes each
    static Result<Keys> load(const std::filesystem::path& folder);
};

// Makes the folder with keys and configuration. `conflict` where a node is there already.
Status init_node(const std::filesystem::path& folder, const NodeConfig& config, Random& random);

std::unique_ptr<Clock> open_clock(const NodeConfig& config, Status& status);

}  // namespace gongzhi::node
