#include "api/create_run.h"

#include <array>
#include <optional>

#include "api/connections.h"
#include "api/parameters.h"
#include "api/request_body.h"
#include "base/text.h"
#include "fixtures/run_timeline.h"

namespace emulator::api {

namespace {

using Member = RequestBody::Member;

// [D] IFC on every page, PDF since 2025-11-26. Older copies have LandXML, which was withdrawn.
constexpr std::array<std::string_view, 3> kExportTypes{"IFC", "PDF", "LandXML"};
constexpr auto kNewerExportTypes = std::span(kExportTypes).first<2>();
constexpr std::array<std::string_view, 4> kIfcVersions{"IFC4.3", "IFC2x3", "IFC2x3 CV 2.0",
                                                       "IFC4 RV 1.2"};
constexpr Member kInputOptions[] = {{"mappingFileId", Member::kText},
                                    {"changesetId", Member::kText},
                                    {"savedViewId", Member::kText},
                                    {"mappingfileBlobUrl", Member::kText},  // [D] its odd case
                                    {"modelIds", Member::kTexts}};  // [D] not an empty array
constexpr Member kOutputOptions[] = {
    {"location", Member::kText},
    {"outputSasUrl", Member::kText},
    {"logsSasUrl", Member::kText},
    {"folderId", Member::kText},
    {"replaceOlderFile", Member::kBoolean},  // a known client sends it
    {"saveLogs", Member::kBoolean}};

std::vector<ErrorDetail> Validate(const std::string& text, world::Edition edition) {
  RequestBody body(text);
  if (const std::string type = body.RequiredText("exportType"); !type.empty())
    body.Choice("exportType", edition == world::Edition::kCurrent
                                  ? kNewerExportTypes
                                  : std::span(kExportTypes).first(3));
  body.Choice("ifcVersion", kIfcVersions);
  body.Object("inputOptions", kInputOptions);
  body.Object("outputOptions", kOutputOptions);
  return body.invalid();
}

// The outcome of "outcome=Error" anywhere in a connection's name: a client that creates its own
// connections can choose the outcome of their runs.
std::optional<std::string> OutcomeInName(const std::string& name) {
  constexpr std::string_view kKey = "outcome=";
  const size_t at = name.find(kKey);
  if (at == std::string::npos) return std::nullopt;
  const std::string_view rest = std::string_view(name).substr(at + kKey.size());
  for (const std::string_view outcome :
       {"Success", "Error", "PartialSuccess", "Skipped", "Cancelled", "TimedOut"})
    if (rest.starts_with(outcome)) return std::string(outcome);
  return std::nullopt;
}

// A connection's own plan wins over its display name, which wins over the plan for `*`.
fixtures::RunPlan PlanFor(const fixtures::Connection& connection,
                          const fixtures::FixtureStore& fixtures) {
  fixtures::RunPlan plan =
      fixtures.FindRunPlan(connection.id)
          .value_or(fixtures::RunPlan{std::string(fixtures::kAllRuns), {}, {}});
  if (plan.connection != fixtures::kAllRuns) return plan;
  if (auto outcome = OutcomeInName(connection.display_name.value_or("")))
    plan.timeline.outcome = std::move(*outcome);
  return plan;
}

std::string LinkTo(const Call& call, const fixtures::Run& run) {
  return call.BaseUrl() + "/export/connections/" + PercentEncode(run.connection) + "/runs/" +
         PercentEncode(run.id);
}

HandlerResult RedirectTo(const Call& call, const fixtures::Run& run, int status) {
  return {{.status = status, .headers = {{"Location", LinkTo(call, run)}}}};
}

// [D] 303 to the unfinished run; but of simultaneous requests, all except the first are refused.
HandlerResult AnswerActive(const Call& call, const fixtures::Run& active,
                           const fixtures::RunPlan& plan) {
  const bool is_simultaneous =
      call.snapshot.now < ParseTime(active.start).value() + plan.simultaneous ||
      call.snapshot.world.run_starts.HasOneAfter(active.connection, call.request.arrived);
  if (is_simultaneous) return Deny(reasons::kRunSimultaneous);
  return RedirectTo(call, active, 303);
}

}  // namespace

HandlerResult CreateRun(const Call& call) {
  const auto invalid = Validate(call.request.body, call.snapshot.profile.edition);
  if (!invalid.empty()) return Deny(reasons::kRunInvalid, invalid);
  const AuthorizedConnection authorized = FindAuthorized(call);
  if (authorized.refusal) return Deny(*authorized.refusal);

  world::World& world = call.snapshot.world;
  const fixtures::FixtureStore& fixtures = *call.snapshot.fixtures;
  const auto connection = fixtures.Read<fixtures::Connection>(authorized.connection->id);
  if (!connection) return Deny(reasons::kConnectionUnknown);
  // [D] The user's refresh token is needed; [U] the answer without it. A Service connection needs
  // no refresh token.
  if (connection->authentication_type == "User" &&
      !fixtures.IsAuthorized(*call.token.user()).value_or(false))
    return Deny(reasons::kUserNotAuthorized);

  const fixtures::RunPlan plan = PlanFor(*connection, fixtures);
  fixtures::Run run{.id = world.guids.New(),
                    .connection = connection->id,
                    .start = CanonicalTime(call.snapshot.now),
                    .timeline = plan.timeline};
  while (true) {
    switch (world.fixtures.StartRun(run, LinkTo(call, run))) {
      case fixtures::FixtureStore::Start::kDone:
        world.run_starts.Add(run.connection, RealNow());
        return RedirectTo(call, run, 202);
      case fixtures::FixtureStore::Start::kIdTaken:
        run.id = world.guids.New();
        break;
      case fixtures::FixtureStore::Start::kNoConnection:
        return Deny(reasons::kConnectionUnknown);
      case fixtures::FixtureStore::Start::kAnotherActive:
        // If the other run has finished meanwhile, it was active when this request arrived.
        if (const auto active =
                world.fixtures.Read()->FindActiveRun(run.connection, call.snapshot.now))
          return AnswerActive(call, *active, plan);
        return Deny(reasons::kRunSimultaneous);
    }
  }
}

}  // namespace emulator::api
