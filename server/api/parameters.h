// Query parameters of the vendor's operations. Names compare without case, for a client that is
// known sends `iModelId` where the page says `imodelId` [I]; a '$' may be written %24. Threads:
// pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/request.h"

namespace emulator::api {

struct Parameter {
  bool is_there = false;
  // Decoded. nullopt: it is not there; or it is there more than once, or has a stray '%', which is
  // no value.
  std::optional<std::string> value;
};
Parameter FindParameter(const http::Request& request, std::string_view name);

// A whole number of that range. nullopt where the text is none.
std::optional<int64_t> ReadNumber(std::string_view text, int64_t least, int64_t most);

}  // namespace emulator::api
