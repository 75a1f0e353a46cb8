#include "world/fixture_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "embedded.h"
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

// Names in fixtures are anybody's: none may break a line.
std::string JoinLines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    if (!text.empty()) text += '\n';
    for (const char c : line) text += static_cast<unsigned char>(c) < ' ' ? '?' : c;
  }
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

std::optional<std::string> OptionalText(const json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end()) return std::nullopt;
  return found->get<std::string>();
}

std::vector<std::string> Texts(const json& object, const char* member) {
  return object.value(member, std::vector<std::string>());
}

std::optional<std::string> Link(const json& connection, const char* name) {
  const auto links = connection.find("_links");
  if (links == connection.end() || !links->contains(name)) return std::nullopt;
  return links->at(name).at("href").get<std::string>();
}

Connection ToRow(const json& item, const Connection*) {
  const json& c = item.contains("connection") ? item["connection"] : item;
  return {.id = c["id"],
          .i_model_id = OptionalText(c, "iModelId"),
          .i_twin_id = OptionalText(c, "iTwinId"),
          .display_name = OptionalText(c, "displayName"),
          .authentication_type = OptionalText(c, "authenticationType"),
          .i_model_link = Link(c, "iModel"),
          .i_twin_link = Link(c, "iTwin"),
          .project_link = Link(c, "project"),
          .last_run_link = Link(c, "lastRun")};
}

User ToRow(const json& item, const User*) {
  return {.id = item["id"], .connections = Texts(item, "connections")};
}

Client ToRow(const json& item, const Client*) {
  Client client{.id = item["id"],
                .secret = OptionalText(item, "secret"),
                .tier = item["tier"],
                .user = OptionalText(item, "user"),
                .registered = item.value("registered", true),
                .rate_limits = {},
                .redirect_uris = Texts(item, "redirectUris")};
  for (const json& limit : item.value("rateLimits", json::array()))
    client.rate_limits.push_back(
        {limit["limit"].get<int64_t>(), std::chrono::seconds(limit["seconds"].get<int64_t>())});
  return client;
}

Token ToRow(const json& item, const Token*) {
  return {.token = item["token"],
          .name = item.value("name", ""),
          .user = OptionalText(item, "user"),
          .client = item["client"],
          .scopes = Texts(item, "scopes"),
          .issuer = OptionalText(item, "issuer"),
          .not_before = OptionalText(item, "notBefore"),
          .expires = OptionalText(item, "expires")};
}

// Times that have the right form and still are none, such as the 30th of February.
Defects JudgeTimes(const json& document) {
  Defects defects;
  const json tokens = document.value("tokens", json::array());
  for (size_t i = 0; i < tokens.size(); ++i)
    for (const char* member : {"notBefore", "expires"})
      if (const auto text = OptionalText(tokens[i], member); text && !ParseTime(*text))
        defects.emplace_back(
            "/tokens/" + std::to_string(i) + "/" + member,
            "is \"" + *text +
                "\", which is no time; wanted: a time such as \"2030-01-01T00:00:00Z\".");
  return defects;
}

// The sentences of one file's defects, in the order of its lines.
std::vector<std::string> Told(const FixtureSet& set, size_t file, const Defects& defects) {
  std::vector<std::pair<size_t, std::string>> lines;
  for (const auto& [pointer, sentence] : defects)
    lines.emplace_back(LineOf(set.texts[file].text, pointer),
                       set.Place(file, pointer) + ": " + sentence);
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> sentences;
  for (auto& [_, sentence] : lines) sentences.push_back(std::move(sentence));
  return sentences;
}

template <typename Row>
void Append(Section<Row>& section, const json& document, size_t file) {
  const auto items = document.find(section.name);
  if (items == document.end()) return;
  for (size_t position = 0; position < items->size(); ++position)
    section.items.push_back(
        {ToRow((*items)[position], static_cast<const Row*>(nullptr)), file, position});
}

}  // namespace

FixtureError::FixtureError(const std::vector<std::string>& sentences)
    : std::runtime_error(JoinLines(sentences)) {}

std::string FixtureSet::Place(size_t file, const std::string& pointer) const {
  const FixtureText& text = texts[file];
  return text.name + ":" + std::to_string(LineOf(text.text, pointer)) + ": " +
         (pointer.empty() ? "/" : pointer);
}

FixtureSet ReadFixtures(std::vector<FixtureText> texts) {
  FixtureSet set;
  set.texts = std::move(texts);
  const ShapeJudge judge;
  std::vector<std::string> sentences;
  for (size_t file = 0; file < set.texts.size(); ++file) {
    const FixtureText& text = set.texts[file];
    try {
      const json document = ParseStrictJson(text.text);
      auto defects = judge.Judge(document);
      if (defects.empty()) defects = JudgeTimes(document);
      for (const auto& sentence : Told(set, file, defects)) sentences.push_back(sentence);
      if (!defects.empty()) continue;
      Append(set.connections, document, file);
      Append(set.users, document, file);
      Append(set.clients, document, file);
      Append(set.tokens, document, file);
    } catch (const JsonTextError& error) {
      const std::string pointer = error.pointer().empty() ? "" : error.pointer() + ": ";
      sentences.push_back(text.name + ":" + std::to_string(error.line()) + ": " + pointer +
                          error.what());
    }
  }
  if (sentences.size() > kMostSentences) sentences.resize(kMostSentences);
  if (!sentences.empty()) throw FixtureError(sentences);
  return set;
}

}  // namespace emulator
