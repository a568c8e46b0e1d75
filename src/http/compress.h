// gzip for answers that hold no secret. Pure.
//
// An answer that holds a secret beside text that somebody else may choose must not pass here: from its length alone the
// secret can be guessed letter by letter (BREACH). Who calls this says why there is none.
#pragma once

#include "http/message.h"

namespace gongzhi::http {

constexpr size_t kCompressBytesMin = 1u << 10;  // below it the answer fits one packet either way
constexpr size_t kCompressBytesMax = 4u << 20;  // above it the work would be too much for one request

// Whether the client says that it takes gzip (RFC 9110 §12.5.3); "gzip;q=0" says that it does not.
bool takes_gzip(const Request& request);
// Compresses the body where the client takes it and the size is within the limits; says so in the headers, and in `vary`
// also where it does not.
void compress(const Request& request, Response& response);

}  // namespace gongzhi::http
