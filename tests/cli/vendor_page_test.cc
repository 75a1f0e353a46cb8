#include "cli/vendor_page.h"

#include "support/saved_page.h"
#include "support/thrown.h"

using namespace emulator;
using namespace emulator::cli;

namespace {

using Words = std::vector<std::string>;

VendorPage ReadPage(const std::string& text) {
  return ReadVendorPage("page.txt", text);
}

std::string PageRefusalOf(const std::string& text) {
  return Thrown<PageError>([&] { ReadPage(text); });
}

const std::string kRequestLine = "GET https://api.bentley.com/export/connections\n\n";
const std::string kOk = "Response 200 OK\n\n";

Words NamesOf(const std::vector<VendorPage::Row>& rows) {
  Words names;
  for (const VendorPage::Row& row : rows) names.push_back(row.name);
  return names;
}

}  // namespace

TEST_CASE("the whole page is parsed") {
  const VendorPage page = ReadPage(SavedPage());
  CHECK(page.method == "GET");
  CHECK(page.path == "/export/connections/{connectionId}");
  CHECK(page.scopes == Words{"export:read"});

  REQUIRE(page.parameters.size() == 1);
  CHECK(page.parameters[0].name == "connectionId");
  CHECK(page.parameters[0].in == "template");
  CHECK(page.parameters[0].is_required == true);
  CHECK(NamesOf(page.request_headers) == Words{"Authorization", "Accept"});
  CHECK(page.request_headers[1].in.empty());
  CHECK(page.request_headers[1].is_required == true);
  CHECK(NamesOf(page.response_headers) == Words{"retry-after"});
  CHECK_FALSE(page.response_headers[0].is_required.has_value());

  CHECK(page.body.empty());
  REQUIRE(page.responses.size() == 5);
  for (const auto& [status, examples] : page.responses) {
    REQUIRE(examples.size() == 1);
    CHECK(nlohmann::ordered_json::parse(examples[0]).dump() ==
          Golden("get-export-connection", status));
  }

  REQUIRE(page.schemas.size() == 6);
  CHECK(page.schemas[0].title == "Link");
  CHECK(page.schemas[0].members == Words{"href"});
  CHECK(page.schemas[1].title == "Authentication Type");
  CHECK(page.schemas[1].members.empty());
  CHECK(page.schemas[2].members == Words{"iModel", "project", "lastRun"});
  CHECK(page.schemas[3].title == "Export Connection Response");
  CHECK(page.schemas[3].members.empty());
  CHECK(page.schemas[4].members == Words{"authenticationType", "id", "displayName", "iModelId"});
  CHECK(page.schemas[5].title == "Error");
  CHECK(page.schemas[5].members == Words{"code", "message", "target"});
}

TEST_CASE("line ends of Windows and white space around lines are ignored") {
  std::string text;
  for (const char c : SavedPage()) text += c == '\n' ? " \t\r\n  " : std::string(1, c);
  const VendorPage page = ReadPage(text);
  CHECK(page.scopes == Words{"export:read"});
  CHECK(page.responses.size() == 5);
  CHECK(page.schemas.size() == 6);
  CHECK(NamesOf(page.request_headers) == Words{"Authorization", "Accept"});
}

TEST_CASE("the operation is parsed from its line, without the query") {
  const auto path_of = [](const std::string& line) { return ReadPage(line + "\n\n" + kOk).path; };
  CHECK(path_of("GET https://api.bentley.com/export/connections?imodelId[&$top][&$skip]") ==
        "/export/connections");
  CHECK(path_of("GET https://qa-api.bentley.com/export/connections[?$top]") ==
        "/export/connections");
  CHECK(ReadPage("DELETE https://api.bentley.com/export/x\n\n" + kOk).method == "DELETE");
}

TEST_CASE("scopes are the words of a sentence after \"scope\"") {
  const auto scopes_of = [](const std::string& sentences) {
    return ReadPage(kRequestLine + "Authentication\n\n" + sentences + "\n\n" + kOk).scopes;
  };
  CHECK(scopes_of("A token for scope a:read or b.") == Words{"a:read", "b"});
  CHECK(scopes_of("A token for scopes a, b, or c. There is more.") == Words{"a", "b", "c"});
  CHECK(scopes_of("A token.").empty());
  CHECK(ReadPage(kRequestLine + kOk).scopes.empty());
}

