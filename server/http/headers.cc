#include "http/headers.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace emulator::http {

namespace {

constexpr auto kTokenChars = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

}  // namespace

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return kTokenChars[static_cast<unsigned char>(c)];
  });
}

void Headers::Add(std::string name, std::string value) {
  fields_.push_back({std::move(name), std::move(value)});
}

void Headers::Set(std::string_view name, std::string value) {
  Remove(name);
  Add(std::string(name), std::move(value));
}

void Headers::Remove(std::string_view name) {
  std::erase_if(fields_, [&](const Header& f) { return EqualIgnoringCase(f.name, name); });
}

const std::string* Headers::Find(std::string_view name) const {
  for (const Header& field : fields_)
    if (EqualIgnoringCase(field.name, name)) return &field.value;
  return nullptr;
}

size_t Headers::Count(std::string_view name) const {
  return static_cast<size_t>(std::count_if(
      begin(), end(), [&](const Header& f) { return EqualIgnoringCase(f.name, name); }));
}

}  // namespace emulator::http
