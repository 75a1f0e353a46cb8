#include "api/contract.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/embedded.h"
#include "base/text.h"

namespace emulator::api {

namespace {

using nlohmann::json;

constexpr const char* kJsonType = "application/json";

// Makes every object that lists its members reject others.
void CloseObjects(json& schema) {
  if (schema.is_object() && schema.contains("properties") && schema["properties"].is_object())
    schema.emplace("additionalProperties", false);
  if (schema.is_structured())
    for (json& part : schema) CloseObjects(part);
}

// Converts the contract's JSON into validators. Each schema is compiled once.
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
      const std::string pointer = PointerOf(parameter);
      const json& rule = At(pointer);
      if (rule["in"] == "query") read.query.push_back(ReadValue(rule["name"], rule, pointer));
    }
    if (const auto body = operation.find("requestBody"); body != operation.end()) {
      read.is_body_required = body->value("required", false);
      read.body = Shape(PointerOf((*body)["content"][kJsonType]["schema"]), closed_);
    }
    for (const auto& [status, answer] : operation["responses"].items())
      if (status == "default")
        read.other = ReadAnswer(At(PointerOf(answer)));
      else
        read.answers.emplace(std::stoi(status), ReadAnswer(answer));
    return read;
  }

  ContractAnswer ReadAnswer(const json& answer) {
    ContractAnswer read;
    const json headers = answer.value("headers", json::object());
    for (const auto& [name, header] : headers.items()) {
      const std::string pointer = PointerOf(header);
      read.headers.push_back(ReadValue(name, At(pointer), pointer));
    }
    if (const auto content = answer.find("content"); content != answer.end())
      read.body = Shape(PointerOf((*content)[kJsonType]["schema"]), as_written_);
    return read;
  }

  ContractValue ReadValue(const std::string& name, const json& rule, const std::string& pointer) {
    return {.name = name,
            .is_required = rule.value("required", false),
            .is_number = rule["schema"]["type"] == "integer",
            .shape = Shape(pointer + "/schema", as_written_)};
  }

  // REQUIRES: a reference to a component; the contract has no inline ones.
  static std::string PointerOf(const json& reference) {
    return reference.at("$ref").get<std::string>().substr(1);
  }
  const json& At(const std::string& pointer) const {
    return contract_.at(json::json_pointer(pointer));
  }

  std::shared_ptr<const JsonSchema> Shape(const std::string& pointer,
                                          const std::string& components) {
    auto& shape = shapes_[{pointer, &components}];
    if (!shape) shape = std::make_shared<const JsonSchema>(components, pointer);
    return shape;
  }

  const json contract_;
  std::string as_written_, closed_;  // the components that schemas refer to
  std::map<std::pair<std::string, const std::string*>, std::shared_ptr<const JsonSchema>> shapes_;
};

const std::map<std::string, OperationContract, std::less<>>& Contract() {
  static const auto kContract = ContractReader(embedded::kExportApi).Read();
  return kContract;
}

void ValidateBody(const ContractAnswer& expected, const http::Response& answer,
                  std::vector<std::string>& sentences) {
  const std::string* type = answer.headers.Find("Content-Type");
  const std::string content_type = type ? *type : "none";
  if (!expected.body) {
    if (!answer.body.empty())
      sentences.push_back("there is a body of " + std::to_string(answer.body.size()) +
                          " bytes; wanted: none.");
    if (type) sentences.push_back("Content-Type is " + content_type + "; wanted: none.");
    return;
  }
  if (content_type != kJsonType)
    sentences.push_back("Content-Type is " + content_type + "; wanted: " + kJsonType + ".");
  // Our own output: the limits of ParseStrictJson are unnecessary.
  const json body = json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  if (body.is_discarded()) {
    sentences.emplace_back("the body is not JSON.");
    return;
  }
  for (const SchemaViolation& violation : expected.body->Validate(body))
    sentences.push_back(
        Sentence(violation.pointer.empty() ? "the body" : violation.pointer, violation.sentence));
}

std::vector<std::string> Differences(const ContractAnswer& expected, const http::Response& answer) {
  std::vector<std::string> sentences;
  for (const ContractValue& header : expected.headers) {
    const std::string* value = answer.headers.Find(header.name);
    if (!value && header.is_required)
      sentences.push_back("the header " + header.name + " is missing.");
    if (const auto error = value ? header.Validate(*value) : ""; !error.empty())
      sentences.push_back("the header " + header.name + " " + error);
  }
  ValidateBody(expected, answer, sentences);
  return sentences;
}

}  // namespace

std::string ContractValue::Validate(const std::string& text) const {
  json value = text;
  constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
  if (const auto number = ParseWholeNumber(text, 0, kMost); is_number && number) value = *number;
  const auto violations = shape->Validate(value);
  return violations.empty() ? "" : violations.front().sentence;
}

const OperationContract* FindContract(std::string_view operation) {
  const auto found = Contract().find(operation);
  return found == Contract().end() ? nullptr : &found->second;
}

std::vector<std::string> Violations(std::string_view operation, const http::Response& answer) {
  const bool is_refusal = answer.status >= 400;
  // Without an operation, a refusal may be any error of the contract; a success is OPTIONS.
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
