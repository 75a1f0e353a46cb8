// Calls about the journal: its entries, the explanation of each, and the stream of new entries.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/errors.h"
#include "base/text.h"
#include "control/calls.h"
#include "control/responses.h"
#include "diagnosis/entry_json.h"
#include "diagnosis/entry_match.h"

namespace emulator::control {

namespace {

using std::chrono::seconds;

constexpr uint64_t kDefaultLimit = 100, kMaxLimit = 1000;  // entries of one answer
constexpr size_t kMaxChunk = 50;                           // entries of one piece of a stream
constexpr seconds kHeartbeat{15};

struct Selection {
  diagnosis::EntryMatch match;
  std::optional<uint64_t> since;
  uint64_t limit = kDefaultLimit;
};

std::variant<Selection, http::Response> ReadSelection(const Query& query) {
  Selection selection;
  if (const auto* since = query.Find("since"))
    if (!(selection.since = ParseWholeNumber(*since, 0, UINT64_MAX)))
      return InvalidQueryResponse("since", *since, "the id of a request, a whole number");
  if (const auto* text = query.Find("limit")) {
    const auto limit = ParseWholeNumber(*text, 1, kMaxLimit);
    if (!limit) return InvalidQueryResponse("limit", *text, "a whole number from 1 to 1000");
    selection.limit = *limit;
  }
  if (const auto* status = query.Find("status")) {
    if (!diagnosis::IsStatusPattern(*status))
      return InvalidQueryResponse("status", *status,
                                  "a status such as 401, 4xx, or 0 for a broken connection");
    selection.match.status = *status;
  }
  for (const char* name : {"operation", "client", "reason"})
    if (const auto* value = query.Find(name)) selection.match.exact.emplace_back(name, *value);
  return selection;
}

std::optional<journal::RecordedEntry> FindEntry(const ControlCall& call) {
  const auto id = ParseWholeNumber(call.parameters["requestId"], 1, UINT64_MAX);
  return id ? call.world.journal->Find(*id) : std::nullopt;
}

http::Response UnknownRequestResponse(const ControlCall& call) {
  const std::string dropped = std::to_string(call.world.journal->Count().dropped);
  return api::Refuse(api::control_errors::kItemNotFound,
                     {.message = "The journal of this world has no request \"" +
                                 call.parameters["requestId"] + "\". It has dropped " + dropped +
                                 " requests because it was full (--journal-bytes); it never has "
                                 "control calls."});
}

bool WantsText(const http::Request& request) {
  const std::string* accept = request.headers.Find("Accept");
  return accept && accept->find("text/plain") != std::string::npos;
}

// The state of a stream between its pieces.
struct EntryStream {
  std::shared_ptr<journal::Journal> journal;
  std::shared_ptr<http::Waker> waker;
  diagnosis::EntryMatch match;
  uint64_t last;
  std::string base_url, root_url;
};

std::string FormatEvent(const char* kind, std::optional<uint64_t> id, const std::string& data) {
  std::string event;
  if (id) event.append("id: ").append(std::to_string(*id)).append("\n");
  return event.append("event: ").append(kind).append("\ndata: ").append(data).append("\n\n");
}

// The next piece of the stream; nullopt at its end. `until`: when to call again without news.
std::optional<std::string> NextChunk(EntryStream& stream, RealTime& until) {
  if (!stream.journal) return std::nullopt;
  stream.journal->NotifyOnAppend(stream.waker);
  const bool is_closed = stream.journal->IsClosed();  // read before the entries: none is missed
  std::string events;
  const auto entries = stream.journal->Read(stream.last);
  const size_t count = std::min(entries.size(), kMaxChunk);
  for (size_t i = 0; i < count; ++i) {
    const journal::JournalEntry& entry = entries[i].entry;
    stream.last = entry.id;
    if (!Matches(stream.match, entry)) continue;
    events += FormatEvent("request", entry.id,
                          diagnosis::RenderEntry(entry, stream.base_url, stream.root_url)
                              .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  until = count < entries.size() ? RealTime::min() : RealNow() + kHeartbeat;
  if (count == entries.size() && is_closed) {
    stream.journal.reset();
    until = RealTime::min();
    return events + FormatEvent("reset", std::nullopt, "{}");
  }
  return events.empty() ? ":\n\n" : events;
}

}  // namespace

http::Response ListRequests(const ControlCall& call) {
  auto read = ReadSelection(call.query);
  if (auto* refusal = std::get_if<http::Response>(&read)) return std::move(*refusal);
  const auto& selection = std::get<Selection>(read);

  auto entries = call.world.journal->Read(selection.since.value_or(0));
  std::erase_if(entries, [&](const journal::RecordedEntry& recorded) {
    return !Matches(selection.match, recorded.entry);
  });
  // With `since` the first entries after it, so that a reader can page on; else the newest.
  const size_t count = std::min<size_t>(entries.size(), selection.limit);
  const size_t first = selection.since ? 0 : entries.size() - count;
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (size_t i = first; i < first + count; ++i)
    list.push_back(diagnosis::RenderEntry(entries[i].entry, call.base_url, call.root_url));
  nlohmann::ordered_json body{{"requests", std::move(list)}};
  const journal::Journal::Totals totals = call.world.journal->Count();
  body["total"] = totals.requests;
  body["dropped"] = totals.dropped;
  return JsonResponse(body);
}

http::Response GetRequest(const ControlCall& call) {
  const auto recorded = FindEntry(call);
  if (!recorded) return UnknownRequestResponse(call);
  return JsonResponse(diagnosis::RenderEntry(recorded->entry, call.base_url, call.root_url));
}

http::Response GetWhy(const ControlCall& call) {
  const auto recorded = FindEntry(call);
  if (!recorded) return UnknownRequestResponse(call);
  if (!WantsText(call.request)) return JsonResponse(diagnosis::RenderWhy(recorded->entry));
  return {.headers = {{"Content-Type", "text/plain; charset=utf-8"}},
          .body = diagnosis::WriteWhy(recorded->entry)};
}

http::Response ClearRequests(const ControlCall& call) {
  call.world.journal->Clear();
  return NoContent();
}

http::Response StreamRequests(const ControlCall& call) {
  auto read = ReadSelection(call.query);
  if (auto* refusal = std::get_if<http::Response>(&read)) return std::move(*refusal);
  auto& selection = std::get<Selection>(read);

  // A client that reconnects sends the last id that it received (HTML standard, event streams).
  std::optional<uint64_t> last = selection.since;
  if (const std::string* last_id = call.request.headers.Find("Last-Event-ID"))
    if (const auto id = ParseWholeNumber(*last_id, 0, UINT64_MAX)) last = id;
  auto stream = std::make_shared<EntryStream>(
      EntryStream{.journal = call.world.journal,
                  .waker = std::make_shared<http::Waker>(),
                  .match = std::move(selection.match),
                  .last = last.value_or(call.worlds.journals().LastId()),
                  .base_url = call.base_url,
                  .root_url = call.root_url});
  auto pending = std::make_shared<http::PendingResponse>();
  pending->waker = stream->waker;
  pending->until = RealTime::min();
  pending->next_chunk = [stream, response = pending.get()] {
    return NextChunk(*stream, response->until);
  };
  return {.headers = {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}},
          .body = "retry: 1000\n\n",
          .pending = std::move(pending)};
}

}  // namespace emulator::control
