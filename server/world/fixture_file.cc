#include "world/fixture_file.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "embedded.h"
#include "world/fixture_json.h"
#include "world/json_shape.h"
#include "world/json_text.h"

namespace emulator {

namespace {

using nlohmann::json;

using Defects = std::vector<JsonDefect>;

// Names in fixtures are anybody's: none may break a line.
std::string JoinLines(const std::vector<FixtureDefect>& defects) {
  std::string text;
  for (const FixtureDefect& defect : defects) {
    if (!text.empty()) text += '\n';
    for (const char c : defect.Told())
      text += static_cast<unsigned char>(c) < ' ' || c == '\x7f' ? '?' : c;
  }
  return text;
}

// What no schema can say: times that have the right form and still are none, such as the 30th of
// February; a token's name that would show the token in every log.
Defects JudgeTimes(const json& document, const char* section,
                   std::initializer_list<const char*> members) {
  Defects defects;
  const json items = document.value(section, json::array());
  for (size_t i = 0; i < items.size(); ++i)
    for (const char* member : members) {
      const auto time = items[i].find(member);
      if (time == items[i].end() || ParseTime(time->get_ref<const std::string&>())) continue;
      defects.push_back(
          {std::string("/") + section + "/" + std::to_string(i) + "/" + member,
           "is \"" + time->get<std::string>() +
               "\", which is no time; wanted: a time such as \"2030-01-01T00:00:00Z\"."});
    }
  return defects;
}

Defects JudgeNames(const json& document) {
  Defects defects;
  const auto tokens = document.find("tokens");
  for (size_t i = 0; tokens != document.end() && i < tokens->size(); ++i)
    if (const json& token = (*tokens)[i]; token.contains("name") && token["name"] == token["token"])
      defects.push_back({"/tokens/" + std::to_string(i) + "/name",
                         "is the token itself, which logs would then show; give it another name."});
  return defects;
}

// What is wrong with the shape of a document of fixtures, in no order.
Defects JudgeShape(const json& document) {
  static const JsonShape kShape(embedded::kFixturesSchema);
  auto defects = kShape.Judge(document);
  if (!defects.empty()) return defects;
  for (Defects& found :
       std::array{JudgeTimes(document, "tokens", {"notBefore", "expires"}), JudgeNames(document),
                  JudgeTimes(document, "runs", {"startDateTime"})})
    std::move(found.begin(), found.end(), std::back_inserter(defects));
  return defects;
}

// Adds those of one text, in the order of its lines.
void AddDefects(const FixtureSet& set, size_t file, const Defects& found,
                std::vector<FixtureDefect>& defects) {
  std::vector<FixtureDefect> of_text;
  for (const JsonDefect& defect : found)
    of_text.push_back(set.DefectAt(file, defect.pointer, defect.sentence));
  std::stable_sort(of_text.begin(), of_text.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  std::move(of_text.begin(), of_text.end(), std::back_inserter(defects));
}

FixtureDefect DefectOf(const FixtureText& text, const JsonTextError& error) {
  FixtureDefect defect{.file = text.name, .line = error.line(), .sentence = error.what()};
  if (!error.pointer().empty()) defect.pointer = error.pointer();
  return defect;
}

void ThrowIfAny(std::vector<FixtureDefect> defects) {
  if (defects.size() > kMostSentences) defects.resize(kMostSentences);
  if (!defects.empty()) throw FixtureError(std::move(defects));
}

// Empties what it has taken: a large document is not in memory twice.
template <typename Row>
void TakeSection(json& document, size_t file, Section<Row>& section) {
  const auto items = document.find(section.name);
  if (items == document.end()) return;
  section.items.reserve(section.items.size() + items->size());
  for (size_t position = 0; position < items->size(); ++position) {
    section.items.push_back({RowOf<Row>((*items)[position]), file, position});
    (*items)[position] = nullptr;
  }
}

void TakeAll(json document, size_t file, FixtureSet& set) {
  TakeSection(document, file, set.connections);
  TakeSection(document, file, set.users);
  TakeSection(document, file, set.clients);
  TakeSection(document, file, set.tokens);
  TakeSection(document, file, set.runs);
  TakeSection(document, file, set.run_plans);
}

// Where the items of a kind stand in a file, and the member that is their key.
struct ItemNames {
  const char* section;
  const char* key;
};
ItemNames ItemNamesOf(Kind kind) {
  switch (kind) {
    case Kind::kConnection:
      return {"connections", "id"};
    case Kind::kUser:
      return {"users", "id"};
    case Kind::kClient:
      return {"clients", "id"};
    case Kind::kToken:
      return {"tokens", "name"};
    case Kind::kRun:
      return {"runs", "id"};
    case Kind::kRunPlan:
      return {"runPlans", "connectionId"};
  }
  return {"", ""};
}

// What JSON can hold.
bool IsUtf8(const std::string& text) {
  try {
    (void)json(text).dump();
    return true;
  } catch (const json::type_error&) {
    return false;
  }
}

// Gives an item its key where it has none. A defect where it has another one.
Defects SetKey(json& item, Kind kind, const std::string& key) {
  const bool is_wrapped =
      kind == Kind::kConnection && item.is_object() && item.contains("connection");
  json& members = is_wrapped ? item["connection"] : item;
  if (!members.is_object()) return {};  // for the schema to refuse
  if (!IsUtf8(key)) return {{"", "cannot be named as the path says: the name is no UTF-8."}};
  const char* const name = ItemNamesOf(kind).key;
  if (!members.contains(name)) members[name] = key;
  const json& found = members[name];
  if (!found.is_string() || found == key) return {};
  return {{std::string(is_wrapped ? "/connection/" : "/") + name,
           "is " + found.dump(-1, ' ', true, json::error_handler_t::replace) +
               ", and the path says " +
               json(key).dump(-1, ' ', true, json::error_handler_t::replace) +
               "; leave it out, or let the two be the same."}};
}

}  // namespace

std::string FixtureDefect::Told() const {
  std::string place = file;
  if (line > 0) place += ":" + std::to_string(line);
  if (pointer) place += (place.empty() ? "" : ": ") + (pointer->empty() ? "/" : *pointer);
  return place.empty() ? sentence : place + ": " + sentence;
}

FixtureError::FixtureError(std::vector<FixtureDefect> defects)
    : std::runtime_error(JoinLines(defects)),
      defects_(std::make_shared<const std::vector<FixtureDefect>>(std::move(defects))) {}

std::string FixtureSet::SectionPointer(const char* section, size_t file, size_t position) const {
  if (file < texts.size() && texts[file].is_item) return "";
  return std::string("/") + section + "/" + std::to_string(position);
}

FixtureDefect FixtureSet::DefectAt(size_t file, std::string pointer, std::string sentence) const {
  FixtureDefect defect{.pointer = std::move(pointer), .sentence = std::move(sentence)};
  if (file < texts.size()) {
    defect.file = texts[file].name;
    defect.line = LineOf(texts[file].text, *defect.pointer);
  }
  return defect;
}

FixtureSet ReadFixtures(std::vector<FixtureText> texts) {
  FixtureSet set;
  set.texts = std::move(texts);
  std::vector<FixtureDefect> defects;
  for (size_t file = 0; file < set.texts.size(); ++file) {
    try {
      json document = ParseStrictJson(set.texts[file].text);
      if (auto found = JudgeShape(document); !found.empty())
        AddDefects(set, file, found, defects);
      else
        TakeAll(std::move(document), file, set);
    } catch (const JsonTextError& error) {
      defects.push_back(DefectOf(set.texts[file], error));
    }
  }
  ThrowIfAny(std::move(defects));
  return set;
}

FixtureSet ReadItem(Kind kind, const std::string& key, std::string text) {
  FixtureSet set;
  set.texts.push_back({.name = "the body", .text = std::move(text), .is_item = true});
  std::vector<FixtureDefect> defects;
  try {
    json item = ParseStrictJson(set.texts[0].text);
    Defects found = SetKey(item, kind, key);
    const std::string section = ItemNamesOf(kind).section;
    json document = {{section, json::array({std::move(item)})}};
    const size_t prefix = ("/" + section + "/0").size();
    for (JsonDefect& defect : JudgeShape(document))
      found.push_back({defect.pointer.substr(prefix), std::move(defect.sentence)});
    if (found.empty()) TakeAll(std::move(document), 0, set);
    AddDefects(set, 0, found, defects);
  } catch (const JsonTextError& error) {
    defects.push_back(DefectOf(set.texts[0], error));
  }
  ThrowIfAny(std::move(defects));
  return set;
}

}  // namespace emulator
