#include "cli/drift.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "api/operations.h"
#include "base/embedded.h"
#include "base/text.h"

namespace emulator::cli {

namespace {

using Json = nlohmann::ordered_json;

// A row of a table that the contract would give.
struct ContractRow {
  VendorPage::Row row;
  bool is_of_page;  // the page documents it, so its absence is a difference
};

// JSON on one line, with control characters escaped.
std::string OneLine(const Json& value) {
  constexpr int kOnOneLine = -1;
  return value.dump(kOnOneLine, ' ', false, Json::error_handler_t::replace);
}

std::string QuotedAlternatives(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " or ") + OneLine(word);
  return text;
}

// The code of an error body; of another body all of it.
std::string CodeOf(const Json& body) {
  constexpr const char* kCode = "/error/code";
  const Json::json_pointer place(kCode);
  return OneLine(body.contains(place) ? body.at(place) : body);
}

bool HasMember(const Json& schema, const std::string& member) {
  return schema.contains("properties") && schema["properties"].contains(member);
}

std::vector<std::string> MembersOf(const Json& object) {
  std::vector<std::string> names;
  for (const auto& [name, _] : object.items()) names.push_back(name);
  return names;
}

// The names that `other` has, too.
std::vector<std::string> Common(std::vector<std::string> names, const Json& other) {
  std::erase_if(names, [&](const std::string& name) { return !other.contains(name); });
  return names;
}

// One object with the members of all items: the items of an example show different members.
Json Merged(const Json& list) {
  Json merged;
  for (const Json& item : list)
    if (merged.is_object() && item.is_object())
      merged.insert(item.begin(), item.end());  // an existing member stays
    else if (merged.is_null())
      merged = item;
  return merged;
}

// "/export/connections/{}": the names of parameters may differ.
std::string WithoutParameterNames(std::string_view path) {
  std::string bare;
  bool is_name = false;
  for (const char c : path) {
    if (c == '}') is_name = false;
    if (!is_name) bare += c;
    if (c == '{') is_name = true;
  }
  return bare;
}

// "Export Connection Response" is ConnectionResponse in the contract.
std::string SchemaName(std::string title) {
  std::erase(title, ' ');
  return title.starts_with("Export") ? title.substr(std::string("Export").size()) : title;
}

const Json* FindOperationOf(const Json& contract, const VendorPage& page) {
  for (const auto& [path, methods] : contract["paths"].items())
    for (const auto& [method, operation] : methods.items())
      if (EqualIgnoringCase(method, page.method) &&
          EqualIgnoringCase(WithoutParameterNames(path), WithoutParameterNames(page.path)))
        return &operation;
  return nullptr;
}

class Comparison {
 public:
  Comparison(const Json& contract, const Json& operation)
      : contract_(contract), operation_(operation) {}

  std::vector<std::string> Lines(const VendorPage& page) {
    CompareScopes(page.scopes);
    CompareRows("request parameter", page.parameters, Parameters());
    CompareRows("request header", page.request_headers, RequestHeaders());
    CompareBody(page.body);
    std::set<int> statuses;  // of the page or the contract
    for (const auto& [status, _] : page.responses) statuses.insert(status);
    for (const auto& [status, _] : operation_["responses"].items())
      if (status != "default")
        statuses.insert(static_cast<int>(ParseWholeNumber(status, 100, 599).value()));
    for (const int status : statuses) CompareAnswer(status, page);
    CompareRows("response header", page.response_headers, ResponseHeaders());
    for (const auto& table : page.schemas) CompareSchema(table);
    return std::move(lines_);
  }

 private:
  void AddLine(const std::string& place, const std::string& page, const std::string& emulator) {
    lines_.push_back(place + ": the page " + page + "; the emulator " + emulator);
  }

  const Json& Resolved(const Json& part) const {
    const auto reference = part.find("$ref");
    if (reference == part.end()) return part;
    return contract_.at(Json::json_pointer(reference->get<std::string>().substr(1)));
  }

  // False if the contract has the part from another source than this operation's page.
  bool IsOfPage(const Json& part) const {
    const auto evidence = part.find("x-evidence");
    if (evidence == part.end()) return true;
    return (*evidence)["mark"] == "D" &&
           (*evidence)["where"] == "the page " + operation_["summary"].get<std::string>();
  }

