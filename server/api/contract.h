// The contract of the vendor's API (schema/openapi.json), parsed to validate requests and answers.
// x-evidence in the file names the evidence for each part.
//
// Threads: any. The first use parses it, so that it costs no start-up time.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_schema.h"
#include "http/response.h"

namespace emulator::api {

// A query parameter or a header.
struct ContractValue {
  std::string name;
  bool is_required;
  bool is_number;
  std::shared_ptr<const JsonSchema> shape;

  // A description of the error: "is \"x\"; wanted: a whole number from 1." Empty: the text is
  // valid.
  std::string Validate(const std::string& text) const;
};

struct ContractAnswer {
  std::vector<ContractValue> headers;
  std::shared_ptr<const JsonSchema> body;  // nullptr: the answer has no body
};

struct OperationContract {
  std::vector<ContractValue> query;
  // Rejects members that the contract does not list, although the service ignores them. nullptr:
  // the operation takes no body.
  std::shared_ptr<const JsonSchema> body;
  bool is_body_required = false;
  std::map<int, ContractAnswer> answers;  // by status
  ContractAnswer other;                   // for all other statuses: an error
};

// nullptr: the contract has no such operation.
const OperationContract* FindContract(std::string_view operation);

// How the answer violates the contract, one sentence each; empty: it does not. `operation`: empty
// if no route matched. Not for responses altered by faults, nor for other faces.
std::vector<std::string> Violations(std::string_view operation, const http::Response& answer);

}  // namespace emulator::api
