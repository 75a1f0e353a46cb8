// The contract of the vendor's API, schema/openapi.json, ready to hold answers and requests
// against: what each operation takes and gives. The file's x-evidence tells what each part rests
// on.
//
// Threads: any. It is read when it is first asked for; a start wants none of it.
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

// A value that stands as text in a query or a header.
struct ContractValue {
  std::string name;
  bool is_required;
  bool is_number;
  std::shared_ptr<const JsonSchema> shape;

  // What is wrong with it: "is \"x\"; wanted: a whole number from 1." Empty: nothing.
  std::string Validate(const std::string& text) const;
};

struct ContractAnswer {
  std::vector<ContractValue> headers;
  std::shared_ptr<const JsonSchema> body;  // nullptr: there is none
};

struct OperationContract {
  std::vector<ContractValue> query;
  // Members that the contract does not list are defects here, though the service passes over them.
  // nullptr: it takes no body.
  std::shared_ptr<const JsonSchema> body;
  bool is_body_required = false;
  std::map<int, ContractAnswer> answers;  // by status
  ContractAnswer other;                   // to all else: a refusal
};

// nullptr where the contract has no operation of that name.
const OperationContract* FindContract(std::string_view operation);

// What of an answer is not as the contract has it, a sentence each; none: it is of the contract.
// `operation`: what was asked for; empty: what is none. REQUIRES: an answer of the emulator's own
// accord, and neither one that a planned fault had a hand in nor one of another face.
std::vector<std::string> Violations(std::string_view operation, const http::Response& answer);

}  // namespace emulator::api
