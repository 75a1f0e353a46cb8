#include "api/runs.h"

#include <nlohmann/json.hpp>

#include "api/connections.h"
#include "api/paging.h"
#include "api/parameters.h"
#include "api/run_json.h"
#include "base/text.h"

namespace emulator::api {

HandlerResult ListRuns(const Call& call) {
  // [I] The page's table lacks $top and $skip, but the links of its example have them.
  std::vector<ErrorDetail> invalid;
  const fixtures::PageRange range = ReadPageRange(call.request, invalid);
  if (!invalid.empty()) return Deny(reasons::kQueryInvalid, invalid);
  const AuthorizedConnection authorized = FindAuthorized(call);
  if (authorized.refusal) return Deny(*authorized.refusal);

  // [U] The latest run comes first, as a known client assumes.
  const std::string& id = authorized.connection->id;
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
  const AuthorizedConnection authorized = FindAuthorized(call);
  if (authorized.refusal) return Deny(*authorized.refusal);
  const auto run =
      call.snapshot.fixtures->FindRun(authorized.connection->id, call.parameters["runId"]);
  if (!run) return Deny(reasons::kRunUnknown);
  const nlohmann::ordered_json body{
      {"run", ShowRun(*run, call.snapshot.now, RunPlace::kAlone, call.snapshot.profile)}};
  return {JsonResponse(body)};
}

}  // namespace emulator::api
