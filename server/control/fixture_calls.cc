#include <nlohmann/json.hpp>

#include "api/errors.h"
#include "api/operations.h"
#include "control/answers.h"
#include "control/calls.h"
#include "world/fixture_doubts.h"
#include "world/fixture_json.h"
#include "world/run_course.h"

namespace emulator {

namespace {

using nlohmann::ordered_json;

// What the calls of one kind of item have to know of it.
template <typename Row>
struct Item {
  Kind kind;
  const char* name;
  const char* parameter;  // of the path
  std::optional<Row> (FixtureStore::*read)(const std::string& key) const;
};
constexpr Item<Connection> kConnection{Kind::kConnection, "connection", "connectionId",
                                       &FixtureStore::ReadConnection};
constexpr Item<User> kUser{Kind::kUser, "user", "userId", &FixtureStore::ReadUser};
constexpr Item<Client> kClient{Kind::kClient, "client", "clientId", &FixtureStore::ReadClient};
constexpr Item<Token> kToken{Kind::kToken, "token", "name", &FixtureStore::ReadToken};
constexpr Item<Run> kRun{Kind::kRun, "run", "runId", &FixtureStore::ReadRun};
constexpr Item<RunPlan> kRunPlan{Kind::kRunPlan, "run plan", "connectionId",
                                 &FixtureStore::ReadRunPlan};

// A change of fixtures; what it throws is what was wrong with the body.
template <typename Change>
Response Changing(Change change) {
  try {
    return change();
  } catch (const FixtureError& error) {
    const FixtureDefect& first = error.defects().front();
    if (!first.pointer) return AnswerNoJson(first.line, first.sentence, "");
    return AnswerFixtureDefects(error);
  } catch (const StoreBusyError& error) {
    return Refuse(control_errors::kStoreBusy, {.message = error.what()});
  }
}

template <typename Row>
Response Tell(const ControlCall& call, const Item<Row>& item, int status = 200) {
  const std::string& key = call.parameters[item.parameter];
  const auto store = call.world.fixtures.Read();
  const auto row = ((*store).*item.read)(key);
  if (!row) return AnswerUnknown(item.name, key);
  return AnswerJsonText(JsonOf(*row), status);
}

template <typename Row>
Response Put(const ControlCall& call, const Item<Row>& item) {
  const std::string& key = call.parameters[item.parameter];
  return Changing([&] {
    const auto store = call.world.fixtures.Read();
    const bool is_new = !((*store).*item.read)(key);
    call.world.fixtures.Put(ReadItem(item.kind, key, call.request.body));
    return Tell(call, item, is_new ? 201 : 200);
  });
}

template <typename Row>
Response Delete(const ControlCall& call, const Item<Row>& item) {
  const std::string& key = call.parameters[item.parameter];
  return Changing([&] {
    const Deletion deletion = call.world.fixtures.Delete(item.kind, key);
    switch (deletion.outcome) {
      case Deletion::kDone:
        return AnswerNothing();
      case Deletion::kUnknown:
        return AnswerUnknown(item.name, key);
      case Deletion::kReferenced:
        break;
    }
    return Refuse(
        control_errors::kStillReferenced,
        {.message = "The " + std::string(item.name) + " \"" + key + "\" is still referred to by " +
                    deletion.referrers + "; delete that first."});
  });
}

}  // namespace

Response TellFixtures(const ControlCall& call) {
  return AnswerJsonText(WriteFixtures(call.world.fixtures.Read()->ReadAll()));
}

Response ReplaceFixtures(const ControlCall& call) {
  return Changing([&] {
    FixtureSet set = ReadFixtures({{"the body", call.request.body}});
    ordered_json told{{"connections", set.connections.items.size()},
                      {"users", set.users.items.size()},
                      {"clients", set.clients.items.size()},
                      {"tokens", set.tokens.items.size()},
                      {"runs", set.runs.items.size()},
                      {"runPlans", set.run_plans.items.size()}};
    if (const auto doubts = Doubts(set, Scopes()); !doubts.empty()) told["warnings"] = doubts;
    call.world.fixtures.Replace(std::move(set));
    return AnswerJson(told);
  });
}

Response TellConnection(const ControlCall& call) {
  return Tell(call, kConnection);
}
Response PutConnection(const ControlCall& call) {
  return Put(call, kConnection);
}
Response DeleteConnection(const ControlCall& call) {
  return Delete(call, kConnection);
}

Response TellUser(const ControlCall& call) {
  return Tell(call, kUser);
}
Response PutUser(const ControlCall& call) {
  return Put(call, kUser);
}
Response DeleteUser(const ControlCall& call) {
  return Delete(call, kUser);
}

Response TellClient(const ControlCall& call) {
  return Tell(call, kClient);
}
Response PutClient(const ControlCall& call) {
  return Put(call, kClient);
}
Response DeleteClient(const ControlCall& call) {
  return Delete(call, kClient);
}

Response TellToken(const ControlCall& call) {
  return Tell(call, kToken);
}
Response PutToken(const ControlCall& call) {
  return Put(call, kToken);
}
Response DeleteToken(const ControlCall& call) {
  return Delete(call, kToken);
}

Response TellRun(const ControlCall& call) {
  return Tell(call, kRun);
}
Response PutRun(const ControlCall& call) {
  return Put(call, kRun);
}
Response DeleteRun(const ControlCall& call) {
  return Delete(call, kRun);
}
Response FinishRun(const ControlCall& call) {
  const std::string& id = call.parameters[kRun.parameter];
  const auto run = call.world.fixtures.Read()->ReadRun(id);
  if (!run) return AnswerUnknown(kRun.name, id);
  return Changing([&] {
    FixtureSet set;
    set.runs.items.push_back(
        {FinishedNow(*run, call.body.value("outcome", run->course.outcome), call.world.clock.Now()),
         0, 0});
    call.world.fixtures.Put(set);
    return Tell(call, kRun);
  });
}

Response TellRunPlan(const ControlCall& call) {
  return Tell(call, kRunPlan);
}
Response PutRunPlan(const ControlCall& call) {
  return Put(call, kRunPlan);
}
Response DeleteRunPlan(const ControlCall& call) {
  return Delete(call, kRunPlan);
}

}  // namespace emulator
