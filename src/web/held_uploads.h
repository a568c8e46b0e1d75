// Files between being looked at and being submitted. In memory only, for a short time, for the one who brought them: until
// somebody decides, nothing of them is stored anywhere. Bounded: the oldest goes when there is no room. Safe for concurrent
// use.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "base/types.h"

namespace gongzhi::web {

struct HeldUpload {
    std::string id, actor, record_type;
    std::string text;  // UTF-8
    bool csv = false, corrects = false;
    UtcTime until;  // from when on it is gone
};

class HeldUploads {
public:
    static constexpr size_t kBytesMax = 64u << 20;
    static constexpr size_t kCountMax = 64;

    void hold(HeldUpload upload) {
        const std::lock_guard lock(mutex_);
        bytes_ += upload.text.size();
        uploads_.push_back(std::make_shared<const HeldUpload>(std::move(upload)));
        while (uploads_.size() > 1 && (bytes_ > kBytesMax || uploads_.size() > kCountMax)) drop_oldest();
    }
    // Nothing for another's, or for one that is gone.
    std::shared_ptr<const HeldUpload> find(const std::string& id, const std::string& actor, UtcTime now) {
        const std::lock_guard lock(mutex_);
        while (!uploads_.empty() && uploads_.front()->until < now) drop_oldest();
        for (const auto& each : uploads_)
            if (each->id == id && each->actor == actor) return each;
        return nullptr;
    }
    void drop(const std::string& id) {
        const std::lock_guard lock(mutex_);
        for (auto at = uploads_.begin(); at != uploads_.end(); ++at) {
            if ((*at)->id != id) continue;
            bytes_ -= (*at)->text.size();
            uploads_.erase(at);
            return;
        }
    }

private:
    void drop_oldest() {
        bytes_ -= uploads_.front()->text.size();
        uploads_.pop_front();
    }

    std::mutex mutex_;
    std::deque<std::shared_ptr<const HeldUpload>> uploads_;  // shared with who reads one while another drops it
    size_t bytes_ = 0;
};

}  // namespace gongzhi::web
