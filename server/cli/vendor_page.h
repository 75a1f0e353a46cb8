// Parses a page of the vendor's documentation about one operation, saved as text as a browser
// copies it. Empty lines separate paragraphs. A heading is a paragraph ("Request headers",
// "Response 404 Not Found"); a table has a line for each cell, and its descriptions are paragraphs;
// an example follows the line "json". This file does not depend on the emulator.
//
// Threads: values and a pure function.
#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace emulator::cli {

struct VendorPage {
  // A row of a table of parameters or headers.
  struct Row {
    std::string name;
    std::string in;  // "template" or "query"; empty on newer pages, which have no such column
    std::optional<bool> is_required;  // absent: the table has no such column
  };
  // The members of an object. Types are ignored because the tables have gaps there.
  struct SchemaTable {
    std::string title;
    std::vector<std::string> members;
  };
  using Examples = std::vector<std::string>;  // valid JSON

  std::string method;
  std::string path;                 // "/export/connections/{connectionId}", without a query
  std::vector<std::string> scopes;  // one of them is enough; empty: the page names none
  std::vector<Row> parameters, request_headers;
  Examples body;                      // of requests
  std::map<int, Examples> responses;  // by status; no examples: the page shows no body
  std::vector<Row> response_headers;  // of all responses
  std::vector<SchemaTable> schemas;
};

// The text is not such a page; what() is a message with the line.
class PageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// `name` is the name of the text in messages. Throws PageError if the text has no operation of the
// Export API, no response, or an example that is not valid JSON.
VendorPage ReadVendorPage(const std::string& name, std::string_view text);

}  // namespace emulator::cli
