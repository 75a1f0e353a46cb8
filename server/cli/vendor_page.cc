#include "cli/vendor_page.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strict_json.h"
#include "base/text.h"

namespace emulator::cli {

namespace {

// Consecutive lines that are not empty; at least one.
struct Paragraph {
  size_t line;  // number of the first line, from 1
  std::vector<std::string> lines;

  const std::string& front() const { return lines.front(); }
  bool Is(std::string_view text) const { return lines.size() == 1 && front() == text; }
};

// Starts with a heading, the title of a schema, or a table without a title.
using PageSection = std::vector<Paragraph>;

// Without white space around it and without the '\r' of a Windows line end.
std::string_view TrimLine(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return Trim(line);
}

std::vector<Paragraph> ParagraphsOf(std::string_view text) {
  std::vector<Paragraph> paragraphs;
  bool is_open = false;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = TrimLine(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && !is_open) paragraphs.push_back({.line = number});
    if (!line.empty()) paragraphs.back().lines.emplace_back(line);
    is_open = !line.empty();
  }
  return paragraphs;
}

bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}
// A name or a type. A word with a full stop is a sentence.
bool IsWord(std::string_view text) {
  return !text.empty() && text.find_first_of(" \t") == std::string_view::npos &&
         !text.ends_with('.');
}

// 404 for "Response 404 Not Found"; 0 for another paragraph.
int StatusOf(const Paragraph& paragraph) {
  constexpr std::string_view kResponse = "Response ";
  const std::string_view line = paragraph.front();
  if (paragraph.lines.size() != 1 || !line.starts_with(kResponse)) return 0;
  const std::string_view status =
      line.substr(kResponse.size(), line.find(' ', kResponse.size()) - kResponse.size());
  return status.size() == 3 ? static_cast<int>(ParseWholeNumber(status, 0, 999).value_or(0)) : 0;
}

bool IsHeading(const Paragraph& paragraph) {
  return StatusOf(paragraph) != 0 || paragraph.Is("Authentication") ||
         paragraph.Is("Request parameters") || paragraph.Is("Request headers") ||
         paragraph.Is("Request body") || paragraph.Is("Response headers");
}

bool IsSchemaTable(const Paragraph& paragraph) {
  return paragraph.front() == "TableSchema";
}

// "Export Connection Response": every word starts with a capital letter, unlike in descriptions.
bool IsTitle(const Paragraph& paragraph) {
  const std::string& line = paragraph.front();
  if (paragraph.lines.size() != 1 || line.ends_with('.')) return false;
  bool begins_word = true;
  for (const char c : line) {
    if (begins_word && !IsUpper(c)) return false;
    begins_word = c == ' ';
  }
  return true;
}

// The paragraph where the schema of a table starts: its title, before an optional description.
size_t BeginOfSchema(const std::vector<Paragraph>& paragraphs, size_t table) {
  for (size_t i = table; i-- > 0;) {
    if (IsHeading(paragraphs[i]) || IsSchemaTable(paragraphs[i])) break;
    if (IsTitle(paragraphs[i])) return i;
  }
  return table;
}

// The first section has the paragraphs before the first heading.
std::vector<PageSection> SectionsOf(const std::vector<Paragraph>& paragraphs) {
  std::vector<bool> begins(paragraphs.size());
  for (size_t i = 0; i < paragraphs.size(); ++i) {
    if (IsHeading(paragraphs[i])) begins[i] = true;
    if (IsSchemaTable(paragraphs[i])) begins[BeginOfSchema(paragraphs, i)] = true;
  }
  std::vector<PageSection> sections(1);
  for (size_t i = 0; i < paragraphs.size(); ++i) {
    if (begins[i]) sections.emplace_back();
    sections.back().push_back(paragraphs[i]);
  }
  return sections;
}

// Parses "GET https://api.bentley.com/export/connections?imodelId[&$top]". False for another line.
bool ParseOperation(std::string_view line, VendorPage& page) {
  constexpr std::string_view kScheme = "https://", kApi = "/export/";
  const size_t space = std::min(line.find(' '), line.size());
  const std::string_view method = line.substr(0, space);
  std::string_view url = Trim(line.substr(space));
  if (method.empty() || !std::all_of(method.begin(), method.end(), IsUpper) ||
      !url.starts_with(kScheme))
    return false;
  url.remove_prefix(std::min(url.find('/', kScheme.size()), url.size()));
  const std::string_view path = url.substr(0, url.find_first_of("?[ "));
  if (!EqualIgnoringCase(path.substr(0, kApi.size()), kApi)) return false;
  page.method = method;
  page.path = path;
  return true;
}

// Parses "... for scope export:read or itwin-platform."
std::vector<std::string> ScopesOf(const PageSection& section) {
  std::vector<std::string> scopes;
  for (const Paragraph& paragraph : section)
    for (const std::string_view line : paragraph.lines) {
      bool is_behind_scope = false;
      for (size_t at = 0; at < line.size();) {
        const size_t end = std::min(line.find_first_of(" ,", at), line.size());
        std::string_view word = line.substr(at, end - at);
        at = end + 1;
        const bool ends_sentence = word.ends_with('.');
        if (ends_sentence) word.remove_suffix(1);
        if (is_behind_scope && !word.empty() && word != "or" && word != "and")
          scopes.emplace_back(word);
        if (word == "scope" || word == "scopes") is_behind_scope = true;
        if (ends_sentence) is_behind_scope = false;
      }
    }
  return scopes;
}

