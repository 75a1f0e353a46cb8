#include "api/causes.h"

#include <algorithm>
#include <set>

#include "api/operations.h"
#include "world.h"

using namespace emulator;

namespace {

bool IsSentence(std::string_view text) {
  return text.ends_with('.') && text[0] >= 'A' && text[0] <= 'Z';
}

}  // namespace

TEST_CASE("no row of the file is missing among all causes, and no word is there twice") {
  const std::string api = std::string(GOLDEN_FOLDER) + "/../../server/api/";
  const std::string headers = ReadFile(api + "causes.h") + ReadFile(api + "oauth_causes.h");
  const std::string kRow = "inline constexpr Cause k";
  size_t rows = 0;
  for (size_t at = headers.find(kRow); at != std::string::npos; at = headers.find(kRow, at + 1))
    ++rows;
  CHECK(rows == AllCauses().size());
  std::set<std::string_view> words;
  for (const Cause* cause : AllCauses()) words.insert(cause->word);
  CHECK(words.size() == rows);
}

TEST_CASE("every cause has a word, a refusal or a plan, a source with its mark, and a hint") {
  for (const Cause* cause : AllCauses()) {
    INFO(cause->word);
    CHECK(cause->word.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string::npos);
    CHECK(FindCause(cause->word) == cause);
    CHECK((cause->refusal != nullptr) ==
          (cause != &causes::kFaultPlanned && cause != &causes::kPrefer));
    CHECK(std::string_view("DOIU").find(cause->source.mark) != std::string_view::npos);
    CHECK_FALSE(cause->source.where.empty());
    CHECK_FALSE(cause->source.sentence.empty());
    CHECK_MESSAGE(IsSentence(cause->hint), cause->hint);
  }
  CHECK(FindCause("no-such-word") == nullptr);
}

TEST_CASE("what a cause cites of the page stands on the page") {
  const std::string page = Golden("get-export-connection", "sentences.txt");
  size_t cited = 0;
  for (const Cause* cause : AllCauses()) {
    if (cause->source.where != sources::kPage) continue;
    INFO(cause->word << ": " << cause->source.sentence);
    CHECK(cause->source.mark == 'D');
    CHECK(page.find(cause->source.sentence) != std::string::npos);
    ++cited;
  }
  CHECK(cited > 5);
  for (const Source& source :
       {sources::kOperation, sources::kAccept, sources::kAnyObject, sources::kAuthentication})
    CHECK(page.find(source.sentence) != std::string::npos);
}

TEST_CASE("only causes whose refusals the vendor shows nowhere are cited as ours") {
  const std::set<const Refusal*> inferred{&errors::kInvalidRun, &errors::kInvalidQuery,
                                          &errors::kRunNotFound};
  for (const Cause* cause : AllCauses()) {
    if (!cause->refusal || cause->gate == Gate::kPlanned) continue;
    INFO(cause->word);
    const bool is_ours =
        inferred.contains(cause->refusal) || FindRefusal(cause->refusal->name()) != cause->refusal;
    CHECK((cause->source.mark == 'U') == is_ours);
  }
}

TEST_CASE("every refusal that an operation's page shows has a cause") {
  for (const Operation& operation : Operations())
    for (const Refusal* refusal : operation.refusals)
      CHECK(std::any_of(AllCauses().begin(), AllCauses().end(),
                        [&](const Cause* cause) { return cause->refusal == refusal; }));
}
