#include "api/contract.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/embedded.h"

namespace emulator::api {

namespace {

using nlohmann::json;

constexpr const char* kJsonType = "application/json";

// Closes every object that lists its members: what it does not list is then a defect.
void CloseObjects(json& schema) {
  if (schema.is_object() && schema.contains("properties") && schema["properties"].is_object())
    schema.emplace("additionalProperties", false);
  if (schema.is_structured())
    for (json& part : schema) CloseObjects(part);
}

// What the contract's file says, made into values that judge. Each shape is made once.
class ContractReader {
 public:
  explicit ContractReader(std::string_view text) : contract_(json::parse(text)) {
    json components{{"components",
                     {{"schemas", contract_["components"]["schemas"]},
                      {"parameters", contract_["components"]["parameters"]},
                      {"headers", contract_["components"]["headers"]}}}};
    as_written_ = components.dump();
    CloseObjects(components["components"]["schemas"]);
    closed_ = components.dump();
  }

  std::map<std::string, OperationContract, std::less<>> Read() {
    std::map<std::string, OperationContract, std::less<>> operations;
    for (const auto& [_, methods] : contract_["paths"].items())
      for (const auto& [__, operation] : methods.items())
        operations.emplace(operation["x-operation"].get<std::string>(), ReadOperation(operation));
    return operations;
  }

 private:
  OperationContract ReadOperation(const json& operation) {
    OperationContract read;
    for (const json& parameter : operation.value("parameters", json::array())) {
      const std::string place = PlaceOf(parameter);
      const json& rule = At(place);
      if (rule["in"] == "query") read.query.push_back(ReadValue(rule["name"], rule, place));
    }
    if (const auto body = operation.find("requestBody"); body != operation.end()) {
      read.is_body_required = body->value("required", false);
      read.body = Shape(PlaceOf((*body)["content"][kJsonType]["schema"]), closed_);
    }
    for (const auto& [status, answer] : operation["responses"].items())
      if (status == "default")
        read.other = ReadAnswer(At(PlaceOf(answer)));
      else
        read.answers.emplace(std::stoi(status), ReadAnswer(answer));
    return read;
  }

  ContractAnswer ReadAnswer(const json& answer) {
    ContractAnswer read;
    const json headers = answer.value("headers", json::object());
    for (const auto& [name, header] : headers.items()) {
      const std::string place = PlaceOf(header);
      read.headers.push_back(ReadValue(name, At(place), place));
    }
    if (const auto content = answer.find("content"); content != answer.end())
      read.body = Shape(PlaceOf((*content)[kJsonType]["schema"]), as_written_);
    return read;
  }

  ContractValue ReadValue(const std::string& name, const json& rule, const std::string& place) {
    return {.name = name,
            .is_required = rule.value("required", false),
            .is_number = rule["schema"]["type"] == "integer",
            .shape = Shape(place + "/schema", as_written_)};
  }

  // All of these are written once, among the components. REQUIRES: so is this one.
  static std::string PlaceOf(const json& reference) {
    return reference.at("$ref").get<std::string>().substr(1);
  }
  const json& At(const std::string& place) const { return contract_.at(json::json_pointer(place)); }

  std::shared_ptr<const JsonSchema> Shape(const std::string& place, const std::string& components) {
    auto& shape = shapes_[{place, &components}];
    if (!shape) shape = std::make_shared<const JsonSchema>(components, place);
    return shape;
  }

  const json contract_;
  std::string as_written_, closed_;  // all that shapes refer to
  std::map<std::pair<std::string, const std::string*>, std::shared_ptr<const JsonSchema>> shapes_;
};

const std::map<std::string, OperationContract, std::less<>>& Contract() {
  static const auto kContract = ContractReader(embedded::kExportApi).Read();
  return kContract;
}

void JudgeBody(const ContractAnswer& wanted, const http::Response& answer,
               std::vector<std::string>& sentences) {
  const std::string* type = answer.headers.Find("Content-Type");
  const std::string type_told = type ? *type : "none";
  if (!wanted.body) {
    if (!answer.body.empty())
      sentences.push_back("there is a body of " + std::to_string(answer.body.size()) +
                          " bytes; wanted: none.");
    if (type) sentences.push_back("Content-Type is " + type_told + "; wanted: none.");
    return;
  }
  if (type_told != kJsonType)
    sentences.push_back("Content-Type is " + type_told + "; wanted: " + kJsonType + ".");
  // The emulator's own text: what bounds the judge of a stranger's is not wanted.
  const json body = json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  if (body.is_discarded()) {
    sentences.emplace_back("the body is no JSON.");
    return;
  }
  for (const SchemaViolation& defect : wanted.body->Validate(body))
    sentences.push_back(
        Sentence(defect.pointer.empty() ? "the body" : defect.pointer, defect.sentence));
}

std::vector<std::string> Differences(const ContractAnswer& wanted, const http::Response& answer) {
  std::vector<std::string> sentences;
  for (const ContractValue& header : wanted.headers) {
    const std::string* value = answer.headers.Find(header.name);
    if (!value && header.is_required)
      sentences.push_back("the header " + header.name + " is missing.");
    if (const auto defect = value ? header.Validate(*value) : ""; !defect.empty())
      sentences.push_back("the header " + header.name + " " + defect);
  }
  JudgeBody(wanted, answer, sentences);
  return sentences;
}

}  // namespace

std::string ContractValue::Validate(const std::string& text) const {
  json value = text;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (is_number && error == std::errc() && end == text.data() + text.size()) value = number;
  const auto defects = shape->Validate(value);
  return defects.empty() ? "" : defects.front().sentence;
}

const OperationContract* FindContract(std::string_view operation) {
  const auto found = Contract().find(operation);
  return found == Contract().end() ? nullptr : &found->second;
}

std::vector<std::string> Violations(std::string_view operation, const http::Response& answer) {
  const bool is_refusal = answer.status >= 400;
  // What is no operation is refused as any of them may be; else it is about none: OPTIONS.
  if (operation.empty())
    return is_refusal ? Differences(Contract().begin()->second.other, answer)
                      : std::vector<std::string>{};
  const OperationContract* contract = FindContract(operation);
  if (!contract) return {"the contract has no operation " + std::string(operation) + "."};
  const auto listed = contract->answers.find(answer.status);
  if (listed != contract->answers.end()) return Differences(listed->second, answer);
  if (is_refusal) return Differences(contract->other, answer);
  return {"the contract has no answer with the status " + std::to_string(answer.status) + "."};
}

}  // namespace emulator::api
