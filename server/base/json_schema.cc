#include "base/json_schema.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "base/strict_json.h"
#include "base/suggestions.h"
#include "base/text.h"

namespace emulator {

namespace {

using nlohmann::json;
using Pointer = json::json_pointer;

// Each may cost the caller a walk through the text, and a document may have a million violations.
constexpr size_t kMaxViolations = 100;

// A short form of a value for messages.
std::string Preview(const json& value) {
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

std::string Text(const json& rule, const char* member) {
  return rule.value(member, std::string());
}

// The present name of a renamed member, which the schema lists under "x-renamed", else a similar
// one.
std::string Suggestion(const json& rule, const std::string& member,
                       const std::vector<std::string>& names) {
  const json renamed = rule.value("x-renamed", json::object());
  if (!renamed.contains(member)) return DidYouMean(member, names);
  return " Did you mean " + Quoted(Text(renamed, member.c_str())) + "?";
}

// Explains from the schema why valijson rejected a place.
class Explainer {
 public:
  Explainer(const json& schema, const json& rule, const json& document)
      : schema_(schema), rule_(rule), document_(document) {}

  // The violations of the value itself at a pointer. Empty if only values inside it are wrong.
  std::vector<SchemaViolation> Explain(const Pointer& rejected) const {
    const auto [pointer, found] = RuleFor(rejected);
    const json& rule = *found;
    const json& value = document_.at(pointer);
    if (!value.is_object() || Text(rule, "type") != "object")
      return ExplainPlain(pointer.to_string(), value, rule);

    std::vector<SchemaViolation> violations;
    const auto names = Names(rule);
    const bool is_closed = rule.value("additionalProperties", json()) == false;
    for (const auto& [member, _] : value.items())
      if (is_closed && !FindMemberRule(rule, member))
        violations.push_back({pointer.to_string() + "/" + PointerStep(member),
                              "unknown member \"" + member + "\"." +
                                  Suggestion(rule, member, names) + " Known here: " + Join(names) +
                                  ".",
                              /*is_unknown_member=*/true});
    for (const auto& required : rule.value("required", json::array()))
      if (!value.contains(required.get<std::string>()))
        violations.push_back({pointer.to_string(), "the member \"" + required.get<std::string>() +
                                                       "\" is missing; add " +
                                                       WantedMember(rule, required) + "."});
    if (value.size() < rule.value("minProperties", size_t{0}))
      violations.push_back(
          {pointer.to_string(), "is empty; wanted: " + Text(rule, "description") + "."});
    return violations;
  }

 private:
  std::string WantedMember(const json& rule, const std::string& member) const {
    return Text(Resolve(rule["properties"][member]), "description");
  }

  static std::vector<SchemaViolation> ExplainPlain(const std::string& pointer, const json& value,
                                                   const json& rule) {
    if (value.is_array() && Text(rule, "type") == "array") {
      if (value.size() < rule.value("minItems", size_t{0}))
        return {{pointer, "is empty; wanted: " + Text(rule, "description") + "."}};
      return {};
    }
    std::string wanted = Text(rule, "description");
    std::string hint;
    if (const auto choices = rule.find("enum"); choices != rule.end()) {
      const auto names = choices->get<std::vector<std::string>>();
      wanted = "one of " + Join(names);
      if (value.is_string()) hint = DidYouMean(value.get<std::string>(), names);
    }
    // JSON Schema's mark of a secret: the message does not show the value.
    const bool is_secret = rule.value("writeOnly", false);
    const std::string found = is_secret ? "does not fit" : "is " + Preview(value);
    return {{pointer, found + "; wanted: " + wanted + "." + hint}};
  }

  // The rule for the value at a pointer: follows the schema along the pointer's steps as far as
  // possible. Also returns that part of the pointer.
  std::pair<Pointer, const json*> RuleFor(const Pointer& pointer) const {
    std::vector<std::string> steps;
    for (Pointer rest = pointer; !rest.empty(); rest.pop_back())
      steps.insert(steps.begin(), rest.back());

    const json* rule = &Choose(rule_, document_);
    Pointer at;
    for (const std::string& step : steps) {
      const json* next = rule->contains("items") ? &(*rule)["items"] : FindMemberRule(*rule, step);
      if (!next) break;
      at /= document_.at(at).is_array() ? Pointer("/" + step) : Pointer("/" + PointerStep(step));
      rule = &Choose(*next, document_.at(at));
    }
    return {at, rule};
  }

  // nullptr if the rule does not know the member.
  static const json* FindMemberRule(const json& rule, const std::string& member) {
    if (const auto properties = rule.find("properties"); properties != rule.end())
      if (const auto found = properties->find(member); found != properties->end()) return &*found;
    const auto others = rule.find("additionalProperties");
    return others != rule.end() && others->is_object() ? &*others : nullptr;
  }

  // Follows $ref, if/then/else, and oneOf if the value's type selects one alternative.
  const json& Choose(const json& written, const json& value) const {
    const json& rule = Resolve(written);
    if (rule.contains("if")) {
      const bool fits =
          value.is_object() && value.contains(rule["if"]["required"][0].get<std::string>());
      return Resolve(rule[fits ? "then" : "else"]);
    }
    const auto alternatives = rule.find("oneOf");
    if (alternatives == rule.end()) return rule;
    const json* selected = nullptr;
    for (const json& alternative : *alternatives) {
      if (!HasSelectingType(Resolve(alternative), value)) continue;
      if (selected) return rule;  // ambiguous
      selected = &Resolve(alternative);
    }
    return selected ? *selected : rule;
  }
  // Only for the types that select an alternative.
  static bool HasSelectingType(const json& rule, const json& value) {
    const std::string type = Text(rule, "type");
    return (type == "object" && value.is_object()) || (type == "array" && value.is_array());
  }
  const json& Resolve(const json& rule) const {
    const auto reference = rule.find("$ref");
    if (reference == rule.end()) return rule;
    return schema_.at(Pointer(reference->get<std::string>().substr(1)));  // "#/definitions/..."
  }

  const json& schema_;
  const json& rule_;
  const json& document_;
};

// valijson's context is "<root>", "[connections]", "[0]", ...
Pointer ToPointer(const std::vector<std::string>& context) {
  std::string text;
  for (size_t i = 1; i < context.size(); ++i)
    text += "/" + PointerStep(std::string_view(context[i]).substr(1, context[i].size() - 2));
  return Pointer(text);
}

// valijson's check of "format" ends the program when the value is a list. A "pattern" beside each
// "format" checks nearly as much and skips values that are not strings; code that parses the value
// checks the rest.
void RemoveFormats(json& schema) {
  if (schema.is_object()) {
    const auto format = schema.find("format");
    if (format != schema.end() && format->is_string()) schema.erase(format);
  }
  if (schema.is_structured())
    for (json& part : schema) RemoveFormats(part);
}

}  // namespace

std::string Sentence(const std::string& place, const std::string& violation) {
  for (const char* verb : {"is ", "does ", "has ", "cannot ", "would "})
    if (violation.starts_with(verb)) return place + " " + violation;
  return place + ": " + violation;
}

class JsonSchema::Impl {
 public:
  Impl(std::string_view schema, const std::string& part) : schema_(json::parse(schema)) {
    RemoveFormats(schema_);
    // The part stays in the whole schema, because its "$ref" point there.
    if (!part.empty()) schema_["allOf"] = {{{"$ref", "#" + part}}};
    rule_ = part.empty() ? &schema_ : &schema_.at(Pointer(part));
    const valijson::adapters::NlohmannJsonAdapter adapter(schema_);
    valijson::SchemaParser().populateSchema(adapter, compiled_);
  }

