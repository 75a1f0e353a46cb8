// Header fields of requests and responses.
// Threads: values.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emulator::http {

// True for a token (RFC 9110 section 5.6.2), the form of field names and methods; not empty.
bool IsToken(std::string_view text);

struct Header {
  std::string name;
  std::string value;
};

// Header fields in the order they were sent. Names compare without case; a name may repeat.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> fields) : fields_(fields) {}

  void Add(std::string name, std::string value);
  // Replaces all fields of that name by one.
  void Set(std::string_view name, std::string value);
  // Removes all fields of that name.
  void Remove(std::string_view name);

  // The value of the first field of that name, or nullptr. Valid until the headers change.
  const std::string* Find(std::string_view name) const;
  size_t Count(std::string_view name) const;

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  void Reserve(size_t fields) { fields_.reserve(fields); }

 private:
  std::vector<Header> fields_;
};

}  // namespace emulator::http
