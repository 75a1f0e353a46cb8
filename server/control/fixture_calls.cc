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

// One kind of fixture, for the calls that get, put and delete it.
template <typename Row>
struct Item {
  fixtures::Kind kind;
  const char* name;
  const char* parameter;  // in the path
  std::optional<Row> (fixtures::FixtureStore::*read)(const std::string& key) const;
};
constexpr Item<fixtures::Connection> kConnection{fixtures::Kind::kConnection, "connection",
                                                 "connectionId",
                                                 &fixtures::FixtureStore::ReadConnection};
constexpr Item<fixtures::User> kUser{fixtures::Kind::kUser, "user", "userId",
                                     &fixtures::FixtureStore::ReadUser};
constexpr Item<fixtures::Client> kClient{fixtures::Kind::kClient, "client", "clientId",
                                         &fixtures::FixtureStore::ReadClient};
constexpr Item<fixtures::Token> kToken{fixtures::Kind::kToken, "token", "name",
                                       &fixtures::FixtureStore::ReadToken};
constexpr Item<fixtures::Run> kRun{fixtures::Kind::kRun, "run", "runId",
                                   &fixtures::FixtureStore::ReadRun};
constexpr Item<fixtures::RunPlan> kRunPlan{fixtures::Kind::kRunPlan, "run plan", "connectionId",
                                           &fixtures::FixtureStore::ReadRunPlan};

// Runs `change`, and answers the errors of the body, or of the store, that it throws.
template <typename Change>
http::Response ApplyChange(Change change) {
  try {
    return change();
  } catch (const fixtures::FixtureError& error) {
    const fixtures::FixtureDiagnostic& first = error.defects().front();
    if (!first.pointer) return InvalidJsonResponse(first.line, first.sentence, "");
    return InvalidFixturesResponse(error);
  } catch (const fixtures::StoreBusyError& error) {
    return api::Refuse(api::control_errors::kStoreBusy, {.message = error.what()});
  }
}

template <typename Row>
http::Response Describe(const ControlCall& call, const Item<Row>& item, int status = 200) {
  const std::string& key = call.parameters[item.parameter];
  const auto store = call.world.fixtures.Read();
  const auto row = ((*store).*item.read)(key);
  if (!row) return UnknownItemResponse(item.name, key);
  return JsonTextResponse(fixtures::JsonOf(*row), status);
}

template <typename Row>
http::Response Put(const ControlCall& call, const Item<Row>& item) {
  const std::string& key = call.parameters[item.parameter];
  return ApplyChange([&] {
    const auto store = call.world.fixtures.Read();
    const bool is_new = !((*store).*item.read)(key);
    call.world.fixtures.Put(fixtures::ReadItem(item.kind, key, call.request.body));
    return Describe(call, item, is_new ? 201 : 200);
  });
}

template <typename Row>
http::Response Delete(const ControlCall& call, const Item<Row>& item) {
  const std::string& key = call.parameters[item.parameter];
  return ApplyChange([&] {
    const fixtures::FixtureDeletion deletion = call.world.fixtures.Delete(item.kind, key);
    switch (deletion.outcome) {
      case fixtures::FixtureDeletion::kDone:
        return NoContent();
      case fixtures::FixtureDeletion::kUnknown:
        return UnknownItemResponse(item.name, key);
      case fixtures::FixtureDeletion::kReferenced:
        break;
    }
    return api::Refuse(
        api::control_errors::kStillReferenced,
        {.message = "The " + std::string(item.name) + " \"" + key + "\" is still referenced by " +
                    deletion.referrers + ". Delete that first."});
  });
}

}  // namespace

http::Response GetFixtures(const ControlCall& call) {
  return JsonTextResponse(fixtures::WriteFixtures(call.world.fixtures.Read()->ReadAll()));
}

http::Response ReplaceFixtures(const ControlCall& call) {
  return ApplyChange([&] {
    fixtures::FixtureSet set = fixtures::ReadFixtures({{"the body", call.request.body}});
    ordered_json counts{{"connections", set.connections.items.size()},
                        {"users", set.users.items.size()},
                        {"clients", set.clients.items.size()},
                        {"tokens", set.tokens.items.size()},
                        {"runs", set.runs.items.size()},
                        {"runPlans", set.run_plans.items.size()}};
    if (const auto warnings = fixtures::LintFixtures(set, api::Scopes()); !warnings.empty())
      counts["warnings"] = warnings;
    call.world.fixtures.Replace(std::move(set));
    return JsonResponse(counts);
  });
}

http::Response GetConnection(const ControlCall& call) {
  return Describe(call, kConnection);
}
http::Response PutConnection(const ControlCall& call) {
  return Put(call, kConnection);
}
http::Response DeleteConnection(const ControlCall& call) {
  return Delete(call, kConnection);
}

http::Response GetUser(const ControlCall& call) {
  return Describe(call, kUser);
}
http::Response PutUser(const ControlCall& call) {
  return Put(call, kUser);
}
http::Response DeleteUser(const ControlCall& call) {
  return Delete(call, kUser);
}

http::Response GetClient(const ControlCall& call) {
  return Describe(call, kClient);
}
http::Response PutClient(const ControlCall& call) {
  return Put(call, kClient);
}
http::Response DeleteClient(const ControlCall& call) {
  return Delete(call, kClient);
}

http::Response GetToken(const ControlCall& call) {
  return Describe(call, kToken);
}
http::Response PutToken(const ControlCall& call) {
  return Put(call, kToken);
}
http::Response DeleteToken(const ControlCall& call) {
  return Delete(call, kToken);
}

http::Response GetRun(const ControlCall& call) {
  return Describe(call, kRun);
}
http::Response PutRun(const ControlCall& call) {
  return Put(call, kRun);
}
http::Response DeleteRun(const ControlCall& call) {
  return Delete(call, kRun);
}
http::Response FinishRun(const ControlCall& call) {
  const std::string& id = call.parameters[kRun.parameter];
  const auto run = call.world.fixtures.Read()->ReadRun(id);
  if (!run) return UnknownItemResponse(kRun.name, id);
  return ApplyChange([&] {
    fixtures::FixtureSet set;
    set.runs.items.push_back(
        {fixtures::FinishRunNow(*run, call.body.value("outcome", run->timeline.outcome),
                                call.world.clock.Now()),
         0, 0});
    call.world.fixtures.Put(set);
    return Describe(call, kRun);
  });
}

http::Response GetRunPlan(const ControlCall& call) {
  return Describe(call, kRunPlan);
}
http::Response PutRunPlan(const ControlCall& call) {
  return Put(call, kRunPlan);
}
http::Response DeleteRunPlan(const ControlCall& call) {
  return Delete(call, kRunPlan);
}

}  // namespace emulator::control
