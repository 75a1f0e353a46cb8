#include "journal/journal.h"

#include <thread>

#include "journal/journal_registry.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::journal;

namespace {

uint64_t Add(Journal& journal, const std::string& target = "/", size_t body = 0, int status = 200,
             const char* reason = "") {
  const std::string text(body, 'x');
  return journal.Add({.target = target,
                      .operation = "get-export-connection",
                      .reason = reason,
                      .status = status,
                      .answer_body = {text}},
                     {}, {}, http::Credentials({}));
}

std::vector<std::string> Targets(const Journal& journal, uint64_t since = 0) {
  std::vector<std::string> targets;
  for (const RecordedEntry& recorded : journal.Read(since))
    targets.emplace_back(recorded.entry.target);
  return targets;
}

std::shared_ptr<JournalRegistry> Budget(size_t bytes) {
  return std::make_shared<JournalRegistry>(bytes);
}

}  // namespace

TEST_CASE("entries are read in order, after an id") {
  const auto journal = JournalRegistry::Open(Budget(1 << 20));
  const uint64_t first = Add(*journal, "/1");
  Add(*journal, "/2");
  CHECK(Targets(*journal) == std::vector<std::string>{"/1", "/2"});
  CHECK(Targets(*journal, first) == std::vector<std::string>{"/2"});
  CHECK(Targets(*journal, first + 1).empty());
  REQUIRE(journal->Find(first));
  CHECK(journal->Find(first)->entry.target == "/1");
  CHECK_FALSE(journal->Find(first + 9));
  CHECK_FALSE(journal->Find(0));
}

TEST_CASE("over budget, the oldest entries are dropped and counted") {
  const auto journal = JournalRegistry::Open(Budget(20'000));
  for (int i = 0; i < 100; ++i) Add(*journal, std::to_string(i), 1000);
  const auto targets = Targets(*journal);
  CHECK(targets.size() > 10);
  CHECK(targets.size() < 20);
  CHECK(targets.back() == "99");
  const Journal::Totals totals = journal->Count();
  CHECK(totals.requests == 100);
  CHECK(totals.dropped == 100 - targets.size());
}

TEST_CASE("an entry that is larger than the budget is not recorded") {
  const auto journal = JournalRegistry::Open(Budget(500));
  Add(*journal, "/small");
  Add(*journal, "/large", 1000);
  CHECK(Targets(*journal).empty());
  CHECK(journal->Count().dropped == 2);
  Add(*journal, "/small");
  CHECK(Targets(*journal).size() == 1);
}

TEST_CASE("totals include dropped and cleared entries") {
  const auto journal = JournalRegistry::Open(Budget(1000));
  for (int i = 0; i < 9; ++i) Add(*journal);
  for (int i = 0; i < 9; ++i) Add(*journal, "/", 0, 401, "token-expired");
  Add(*journal, "/", 0, 429, "rate-limited");
  journal->Clear();
  const Journal::Totals totals = journal->Count();
  CHECK(totals.requests == 19);
  CHECK(totals.reasons.at("token-expired") == 9);
  CHECK(totals.reasons.at("rate-limited") == 1);
  CHECK(totals.reasons.size() == 2);
  const auto& outcomes = totals.outcomes.at("get-export-connection");
  CHECK(outcomes.at(200) == 9);
  CHECK(outcomes.at(401) == 9);
}

TEST_CASE("a waker is woken once, at the next entry or when the journal is closed") {
  const auto journal = JournalRegistry::Open(Budget(1 << 20));
  int wakes = 0;
  const auto waker = std::make_shared<http::Waker>();
  waker->SetCallback([&] { ++wakes; });
  journal->NotifyOnAppend(waker);
  CHECK(wakes == 0);
  Add(*journal);
  Add(*journal);
  CHECK(wakes == 1);
  journal->NotifyOnAppend(waker);
  journal->Close();
  CHECK(wakes == 2);
  CHECK(journal->IsClosed());
  journal->NotifyOnAppend(waker);
  CHECK(wakes == 3);
  {
    const auto gone = std::make_shared<http::Waker>();
    journal->NotifyOnAppend(gone);
  }
  Add(*journal);
}

TEST_CASE("concurrency: entries are added and read by several threads, with rising ids") {
  const auto journals = Budget(50'000);
  const auto journal = JournalRegistry::Open(journals);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      const auto own = JournalRegistry::Open(journals);
      for (int i = 0; i < 500; ++i) {
        Add(*own, "/own", 50);
        Add(*journal, "/shared", 100);
        if (i % 50 != 0) continue;
        journal->NotifyOnAppend(std::make_shared<http::Waker>());
        uint64_t last = 0;
        for (const RecordedEntry& recorded : journal->Read()) {
          if (recorded.entry.id <= last || recorded.entry.target != "/shared") std::abort();
          last = recorded.entry.id;
        }
      }
    });
  for (auto& thread : threads) thread.join();
  const Journal::Totals totals = journal->Count();
  CHECK(totals.requests == 2000);
  CHECK(totals.dropped + journal->Read().size() == 2000);
}

TEST_CASE("a waker that is registered repeatedly is woken once") {
  const auto journal = JournalRegistry::Open(Budget(1 << 20));
  const auto waker = std::make_shared<http::Waker>();
  const auto other = std::make_shared<http::Waker>();
  int wakes = 0, other_wakes = 0;
  waker->SetCallback([&] { ++wakes; });
  other->SetCallback([&] { ++other_wakes; });
  for (int i = 0; i < 3; ++i) {
    journal->NotifyOnAppend(waker);
    journal->NotifyOnAppend(other);
  }
  Add(*journal);
  CHECK(wakes == 1);
  CHECK(other_wakes == 1);
}
