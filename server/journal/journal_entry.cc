#include "journal/journal_entry.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "base/text.h"

namespace emulator::journal {

namespace {

// These call `direction`, a reader or a writer, with each member, in the order of the packed form.
template <typename Entry, typename Direction>
void Numbers(Entry& entry, Direction& direction) {
  direction(entry.time);
  direction(entry.real_time);
  direction(entry.duration);
  direction(entry.not_before);
  direction(entry.expires);
  direction(entry.is_token_known);
  direction(entry.was_metered);
  direction(entry.admission);
  direction(entry.fault);
  direction(entry.status);
  direction(entry.delivery);
  direction(entry.body.size);
  direction(entry.answer_body.size);
}
template <typename Entry, typename Direction>
void Texts(Entry& entry, Direction& direction) {
  direction(entry.correlation_id);
  direction(entry.operation);
  direction(entry.gate);
  direction(entry.reason);
  direction(entry.violations);
  direction(entry.client);
  direction(entry.user);
  direction(entry.token);
  direction(entry.scopes);
  direction(entry.issuer);
  direction(entry.right_issuer);
  direction(entry.answer_body.text);
}
// Texts from the client, which may contain its credentials.
template <typename Entry, typename Direction>
void SentTexts(Entry& entry, Direction& direction) {
  direction(entry.method);
  direction(entry.target);
  direction(entry.connection_id);
  direction(entry.body.text);
}

// Sums the packed size of members.
class Sizer {
 public:
  template <typename Number>
  void operator()(const Number& number) {
    size_ += sizeof number;
  }
  void operator()(std::string_view text) { size_ += sizeof(uint32_t) + text.size(); }

  size_t size() const { return size_; }

 private:
  size_t size_ = 0;
};

// REQUIRES: enough room for everything that is written.
class EntryWriter {
 public:
  explicit EntryWriter(char* to) : to_(to) {}

  template <typename Number>
  void operator()(const Number& number) {
    static_assert(std::is_trivially_copyable_v<Number>);
    std::memcpy(to_, &number, sizeof number);
    to_ += sizeof number;
  }
  void operator()(std::string_view text) {
    (*this)(static_cast<uint32_t>(text.size()));
    text.copy(to_, text.size());
    to_ += text.size();
  }

  char* at() const { return to_; }

 private:
  char* to_;
};

// Redacts credentials.
class SentWriter {
 public:
  SentWriter(EntryWriter& writer, const http::Credentials& credentials)
      : writer_(writer), credentials_(credentials) {}

  void operator()(std::string_view text) {
    writer_(text);
    credentials_.Redact(writer_.at() - text.size(), text.size());
  }

 private:
  EntryWriter& writer_;
  const http::Credentials& credentials_;
};

class EntryReader {
 public:
  explicit EntryReader(std::string_view from) : from_(from) {}

  template <typename Number>
  void operator()(Number& number) {
    std::memcpy(&number, from_.data(), sizeof number);
    from_.remove_prefix(sizeof number);
  }
  void operator()(std::string_view& text) {
    uint32_t size = 0;
    (*this)(size);
    text = from_.substr(0, size);
    from_.remove_prefix(size);
  }

  bool is_at_end() const { return from_.empty(); }

