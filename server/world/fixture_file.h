// Fixture files: JSON that people write, checked in full before anything is stored. The shape is
// schema/fixtures.schema.json's, judged by valijson; this file turns its verdict into sentences.
// Threads: values and functions.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "world/rows.h"

namespace emulator {

// A file, or standard input, as it was read.
struct FixtureText {
  std::string name;  // what messages call it
  std::string text;
};

// Something is wrong with fixtures. Each sentence names the file, the line, the place (a JSON
// pointer), what is wrong and what would be right; what() holds them all, one a line.
class FixtureError : public std::runtime_error {
 public:
  explicit FixtureError(const std::vector<std::string>& sentences);
};

// The rows of one section of all files, with where each came from.
template <typename Row>
struct Section {
  struct Item {
    Row row;
    size_t file;      // index into FixtureSet::texts
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

  // "fixtures.json:12: /connections/3"; `member` is a pointer into the item, such as "/id", or
  // empty.
  template <typename Row>
  std::string Place(const Section<Row>& section, const typename Section<Row>::Item& item,
                    const std::string& member = "") const {
    return Place(item.file,
                 std::string("/") + section.name + "/" + std::to_string(item.position) + member);
  }
  std::string Place(size_t file, const std::string& pointer) const;
};

// Throws FixtureError with all that is wrong in all texts (at most 20 sentences).
FixtureSet ReadFixtures(std::vector<FixtureText> texts);

}  // namespace emulator
