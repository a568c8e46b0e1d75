#include "pack/purpose.h"

#include <set>

#include "pack/yaml_view.h"

namespace gongzhi::pack {

Result<std::vector<Purpose>> load_purposes(const YamlDocument& document) {
    const YamlView root(document);
    GZ_CHECKED(root.allow_keys({"purposes"}));
    GZ_TRY(const std::vector<YamlView> list, root.list("purposes"));
    std::vector<Purpose> purposes;
    std::set<std::string> ids;
    for (const YamlView& item : list) {
        GZ_CHECKED(item.allow_keys({"id", "zh", "en", "basis"}));
        Purpose purpose;
        GZ_TRY(purpose.id, item.text("id"));
        GZ_TRY(purpose.title.zh, item.text("zh"));
        GZ_TRY(purpose.title.en, item.text("en"));
        GZ_TRY(purpose.basis, read_basis(item, "basis"));
        if (!ids.insert(purpose.id).second) return item.error("this purpose stands here twice");
        purposes.push_back(std::move(purpose));
    }
    return purposes;
}

}  // namespace gongzhi::pack