TEST_CASE("newer pages have no column In, and rows may lack a description") {
  const VendorPage page = ReadPage(
      kRequestLine +
      "Request parameters\n\nName\nRequired?\nDescription\n"
      "imodelId\nYes\n\nThe id\n\n$top\nNo\n$skip\nNo\n\n"
      "How many items,\nor so\n\n" +
      kOk + "Response headers\n\nName\nDescription\na\nb\n\nLocation\n\n" + "Where it is\n");
  CHECK(NamesOf(page.parameters) == Words{"imodelId", "$top", "$skip"});
  CHECK(page.parameters[0].in.empty());
  CHECK(page.parameters[0].is_required == true);
  CHECK(page.parameters[1].is_required == false);
  CHECK(NamesOf(page.response_headers) == Words{"a", "b", "Location"});
}

TEST_CASE("the example of a request body may follow a schema") {
  const VendorPage page =
      ReadPage(kRequestLine +
               "Request body\n\nNew Connection\n\nTableSchema\nName\nType\n"
               "Required?\nDescription\niModelId\nString\nYes\n\njson\n{\"a\": 1}\n\n" +
               kOk + "json\n\n{\n\"b\": 2\n}\n\njson\n[]\n");
  REQUIRE(page.body.size() == 1);
  CHECK(page.body[0] == "{\"a\": 1}\n");
  CHECK(page.responses.at(200) == Words{"{\n\"b\": 2\n}\n", "[]\n"});
  REQUIRE(page.schemas.size() == 1);
  CHECK(page.schemas[0].title == "New Connection");
}

TEST_CASE("the table of a schema may lack a title") {
  const VendorPage page = ReadPage(
      kRequestLine + kOk + "some words\n\nTableSchema\nName\nType\nDescription\nid\nString\n");
  REQUIRE(page.schemas.size() == 1);
  CHECK(page.schemas[0].title.empty());
  CHECK(page.schemas[0].members == Words{"id"});
}

TEST_CASE("another text is rejected with a message") {
  const std::string none =
      "page.txt: has no line such as \"GET https://api.bentley.com/export/...\", so this is not a "
      "page of the Export API. Name the saved text of such a page.";
  for (const std::string text :
       {"", "\n\n \n", "<html>", "GET https://api.bentley.com/imodels/x\n\nResponse 200 OK\n",
        "get https://api.bentley.com/export/x", "GET https://", "GET", "GET http://a/export/x"})
    CHECK(PageRefusalOf(text) == none);
  CHECK(PageRefusalOf(std::string("\0\xff\xfe{\"", 5)) == none);
  const std::string no_answer =
      "page.txt: has no heading such as \"Response 200 OK\". Save the whole page.";
  for (const std::string text : {"", "Response OK\n", "Response 20 OK\n", "Response 2000\n",
                                 "Response headers\n", "Response 200 OK\nand more\n"})
    CHECK(PageRefusalOf(kRequestLine + text) == no_answer);
}

TEST_CASE("an example that is not valid JSON is rejected with its line") {
  const auto refusal_of = [](const std::string& example) {
    return PageRefusalOf(kRequestLine + kOk + "json\n" + example);
  };
  CHECK(refusal_of("{\"a\": 1}\n") == "taken");
  for (const std::string example : {"{\n\"a\": 1,\n\n}", "{\n\"a\" 1\n}", "", "...", "{} {}",
                                    "{\"a\": 1,\n\"a\": 2}", "\"\xff\""}) {
    INFO(example);
    CHECK(refusal_of(example).starts_with("page.txt:"));
    CHECK(refusal_of(example).find("an example is not valid JSON: ") != std::string::npos);
  }
  CHECK(refusal_of("{\n\"a\" 1\n}").starts_with("page.txt:7: "));
  // Deep enough to overflow the stack of a recursive comparison.
  CHECK(refusal_of(std::string(1000000, '[')).starts_with("page.txt:6: "));
}
