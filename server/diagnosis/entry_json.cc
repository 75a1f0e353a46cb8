#include "diagnosis/entry_json.h"

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace emulator::diagnosis {

namespace {

using nlohmann::ordered_json;

ordered_json RenderHeaders(const journal::RecordedHeaders& headers) {
  auto list = ordered_json::array();
  for (const auto& [name, value] : headers.Read())
    list.push_back({{"name", name}, {"value", value}});
  return list;
}

void AddBody(ordered_json& object, const journal::RecordedBody& body) {
  if (body.size == 0) return;
  object["body"] = body.text;
  object["bodyBytes"] = body.size;
}

double Milliseconds(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

std::string QuotedForShell(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text)
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  return quoted + "'";
}

// Headers that curl writes itself.
bool IsWrittenByCurl(std::string_view name) {
  for (const std::string_view own : {"Host", "Content-Length", "Connection", "Transfer-Encoding",
                                     "Accept-Encoding", "User-Agent", "Expect"})
    if (EqualIgnoringCase(name, own)) return true;
  return false;
}

ordered_json RenderCitation(const api::Citation& citation) {
  return {{"mark", std::string(1, citation.mark)},
          {"where", citation.where},
          {"sentence", citation.sentence}};
}

ordered_json RenderWarnings(const std::vector<ContractWarning>& warnings) {
  auto list = ordered_json::array();
  for (const ContractWarning& warning : warnings)
    list.push_back({{"code", warning.code},
                    {"outsideContract", warning.outside_contract},
                    {"sentence", warning.sentence},
                    {"source", RenderCitation(warning.citation)}});
  return list;
}

}  // namespace

std::string CurlLine(const journal::JournalEntry& entry, std::string_view root_url) {
  std::string line = "curl -i";
  const bool is_head = entry.method == "HEAD";
  const bool has_body = !entry.body.text.empty() && !is_head;  // curl refuses -I with a body
  if (is_head)
    line += " -I";
  else if (entry.method != "GET" || has_body)
    line.append(" -X ").append(QuotedForShell(entry.method));
  for (const auto& [name, value] : entry.headers.Read())
    if (!IsWrittenByCurl(name))
      line.append(" -H ").append(
          QuotedForShell(std::string(name) + (value.empty() ? ";" : ": " + std::string(value))));
  // curl adds these headers unless told not to.
  if (entry.headers.Find("Accept").empty()) line += " -H 'Accept:'";
  if (has_body && entry.headers.Find("Content-Type").empty()) line += " -H 'Content-Type:'";
  if (has_body) line.append(" --data-raw ").append(QuotedForShell(entry.body.text));
  // curl expands brackets to several URLs, and removes dot segments.
  if (entry.target.find_first_of("[]{}") != std::string_view::npos) line += " -g";
  if (entry.target.find("/.") != std::string_view::npos) line += " --path-as-is";
  if (entry.target == "*")
    line.append(" --request-target '*' ").append(QuotedForShell(root_url));
  else
    line.append(" ").append(QuotedForShell(std::string(root_url) + std::string(entry.target)));
  if (has_body && entry.body.text.size() < entry.body.size)
    line.append("  # the body's first ")
        .append(std::to_string(entry.body.text.size()))
        .append(" of ")
        .append(std::to_string(entry.body.size))
        .append(" bytes");
  return line;
}

ordered_json RenderEntry(const journal::JournalEntry& entry, const std::string& base_url,
                         const std::string& root_url) {
  ordered_json object{{"id", entry.id},
                      {"time", IsoTime(entry.time)},
                      {"realTime", IsoTime(entry.real_time)},
                      {"durationMs", Milliseconds(entry.duration)},
                      {"method", entry.method},
                      {"target", entry.target},
                      {"headers", RenderHeaders(entry.headers)}};
  AddBody(object, entry.body);
  object["correlationId"] = entry.correlation_id;
  const auto add = [&](const char* name, std::string_view value) {
    if (!value.empty()) object[name] = value;
  };
  add("operation", entry.operation);
  add("connectionId", entry.connection_id);
  add("client", entry.client);
  add("user", entry.user);
  add("token", entry.token);
  object["status"] = entry.status;
  object["gate"] = entry.gate;
  add("reason", entry.reason);
  if (entry.fault > 0) object["fault"] = entry.fault;
  object["answer"] = {{"headers", RenderHeaders(entry.answer_headers)}};
  AddBody(object["answer"], entry.answer_body);
  if (entry.delivery.delay.count() > 0) object["answer"]["delayMs"] = entry.delivery.delay.count();
  if (entry.delivery.body_time.count() > 0)
    object["answer"]["slowBodyMs"] = entry.delivery.body_time.count();
  object["contractWarnings"] = ordered_json::array();
  for (const ContractWarning& warning : FindContractWarnings(entry))
    object["contractWarnings"].push_back(
        {{"code", warning.code}, {"outsideContract", warning.outside_contract}});
  for (const std::string_view violation : journal::LinesOf(entry.violations))
    object["violations"].push_back(violation);
  if (entry.method != "-") object["curl"] = CurlLine(entry, root_url);
  object["why"] = base_url + "/_emulator/requests/" + std::to_string(entry.id) + "/why";
  return object;
}

ordered_json RenderWhy(const journal::JournalEntry& entry) {
  const Why why = Explain(entry);
  ordered_json object{{"id", entry.id},
                      {"method", entry.method},
                      {"target", entry.target},
                      {"status", entry.status},
                      {"gate", entry.gate}};
  if (why.reason) object["reason"] = why.reason->code;
  object["summary"] = why.summary;
  object["steps"] = ordered_json::array();
  for (const Step& step : why.steps)
    object["steps"].push_back({{"gate", Name(step.gate)},
                               {"verdict", Name(step.verdict)},
                               {"expected", step.expected},
                               {"found", step.found},
                               {"source", RenderCitation(step.citation)}});
  if (why.reason) {
    object["source"] = RenderCitation(why.reason->citation);
    object["hint"] = why.reason->hint;
  }
  object["contractWarnings"] = RenderWarnings(why.contract_warnings);
  for (const std::string_view violation : why.violations) object["violations"].push_back(violation);
  return object;
}

}  // namespace emulator::diagnosis
