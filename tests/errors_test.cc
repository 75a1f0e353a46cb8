#include "api/errors.h"

#include <algorithm>
#include <set>

#include "api/operations.h"
#include "api/unrouted.h"
#include "world.h"

using namespace emulator;

TEST_CASE("every documented refusal is the page's body, byte for byte") {
  for (const Operation& operation : Operations())
    for (const Refusal* refusal : operation.refusals) {
      const Response response = Refuse(*refusal);
      INFO(operation.name << " " << refusal->status);
      CHECK(response.status == refusal->status);
      CHECK(response.body == Golden(std::string(operation.name), refusal->status));
      CHECK(HeaderOf(response, "Content-Type") == "application/json");
    }
}

TEST_CASE("a refusal with a detail shows it behind code and message") {
  CHECK(
      Refuse(errors::kUnknownClient).body ==
      R"({"error":{"code":"Unauthorized","message":"Access denied due to invalid client. Make sure that)"
      R"( client was registered on https://developer.bentley.com.","details":[{"code":"UnknownClient",)"
      R"("message":"Client was not registered on https://developer.bentley.com."}]}})");
}

TEST_CASE("more of a message follows it, before the full stop") {
  const Refusal refusal{400, "Code", "It takes"};
  CHECK(Refuse(refusal, "1, 2").body == R"({"error":{"code":"Code","message":"It takes 1, 2."}})");
}

TEST_CASE("no row of the file is missing among all refusals") {
  std::string header = ReadFile(std::string(GOLDEN_FOLDER) + "/../../server/api/errors.h");
  header.resize(header.find("namespace control_errors"));
  const std::string kRow = "inline constexpr Refusal k";
  size_t rows = 0;
  for (size_t at = header.find(kRow); at != std::string::npos; at = header.find(kRow, at + 1))
    ++rows;
  CHECK(rows == AllRefusals().size());
  CHECK(std::set(AllRefusals().begin(), AllRefusals().end()).size() == rows);
}

TEST_CASE("a refusal is found by its code, or by its detail's") {
  CHECK(FindRefusal("TooManyRequests") == &errors::kTooManyRequests);
  CHECK(FindRefusal("Unauthorized") == &errors::kUnauthorized);
  CHECK(FindRefusal("UnknownClient") == &errors::kUnknownClient);
  CHECK(FindRefusal("BadRequest") == nullptr);  // ours
  CHECK(FindRefusal("toomanyrequests") == nullptr);
  CHECK(FindRefusal("") == nullptr);
  const auto names = RefusalNames();
  CHECK(names.front() == "HeaderNotFound");
  CHECK(names.size() == 6);
  CHECK(std::count(names.begin(), names.end(), "UnknownClient") == 1);
}

TEST_CASE("the 401 for a bad token has the observed sentence") {
  CHECK(
      Refuse(errors::kUnauthorized).body ==
      R"({"error":{"code":"Unauthorized","message":"Access denied due to invalid access_token. Make sure)"
      R"( that issuer is correct, the token is not expired and is not corrupted."}})");
}

TEST_CASE("a preflight is told from other OPTIONS, and its wishes are echoed") {
  Request request{.method = "OPTIONS", .target = "/x", .headers = {{"Origin", "http://a"}}};
  CHECK_FALSE(IsPreflight(request));
  request.headers.Add("Access-Control-Request-Method", "GET");
  CHECK(IsPreflight(request));
  request.headers.Add("Access-Control-Request-Headers", "authorization,x-y");
  const Response response = AnswerPreflight(request);
  CHECK(response.status == 204);
  CHECK(response.body.empty());
  CHECK(HeaderOf(response, "Access-Control-Allow-Headers") == "authorization,x-y");
  request.method = "GET";
  CHECK_FALSE(IsPreflight(request));
}
