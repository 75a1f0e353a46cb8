#include "world/fixture_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

namespace emulator {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

std::optional<std::string> OptionalText(const json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end()) return std::nullopt;
  return found->get<std::string>();
}

std::vector<std::string> Texts(const json& object, const char* member) {
  return object.value(member, std::vector<std::string>());
}

std::optional<std::string> Link(const json& connection, const char* name) {
  const auto links = connection.find("_links");
  if (links == connection.end() || !links->contains(name)) return std::nullopt;
  return links->at(name).at("href").get<std::string>();
}

std::chrono::milliseconds Seconds(const json& object, const char* member,
                                  std::chrono::milliseconds otherwise) {
  const auto found = object.find(member);
  if (found == object.end()) return otherwise;
  return std::chrono::round<std::chrono::milliseconds>(
      std::chrono::duration<double>(found->get<double>()));
}

RunCourse CourseOf(const json& item) {
  const RunCourse usual;
  RunCourse course{.outcome = item.value("outcome", usual.outcome),
                   .queued = Seconds(item, "queuedSeconds", usual.queued),
                   .running = Seconds(item, "seconds", usual.running),
                   .error = {}};
  if (item.contains("error")) course.error = item["error"].dump();
  return course;
}

std::string Dumped(const ordered_json& value, int indent = -1) {
  return value.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

void AppendText(std::string& out, std::string_view text) {
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
  });
  if (!is_plain) {
    out += Dumped(text);
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

// An object, put together member by member: a connection is written for many requests, and a
// document of nlohmann's takes ten times as long.
class ObjectText {
 public:
  explicit ObjectText(std::string& out) : out_(out) { out_ += '{'; }
  void Close() { out_ += '}'; }

  // What follows is the member's value.
  void Key(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }
  void Member(std::string_view name, const std::string& text) {
    Key(name);
    AppendText(out_, text);
  }
  void Member(std::string_view name, const std::optional<std::string>& text) {
    if (text) Member(name, *text);
  }
  void Link(std::string_view name, const std::optional<std::string>& href) {
    if (!href) return;
    Key(name);
    ObjectText link(out_);
    link.Member("href", href);
    link.Close();
  }

 private:
  std::string& out_;
};

void AddText(ordered_json& object, const char* name, const std::optional<std::string>& text) {
  if (text) object[name] = *text;
}

// Whole seconds as such.
void AddSeconds(ordered_json& object, const char* name, std::chrono::milliseconds time) {
  if (time.count() % 1000 == 0)
    object[name] = time.count() / 1000;
  else
    object[name] = static_cast<double>(time.count()) / 1000;
}

void AddCourse(ordered_json& object, const RunCourse& course) {
  object["outcome"] = course.outcome;
  AddSeconds(object, "queuedSeconds", course.queued);
  AddSeconds(object, "seconds", course.running);
  if (course.error) object["error"] = ordered_json::parse(*course.error);
}

// An item on lines of its own, indented as in a section of a file.
void AppendIndented(std::string& out, const std::string& item) {
  out += "    ";
  for (const char c : Dumped(ordered_json::parse(item), 2)) {
    out += c;
    if (c == '\n') out += "    ";  // between members only: in a text it is escaped
  }
}

template <typename Row>
void AppendSection(std::string& out, const Section<Row>& section) {
  out += std::string("  \"") + section.name + "\": [";
  for (const auto& item : section.items) {
    out += &item == &section.items.front() ? "\n" : ",\n";
    AppendIndented(out, JsonOf(item.row));
  }
  out += section.items.empty() ? "]" : "\n  ]";
}

}  // namespace

template <>
Connection RowOf(const json& item) {
  const json& c = item.contains("connection") ? item["connection"] : item;
  return {.id = c["id"],
          .i_model_id = OptionalText(c, "iModelId"),
          .i_twin_id = OptionalText(c, "iTwinId"),
          .display_name = OptionalText(c, "displayName"),
          .authentication_type = OptionalText(c, "authenticationType"),
          .i_model_link = Link(c, "iModel"),
          .i_twin_link = Link(c, "iTwin"),
          .project_link = Link(c, "project"),
          .last_run_link = Link(c, "lastRun")};
}

template <>
User RowOf(const json& item) {
  return {.id = item["id"],
          .connections = Texts(item, "connections"),
          .authorized = item.value("authorized", true)};
}

