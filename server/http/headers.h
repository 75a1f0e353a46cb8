// Header fields of requests and responses.
// Threads: values.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emulator::http {

// A name as header fields and methods have (RFC 9110 section 5.6.2); not empty.
bool IsToken(std::string_view text);

struct Header {
  std::string name;
  std::string value;
};

// Header fields in the order they came. Names compare without case; a name may occur repeatedly.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> fields) : fields_(fields) {}

  void Add(std::string name, std::string value);
  // Replaces every field of that name by one.
  void Set(std::string_view name, std::string value);
  // Every field of that name.
  void Remove(std::string_view name);

  // The first value of that name; nullptr when there is none. Valid until the headers change.
  const std::string* Find(std::string_view name) const;
  size_t Count(std::string_view name) const;

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  void Reserve(size_t fields) { fields_.reserve(fields); }

 private:
  std::vector<Header> fields_;
};

}  // namespace emulator::http
