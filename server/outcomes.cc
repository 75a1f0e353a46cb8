#include "outcomes.h"

#include <algorithm>

namespace emulator {

namespace {

constexpr std::string_view kExample = "fc226d0d-1647-48d7-8c11-f1f74f2d9808";

constexpr ReachableOutcome kOutcomes[] = {
    {200, "-", "the page's example", "reader-token", kExample},
    {200, "-", "by the newer scope, itwin-platform", "platform-token", kExample},
    {200, "-", "a Service connection", "reader-token", "service-connection"},
    {200, "-", "a 43-character base64url id", "reader-token",
     "VRZHoBhrnkGrAev0-_-d_xwvyrzjgaVGka5wU967Q7M"},
    {200, "-", "a connection that never ran: no lastRun", "reader-token", "never-run-connection"},
    {200, "-", "a private connection, by its owner", "owner-token", "private-connection"},
    {200, "-", "a trial client; 429 after 500 calls in a minute", "trial-token", kExample},
    {401, "HeaderNotFound", "no Authorization header", "", kExample},
    {401, "Unauthorized", "a token nobody issued", "no-such-token", kExample},
    {401, "Unauthorized", "a token without the scope", "no-scope-token", kExample},
    {401, "Unauthorized", "an expired token", "expired-token", kExample},
    {401, "Unauthorized", "a token not valid yet", "not-yet-valid-token", kExample},
    {401, "Unauthorized", "a token of another issuer", "wrong-issuer-token", kExample},
    {401, "Unauthorized", "a token of an unknown client", "unknown-client-token", kExample},
    {403, "InsufficientPermissions", "a user who may read nothing", "stranger-token", kExample},
    {403, "InsufficientPermissions", "a connection only its owner may read", "reader-token",
     "private-connection"},
    {404, "ConnectionNotFound", "no such connection", "reader-token", "no-such-connection"},
    {429, "TooManyRequests", "a client with a limit of 0", "throttled-token", kExample},
};

std::string Padded(std::string_view text, size_t width) {
  std::string padded(text);
  padded.resize(std::max(width, text.size()), ' ');
  return padded + "  ";
}

template <typename Text>
size_t Widest(Text text) {
  size_t widest = 0;
  for (const ReachableOutcome& row : kOutcomes) widest = std::max(widest, text(row).size());
  return widest;
}

}  // namespace

std::span<const ReachableOutcome> ReachableOutcomes() {
  return kOutcomes;
}

std::string PrintOutcomes(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  const size_t code = Widest([](auto& row) { return row.code; });
  const size_t meaning = Widest([](auto& row) { return row.meaning; });
  std::string table;
  for (const ReachableOutcome& row : kOutcomes) {
    table +=
        std::to_string(row.status) + "  " + Padded(row.code, code) + Padded(row.meaning, meaning);
    table.append("curl -i ").append(url).append("/export/connections/").append(row.connection);
    if (!row.token.empty())
      table.append(" -H 'Authorization: Bearer ").append(row.token).append("'");
    table += "\n";
  }
  return table;
}

}  // namespace emulator
