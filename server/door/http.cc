#include "door/http.h"

#include <algorithm>

namespace emulator {

namespace {

char LowerAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return LowerAscii(x) == LowerAscii(y); });
}

void Headers::Add(std::string name, std::string value) {
  fields_.push_back({std::move(name), std::move(value)});
}

void Headers::Set(std::string_view name, std::string value) {
  std::erase_if(fields_, [&](const Header& f) { return EqualIgnoringCase(f.name, name); });
  Add(std::string(name), std::move(value));
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

std::string_view Request::Path() const {
  return std::string_view(target).substr(0, target.find('?'));
}

}  // namespace emulator
