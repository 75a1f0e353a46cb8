// The journal: its entries, why each was answered so, and the stream of them.
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

constexpr uint64_t kUsually = 100, kMost = 1000;  // entries of one answer
constexpr size_t kAtOnce = 50;                    // of a stream
constexpr seconds kHeartbeat{15};

struct Selection {
  diagnosis::EntryMatch match;
  std::optional<uint64_t> since;
  uint64_t limit = kUsually;
};

std::variant<Selection, http::Response> ReadSelection(const Query& query) {
  Selection selection;
  if (const auto* since = query.Find("since"))
    if (!(selection.since = ParseWholeNumber(*since, 0, UINT64_MAX)))
      return InvalidQueryResponse("since", *since, "the id of a request, a whole number");
  if (const auto* text = query.Find("limit")) {
    const auto limit = ParseWholeNumber(*text, 1, kMost);
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
    if (const auto* value = query.Find(name)) selection.match.exactly.emplace_back(name, *value);
  return selection;
}

std::optional<journal::RecordedEntry> FindEntry(const ControlCall& call) {
  const auto id = ParseWholeNumber(call.parameters["requestId"], 1, UINT64_MAX);
  return id ? call.world.journal->Find(*id) : std::nullopt;
}

http::Response AnswerUnknownRequest(const ControlCall& call) {
  const std::string dropped = std::to_string(call.world.journal->Count().dropped);
  return api::Refuse(api::control_errors::kItemNotFound,
                     {.message = "The journal of this World has no request \"" +
                                 call.parameters["requestId"] + "\". " + dropped +
                                 " were dropped for want of room (--journal-bytes); calls of the "
                                 "emulator's own are never in it."});
}

bool WantsText(const http::Request& request) {
  const std::string* accept = request.headers.Find("Accept");
  return accept && accept->find("text/plain") != std::string::npos;
}

// What a stream has still to tell.
struct Follower {
  std::shared_ptr<journal::Journal> journal;
  std::shared_ptr<http::Waker> waker;
  diagnosis::EntryMatch match;
  uint64_t last;
  std::string base_url, root_url;
};

std::string Event(const char* kind, std::optional<uint64_t> id, const std::string& data) {
  std::string event;
  if (id) event.append("id: ").append(std::to_string(*id)).append("\n");
  return event.append("event: ").append(kind).append("\ndata: ").append(data).append("\n\n");
}

// nullopt at the end.
std::optional<std::string> Follow(Follower& follower, RealTime& until) {
  if (!follower.journal) return std::nullopt;
  follower.journal->NotifyOnAppend(follower.waker);
  const bool is_closed = follower.journal->IsClosed();  // then no entry comes that anybody awaits
  std::string events;
  const auto entries = follower.journal->Read(follower.last);
  const size_t count = std::min(entries.size(), kAtOnce);
  for (size_t i = 0; i < count; ++i) {
    const journal::JournalEntry& entry = entries[i].entry;
    follower.last = entry.id;
    if (!Fits(follower.match, entry)) continue;
    events += Event("request", entry.id,
                    diagnosis::RenderEntry(entry, follower.base_url, follower.root_url)
                        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  until = count < entries.size() ? RealTime::min() : RealNow() + kHeartbeat;
  if (count == entries.size() && is_closed) {
    follower.journal.reset();
    until = RealTime::min();
    return events + Event("reset", std::nullopt, "{}");
  }
  return events.empty() ? ":\n\n" : events;
}

}  // namespace

http::Response ListRequests(const ControlCall& call) {
  auto read = ReadSelection(call.query);
  if (auto* refusal = std::get_if<http::Response>(&read)) return std::move(*refusal);
  const auto& selection = std::get<Selection>(read);

  auto entries = call.world.journal->Read(selection.since.value_or(0));
  std::erase_if(entries, [&](const journal::RecordedEntry& kept) {
    return !Fits(selection.match, kept.entry);
  });
  // From after an id on the first, so that a reader can go on; else the newest.
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
  const auto kept = FindEntry(call);
  if (!kept) return AnswerUnknownRequest(call);
  return JsonResponse(diagnosis::RenderEntry(kept->entry, call.base_url, call.root_url));
}

http::Response GetWhy(const ControlCall& call) {
  const auto kept = FindEntry(call);
  if (!kept) return AnswerUnknownRequest(call);
  if (!WantsText(call.request)) return JsonResponse(diagnosis::RenderWhy(kept->entry));
  return {.headers = {{"Content-Type", "text/plain; charset=utf-8"}},
          .body = diagnosis::WriteWhy(kept->entry)};
}

http::Response ClearRequests(const ControlCall& call) {
  call.world.journal->Clear();
  return NoContent();
}

http::Response StreamRequests(const ControlCall& call) {
  auto read = ReadSelection(call.query);
  if (auto* refusal = std::get_if<http::Response>(&read)) return std::move(*refusal);
  auto& selection = std::get<Selection>(read);

  // A client that comes back says what it had (the HTML standard's event streams).
  std::optional<uint64_t> last = selection.since;
  if (const std::string* had = call.request.headers.Find("Last-Event-ID"))
    if (const auto id = ParseWholeNumber(*had, 0, UINT64_MAX)) last = id;
  auto follower =
      std::make_shared<Follower>(Follower{.journal = call.world.journal,
                                          .waker = std::make_shared<http::Waker>(),
                                          .match = std::move(selection.match),
                                          .last = last.value_or(call.worlds.journals().LastId()),
                                          .base_url = call.base_url,
                                          .root_url = call.root_url});
  auto pending = std::make_shared<http::PendingResponse>();
  pending->waker = follower->waker;
  pending->until = RealTime::min();
  pending->next_chunk = [follower, of = pending.get()] { return Follow(*follower, of->until); };
  return {.headers = {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}},
          .body = "retry: 1000\n\n",
          .pending = std::move(pending)};
}

}  // namespace emulator::control
