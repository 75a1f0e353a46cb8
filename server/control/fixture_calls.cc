#include <nlohmann/json.hpp>

#include "api/errors.h"
#include "api/operations.h"
#include "control/calls.h"
#include "control/responses.h"
#include "fixtures/fixture_json.h"
#include "fixtures/lint.h"
#include "fixtures/run_timeline.h"

namespace emulator::control {

namespace {

using nlohmann::ordered_json;

// Runs `change`, and answers the errors of the body, or of the store, that it throws.
template <typename Change>
http::Response ApplyChange(Change change) {
  try {
    return change();
  } catch (const fixtures::FixtureError& error) {
    const fixtures::FixtureDiagnostic& first = error.diagnostics().front();
    if (!first.pointer) return InvalidJsonResponse(first.line, first.sentence, "");
    return InvalidFixturesResponse(error);
  } catch (const fixtures::StoreBusyError& error) {
    return api::Refuse(api::control_errors::kStoreBusy, {.message = error.what()});
  }
}

template <typename Row>
http::Response Describe(const ControlCall& call, int status = 200) {
  const std::string& key = call.parameters[fixtures::kKind<Row>.path_parameter];
  const auto row = call.world.fixtures.Read()->Read<Row>(key);
  if (!row) return UnknownItemResponse(fixtures::kKind<Row>.name, key);
  return JsonTextResponse(fixtures::JsonOf(*row), status);
}

template <typename Row>
http::Response Put(const ControlCall& call) {
  const std::string& key = call.parameters[fixtures::kKind<Row>.path_parameter];
  return ApplyChange([&] {
    const bool is_new = !call.world.fixtures.Read()->Read<Row>(key);
    call.world.fixtures.Put(fixtures::ReadItem(fixtures::kKind<Row>, key, call.request.body));
    return Describe<Row>(call, is_new ? 201 : 200);
  });
}

template <typename Row>
http::Response Delete(const ControlCall& call) {
  const std::string& key = call.parameters[fixtures::kKind<Row>.path_parameter];
  return ApplyChange([&] {
    const fixtures::FixtureDeletion deletion =
        call.world.fixtures.Delete(fixtures::kKind<Row>, key);
    switch (deletion.outcome) {
      case fixtures::FixtureDeletion::kDone:
        return NoContent();
      case fixtures::FixtureDeletion::kUnknown:
        return UnknownItemResponse(fixtures::kKind<Row>.name, key);
      case fixtures::FixtureDeletion::kReferenced:
        break;
    }
    return api::Refuse(
        api::control_errors::kStillReferenced,
        {.message = "The " + std::string(fixtures::kKind<Row>.name) + " \"" + key +
                    "\" is still referenced by " + deletion.referrers + ". Delete that first."});
  });
}

}  // namespace

http::Response GetFixtures(const ControlCall& call) {
  return JsonTextResponse(fixtures::WriteFixtures(call.world.fixtures.Read()->ReadAll()));
}

http::Response ReplaceFixtures(const ControlCall& call) {
  return ApplyChange([&] {
    fixtures::FixtureSet set = fixtures::ReadFixtures({{"the body", call.request.body}});
    ordered_json counts;
    fixtures::ForEachSection(set, [&]<typename Row>(const fixtures::Section<Row>& section) {
      counts[fixtures::kKind<Row>.section] = section.items.size();
    });
    if (const auto warnings = fixtures::LintFixtures(set, api::Scopes()); !warnings.empty())
      counts["warnings"] = warnings;
    call.world.fixtures.Replace(std::move(set));
    return JsonResponse(counts);
  });
}

http::Response GetConnection(const ControlCall& call) {
  return Describe<fixtures::Connection>(call);
}
http::Response PutConnection(const ControlCall& call) {
  return Put<fixtures::Connection>(call);
}
http::Response DeleteConnection(const ControlCall& call) {
  return Delete<fixtures::Connection>(call);
}

http::Response GetUser(const ControlCall& call) {
  return Describe<fixtures::User>(call);
}
http::Response PutUser(const ControlCall& call) {
  return Put<fixtures::User>(call);
}
http::Response DeleteUser(const ControlCall& call) {
  return Delete<fixtures::User>(call);
}

http::Response GetClient(const ControlCall& call) {
  return Describe<fixtures::Client>(call);
}
http::Response PutClient(const ControlCall& call) {
  return Put<fixtures::Client>(call);
}
http::Response DeleteClient(const ControlCall& call) {
  return Delete<fixtures::Client>(call);
}

http::Response GetToken(const ControlCall& call) {
  return Describe<fixtures::Token>(call);
}
http::Response PutToken(const ControlCall& call) {
  return Put<fixtures::Token>(call);
}
http::Response DeleteToken(const ControlCall& call) {
  return Delete<fixtures::Token>(call);
}

http::Response GetRun(const ControlCall& call) {
  return Describe<fixtures::Run>(call);
}
http::Response PutRun(const ControlCall& call) {
  return Put<fixtures::Run>(call);
}
http::Response DeleteRun(const ControlCall& call) {
  return Delete<fixtures::Run>(call);
}
http::Response FinishRun(const ControlCall& call) {
  const std::string& id = call.parameters[fixtures::kKind<fixtures::Run>.path_parameter];
  const auto run = call.world.fixtures.Read()->Read<fixtures::Run>(id);
  if (!run) return UnknownItemResponse(fixtures::kKind<fixtures::Run>.name, id);
  return ApplyChange([&] {
    fixtures::FixtureSet set;
    set.runs.items.push_back(
        {fixtures::FinishRunNow(*run, call.body.value("outcome", run->timeline.outcome),
                                call.world.clock.Now()),
         0, 0});
    call.world.fixtures.Put(set);
    return Describe<fixtures::Run>(call);
  });
}

http::Response GetRunPlan(const ControlCall& call) {
  return Describe<fixtures::RunPlan>(call);
}
http::Response PutRunPlan(const ControlCall& call) {
  return Put<fixtures::RunPlan>(call);
}
http::Response DeleteRunPlan(const ControlCall& call) {
  return Delete<fixtures::RunPlan>(call);
}

}  // namespace emulator::control
