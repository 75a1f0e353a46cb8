// A strict parser for JSON that people write, with the places of errors.
// Threads: pure functions.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace emulator {

// A text is not valid. what() is a sentence without the place and without any part of the text that
// could be a secret. The place is a line (from 1) and, if known, a JSON pointer.
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

// Stricter than RFC 8259: an object may not repeat a member (nlohmann silently keeps the last one),
// a string has at most 4,096 bytes, and nesting at most 32 levels (both protect later readers of
// the document). Throws JsonTextError.
nlohmann::json ParseStrictJson(std::string_view text);

// The line (from 1) where the value at a JSON pointer (RFC 6901) begins, or its key if it has one.
// The last line if the pointer does not exist. REQUIRES: ParseStrictJson accepts the text.
size_t LineOf(std::string_view text, std::string_view pointer);

// A member name as a step of a JSON pointer: '~' and '/' escaped.
std::string PointerStep(std::string_view member);

}  // namespace emulator
