// A page of the vendor's documentation about one operation, saved as text: what a browser gives
// when the page is copied. Its form: paragraphs with an empty line between; a heading is a
// paragraph of its own ("Request headers", "Response 404 Not Found"); a table has a cell a line,
// its descriptions are paragraphs; an example is behind a line "json". Nothing here knows what the
// emulator does.
//
// Threads: pure.
#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace emulator::cli {

struct VendorPage {
  // Of a table of parameters or headers.
  struct Row {
    std::string name;
    std::string in;                   // "template", "query"; empty: newer pages have no such column
    std::optional<bool> is_required;  // absent: the table has no such column
  };
  // Of an object. Types are left aside: the tables have gaps in them.
  struct SchemaTable {
    std::string title;
    std::vector<std::string> members;
  };
  using Examples = std::vector<std::string>;  // JSON that ParseStrictJson takes

  std::string method;
  std::string path;                 // "/export/connections/{connectionId}", without a query
  std::vector<std::string> scopes;  // any one of them suffices; empty: the page tells none
  std::vector<Row> parameters, request_headers;
  Examples body;                      // of the request
  std::map<int, Examples> answers;    // by status; no examples: it shows no body
  std::vector<Row> response_headers;  // of any answer
  std::vector<SchemaTable> schemas;
};

// What is wrong with a text that is no such page: a sentence with its place.
class PageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// `name`: what errors call the text. Throws PageError where there is no operation of the Export
// API, no response, or an example that is no JSON.
VendorPage ReadVendorPage(const std::string& name, std::string_view text);

}  // namespace emulator::cli
