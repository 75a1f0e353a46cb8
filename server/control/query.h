// The query of a control call. Names compare without case; an unknown or repeated parameter is
// refused.
// Threads: values and pure functions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/request.h"
#include "http/response.h"

namespace emulator::control {

class Query {
 public:
  // nullptr: not given.
  const std::string* Find(std::string_view name) const;

 private:
  friend std::variant<Query, http::Response> ReadQuery(const http::Request&,
                                                       std::span<const std::string_view>);
  std::map<std::string, std::string, std::less<>> values_;  // by the names in the call's spelling
};

// `known`: the parameters of the call. Returns the query, or a 422 that explains its error.
std::variant<Query, http::Response> ReadQuery(const http::Request& request,
                                              std::span<const std::string_view> known);

}  // namespace emulator::control
