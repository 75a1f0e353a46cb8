// JSON text that people write: read strictly, and with places to point at.
// Threads: functions of their arguments.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace emulator {

// What is wrong with a text, and where: its line (from 1) and, where it has one, its JSON pointer.
// what() is a sentence without the place, and without anything of the text that could be a secret.
class JsonTextError : public std::runtime_error {
 public:
  JsonTextError(const std::string& sentence, size_t line, std::string pointer = "")
      : std::runtime_error(sentence), line_(line), pointer_(std::move(pointer)) {}
  size_t line() const { return line_; }
  const std::string& pointer() const { return pointer_; }

 private:
  size_t line_;
  std::string pointer_;
};

// Beyond RFC 8259: no member twice in an object (nlohmann keeps the last in silence), no text over
// 4,096 bytes and no nesting over 32 levels (both guard what reads the document after us).
// Throws JsonTextError.
nlohmann::json ParseStrictJson(std::string_view text);

// The line (from 1) where the value at a JSON pointer (RFC 6901) begins, or its key where it has
// one. The last line when the pointer leads nowhere. REQUIRES: a text that ParseStrictJson takes.
size_t LineOf(std::string_view text, std::string_view pointer);

// One step of a JSON pointer, with '~' and '/' escaped.
std::string PointerStep(std::string_view member);

}  // namespace emulator
