#include "cli/drift.h"

#include <filesystem>

#include "support/saved_page.h"

using namespace emulator;
using namespace emulator::cli;

namespace {

using Lines = std::vector<std::string>;

Lines DriftOf(const std::string& text) {
  return Drift(ReadVendorPage("page.txt", text));
}
Lines DriftOf(std::string_view from, std::string_view to) {
  return DriftOf(Altered(SavedPage(), from, to));
}

// The page without the text from `from` to `to`.
std::string Without(const std::string& text, std::string_view from, std::string_view to) {
  const size_t begin = text.find(from), end = text.find(to);
  REQUIRE(begin < end);
  return text.substr(0, begin) + text.substr(end);
}

}  // namespace

TEST_CASE("a page that matches the contract gives no difference") {
  CHECK(DriftOf(SavedPage()) == Lines{});
}

TEST_CASE("statuses") {
  CHECK(DriftOf("Response headers\n",
                "Response 422 Unprocessable\n\nNo.\n\njson\n{\"error\": 1}\n\n"
                "Response headers\n") ==
        Lines{"response 422: the page has it; the emulator has none"});
  CHECK(DriftOf(Without(SavedPage(), "Response 403", "Response 404")) ==
        Lines{"response 403: the page has none; the emulator has it"});
}

TEST_CASE("codes and messages of errors") {
  CHECK(DriftOf("\"HeaderNotFound\"", "\"NoHeader\"") ==
        Lines{"response 401, \"/error/code\": the page shows \"NoHeader\"; the emulator has "
              "\"HeaderNotFound\""});
  CHECK(DriftOf("Requested Connection is not available.", "There is none.") ==
        Lines{"response 404, \"/error/message\": the page shows \"There is none.\"; the emulator "
              "has \"Requested Connection is not available.\""});
  CHECK(DriftOf("\"ConnectionNotFound\",", "\"ConnectionNotFound\", \"target\": \"id\",") ==
        Lines{"response 404, \"/error/target\": the page shows it; the emulator has none"});
}

TEST_CASE("a code that is not the default is reported with its case") {
  const std::string newer = Golden("current/get-export-connection", 429);
  const std::string older =
      nlohmann::ordered_json::parse(Golden("get-export-connection", 429)).dump(4);
  CHECK(
      DriftOf(older, newer) ==
      Lines{"response 429: the page shows \"RateLimitExceeded\"; the emulator by default has "
            "\"TooManyRequests\"; it has that of the page in this case: In the edition `current`"});
  CHECK(DriftOf(older, older + "\n\njson\n" + newer) == Lines{});
  CHECK(DriftOf(older, older + "\n\njson\n{\"error\": {\"code\": \"X\"}}") ==
        Lines{"response 429: the page shows \"X\", too; the emulator has no such body"});
}

TEST_CASE("scopes: the older one is required, the newer one is optional") {
  const std::string scope = "for scope export:read.";
  CHECK(DriftOf(scope, "for scope export:read or itwin-platform.") == Lines{});
  CHECK(DriftOf(scope, "for scope itwin-platform.") ==
        Lines{"scope: the page asks for \"itwin-platform\" alone; the emulator by default also "
              "takes \"export:read\""});
  CHECK(DriftOf(scope, "for scope exports:read.") ==
        Lines{"scope: the page asks for \"exports:read\"; the emulator takes \"export:read\" or "
              "\"itwin-platform\""});
  CHECK(DriftOf(scope, "for scope export:read or all.") ==
        Lines{"scope: the page asks for \"export:read\" or \"all\"; the emulator takes "
              "\"export:read\" or \"itwin-platform\""});
  CHECK(DriftOf(scope, ".") == Lines{"scope: the page asks for none; the emulator takes "
                                     "\"export:read\" or \"itwin-platform\""});
}

TEST_CASE("response headers") {
  CHECK(DriftOf("retry-after\n", "retry-after\n\nWhen.\n\nx-tier\n") ==
        Lines{"response header \"x-tier\": the page has it; the emulator has none"});
  CHECK(DriftOf("retry-after\n\nWhen to ask again.\n", "") ==
        Lines{"response header \"retry-after\": the page has none; the emulator has it"});
  CHECK(DriftOf("retry-after\n", "Retry-After\n") == Lines{});
  // Documented elsewhere, so a page may lack it.
  CHECK(DriftOf("retry-after\n", "retry-after\nITwinPlatform-RateLimited-Tier\n") == Lines{});
}

