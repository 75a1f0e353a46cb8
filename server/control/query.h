// The query of the emulator's own calls: names compare without case, each at most once, and an
// unknown one is refused, never passed over.
// Threads: values.
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
  // nullptr: it was not given.
  const std::string* Find(std::string_view name) const;

 private:
  friend std::variant<Query, http::Response> ReadQuery(const http::Request&,
                                                       std::span<const std::string_view>);
  std::map<std::string, std::string, std::less<>> values_;  // by the names as the call knows them
};

// Or the 422 that says what is wrong with it.
std::variant<Query, http::Response> ReadQuery(const http::Request& request,
                                              std::span<const std::string_view> known);

}  // namespace emulator::control
