#include "api/errors.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "api/operations.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::api;

// The files of tests/golden/ that show refusals. Of the seed page all are there; of the vendor's
// other pages those whose bodies are known as a whole.
TEST_CASE("the body of every documented error is the page's, byte for byte") {
  std::set<std::string> compared;
  for (const Operation& operation : Operations())
    for (const auto& [edition, folder] :
         {std::pair{world::Edition::kPage, ""}, {world::Edition::kCurrent, "current/"}})
      for (const ApiError* row : operation.refusals) {
        const ApiError& refusal = operation.In(edition, *row);
        const std::string file =
            folder + std::string(operation.name) + "/" + std::to_string(refusal.status) + ".json";
        const bool is_there = std::filesystem::exists(GoldenFolder() + "/" + file);
        INFO(file);
        CHECK((is_there || operation.name != "get-export-connection" ||
               edition == world::Edition::kCurrent));
        if (!is_there) continue;
        compared.insert(file);
        const http::Response response = Refuse(refusal);
        CHECK(response.status == refusal.status);
        CHECK(response.body == ReadFile(GoldenFolder() + "/" + file));
        CHECK(HeaderOf(response, "Content-Type") == "application/json");
      }
  size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(GoldenFolder()))
    files += entry.path().extension() == ".json" && entry.path().stem().string()[0] == '4' ? 1 : 0;
  CHECK(compared.size() == files);
}

TEST_CASE("an error's detail follows code and message") {
  CHECK(
      Refuse(errors::kUnknownClient).body ==
      R"({"error":{"code":"Unauthorized","message":"Access denied due to invalid client. Make sure that)"
      R"( client was registered on https://developer.bentley.com.","details":[{"code":"UnknownClient",)"
      R"("message":"Client was not registered on https://developer.bentley.com."}]}})");
}

TEST_CASE("details of a request replace the row's") {
  CHECK(
      Refuse(errors::kInvalidConnection, {MissingProperty("iModelId"), InvalidValue("x")}).body ==
      R"({"error":{"code":"InvalidExportConnectionRequest","message":"Cannot perform operation.",)"
      R"("details":[{"code":"MissingRequiredProperty","message":"Required property is missing.",)"
      R"("target":"iModelId"},{"code":"InvalidValue","message":"Provided x value is not valid.",)"
      R"("target":"x"}]}})");
}

TEST_CASE("more text follows the message, before the full stop") {
  const ApiError refusal{400, "Code", "It takes"};
  CHECK(Refuse(refusal, "1, 2").body == R"({"error":{"code":"Code","message":"It takes 1, 2."}})");
}

TEST_CASE("the list of all errors has every row of the file") {
  std::string header = ReadFile(SourceFolder() + "/server/api/errors.h");
  header.resize(header.find("namespace control_errors"));
  const std::string kRow = "inline constexpr ApiError k";
  size_t rows = 0;
  for (size_t at = header.find(kRow); at != std::string::npos; at = header.find(kRow, at + 1))
    ++rows;
  CHECK(rows == AllApiErrors().size());
  CHECK(std::set(AllApiErrors().begin(), AllApiErrors().end()).size() == rows);
}

TEST_CASE("an error is found by its name") {
  CHECK(FindApiError("TooManyRequests") == &errors::kTooManyRequests);
  CHECK(FindApiError("Unauthorized") == &errors::kUnauthorized);
  CHECK(FindApiError("UnknownClient") == &errors::kUnknownClient);
  CHECK(FindApiError("BadRequest") == nullptr);  // ours
  CHECK(FindApiError("toomanyrequests") == nullptr);
  CHECK(FindApiError("") == nullptr);
  const auto names = ApiErrorNames();
  CHECK(names.front() == "HeaderNotFound");
  CHECK(names.size() == 14);
  CHECK(std::set(names.begin(), names.end()).size() == names.size());
  CHECK(std::count(names.begin(), names.end(), "UnknownClient") == 1);
}

TEST_CASE("the 401 for a bad token has the observed sentence") {
  CHECK(
      Refuse(errors::kUnauthorized).body ==
      R"({"error":{"code":"Unauthorized","message":"Access denied due to invalid access_token. Make sure)"
      R"( that issuer is correct, the token is not expired and is not corrupted."}})");
}
