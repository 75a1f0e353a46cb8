#include "world/fixture_file.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "embedded.h"
#include "world/fixture_json.h"
#include "world/json_text.h"
#include "world/nearest_name.h"

namespace emulator {

namespace {

using nlohmann::json;
using Pointer = json::json_pointer;

constexpr size_t kMostSentences = 20;
// Each costs a walk through the text for its line; a file may be wrong in a million places.
constexpr size_t kMostDefects = 100;

// JSON pointer and sentence of each.
using Defects = std::vector<std::pair<std::string, std::string>>;

std::string JoinLines(const std::vector<FixtureDefect>& defects) {
  std::string text;
  for (const FixtureDefect& defect : defects) text += (text.empty() ? "" : "\n") + defect.Told();
  return text;
}

// A value as a message shows it: short.
std::string Shown(const json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "a list";
  std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

std::vector<std::string> Names(const json& schema) {
  std::vector<std::string> names;
  if (const auto properties = schema.find("properties"); properties != schema.end())
    for (const auto& [name, _] : properties->items()) names.push_back(name);
  return names;
}

std::string Listed(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

// Explains, from the schema, what is wrong at a place that valijson refused. The schema is the one
// place that says what is right: its descriptions are worded for these sentences.
class Explainer {
 public:
  Explainer(const json& schema, const json& document) : schema_(schema), document_(document) {}

  // What is wrong with the value at a pointer itself. None
  // when only something inside of it is wrong.
  Defects Explain(const Pointer& pointer) const {
    const json& value = document_.at(pointer);
    const json& rule = RuleFor(pointer);
    if (!value.is_object() || Text(rule, "type") != "object")
      return ExplainPlain(pointer.to_string(), value, rule);

    Defects defects;
    const auto names = Names(rule);
    for (const auto& [member, _] : value.items())
      if (!rule["properties"].contains(member))
        defects.emplace_back(pointer.to_string() + "/" + PointerStep(member),
                             "unknown member \"" + member + "\"." + DidYouMean(member, names) +
                                 " Known here: " + Listed(names) + ".");
    for (const auto& required : rule.value("required", json::array()))
      if (!value.contains(required.get<std::string>()))
        defects.emplace_back(pointer.to_string(), "the member \"" + required.get<std::string>() +
                                                      "\" is missing; add " +
                                                      WantedMember(rule, required) + ".");
    if (value.size() < rule.value("minProperties", size_t{0}))
      defects.emplace_back(pointer.to_string(),
                           "is empty; wanted: " + Text(rule, "description") + ".");
    return defects;
  }

 private:
  static std::string Text(const json& rule, const char* member) {
    return rule.value(member, std::string());
  }

  std::string WantedMember(const json& rule, const std::string& member) const {
    return Text(Resolve(rule["properties"][member]), "description");
  }

  static Defects ExplainPlain(const std::string& pointer, const json& value, const json& rule) {
    if (value.is_array() && Text(rule, "type") == "array") {
      if (value.size() < rule.value("minItems", size_t{0}))
        return {{pointer, "is empty; wanted: " + Text(rule, "description") + "."}};
      return {};
    }
    std::string wanted = Text(rule, "description");
    std::string hint;
    if (const auto choices = rule.find("enum"); choices != rule.end()) {
      const auto names = choices->get<std::vector<std::string>>();
      wanted = "one of " + Listed(names);
      if (value.is_string()) hint = DidYouMean(value.get<std::string>(), names);
    }
    // JSON Schema's mark of a secret: what was written is not shown.
    const bool is_secret = rule.value("writeOnly", false);
    const std::string found = is_secret ? "does not fit" : "is " + Shown(value);
    return {{pointer, found + "; wanted: " + wanted + "." + hint}};
  }

  // The rule that judges the value at a pointer: the schema followed along the same steps.
  const json& RuleFor(const Pointer& pointer) const {
    std::vector<std::string> steps;
    for (Pointer rest = pointer; !rest.empty(); rest.pop_back())
      steps.insert(steps.begin(), rest.back());

    const json* rule = &Choose(schema_, document_);
    Pointer at;
    for (const std::string& step : steps) {
      at /= document_.at(at).is_array() ? Pointer("/" + step) : Pointer("/" + PointerStep(step));
      const bool in_list = rule->contains("items");
      rule = &Choose(in_list ? (*rule)["items"] : (*rule)["properties"][step], document_.at(at));
    }
    return *rule;
  }

  // Follows a rule's if/then/else for a value, and its $ref.
  const json& Choose(const json& rule, const json& value) const {
    if (!rule.contains("if")) return Resolve(rule);
    const bool fits =
        value.is_object() && value.contains(rule["if"]["required"][0].get<std::string>());
    return Resolve(rule[fits ? "then" : "else"]);
  }
  const json& Resolve(const json& rule) const {
    const auto reference = rule.find("$ref");
    if (reference == rule.end()) return rule;
    return schema_.at(Pointer(reference->get<std::string>().substr(1)));  // "#/definitions/..."
  }

  const json& schema_;
  const json& document_;
};

// The schema, parsed once for all files of a world.
class ShapeJudge {
 public:
  ShapeJudge() : document_(json::parse(embedded::kFixturesSchema)) {
    const valijson::adapters::NlohmannJsonAdapter adapter(document_);
    valijson::SchemaParser().populateSchema(adapter, schema_);
  }

  // In no order.
  Defects Judge(const json& document) const {
    valijson::ValidationResults results;
    const valijson::adapters::NlohmannJsonAdapter adapter(document);
    if (valijson::Validator().validate(schema_, adapter, &results)) return {};

    const Explainer explainer(document_, document);
    Defects defects;
    std::set<std::string> seen;
    for (valijson::ValidationResults::Error error;
         defects.size() < kMostDefects && results.popError(error);) {
      const Pointer pointer = ToPointer(error.context);
      if (!seen.insert(pointer.to_string()).second) continue;
      for (auto& defect : explainer.Explain(pointer)) defects.push_back(std::move(defect));
    }
    if (defects.empty())  // a rule of the schema that Explain does not know
      defects.emplace_back("", "does not fit the schema that `export-emulator schema` prints.");
    return defects;
  }

 private:
  // valijson's context is "<root>", "[connections]", "[0]", ...
  static Pointer ToPointer(const std::vector<std::string>& context) {
    std::string text;
    for (size_t i = 1; i < context.size(); ++i)
      text += "/" + PointerStep(std::string_view(context[i]).substr(1, context[i].size() - 2));
    return Pointer(text);
  }

  json document_;
  valijson::Schema schema_;
};

// Times that have the right form and still are none, such as the 30th of February.
Defects JudgeTimes(const json& document) {
  Defects defects;
  const auto tokens = document.find("tokens");
  if (tokens == document.end()) return defects;
  for (size_t i = 0; i < tokens->size(); ++i)
    for (const char* member : {"notBefore", "expires"}) {
      const auto time = (*tokens)[i].find(member);
      if (time == (*tokens)[i].end() || ParseTime(time->get_ref<const std::string&>())) continue;
      defects.emplace_back(
          "/tokens/" + std::to_string(i) + "/" + member,
          "is \"" + time->get<std::string>() +
              "\", which is no time; wanted: a time such as \"2030-01-01T00:00:00Z\".");
    }
  return defects;
}

// What is wrong with the shape of a document of fixtures, in no order.
Defects JudgeShape(const json& document) {
  static const ShapeJudge kJudge;
  auto defects = kJudge.Judge(document);
  return defects.empty() ? JudgeTimes(document) : defects;
}

// Adds those of one text, in the order of its lines.
void Add(const FixtureSet& set, size_t file, Defects found, std::vector<FixtureDefect>& defects) {
  std::vector<FixtureDefect> of_text;
  for (auto& [pointer, sentence] : found)
    of_text.push_back(set.DefectAt(file, std::move(pointer), std::move(sentence)));
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
void Take(json& document, size_t file, Section<Row>& section) {
  const auto items = document.find(section.name);
  if (items == document.end()) return;
  section.items.reserve(section.items.size() + items->size());
  for (size_t position = 0; position < items->size(); ++position) {
    section.items.push_back({RowOf<Row>((*items)[position]), file, position});
    (*items)[position] = nullptr;
  }
}

void TakeAll(json document, size_t file, FixtureSet& set) {
  Take(document, file, set.connections);
  Take(document, file, set.users);
  Take(document, file, set.clients);
  Take(document, file, set.tokens);
}

// Where the items of a kind stand in a file, and the member that is their key.
struct ItemNames {
  const char* section;
  const char* key;
};
ItemNames NamesOf(Kind kind) {
  switch (kind) {
    case Kind::kConnection:
      return {"connections", "id"};
    case Kind::kUser:
      return {"users", "id"};
    case Kind::kClient:
      return {"clients", "id"};
    case Kind::kToken:
      return {"tokens", "name"};
  }
  return {"", ""};
}

// Gives an item its key where it has none. A defect where it has another one.
Defects SetKey(json& item, Kind kind, const std::string& key) {
  const bool is_wrapped =
      kind == Kind::kConnection && item.is_object() && item.contains("connection");
  json& members = is_wrapped ? item["connection"] : item;
  if (!members.is_object()) return {};  // for the schema to refuse
  const char* const name = NamesOf(kind).key;
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
        Add(set, file, std::move(found), defects);
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
    const std::string section = NamesOf(kind).section;
    json document = {{section, json::array({std::move(item)})}};
    const size_t prefix = ("/" + section + "/0").size();
    for (auto& [pointer, sentence] : JudgeShape(document))
      found.emplace_back(pointer.substr(prefix), std::move(sentence));
    if (found.empty()) TakeAll(std::move(document), 0, set);
    Add(set, 0, std::move(found), defects);
  } catch (const JsonTextError& error) {
    defects.push_back(DefectOf(set.texts[0], error));
  }
  ThrowIfAny(std::move(defects));
  return set;
}

}  // namespace emulator