TEST_CASE("request headers") {
  CHECK(DriftOf("Accept\nYes\n", "Accept\nNo\n") ==
        Lines{"request header \"Accept\": the page has it as optional; the emulator as required"});
  CHECK(DriftOf("Accept\nYes\n", "Accept\nYes\n\nWhat.\n\nPrefer\nNo\n") ==
        Lines{"request header \"Prefer\": the page has it; the emulator has none"});
  CHECK(DriftOf(Without(SavedPage(), "Accept\n", "Response 200")) ==
        Lines{"request header \"Accept\": the page has none; the emulator has it"});
}

TEST_CASE("parameters") {
  CHECK(DriftOf("connectionId\ntemplate\nYes\n",
                "connectionId\ntemplate\nYes\n\nWhich.\n\n$expand\nquery\nNo\n") ==
        Lines{"request parameter \"$expand\": the page has it; the emulator has none"});
  CHECK(DriftOf("connectionId\ntemplate\nYes\n", "connectionId\nquery\nNo\n") ==
        Lines{"request parameter \"connectionId\": the page has it in \"query\"; the emulator in "
              "\"template\"",
              "request parameter \"connectionId\": the page has it as optional; the emulator as "
              "required"});
  CHECK(DriftOf("connectionId\ntemplate\nYes\n", "connectionID\ntemplate\nYes\n") ==
        Lines{"request parameter \"connectionID\": the page has it; the emulator has none",
              "request parameter \"connectionId\": the page has none; the emulator has it"});
  // The form of the table on newer pages.
  CHECK(DriftOf("Name\nIn\nRequired?\nDescription\nconnectionId\ntemplate\nYes\n",
                "Name\nRequired?\nDescription\nconnectionId\nYes\n") == Lines{});
}

TEST_CASE("members of examples") {
  CHECK(DriftOf("\"displayName\": \"30\",", "\"displayName\": \"30\", \"state\": \"New\",") ==
        Lines{"response 200, \"/connection/state\": the page shows it; the emulator has none"});
  CHECK(DriftOf("        \"displayName\": \"30\",\n", "") ==
        Lines{"response 200, \"/connection/displayName\": the page shows none; the emulator has "
              "it"});
  CHECK(DriftOf("\"iTwin\": {", "\"project\": {") ==
        Lines{"response 200, \"/connection/_links/project\": the page shows it; the emulator has "
              "none",
              "response 200, \"/connection/_links/iTwin\": the page shows none; the emulator has "
              "it"});
  CHECK(
      DriftOf("\"displayName\": \"30\",\n        \"authenticationType\": \"User\",",
              "\"authenticationType\": \"User\", \"displayName\": \"30\",") ==
      Lines{"response 200, the order in \"/connection\": the page shows "
            "[\"id\",\"iModelId\",\"iTwinId\",\"authenticationType\",\"displayName\",\"_links\"]; "
            "the emulator has "
            "[\"id\",\"iModelId\",\"iTwinId\",\"displayName\",\"authenticationType\",\"_links\"]"});
  // For a success, the type of a value counts, not the value.
  CHECK(DriftOf("\"displayName\": \"30\"", "\"displayName\": \"31\"") == Lines{});
  CHECK(DriftOf("\"displayName\": \"30\"", "\"displayName\": 30") ==
        Lines{"response 200, \"/connection/displayName\": the page shows 30; the emulator has "
              "\"30\""});
}

