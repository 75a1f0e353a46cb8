#include "cli/outcomes_command.h"

#include "api/operations.h"
#include "base/text.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::cli;

TEST_CASE("the table has a heading and lines for each operation") {
  const std::string table = OutcomesTable({});
  for (const api::Operation& operation : api::Operations())
    CHECK(("\n" + table).find("\n" + std::string(operation.name) + "\n") != std::string::npos);
}

TEST_CASE("the table of one operation has no heading") {
  const std::string table = OutcomesTable({.operation = "delete-export-connection"});
  for (const std::string_view line : Split(table, '\n')) {
    CHECK(IsDigit(line.front()));
    CHECK(line.find("curl -i -X DELETE http://localhost:8080/export/connections/") !=
          std::string::npos);
  }
}

TEST_CASE("curl commands use the URL, without a second slash, and quote a query") {
  const std::string table = OutcomesTable({.url = "http://[::1]:1/", .operation = ""});
  CHECK(table.find("//export") == std::string::npos);
  CHECK(table.find("'http://[::1]:1/export/connections?imodelId=") != std::string::npos);
}
