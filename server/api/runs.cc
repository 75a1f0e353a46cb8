#include "api/runs.h"

#include <nlohmann/json.hpp>

#include "api/connections.h"
#include "api/paging.h"
#include "api/parameters.h"
#include "api/run_json.h"
#include "base/text.h"

namespace emulator::api {

HandlerResult ListRuns(const Call& call) {
  // [I] The page's table has no $top and no $skip, but the links of its example have.
  std::vector<ErrorDetail> wrong;
  const fixtures::PageRange range = ReadPageRange(call.request, wrong);
  if (!wrong.empty()) return Deny(reasons::kQueryInvalid, wrong);
  const AuthorizedConnection permitted = FindAuthorized(call);
  if (permitted.refused) return Deny(*permitted.refused);

  // [U] The latest comes first, as a client that is known takes for granted.
  const std::string& id = permitted.connection->id;
  const fixtures::RunPage page = call.snapshot.fixtures->ListRuns(id, range);
  nlohmann::ordered_json body{{"runs", nlohmann::ordered_json::array()}};
  for (const fixtures::Run& run : page.runs)
    body["runs"].push_back(
        ShowRun(run, call.snapshot.now, RunPlace::kListed, call.snapshot.profile));
  const std::string url = call.BaseUrl() + "/export/connections/" + PercentEncode(id) + "/runs?";
  body["_links"] = PageLinks(url, range, page.total);
  return {JsonResponse(body)};
}

HandlerResult GetRun(const Call& call) {
  const AuthorizedConnection permitted = FindAuthorized(call);
  if (permitted.refused) return Deny(*permitted.refused);
  const auto run =
      call.snapshot.fixtures->FindRun(permitted.connection->id, call.parameters["runId"]);
  if (!run) return Deny(reasons::kRunUnknown);
  const nlohmann::ordered_json body{
      {"run", ShowRun(*run, call.snapshot.now, RunPlace::kAlone, call.snapshot.profile)}};
  return {JsonResponse(body)};
}

}  // namespace emulator::api
