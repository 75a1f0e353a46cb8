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

#include "door/http.h"

namespace emulator {

class Query {
 public:
  // nullptr: it was not given.
  const std::string* Find(std::string_view name) const;

 private:
  friend std::variant<Query, Response> ReadQuery(const Request&, std::span<const std::string_view>);
  std::map<std::string, std::string, std::less<>> values_;  // by the names as the call knows them
};

// Or the 422 that says what is wrong with it.
std::variant<Query, Response> ReadQuery(const Request& request,
                                        std::span<const std::string_view> known);

// A whole number within bounds; nullopt when the text is none.
std::optional<uint64_t> WholeNumber(std::string_view text, uint64_t least, uint64_t most);

}  // namespace emulator
