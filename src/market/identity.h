// Invented identities with valid check digits, in the reserved region 99 that no authority issues.
#pragma once

#include <string>

#include "base/random.h"

namespace gongzhi::market {

std::string region_code(SeededRandom& random);  // of one of the sample counties
std::string credit_code(SeededRandom& random);  // GB 32100-2015
std::string id_number(SeededRandom& random);    // GB 11643-1999, a real birth date
std::string shop_name(SeededRandom& random);    // clearly invented: 示例…
std::string company_name(SeededRandom& random);
std::string person_name(SeededRandom& random);
std::string title(SeededRandom& random);

}  // namespace gongzhi::market