// True for the cells of rows, in their order; false for a description.
bool AreRows(const std::vector<std::string>& columns, const std::vector<std::string>& cells) {
  if (cells.size() % columns.size() != 0) return false;
  for (size_t i = 0; i < cells.size(); ++i) {
    const std::string& column = columns[i % columns.size()];
    if (column == "Required?" && cells[i] != "Yes" && cells[i] != "No") return false;
    if (!IsWord(cells[i])) return false;
  }
  return true;
}

std::vector<VendorPage::Row> RowsOf(const PageSection& section) {
  std::vector<VendorPage::Row> rows;
  std::vector<std::string> columns;  // without "Description", which is the last
  for (const Paragraph& paragraph : section) {
    auto cells = paragraph.lines;
    if (columns.empty()) {
      const auto end = std::find(cells.begin(), cells.end(), "Description");
      if (cells.front() != "Name" || end == cells.end()) continue;
      columns.assign(cells.begin(), end);
      cells.erase(cells.begin(), end + 1);
    }
    if (!AreRows(columns, cells)) continue;
    for (size_t i = 0; i < cells.size(); ++i) {
      const std::string& column = columns[i % columns.size()];
      if (column == "Name") rows.push_back({.name = cells[i]});
      if (column == "In") rows.back().in = cells[i];
      if (column == "Required?") rows.back().is_required = cells[i] == "Yes";
    }
  }
  return rows;
}

// A member starts with a small letter or a sign, a type with a capital letter; a description has
// several words.
VendorPage::SchemaTable SchemaOf(const PageSection& section) {
  VendorPage::SchemaTable schema;
  if (!IsSchemaTable(section.front())) schema.title = section.front().front();
  bool is_in_table = false;
  for (const Paragraph& paragraph : section) {
    is_in_table = is_in_table || IsSchemaTable(paragraph);
    for (const std::string& line : paragraph.lines)
      if (is_in_table && IsWord(line) && !IsUpper(line.front())) schema.members.push_back(line);
  }
  return schema;
}

VendorPage::Examples ExamplesOf(const std::string& name, const PageSection& section) {
  VendorPage::Examples examples;
  for (size_t i = 0; i < section.size(); ++i) {
    Paragraph paragraph = section[i];
    if (paragraph.front() != "json") continue;
    paragraph.lines.erase(paragraph.lines.begin());
    ++paragraph.line;
    if (paragraph.lines.empty() && i + 1 < section.size()) paragraph = section[i + 1];
    std::string text;
    for (const std::string& line : paragraph.lines) text += line + "\n";
    try {
      ParseStrictJson(text);
    } catch (const JsonTextError& error) {
      throw PageError(name + ":" + std::to_string(paragraph.line + error.line() - 1) +
                      ": an example is not valid JSON: " + error.what());
    }
    examples.push_back(std::move(text));
  }
  return examples;
}

void ParseOperation(const std::string& name, const std::vector<Paragraph>& paragraphs,
                    VendorPage& page) {
  for (const Paragraph& paragraph : paragraphs)
    for (const std::string& line : paragraph.lines)
      if (ParseOperation(line, page)) return;
  throw PageError(
      name +
      ": has no line such as \"GET https://api.bentley.com/export/...\", so this is not a page of "
      "the Export API. Name the saved text of such a page.");
}

}  // namespace

VendorPage ReadVendorPage(const std::string& name, std::string_view text) {
  VendorPage page;
  const std::vector<Paragraph> paragraphs = ParagraphsOf(text);
  ParseOperation(name, paragraphs, page);
  VendorPage::Examples ignored;
  VendorPage::Examples* examples = &ignored;  // gets the next examples
  for (const PageSection& section : SectionsOf(paragraphs)) {
    if (section.empty()) continue;
    const Paragraph& heading = section.front();
    if (IsHeading(heading)) examples = &ignored;
    if (const int status = StatusOf(heading)) examples = &page.responses[status];
    if (heading.Is("Request body")) examples = &page.body;
    if (heading.Is("Authentication")) page.scopes = ScopesOf(section);
    if (heading.Is("Request parameters")) page.parameters = RowsOf(section);
    if (heading.Is("Request headers")) page.request_headers = RowsOf(section);
    if (heading.Is("Response headers")) page.response_headers = RowsOf(section);
    if (std::any_of(section.begin(), section.end(), IsSchemaTable))
      page.schemas.push_back(SchemaOf(section));
    for (std::string& example : ExamplesOf(name, section)) examples->push_back(std::move(example));
  }
  if (page.responses.empty())
    throw PageError(name + ": has no heading such as \"Response 200 OK\". Save the whole page.");
  return page;
}

}  // namespace emulator::cli