  std::vector<SchemaViolation> Validate(const json& document) const {
    valijson::ValidationResults results;
    const valijson::adapters::NlohmannJsonAdapter adapter(document);
    if (valijson::Validator().validate(compiled_, adapter, &results)) return {};

    const Explainer explainer(schema_, *rule_, document);
    std::vector<SchemaViolation> violations;
    std::set<std::string> seen;
    for (valijson::ValidationResults::Error error;
         violations.size() < kMaxViolations && results.popError(error);)
      for (auto& violation : explainer.Explain(ToPointer(error.context)))
        if (seen.insert(violation.pointer + '\n' + violation.sentence).second)
          violations.push_back(std::move(violation));
    if (violations.empty())  // a keyword that Explain does not know
      violations.push_back({"", "does not fit its schema."});
    return violations;
  }

 private:
  json schema_;
  const json* rule_ = nullptr;  // in schema_: the rule for a whole document
  valijson::Schema compiled_;
};

JsonSchema::JsonSchema(std::string_view schema, const std::string& part)
    : impl_(std::make_unique<Impl>(schema, part)) {}
JsonSchema::~JsonSchema() = default;

std::vector<SchemaViolation> JsonSchema::Validate(const json& document) const {
  return impl_->Validate(document);
}

}  // namespace emulator