  // The page must have the older scope, and no other than the two of the contract.
  void CompareScopes(const std::vector<std::string>& scopes) {
    const std::string newer(api::kPlatformScope);
    std::vector<std::string> known;
    for (const Json& alternative : operation_["security"])
      for (const Json& scope : alternative["OAuth2"]) known.push_back(scope);
    const auto is_on_page = [&](const std::string& scope) {
      return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
    };
    const auto is_known = [&](const std::string& scope) {
      return std::find(known.begin(), known.end(), scope) != known.end();
    };
    std::vector<std::string> missing;
    for (const std::string& scope : known)
      if (scope != newer && !is_on_page(scope)) missing.push_back(scope);
    if (missing.empty() && std::all_of(scopes.begin(), scopes.end(), is_known)) return;
    if (scopes == std::vector<std::string>{newer})
      return AddLine("scope", "asks for " + OneLine(newer) + " alone",
                     "by default also takes " + QuotedAlternatives(missing));
    AddLine("scope", "asks for " + (scopes.empty() ? "none" : QuotedAlternatives(scopes)),
            "takes " + QuotedAlternatives(known));
  }

  std::vector<ContractRow> Parameters() const {
    std::vector<ContractRow> rows;
    for (const Json& reference : operation_.value("parameters", Json::array())) {
      const Json& parameter = Resolved(reference);
      const bool is_in_path = parameter["in"] == "path";
      rows.push_back({{.name = parameter["name"],
                       .in = is_in_path ? "template" : parameter["in"],
                       .is_required = parameter.value("required", false)},
                      IsOfPage(parameter)});
    }
    return rows;
  }

  std::vector<ContractRow> RequestHeaders() const {
    std::vector<ContractRow> rows;
    for (const auto& [name, header] : contract_["components"]["x-request-headers"].items())
      if (name != "Content-Type" || operation_.contains("requestBody"))
        rows.push_back(
            {{.name = name, .is_required = header["required"].get<bool>()}, IsOfPage(header)});
    return rows;
  }

  std::vector<ContractRow> ResponseHeaders() const {
    std::vector<ContractRow> rows;
    for (const Json& response : operation_["responses"]) {
      const Json& answer = Resolved(response);
      const Json headers = answer.value("headers", Json::object());
      for (const auto& [name, header] : headers.items())
        rows.push_back({{.name = name}, IsOfPage(answer) && IsOfPage(Resolved(header))});
    }
    return rows;
  }

  // Header names are case-insensitive; parameter names are not.
  void CompareRows(const std::string& kind, const std::vector<VendorPage::Row>& rows,
                   const std::vector<ContractRow>& known) {
    const auto are_same = [&](const std::string& a, const std::string& b) {
      return kind == "request parameter" ? a == b : EqualIgnoringCase(a, b);
    };
    for (const VendorPage::Row& row : rows) {
      const std::string place = kind + " " + OneLine(row.name);
      const auto match = std::find_if(known.begin(), known.end(), [&](const ContractRow& expected) {
        return are_same(expected.row.name, row.name);
      });
      if (match == known.end())
        AddLine(place, "has it", "has none");
      else
        CompareRow(place, row, match->row);
    }
    for (const ContractRow& expected : known)
      if (expected.is_of_page &&
          std::none_of(rows.begin(), rows.end(), [&](const VendorPage::Row& row) {
            return are_same(row.name, expected.row.name);
          }))
        AddLine(kind + " " + OneLine(expected.row.name), "has none", "has it");
  }

  void CompareRow(const std::string& place, const VendorPage::Row& page,
                  const VendorPage::Row& ours) {
    if (!page.in.empty() && page.in != ours.in)
      AddLine(place, "has it in " + OneLine(page.in), "in " + OneLine(ours.in));
    if (page.is_required && page.is_required != ours.is_required)
      AddLine(place, *page.is_required ? "has it as required" : "has it as optional",
              *ours.is_required ? "as required" : "as optional");
  }

  void CompareBody(const VendorPage::Examples& examples) {
    const auto body = operation_.find("requestBody");
    if (body == operation_.end() && !examples.empty())
      return AddLine("request body", "has one", "takes none");
    for (const std::string& example : examples)
      CompareAccepted("request body, ", "", Json::parse(example),
                      Resolved((*body)["content"]["application/json"]["schema"]));
  }

  // Adds a line for each member of `value` that the contract's schema lacks.
  void CompareAccepted(const std::string& where, const std::string& pointer, const Json& value,
                       const Json& schema) {
    if (value.is_array() && schema.contains("items"))
      for (const Json& item : value)
        CompareAccepted(where, pointer + "/*", item, Resolved(schema["items"]));
    if (!value.is_object() || !schema.contains("properties")) return;
    const Json& properties = schema["properties"];
    for (const auto& [name, member] : value.items()) {
      const std::string place = pointer + "/" + name;
      if (const auto property = properties.find(name); property != properties.end())
        CompareAccepted(where, place, member, Resolved(*property));
      else
        AddLine(where + OneLine(place), "shows it", "knows no such member");
    }
  }

