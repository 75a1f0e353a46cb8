#include "diagnosis/contract_warnings.h"

#include "base/text.h"
#include "diagnosis/recorded_answer.h"
#include "diagnosis/why.h"

using namespace emulator;
using namespace emulator::diagnosis;

namespace {

// The codes of the warnings of a request, separated by spaces.
std::string WarningCodes(TestEmulator& ask, const http::Request& request) {
  const RecordedAnswer answer = Record(ask, request);
  std::vector<std::string> codes;
  for (const ContractWarning& warning : FindContractWarnings(answer.recorded.entry))
    codes.emplace_back(warning.code);
  return Join(codes, " ");
}

}  // namespace

TEST_CASE("every contract warning has a request that gets it and one that does not") {
  TestEmulator ask;
  const std::string media_type = "application/vnd.bentley.itwin-platform.v1+json";
  const auto get = [&](const std::string& target, const std::string& token) {
    return WithHeader(Get(target, token), "accept", media_type);
  };
  http::Request with_body = get(kExamplePath, "platform-token");
  with_body.body = "{}";
  const auto post = [&](const std::string& path, const std::string& body) {
    return WithHeader(Post("/export/connections" + path, body, "platform-token"), "accept",
                      media_type);
  };
  const std::string runs = "/service-connection/runs";
  const std::string run = R"({"exportType": "IFC"})";
  struct Row {
    const char* code;
    http::Request request;
    const char* sentence;
  };
  const Row rows[] = {
      {"accept-missing", Get(kExamplePath, "platform-token"),
       "The page requires the header Accept; the request has none."},
      {"accept-other", WithHeader(Get(kExamplePath, "platform-token"), "Accept", "text/html"),
       "The page recommends Accept: application/vnd.bentley.itwin-platform.v1+json; the "
       "request has text/html."},
      {"scope-older", get(kExamplePath, "reader-token"),
       "The token has only the scope of the older page; newer pages require itwin-platform."},
      {"query-unknown", get(kExamplePath + "?a=b&%24top=1&&c", "platform-token"),
       "The page documents no query parameter \"a\", \"$top\", \"c\"."},
      {"query-missing", get("/export/connections", "platform-token"),
       "The page requires the query parameter \"imodelId\"."},
      {"query-invalid", get("/export/connections?imodelId=x&$top=0", "platform-token"),
       "The query parameter \"$top\" is 0; wanted: a whole number from 1 to 1000."},
      {"body-ignored", with_body, "The page documents no body; the request has 2 bytes."},
      {"body-missing", post(runs, ""), "The page requires a body; the request has none."},
      {"body-invalid", post(runs, "{"),
       "The body is not JSON: syntax error while parsing object key - "
       "unexpected end of input; expected string literal."},
      {"body-member-unknown", post(runs, R"({"exportType": "IFC", "projectId": "x"})"),
       "The body's /projectId: unknown member \"projectId\". Known here: exportType, ifcVersion, "
       "inputOptions, outputOptions."},
      {"content-type-other", WithHeader(post(runs, run), "Content-Type", "text/plain"),
       "The page supports Content-Type: application/json; the request has text/plain."},
  };
  std::vector<std::string> codes;
  for (const Row& row : rows) {
    INFO(row.code);
    CHECK(WarningCodes(ask, row.request) == row.code);
    const journal::RecordedEntry recorded = LastEntry(ask);
    const ContractWarning warning = FindContractWarnings(recorded.entry).front();
    CHECK(warning.sentence == row.sentence);
    CHECK(warning.citation.mark == 'D');
    const bool is_advice = warning.code == "accept-other" || warning.code == "scope-older";
    CHECK(warning.outside_contract == !is_advice);
    CHECK(Contains(WriteWhy(recorded.entry),
                   "warning: " + std::string(row.code) + ": " + row.sentence));
    codes.emplace_back(row.code);
  }
  CHECK(codes == ContractWarningCodes());
  CHECK(WarningCodes(ask, get(kExamplePath, "platform-token")) == "");
  CHECK(WarningCodes(ask, get(kExamplePath + "?", "platform-token")) == "");
  CHECK(WarningCodes(ask, WithHeader(get(kExamplePath, "platform-token"), "Accept", "*/*")) == "");
  CHECK(WarningCodes(ask, WithHeader(get(kExamplePath, "platform-token"), "Content-Type",
                                     "text/plain")) == "");
  CHECK(WarningCodes(
            ask, get("/export/connections?iModelId=x&%24top=5&$skip=0", "platform-token")) == "");
  CHECK(WarningCodes(ask, WithHeader(post(runs, run), "content-type",
                                     "Application/JSON ; charset=utf-8")) == "");
  CHECK(WarningCodes(ask, post(runs, "{}")) == "body-invalid");
  CHECK(WarningCodes(ask, post(runs, R"({"exportType": "DWG"})")) == "body-invalid");
  const std::string large = R"({"exportType": 1, "x": ")" + std::string(20000, 'x') + "\"}";
  CHECK(WarningCodes(ask, post(runs, large)) == "");
}

TEST_CASE("a request can have several warnings; a request of no operation has none") {
  TestEmulator ask;
  CHECK(WarningCodes(ask, Get(kExamplePath + "?a", "reader-token")) ==
        "accept-missing scope-older query-unknown");
  CHECK(WarningCodes(ask, Get("/nothing?a", "reader-token")) == "");
}