 private:
  std::string_view from_;
};

// Writes the texts that `write` writes as one text: a header is a name and a value.
template <typename Write>
void AsOneText(EntryWriter& writer, const Write& write) {
  char* const head = writer.at();
  writer(uint32_t{0});
  write();
  const auto size = static_cast<uint32_t>(writer.at() - head - sizeof(uint32_t));
  std::memcpy(head, &size, sizeof size);
}

void WriteSentHeaders(EntryWriter& writer, const http::Headers& headers,
                      const http::Credentials& credentials, std::string_view token) {
  SentWriter sent(writer, credentials);
  for (const http::Header& header : headers) {
    sent(header.name);
    if (EqualIgnoringCase(header.name, "Authorization"))
      writer(std::string_view(http::RedactAuthorization(header.value, token)));
    else
      sent(header.value);
  }
}

void WriteHeaders(EntryWriter& writer, const http::Headers& headers) {
  for (const http::Header& header : headers) {
    writer(std::string_view(header.name));
    writer(std::string_view(header.value));
  }
}

// An upper bound: a redacted credential may be longer than the original.
size_t MaxSizeOf(const http::Headers& headers, std::string_view token) {
  constexpr size_t kHash = 16;
  size_t room = sizeof(uint32_t);
  for (const http::Header& header : headers)
    room += 2 * sizeof(uint32_t) + header.name.size() + header.value.size() + token.size() + kHash;
  return room;
}

// Redacts the query of the URL in the header `name`. Returns `headers`, or `copy` if it changed
// them.
const http::Headers& RedactUrlIn(std::string_view name, const http::Headers& headers,
                                 http::Headers& copy) {
  const std::string* url = headers.Find(name);
  if (!url || url->find('?') == std::string::npos) return headers;
  const std::string redacted = http::RedactQuery(*url);
  copy = headers;
  copy.Set(name, redacted);
  return copy;
}

RecordedHeaders ReadHeaders(EntryReader& reader) {
  std::string_view packed;
  reader(packed);
  return RecordedHeaders(packed);
}

void Truncate(RecordedBody& body) {
  body.size = body.text.size();
  body.text = body.text.substr(0, RecordedBody::kMaxRecorded);
}

}  // namespace

std::vector<std::pair<std::string_view, std::string_view>> RecordedHeaders::Read() const {
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  EntryReader reader(packed_);
  while (!reader.is_at_end()) {
    auto& [name, value] = headers.emplace_back();
    reader(name);
    reader(value);
    if (!EqualIgnoringCase(name, "Authorization") && http::IsSecretName(name)) value = "***";
  }
  return headers;
}

std::vector<std::string_view> RecordedHeaders::Find(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [known, value] : Read())
    if (EqualIgnoringCase(known, name)) values.push_back(value);
  return values;
}

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string_view Pack(const JournalEntry& entry, const http::Headers& all_headers,
                      const http::Headers& all_answer_headers,
                      const http::Credentials& credentials) {
  http::Headers copy, answer_copy;
  const http::Headers& headers = RedactUrlIn("Referer", all_headers, copy);
  const http::Headers& answer_headers = RedactUrlIn("Location", all_answer_headers, answer_copy);
  JournalEntry recorded = entry;
  Truncate(recorded.body);
  Truncate(recorded.answer_body);
  std::string target;
  if (entry.target.find('?') != std::string_view::npos)
    recorded.target = target = http::RedactQuery(entry.target);

  Sizer sizer;
  Numbers(std::as_const(recorded), sizer);
  Texts(std::as_const(recorded), sizer);
  SentTexts(std::as_const(recorded), sizer);
  const size_t room =
      sizer.size() + MaxSizeOf(headers, entry.token) + MaxSizeOf(answer_headers, entry.token);
  thread_local std::string scratch;
  if (scratch.size() < room) scratch.resize(room);

  EntryWriter writer(scratch.data());
  SentWriter sent(writer, credentials);
  Numbers(std::as_const(recorded), writer);
  Texts(std::as_const(recorded), writer);
  SentTexts(std::as_const(recorded), sent);
  AsOneText(writer, [&] { WriteSentHeaders(writer, headers, credentials, entry.token); });
  AsOneText(writer, [&] { WriteHeaders(writer, answer_headers); });
  return std::string_view(scratch.data(), static_cast<size_t>(writer.at() - scratch.data()));
}

JournalEntry Unpack(uint64_t id, std::string_view packed) {
  JournalEntry entry{.id = id};
  EntryReader reader(packed);
  Numbers(entry, reader);
  Texts(entry, reader);
  SentTexts(entry, reader);
  entry.headers = ReadHeaders(reader);
  entry.answer_headers = ReadHeaders(reader);
  return entry;
}

}  // namespace emulator::journal