  void CompareAnswer(int status, const VendorPage& page) {
    const std::string place = "response " + std::to_string(status);
    const auto shown = page.responses.find(status);
    const auto ours = operation_["responses"].find(std::to_string(status));
    if (ours == operation_["responses"].end()) return AddLine(place, "has it", "has none");
    const Json& answer = Resolved(*ours);
    if (shown != page.responses.end()) return CompareExamples(place, shown->second, answer, status);
    if (IsOfPage(answer)) AddLine(place, "has none", "has it");
  }

  // The first example is the default response, and the example of the page.
  std::vector<Json> ExamplesOf(const Json& answer) const {
    std::vector<Json> examples;
    if (const auto content = answer.find("content"); content != answer.end())
      for (const auto& [_, example] : (*content)["application/json"]["examples"].items())
        examples.push_back(Resolved(example));
    return examples;
  }

  void CompareExamples(const std::string& place, const VendorPage::Examples& shown,
                       const Json& answer, int status) {
    const std::vector<Json> ours = ExamplesOf(answer);
    if (shown.empty() && !ours.empty() && IsOfPage(answer) && IsOfPage(ours.front()))
      return AddLine(place, "shows no body", "answers with one");
    for (size_t i = 0; i < shown.size(); ++i) {
      const Json example = Json::parse(shown[i]);
      const auto same = std::find_if(ours.begin(), ours.end(),
                                     [&](const Json& our) { return our["value"] == example; });
      if (ours.empty())
        AddLine(place, "shows a body", "answers without one");
      else if (i == 0 && same != ours.end() && same != ours.begin())
        AddLine(place, "shows " + CodeOf(example),
                "by default has " + CodeOf(ours.front()["value"]) +
                    "; it has that of the page in this case: " + same->value("summary", ""));
      else if (i == 0)
        CompareValues(place + ", ", "", example, ours.front()["value"], status >= 400);
      else if (same == ours.end())
        AddLine(place, "shows " + CodeOf(example) + ", too", "has no such body");
    }
  }

  // `by_value`: for errors. For a success only the types have to be equal.
  void CompareValues(const std::string& where, const std::string& pointer, const Json& page,
                     const Json& ours, bool by_value) {
    if (page.is_object() && ours.is_object())
      return CompareMembers(where, pointer, page, ours, by_value);
    if (page.is_array() && ours.is_array() && !by_value) {
      if (page.empty() || ours.empty()) return;  // nothing is known about the items
      return CompareValues(where, pointer + "/*", Merged(page), Merged(ours), by_value);
    }
    if (by_value ? page != ours : std::string_view(page.type_name()) != ours.type_name())
      AddLine(where + OneLine(pointer), "shows " + OneLine(page), "has " + OneLine(ours));
  }

  void CompareMembers(const std::string& where, const std::string& pointer, const Json& page,
                      const Json& ours, bool by_value) {
    for (const auto& [name, value] : page.items())
      if (const auto our = ours.find(name); our != ours.end())
        CompareValues(where, pointer + "/" + name, value, *our, by_value);
      else
        AddLine(where + OneLine(pointer + "/" + name), "shows it", "has none");
    for (const std::string& name : MembersOf(ours))
      if (!page.contains(name))
        AddLine(where + OneLine(pointer + "/" + name), "shows none", "has it");
    const auto page_order = Common(MembersOf(page), ours);
    const auto our_order = Common(MembersOf(ours), page);
    if (page_order != our_order)
      AddLine(where + "the order in " + OneLine(pointer), "shows " + OneLine(page_order),
              "has " + OneLine(our_order));
  }

  void CompareSchema(const VendorPage::SchemaTable& table) {
    const Json& schemas = contract_["components"]["schemas"];
    const auto named = schemas.find(SchemaName(table.title));
    for (const std::string& member : table.members) {
      // A title that the contract lacks is the vendor's name of a part of a response.
      const bool is_known =
          named != schemas.end()
              ? HasMember(*named, member)
              : std::any_of(schemas.begin(), schemas.end(),
                            [&](const Json& schema) { return HasMember(schema, member); });
      if (!is_known)
        AddLine("schema " + OneLine(table.title) + ", " + OneLine(member), "lists it", "has none");
    }
  }

  const Json& contract_;
  const Json& operation_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> Drift(const VendorPage& page) {
  const Json contract = Json::parse(embedded::kExportApi);
  const Json* operation = FindOperationOf(contract, page);
  if (!operation)
    return {"operation: the page has " + page.method + " " + OneLine(page.path) +
            "; the emulator has no such operation"};
  return Comparison(contract, *operation).Lines(page);
}

}  // namespace emulator::cli
