// Prints a generated part of the documentation, from the tables of the program: `generate-docs
// NAME`, where NAME is a row of kParts. Without NAME it prints the names. tests/docs/pages.py
// writes the parts into the pages of docs/. Not installed. Threads: one.
#include <iostream>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/reasons.h"
#include "base/embedded.h"
#include "base/text.h"
#include "cli/outcomes_command.h"
#include "cli/settings_table.h"
#include "control/control.h"
#include "diagnosis/reason_table.h"
#include "fixtures/fixture_file.h"

using namespace emulator;

namespace {

constexpr size_t kWidth = 118;  // columns of a line of prose
constexpr std::string_view kUrl = "http://localhost:8080";

// A list item, wrapped between words. Code in the text keeps its spaces where it breaks: Markdown
// ignores the break.
std::string Item(const std::string& text) {
  std::string item = "-", line = "-";
  for (const std::string_view word : Split(text, ' ')) {
    if (line.size() + 1 + word.size() > kWidth) {
      item += "\n ";
      line = " ";
    }
    item.append(" ").append(word);
    line.append(" ").append(word);
  }
  return item + "\n";
}

std::string Code(std::string_view text) {
  return "`" + std::string(text) + "`";
}

// Text of ours as Markdown: '<' and '*' would be markup, and '|' would end a table cell.
std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("<*|`").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string ReasonEntry(const api::Reason& reason) {
  std::string entry = "### " + std::string(reason.code) + "\n\n";
  entry += Item(reason.error ? "Answer: " + std::to_string(reason.error->status) + " " +
                                   Code(reason.error->code)
                             : "Answer: as the fault or the request asks");
  entry += Item("Source: **" + std::string(1, reason.citation.mark) + "**, " +
                Escape(reason.citation.where) + ": \"" + Escape(reason.citation.sentence) + "\"");
  return entry + Item("Hint: " + Escape(reason.hint)) + "\n";
}

// The reasons by gate, in the order of the gates.
std::string Reasons() {
  std::map<api::Gate, std::string> entries;
  for (const api::Reason* reason : diagnosis::AllReasons())
    entries[reason->gate] += ReasonEntry(*reason);
  std::string part;
  for (const auto& [gate, text] : entries)
    part.append("## Gate ").append(api::Name(gate)).append("\n\n").append(text);
  return part;
}

std::string ControlApi() {
  std::string part = "| call | purpose |\n| --- | --- |\n";
  for (const control::ControlRow& row : control::ControlRows()) {
    std::string purpose = Escape(row.meaning);
    std::string parameters;
    for (const std::string_view name : row.query)
      parameters.append(parameters.empty() ? "" : ", ").append(Code(name));
    if (!parameters.empty()) purpose += "; query: " + parameters;
    if (row.is_probe) purpose += "; open to every caller";
    part += "| " + Code(std::string(row.route.method) + " " + std::string(row.route.path)) + " | " +
            purpose + " |\n";
  }
  return part + "\n";
}

// In the order of the program: a line may need what a line before it made.
std::string Outcomes() {
  const std::string table = cli::OutcomesTable({.url = std::string(kUrl)});
  std::string part;
  for (const std::string_view line : Split(table, '\n')) {
    if (IsDigit(line.front())) continue;
    const std::string operation(line);
    part.append("## ").append(operation).append("\n\n```text\n");
    part.append(cli::OutcomesTable({.url = std::string(kUrl), .operation = operation}))
        .append("```\n\n");
  }
  return part;
}

std::string Or(const std::optional<std::string>& text, const std::string& otherwise) {
  return text && !text->empty() ? *text : otherwise;
}

// The tokens of the default world, with what decides their answers.
std::string DefaultTokens() {
  const fixtures::FixtureSet world =
      fixtures::ReadFixtures({{"data/fixtures.json", std::string(embedded::kDefaultWorld)}});
  std::string part =
      "| token | name | user | client | scopes | remark |\n| --- | --- | --- | --- | --- | --- |\n";
  for (const auto& item : world.tokens.items) {
    const fixtures::Token& token = item.row;
    std::string remark;
    if (token.expires) remark = "expired since " + *token.expires;
    if (token.not_before) remark = "valid from " + *token.not_before;
    if (token.issuer) remark = "of another issuer";
    part += "| " + Code(token.token) + " | " + token.name + " | " + Or(token.user, "the client's") +
            " | " + token.client + " | " +
            (token.scopes.empty() ? "none" : Join(token.scopes, " ")) + " | " + remark + " |\n";
  }
  return part;
}

struct Part {
  std::string_view name;
  std::string (*print)();
};
constexpr Part kParts[] = {
    {"control-api", ControlApi}, {"default-tokens", DefaultTokens}, {"outcomes", Outcomes},
    {"reasons", Reasons},        {"settings", cli::SettingsTable},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc == 1) {
    for (const Part& part : kParts) std::cout << part.name << "\n";
    return 0;
  }
  for (const Part& part : kParts) {
    if (part.name != argv[1]) continue;
    std::cout << part.print();
    return 0;
  }
  std::cerr << "generate-docs: no part \"" << argv[1]
            << "\"; without arguments it lists the parts\n";
  return 2;
}
