#include "journal/journal_registry.h"

#include <algorithm>

#include "journal/journal.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::journal;

namespace {

uint64_t AddEntry(Journal& journal, const std::string& target = "/", size_t body = 0) {
  const std::string text(body, 'x');
  return journal.Add({.target = target, .status = 200, .answer_body = {text}}, {}, {},
                     http::Credentials({}));
}

std::vector<std::string> TargetsOf(const Journal& journal) {
  std::vector<std::string> targets;
  for (const RecordedEntry& recorded : journal.Read()) targets.emplace_back(recorded.entry.target);
  return targets;
}

std::shared_ptr<JournalRegistry> RegistryOf(size_t bytes) {
  return std::make_shared<JournalRegistry>(bytes);
}

}  // namespace

TEST_CASE("ids are unique in the process, rise, and exist for unrecorded responses") {
  const auto journals = RegistryOf(1 << 20);
  const auto a = JournalRegistry::Open(journals), b = JournalRegistry::Open(journals);
  CHECK(AddEntry(*a) == 1);
  CHECK(AddEntry(*b) == 2);
  CHECK(journals->NextId() == 3);
  a->Clear();
  CHECK(AddEntry(*a) == 4);
  const auto none = JournalRegistry::Open(RegistryOf(0));
  CHECK(AddEntry(*none) == 1);
  CHECK(AddEntry(*none) == 2);
  CHECK(TargetsOf(*none).empty());
  CHECK(none->Count().requests == 2);
  CHECK(none->Count().dropped == 0);
}

TEST_CASE("more journals than bytes share the budget") {
  const auto journals = RegistryOf(1000);
  std::vector<std::shared_ptr<Journal>> many;
  for (int i = 0; i < 1500; ++i) AddEntry(*many.emplace_back(JournalRegistry::Open(journals)));
  size_t count = 0;
  for (const auto& journal : many) count += TargetsOf(*journal).size();
  CHECK(count > 0);
  CHECK(count < 5);
}

TEST_CASE("a busy journal does not empty a quiet one") {
  const auto journals = RegistryOf(40'000);
  const auto quiet = JournalRegistry::Open(journals), busy = JournalRegistry::Open(journals);
  for (int i = 0; i < 5; ++i) AddEntry(*quiet, "/quiet", 1000);
  for (int i = 0; i < 1000; ++i) AddEntry(*busy, "/busy", 1000);
  CHECK(TargetsOf(*quiet).size() == 5);
  // Nor does it keep the quiet one from what it may have.
  for (int i = 0; i < 100; ++i) AddEntry(*quiet, "/quiet", 1000);
  const auto a = TargetsOf(*quiet).size(), b = TargetsOf(*busy).size();
  CHECK(std::max(a, b) - std::min(a, b) < 4);
}

TEST_CASE("a destroyed journal frees its share of the budget") {
  const auto journals = RegistryOf(20'000);
  auto gone = JournalRegistry::Open(journals);
  const auto other = JournalRegistry::Open(journals);
  for (int i = 0; i < 50; ++i) AddEntry(*gone, "/", 1000);
  gone.reset();
  for (int i = 0; i < 50; ++i) AddEntry(*other, "/", 1000);
  CHECK(TargetsOf(*other).size() > 10);
  other->Clear();
  CHECK(TargetsOf(*other).empty());
  for (int i = 0; i < 50; ++i) AddEntry(*other, "/", 1000);
  CHECK(TargetsOf(*other).size() > 10);
}

TEST_CASE("KeepAll keeps all journals until Release") {
  const auto journals = RegistryOf(1 << 20);
  JournalRegistry::Open(journals);
  journals->KeepAll();
  const uint64_t id = AddEntry(*JournalRegistry::Open(journals), "/recorded");
  REQUIRE(journals->All().size() == 1);
  CHECK(journals->All()[0]->Find(id)->entry.target == "/recorded");
  journals->Release();
  CHECK(journals->All().empty());
}
