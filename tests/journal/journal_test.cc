#include "journal/journal.h"

#include <algorithm>
#include <thread>

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
  for (const RecordedEntry& kept : journal.Read(since)) targets.emplace_back(kept.entry.target);
  return targets;
}

std::shared_ptr<JournalRegistry> Budget(size_t bytes) {
  return std::make_shared<JournalRegistry>(bytes);
}

}  // namespace

TEST_CASE("entries are read in their order, from after an id") {
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

TEST_CASE("ids are of the process, rise, and are given to what nobody keeps, too") {
  const auto journals = Budget(1 << 20);
  const auto a = JournalRegistry::Open(journals), b = JournalRegistry::Open(journals);
  CHECK(Add(*a) == 1);
  CHECK(Add(*b) == 2);
  CHECK(journals->NextId() == 3);
  a->Clear();
  CHECK(Add(*a) == 4);
  const auto none = JournalRegistry::Open(Budget(0));
  CHECK(Add(*none) == 1);
  CHECK(Add(*none) == 2);
  CHECK(Targets(*none).empty());
  CHECK(none->Count().requests == 2);
  CHECK(none->Count().dropped == 0);
}

TEST_CASE("when the budget is used up, the oldest go and are counted") {
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

TEST_CASE("an entry that is larger than the budget is not kept") {
  const auto journal = JournalRegistry::Open(Budget(500));
  Add(*journal, "/small");
  Add(*journal, "/large", 1000);
  CHECK(Targets(*journal).empty());
  CHECK(journal->Count().dropped == 2);
  Add(*journal, "/small");
  CHECK(Targets(*journal).size() == 1);
}

TEST_CASE("more Worlds than there are bytes share what there is") {
  const auto journals = Budget(1000);
  std::vector<std::shared_ptr<Journal>> many;
  for (int i = 0; i < 1500; ++i) Add(*many.emplace_back(JournalRegistry::Open(journals)));
  size_t kept = 0;
  for (const auto& journal : many) kept += Targets(*journal).size();
  CHECK(kept > 0);
  CHECK(kept < 5);
}

TEST_CASE("a busy World does not empty the journal of a quiet one") {
  const auto journals = Budget(40'000);
  const auto quiet = JournalRegistry::Open(journals), busy = JournalRegistry::Open(journals);
  for (int i = 0; i < 5; ++i) Add(*quiet, "/quiet", 1000);
  for (int i = 0; i < 1000; ++i) Add(*busy, "/busy", 1000);
  CHECK(Targets(*quiet).size() == 5);
  // Nor does it keep the quiet one from what it may have.
  for (int i = 0; i < 100; ++i) Add(*quiet, "/quiet", 1000);
  const auto a = Targets(*quiet).size(), b = Targets(*busy).size();
  CHECK(std::max(a, b) - std::min(a, b) < 4);
}

TEST_CASE("a journal that goes gives its room back") {
  const auto journals = Budget(20'000);
  auto gone = JournalRegistry::Open(journals);
  const auto other = JournalRegistry::Open(journals);
  for (int i = 0; i < 50; ++i) Add(*gone, "/", 1000);
  gone.reset();
  for (int i = 0; i < 50; ++i) Add(*other, "/", 1000);
  CHECK(Targets(*other).size() > 10);
  other->Clear();
  CHECK(Targets(*other).empty());
  for (int i = 0; i < 50; ++i) Add(*other, "/", 1000);
  CHECK(Targets(*other).size() > 10);
}

TEST_CASE("counts are of all requests, also of those that were dropped") {
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

TEST_CASE("the bell rings once, at the next entry or when the World is no more") {
  const auto journal = JournalRegistry::Open(Budget(1 << 20));
  int rung = 0;
  const auto waker = std::make_shared<http::Waker>();
  waker->SetCallback([&] { ++rung; });
  journal->NotifyOnAppend(waker);
  CHECK(rung == 0);
  Add(*journal);
  Add(*journal);
  CHECK(rung == 1);
  journal->NotifyOnAppend(waker);
  journal->Close();
  CHECK(rung == 2);
  CHECK(journal->IsClosed());
  journal->NotifyOnAppend(waker);
  CHECK(rung == 3);
  {
    const auto gone = std::make_shared<http::Waker>();
    journal->NotifyOnAppend(gone);
  }
  Add(*journal);
}

TEST_CASE("all journals are kept for who asks for it") {
  const auto journals = Budget(1 << 20);
  JournalRegistry::Open(journals);
  journals->KeepAll();
  const uint64_t id = Add(*JournalRegistry::Open(journals), "/kept");
  REQUIRE(journals->All().size() == 1);
  CHECK(journals->All()[0]->Find(id)->entry.target == "/kept");
  journals->Release();
  CHECK(journals->All().empty());
}

TEST_CASE("concurrency: many add, read, wait and go; each entry is one, ids rise") {
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
        for (const RecordedEntry& kept : journal->Read()) {
          if (kept.entry.id <= last || kept.entry.target != "/shared") std::abort();
          last = kept.entry.id;
        }
      }
    });
  for (auto& thread : threads) thread.join();
  const Journal::Totals totals = journal->Count();
  CHECK(totals.requests == 2000);
  CHECK(totals.dropped + journal->Read().size() == 2000);
}

TEST_CASE("a bell that was given again and again rang as often") {
  const auto journal = JournalRegistry::Open(Budget(1 << 20));
  const auto waker = std::make_shared<http::Waker>();
  const auto other = std::make_shared<http::Waker>();
  int rings = 0, others = 0;
  waker->SetCallback([&] { ++rings; });
  other->SetCallback([&] { ++others; });
  for (int i = 0; i < 3; ++i) {
    journal->NotifyOnAppend(waker);
    journal->NotifyOnAppend(other);
  }
  Add(*journal);
  CHECK(rings == 1);
  CHECK(others == 1);
}
