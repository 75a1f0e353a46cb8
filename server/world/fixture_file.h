// Fixture files: JSON that people write, checked in full before anything is stored. The shape is
// schema/fixtures.schema.json's, judged by valijson; this file turns its verdict into sentences.
// Threads: values and functions.
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "world/rows.h"

namespace emulator {

// A file, or standard input, as it was read.
struct FixtureText {
  std::string name;  // what messages call it
  std::string text;
  bool is_item = false;  // it is one item of a section, and pointers into it start there
};

// One thing that is wrong with fixtures.
struct FixtureDefect {
  std::string file;  // FixtureText::name; empty: it came from no text
  size_t line = 0;   // from 1; 0: not of one line
  std::optional<std::string>
      pointer{};         // RFC 6901; "": the text as a whole; absent: no value of it
  std::string sentence;  // what is wrong and what would be right, without the place

  // "fixtures.json:12: /connections/3: another ..."
  std::string Told() const;
};

// Something is wrong with fixtures. what() holds all defects as Told, one a line.
class FixtureError : public std::runtime_error {
 public:
  explicit FixtureError(std::vector<FixtureDefect> defects);
  // At least one.
  const std::vector<FixtureDefect>& defects() const { return *defects_; }

 private:
  std::shared_ptr<const std::vector<FixtureDefect>> defects_;  // shared: copying does not throw
};

// So many defects, or doubts, are told of one world at once.
inline constexpr size_t kMostSentences = 20;

// The rows of one section of all files, with where each came from.
template <typename Row>
struct Section {
  struct Item {
    Row row;
    size_t file;      // index into FixtureSet::texts, which holds none of rows from a store
    size_t position;  // index in that file's section
  };
  const char* name;  // "connections", ...
  std::vector<Item> items;
};

// The rows of one world, from one or several files. Shapes are checked; what rows say of each
// other (ids twice, references) is judged when they are stored.
struct FixtureSet {
  std::vector<FixtureText> texts;
  Section<Connection> connections{"connections", {}};
  Section<User> users{"users", {}};
  Section<Client> clients{"clients", {}};
  Section<Token> tokens{"tokens", {}};
  Section<Run> runs{"runs", {}};
  Section<RunPlan> run_plans{"runPlans", {}};

  // Of an item, or of a part of it: `member` is a pointer into the item, such as "/id", or empty.
  template <typename Row>
  FixtureDefect DefectOf(const Section<Row>& section, const typename Section<Row>::Item& item,
                         const std::string& member, const std::string& sentence) const {
    return DefectAt(item.file, SectionPointer(section.name, item.file, item.position) + member,
                    sentence);
  }
  FixtureDefect DefectAt(size_t file, std::string pointer, std::string sentence) const;

 private:
  std::string SectionPointer(const char* section, size_t file, size_t position) const;
};

// Throws FixtureError with all that is wrong in all texts (at most 20 sentences).
FixtureSet ReadFixtures(std::vector<FixtureText> texts);

// A set of the one item that a text is, in its section's shape. Its key (a token's is its name, a
// run plan's its connection) may be left out; where it is there, it is `key`. Throws FixtureError,
// with pointers into the item.
FixtureSet ReadItem(Kind kind, const std::string& key, std::string text);

}  // namespace emulator
