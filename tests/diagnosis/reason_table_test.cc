#include "diagnosis/reason_table.h"

#include <algorithm>
#include <set>

#include "api/operations.h"
#include "support/world.h"

using namespace emulator;
using namespace emulator::api;
using namespace emulator::diagnosis;

namespace {

bool IsSentence(std::string_view text) {
  return text.ends_with('.') && text[0] >= 'A' && text[0] <= 'Z';
}

}  // namespace

TEST_CASE("the table has every reason of the two headers, and no code twice") {
  const std::string server = SourceFolder() + "/server/";
  const std::string headers =
      ReadFile(server + "api/reasons.h") + ReadFile(server + "oauth/reasons.h");
  const std::string kRow = "Reason k";
  size_t rows = 0;
  for (size_t at = headers.find(kRow); at != std::string::npos; at = headers.find(kRow, at + 1))
    ++rows;
  CHECK(rows == AllReasons().size());
  std::set<std::string_view> codes;
  for (const Reason* reason : AllReasons()) codes.insert(reason->code);
  CHECK(codes.size() == rows);
}

TEST_CASE("every reason has a code, an error unless it was requested, a citation and a hint") {
  for (const Reason* reason : AllReasons()) {
    INFO(reason->code);
    CHECK(reason->code.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string::npos);
    CHECK(FindReason(reason->code) == reason);
    CHECK((reason->error != nullptr) ==
          (reason != &reasons::kFaultPlanned && reason != &reasons::kPrefer));
    CHECK(std::string_view("DOIU").find(reason->citation.mark) != std::string_view::npos);
    CHECK_FALSE(reason->citation.where.empty());
    CHECK_FALSE(reason->citation.sentence.empty());
    CHECK_MESSAGE(IsSentence(reason->hint), reason->hint);
  }
  CHECK(FindReason("no-such-code") == nullptr);
}

TEST_CASE("sentences that reasons cite from the page are on the page") {
  const std::string page = Golden("get-export-connection", "sentences.txt");
  size_t cited = 0;
  for (const Reason* reason : AllReasons()) {
    if (reason->citation.where != citations::kPage) continue;
    INFO(reason->code << ": " << reason->citation.sentence);
    CHECK(reason->citation.mark == 'D');
    CHECK(page.find(reason->citation.sentence) != std::string::npos);
    ++cited;
  }
  CHECK(cited > 5);
  for (const Citation& source : {citations::kOperation, citations::kAccept, citations::kAnyObject,
                                 citations::kAuthentication})
    CHECK(page.find(source.sentence) != std::string::npos);
}

TEST_CASE("only reasons whose errors the vendor does not document are cited as ours") {
  const std::set<const ApiError*> inferred{&errors::kInvalidRun, &errors::kInvalidQuery,
                                           &errors::kRunNotFound};
  for (const Reason* reason : AllReasons()) {
    if (!reason->error || reason->gate == Gate::kFault) continue;
    INFO(reason->code);
    const bool is_ours =
        inferred.contains(reason->error) || FindApiError(reason->error->name()) != reason->error;
    CHECK((reason->citation.mark == 'U') == is_ours);
  }
}

TEST_CASE("every refusal of an operation's page has a reason") {
  for (const Operation& operation : Operations())
    for (const ApiError* refusal : operation.refusals)
      CHECK(std::any_of(AllReasons().begin(), AllReasons().end(),
                        [&](const Reason* reason) { return reason->error == refusal; }));
}