TEST_CASE("missing and unexpected bodies") {
  const std::string example =
      nlohmann::ordered_json::parse(Golden("get-export-connection", 404)).dump(4);
  CHECK(DriftOf("json\n" + example, "") ==
        Lines{"response 404: the page shows no body; the emulator answers with one"});
  const std::string get = "GET https://api.bentley.com/export/connections/{connectionId}";
  Lines lines = DriftOf(Altered(Altered(SavedPage(), get, "DELETE " + get.substr(4)),
                                "Response 200 OK", "Response 204 No Content"));
  CHECK(std::count(lines.begin(), lines.end(),
                   "response 204: the page shows a body; the emulator answers without one") == 1);
  CHECK(DriftOf("Response 200 OK", "Request body\n\njson\n{}\n\nResponse 200 OK") ==
        Lines{"request body: the page has one; the emulator takes none"});
}

TEST_CASE(
    "schema tables: members that the contract lacks in the schema of that name, or everywhere") {
  CHECK(DriftOf("iModelId\nString\n", "iModelId\nString\nstate\nString\n") ==
        Lines{"schema \"Export Connection\", \"state\": the page lists it; the emulator has none"});
  const auto with = [](const std::string& table) { return DriftOf(SavedPage() + "\n" + table); };
  const std::string head = "TableSchema\nName\nType\nDescription\n";
  CHECK(with("Another Thing\n\n" + head + "state\nString\n") == Lines{});
  CHECK(with("Another Thing\n\n" + head + "colour\nString\n") ==
        Lines{"schema \"Another Thing\", \"colour\": the page lists it; the emulator has none"});
}

TEST_CASE("an operation that the contract lacks is one difference, whatever else the page has") {
  CHECK(DriftOf("connections/{connectionId}\n", "links/{connectionId}\n") ==
        Lines{"operation: the page has GET \"/export/links/{connectionId}\"; the emulator has no "
              "such operation"});
  CHECK(DriftOf("GET https", "PATCH https").size() == 1);
  // Another name of a path parameter is not another operation.
  CHECK(DriftOf("connections/{connectionId}\n", "Connections/{id}\n") == Lines{});
}

TEST_CASE(
    "lists are compared by the members of their items, request bodies by the allowed members") {
  const std::string item = R"({"id": "a", "iModelId": "b", "iTwinId": "c", "displayName": "d",
      "authenticationType": "User", "_links": {"iModel": {"href": ""}, "iTwin": {"href": ""},
      "lastRun": {"href": ""}}})";
  const auto list = [](const std::string& items) {
    const Lines lines = DriftOf(
        "GET https://api.bentley.com/export/connections?imodelId\n\nResponse 200 OK\n\njson\n"
        "{\"connections\": [" +
        items +
        "], \"_links\": {\"self\": {\"href\": \"\"}, \"prev\": "
        "{\"href\": \"\"}, \"next\": {\"href\": \"\"}}}\n");
    Lines found;
    for (const std::string& line : lines)
      if (line.starts_with("response 200")) found.push_back(line);
    return found;
  };
  CHECK(list(item) == Lines{});
  CHECK(list("{\"id\": \"a\"}, " + item) == Lines{});
  CHECK(list(item + ", {\"state\": 1}") ==
        Lines{"response 200, \"/connections/*/state\": the page shows it; the emulator has none"});
  CHECK(list("") == Lines{});

  const Lines lines = DriftOf(
      "POST https://api.bentley.com/export/connections/{connectionId}/runs\n\nRequest "
      "body\n\njson\n"
      R"({"exportType": "IFC", "inputOptions": {"modelIds": ["a"], "fileId": "b"}, "colour": 1})"
      "\n\nResponse 202 Accepted\n");
  for (const char* line :
       {"request body, \"/inputOptions/fileId\": the page shows it; the emulator knows no such "
        "member",
        "request body, \"/colour\": the page shows it; the emulator knows no such member"})
    CHECK(std::count(lines.begin(), lines.end(), line) == 1);
  CHECK(std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
          return line.starts_with("request body");
        }) == 2);
}

TEST_CASE("control characters of a page do not reach the terminal") {
  for (const std::string& line : DriftOf("retry-after\n", "retry-after\n\x1b[31m\xff\n")) {
    CHECK(line.find('\x1b') == std::string::npos);
    CHECK(line.starts_with("response header \"\\u001b[31m"));
  }
  CHECK(DriftOf("for scope export:read.", "for scope \x1b[31m.")[0].find('\x1b') ==
        std::string::npos);
}
