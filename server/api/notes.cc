#include "api/notes.h"

#include <algorithm>
#include <optional>

#include "api/operations.h"

namespace emulator {

namespace {

constexpr Source kNewerScope{'D', "newer copies of the page", "itwin-platform"};
constexpr std::string_view kMediaType = "application/vnd.bentley.itwin-platform.v1+json";

std::string Quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

std::vector<std::string> QueryNames(std::string_view target) {
  std::vector<std::string> names;
  for (const auto& [name, _] : QueryParts(target))
    if (!name.empty()) names.push_back(PercentDecode(name).value_or(std::string(name)));
  return names;
}

struct NoteRow {
  std::string_view word;
  Source source;
  // The sentence, or nothing.
  std::optional<std::string> (*look)(const JournalEntry& entry, const Operation& operation);
};

constexpr Source kParameters{'D', sources::kPage, "Request parameters"};

constexpr NoteRow kNotes[] = {
    {"accept-missing", sources::kAccept,
     [](const JournalEntry& entry, const Operation&) -> std::optional<std::string> {
       if (!entry.headers.Find("Accept").empty()) return std::nullopt;
       return "The page requires the header Accept; there is none.";
     }},
    {"accept-other", sources::kAccept,
     [](const JournalEntry& entry, const Operation&) -> std::optional<std::string> {
       const auto values = entry.headers.Find("Accept");
       const auto is_recommended = [](std::string_view value) {
         return value.find(kMediaType) != std::string_view::npos;
       };
       if (values.empty() || std::any_of(values.begin(), values.end(), is_recommended))
         return std::nullopt;
       return "The page recommends Accept: " + std::string(kMediaType) + "; it is " +
              std::string(values[0]) + ".";
     }},
    {"scope-older", kNewerScope,
     [](const JournalEntry& entry, const Operation& operation) -> std::optional<std::string> {
       const std::string granted = " " + std::string(entry.scopes) + " ";
       if (entry.scopes.empty() || granted.find(" itwin-platform ") != std::string::npos ||
           granted.find(" " + std::string(operation.scope) + " ") == std::string::npos)
         return std::nullopt;
       return "The token has the scope of the older page alone; newer ones ask for "
              "itwin-platform.";
     }},
    {"query-unknown", kParameters,
     [](const JournalEntry& entry, const Operation&) -> std::optional<std::string> {
       std::string list;
       for (const std::string& name : QueryNames(entry.target))
         list.append(list.empty() ? "" : ", ").append(Quoted(name));
       if (list.empty()) return std::nullopt;
       return "The page knows no query parameter " + list + ".";
     }},
    {"body-ignored", kParameters,
     [](const JournalEntry& entry, const Operation&) -> std::optional<std::string> {
       if (entry.body.size == 0) return std::nullopt;
       return "The page knows no body; " + std::to_string(entry.body.size) + " bytes came.";
     }},
};

}  // namespace

std::vector<Note> NotesOn(const JournalEntry& entry) {
  std::vector<Note> notes;
  if (const Operation* operation = FindOperation(entry.operation))
    for (const NoteRow& row : kNotes)
      if (auto sentence = row.look(entry, *operation))
        notes.push_back({row.word, std::move(*sentence), row.source});
  return notes;
}

std::vector<std::string> NoteWords() {
  std::vector<std::string> words;
  for (const NoteRow& row : kNotes) words.emplace_back(row.word);
  return words;
}

}  // namespace emulator