template <>
Client RowOf(const json& item) {
  Client client{.id = item["id"],
                .secret = OptionalText(item, "secret"),
                .tier = item["tier"],
                .user = OptionalText(item, "user"),
                .registered = item.value("registered", true),
                .rate_limits = {},
                .redirect_uris = Texts(item, "redirectUris")};
  for (const json& limit : item.value("rateLimits", json::array()))
    client.rate_limits.push_back(
        {limit["limit"].get<int64_t>(), std::chrono::seconds(limit["seconds"].get<int64_t>())});
  return client;
}

template <>
Token RowOf(const json& item) {
  return {.token = item["token"],
          .name = item.value("name", ""),
          .user = OptionalText(item, "user"),
          .client = item["client"],
          .scopes = Texts(item, "scopes"),
          .issuer = OptionalText(item, "issuer"),
          .not_before = OptionalText(item, "notBefore"),
          .expires = OptionalText(item, "expires")};
}

template <>
Run RowOf(const json& item) {
  return {.id = item["id"],
          .connection = item["connectionId"],
          .start = item["startDateTime"],
          .course = CourseOf(item)};
}

template <>
RunPlan RowOf(const json& item) {
  return {.connection = item["connectionId"],
          .simultaneous = Seconds(item, "simultaneousSeconds", {}),
          .course = CourseOf(item)};
}

std::string JsonOf(const Connection& connection) {
  std::string text;
  text.reserve(1024);
  ObjectText members(text);
  members.Member("id", connection.id);
  members.Member("iModelId", connection.i_model_id);
  members.Member("iTwinId", connection.i_twin_id);
  members.Member("displayName", connection.display_name);
  members.Member("authenticationType", connection.authentication_type);
  // The page contradicts itself: its example says iTwin, its table project. The example's name is
  // on the wire [I]; a fixture that was pasted with the other one keeps it.
  if (connection.i_model_link || connection.i_twin_link || connection.project_link ||
      connection.last_run_link) {
    members.Key("_links");
    ObjectText links(text);
    links.Link("iModel", connection.i_model_link);
    links.Link("iTwin", connection.i_twin_link);
    links.Link("project", connection.project_link);
    links.Link("lastRun", connection.last_run_link);
    links.Close();
  }
  members.Close();
  return {text.data(), text.size()};  // as long as it is, and no longer: it is kept
}

std::string JsonOf(const User& user) {
  ordered_json members;
  members["id"] = user.id;
  members["connections"] = user.connections;
  if (!user.authorized) members["authorized"] = false;
  return Dumped(members);
}

std::string JsonOf(const Client& client) {
  ordered_json members;
  members["id"] = client.id;
  AddText(members, "secret", client.secret);
  members["tier"] = client.tier;
  AddText(members, "user", client.user);
  if (!client.registered) members["registered"] = false;
  for (const RateLimit& limit : client.rate_limits)
    members["rateLimits"].push_back({{"limit", limit.calls}, {"seconds", limit.window.count()}});
  if (!client.redirect_uris.empty()) members["redirectUris"] = client.redirect_uris;
  return Dumped(members);
}

std::string JsonOf(const Token& token) {
  ordered_json members;
  members["token"] = token.token;
  if (!token.name.empty()) members["name"] = token.name;
  AddText(members, "user", token.user);
  members["client"] = token.client;
  members["scopes"] = token.scopes;
  AddText(members, "issuer", token.issuer);
  AddText(members, "notBefore", token.not_before);
  AddText(members, "expires", token.expires);
  return Dumped(members);
}

std::string JsonOf(const Run& run) {
  ordered_json members;
  members["id"] = run.id;
  members["connectionId"] = run.connection;
  members["startDateTime"] = run.start;
  AddCourse(members, run.course);
  return Dumped(members);
}

std::string JsonOf(const RunPlan& plan) {
  ordered_json members;
  members["connectionId"] = plan.connection;
  if (plan.simultaneous.count() > 0) AddSeconds(members, "simultaneousSeconds", plan.simultaneous);
  AddCourse(members, plan.course);
  return Dumped(members);
}

std::string WriteFixtures(const FixtureSet& set) {
  std::string text = "{\n";
  AppendSection(text, set.connections);
  text += ",\n";
  AppendSection(text, set.users);
  text += ",\n";
  AppendSection(text, set.clients);
  text += ",\n";
  AppendSection(text, set.tokens);
  text += ",\n";
  AppendSection(text, set.runs);
  text += ",\n";
  AppendSection(text, set.run_plans);
  text += "\n}\n";
  return text;
}

}  // namespace emulator
