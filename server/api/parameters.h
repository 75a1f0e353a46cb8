// Query parameters of the vendor's operations. Names compare without case, because a known client
// sends `iModelId` where the page has `imodelId` [I]; a '$' may be written %24.
// Threads: pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/request.h"

namespace emulator::api {

struct Parameter {
  bool is_there = false;
  // Decoded. nullopt: the parameter is missing, repeated, or has a malformed '%'.
  std::optional<std::string> value;
};
Parameter FindParameter(const http::Request& request, std::string_view name);

}  // namespace emulator::api
