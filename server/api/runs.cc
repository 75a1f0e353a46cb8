#include "api/runs.h"

#include <nlohmann/json.hpp>

#include "api/connections.h"
#include "api/paging.h"
#include "api/parameters.h"
#include "api/run_json.h"

namespace emulator {

Outcome ListRuns(const Call& call) {
  // [I] The page's table has no $top and no $skip, but the links of its example have.
  std::vector<ErrorDetail> wrong;
  const PageRange range = ReadPageRange(call.request, wrong);
  if (!wrong.empty()) return RefuseFor(causes::kQueryInvalid, wrong);
  const Permitted permitted = Permit(call);
  if (permitted.refused) return RefuseFor(*permitted.refused);

  // [U] The latest comes first, as a client that is known takes for granted.
  const std::string& id = permitted.connection->id;
  const RunPage page = call.snapshot.fixtures->ListRuns(id, range);
  nlohmann::ordered_json body{{"runs", nlohmann::ordered_json::array()}};
  for (const Run& run : page.runs)
    body["runs"].push_back(
        ShowRun(run, call.snapshot.now, RunPlace::kListed, call.snapshot.rendition));
  const std::string url = call.BaseUrl() + "/export/connections/" + PercentEncode(id) + "/runs?";
  body["_links"] = PageLinks(url, range, page.total);
  return {AnswerWith(body)};
}

Outcome GetRun(const Call& call) {
  const Permitted permitted = Permit(call);
  if (permitted.refused) return RefuseFor(*permitted.refused);
  const auto run =
      call.snapshot.fixtures->FindRun(permitted.connection->id, call.parameters["runId"]);
  if (!run) return RefuseFor(causes::kRunUnknown);
  const nlohmann::ordered_json body{
      {"run", ShowRun(*run, call.snapshot.now, RunPlace::kAlone, call.snapshot.rendition)}};
  return {AnswerWith(body)};
}

}  // namespace emulator
