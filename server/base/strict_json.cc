#include "base/strict_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <vector>

namespace emulator {

namespace {

using nlohmann::json;

constexpr size_t kLongestText = 4096;
constexpr size_t kDeepestNesting = 32;

// nlohmann reports no positions, but it reads through an iterator: this one records how far it
// read.
class CountingIterator {
 public:
  using difference_type = std::ptrdiff_t;
  using value_type = char;
  using pointer = const char*;
  using reference = const char&;
  using iterator_category = std::input_iterator_tag;

  CountingIterator(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    *furthest_ = ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    auto old = *this;
    ++*this;
    return old;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** furthest_;
};

// The sentence of a message such as
// "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while parsing
// value - invalid literal; last read: 'x'": without the tag, the place, and the text that was read,
// which may be a secret.
std::string SentenceOf(std::string_view message) {
  if (message.starts_with('['))
    message.remove_prefix(std::min(message.find("] "), message.size() - 2) + 2);
  if (message.starts_with("parse error"))
    message.remove_prefix(std::min(message.find(": "), message.size() - 2) + 2);
  return std::string(message.substr(0, message.find("; last read: ")));
}

// Parses a text and knows the line and the pointer of the value that is being read.
class Walk : public nlohmann::json_sax<json> {
 public:
  explicit Walk(std::string_view text) : text_(text), furthest_(text.data()) {}

  // False if the text is not JSON or a callback stopped the walk.
  bool Run() {
    return json::sax_parse(CountingIterator(text_.data(), &furthest_),
                           CountingIterator(text_.data() + text_.size(), &furthest_), this);
  }

  bool null() override { return Value(0); }
  bool boolean(bool) override { return Value(0); }
  bool number_integer(number_integer_t) override { return Value(0); }
  bool number_unsigned(number_unsigned_t) override { return Value(0); }
  bool number_float(number_float_t, const string_t&) override { return Value(0); }
  bool string(string_t& value) override { return Value(value.size()); }
  bool binary(binary_t&) override { return Value(0); }
  bool start_object(size_t) override { return Value(0) && Open(true); }
  bool start_array(size_t) override { return Value(0) && Open(false); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }
  bool key(string_t& name) override {
    levels_.back().step = name;
    return OnKey(name);
  }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception& error) override {
    error_ = SentenceOf(error.what());
    return false;
  }

  // The line of the last character but one: the parser may have read one past the value.
  size_t Line() const {
    const char* const end = std::max(text_.data(), furthest_ - 1);
    return 1 + static_cast<size_t>(std::count(text_.data(), end, '\n'));
  }
  const std::string& error() const { return error_; }

 protected:
  virtual bool OnKey(const std::string& name) = 0;
  // A value begins. `text_size` is 0 unless the value is a string.
  virtual bool OnValue(size_t text_size) = 0;
  virtual bool OnOpen() { return true; }
  virtual void OnClose() {}

  size_t depth() const { return levels_.size(); }
  std::string Pointer() const {
    std::string pointer;
    for (const Level& level : levels_)
      pointer += '/' + (level.object ? PointerStep(level.step) : std::to_string(level.index));
    return pointer;
  }

 private:
  struct Level {
    bool object;
    std::string step;
    size_t index = 0;
    bool begun = false;
  };

  bool Value(size_t text_size) {
    if (!levels_.empty() && !levels_.back().object) {
      if (levels_.back().begun) ++levels_.back().index;
      levels_.back().begun = true;
    }
    return OnValue(text_size);
  }
  bool Open(bool object) {
    levels_.push_back({.object = object, .step = {}});
    return OnOpen();
  }
  bool Close() {
    levels_.pop_back();
    OnClose();
    return true;
  }

  std::string_view text_;
  const char* furthest_;
  std::vector<Level> levels_;
  std::string error_;
};

class StrictWalk final : public Walk {
 public:
  using Walk::Walk;
  const std::string& refusal() const { return refusal_; }
  const std::string& refused_at() const { return refused_at_; }

 private:
  bool Refuse(std::string sentence) {
    refusal_ = std::move(sentence);
    refused_at_ = Pointer();
    return false;
  }
  bool OnKey(const std::string& name) override {
    if (!members_.back().insert(name).second)
      return Refuse("the member \"" + name.substr(0, 64) +
                    "\" is there twice; keep one of the two.");
    return OnValue(name.size());
  }
  bool OnValue(size_t text_size) override {
    if (text_size > kLongestText)
      return Refuse("a text of " + std::to_string(text_size) + " bytes; at most " +
                    std::to_string(kLongestText) + " are taken.");
    return true;
  }
  bool OnOpen() override {
    members_.emplace_back();
    if (depth() > kDeepestNesting)
      return Refuse("nested deeper than " + std::to_string(kDeepestNesting) + " levels.");
    return true;
  }
  void OnClose() override { members_.pop_back(); }

  std::vector<std::unordered_set<std::string>> members_;
  std::string refusal_;
  std::string refused_at_;
};

class FindWalk final : public Walk {
 public:
  FindWalk(std::string_view text, std::string_view pointer) : Walk(text), wanted_(pointer) {}

 private:
  bool OnKey(const std::string&) override { return Pointer() != wanted_; }
  bool OnValue(size_t) override { return Pointer() != wanted_; }

  std::string_view wanted_;
};

}  // namespace

json ParseStrictJson(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    throw JsonTextError("is empty; wanted: JSON, at least {}.", 1);
  StrictWalk walk(text);
  if (!walk.Run()) {
    if (!walk.refusal().empty())
      throw JsonTextError(walk.refusal(), walk.Line(), walk.refused_at());
    throw JsonTextError("is not JSON: " + walk.error() + ".", walk.Line());
  }
  // nlohmann takes a NUL for the end of the text.
  if (const size_t nul = text.find('\0'); nul != std::string_view::npos) {
    const auto line =
        1 + std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(nul), '\n');
    throw JsonTextError("is not JSON: a NUL behind its end.", static_cast<size_t>(line));
  }
  return json::parse(text);
}

size_t LineOf(std::string_view text, std::string_view pointer) {
  FindWalk walk(text, pointer);
  walk.Run();
  return walk.Line();
}

std::string PointerStep(std::string_view member) {
  std::string step;
  for (const char c : member) {
    if (c == '~')
      step += "~0";
    else if (c == '/')
      step += "~1";
    else
      step += c;
  }
  return step;
}

}  // namespace emulator
