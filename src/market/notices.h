// Privacy notices of a platform's services, item by item, with planted demands beyond need and lawful look-alikes.
#pragma once

#include "base/random.h"
#include "market/line.h"

namespace gongzhi::market {

struct NoticeItem {
    std::string service, service_type, notice_version, service_function, item, item_name, purpose, ground, necessity;
    bool refusal_denies_service = false;
    std::optional<int64_t> retention_days;
    std::string retention_rule;
    CivilDate effective;
    std::optional<CivilDate> until;
    // What the rule must say of it, and how it was planted; an ordinary item is clear and has no kind.
    std::string verdict = "clear", kind;

    // Its record id: the key fields, none of which holds a character that would be encoded.
    std::string record_id() const;
};

std::vector<NoticeItem> notices_of(const Market& market, SeededRandom& random);

void write_line(std::string& out, const NoticeItem& notice);
// Every planted item: rule, record_id, service, notice_version, item, verdict, kind.
Json to_json(const std::vector<NoticeItem>& notices);

}  // namespace gongzhi::market
