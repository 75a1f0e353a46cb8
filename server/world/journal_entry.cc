#include "world/journal_entry.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace emulator {

namespace {

// The members that both directions go through, in their order; a direction is a function that
// takes any of them.
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
  direction(entry.operation);
  direction(entry.gate);
  direction(entry.reason);
  direction(entry.client);
  direction(entry.user);
  direction(entry.token);
  direction(entry.scopes);
  direction(entry.issuer);
  direction(entry.right_issuer);
  direction(entry.answer_body.text);
}
// Those that a client sent, where its credentials may be in.
template <typename Entry, typename Direction>
void SentTexts(Entry& entry, Direction& direction) {
  direction(entry.method);
  direction(entry.target);
  direction(entry.connection_id);
  direction(entry.body.text);
}

class Writer {
 public:
  explicit Writer(std::string& to) : to_(to) { to_.clear(); }

  template <typename Number>
  void operator()(const Number& number) {
    static_assert(std::is_trivially_copyable_v<Number>);
    to_.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
  void operator()(std::string_view text) {
    (*this)(static_cast<uint32_t>(text.size()));
    to_.append(text);
  }

  std::string& to() { return to_; }

 private:
  std::string& to_;
};

class SentWriter {
 public:
  SentWriter(Writer& writer, const Credentials& credentials)
      : writer_(writer), credentials_(credentials) {}

  void operator()(std::string_view text) {
    writer_(text);
    std::string& to = writer_.to();
    credentials_.BlackOut(to.data() + to.size() - text.size(), text.size());
  }

 private:
  Writer& writer_;
  const Credentials& credentials_;
};

class Reader {
 public:
  explicit Reader(std::string_view from) : from_(from) {}

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

bool Is(std::string_view name, std::string_view known) {
  return name.size() == known.size() && EqualIgnoringCase(name, known);
}

// Each header is a name and a value, packed as texts are.
void WriteSentHeaders(Writer& writer, const Headers& headers, const Credentials& credentials,
                      std::string_view token) {
  SentWriter sent(writer, credentials);
  for (const Header& header : headers) {
    sent(header.name);
    if (Is(header.name, "Authorization"))
      writer(std::string_view(ShownAuthorization(header.value, token)));
    else
      sent(header.value);
  }
}

void WriteHeaders(Writer& writer, const Headers& headers) {
  for (const Header& header : headers) {
    writer(std::string_view(header.name));
    writer(std::string_view(header.value));
  }
}

// Writes what `write` writes as one text.
template <typename Write>
void AsText(Writer& writer, const Write& write) {
  const size_t at = writer.to().size();
  writer(uint32_t{0});
  write();
  const auto size = static_cast<uint32_t>(writer.to().size() - at - sizeof(uint32_t));
  std::memcpy(writer.to().data() + at, &size, sizeof size);
}

KeptHeaders ReadHeaders(Reader& reader) {
  std::string_view packed;
  reader(packed);
  return KeptHeaders(packed);
}

void Cut(KeptBody& body) {
  body.size = body.text.size();
  body.text = body.text.substr(0, KeptBody::kMostKept);
}

}  // namespace

std::vector<std::pair<std::string_view, std::string_view>> KeptHeaders::Read() const {
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  Reader reader(packed_);
  while (!reader.is_at_end()) {
    auto& [name, value] = headers.emplace_back();
    reader(name);
    reader(value);
    if (!Is(name, "Authorization") && IsSecretName(name)) value = "***";
  }
  return headers;
}

std::string Pack(const JournalEntry& entry, const Headers& headers, const Headers& answer_headers,
                 const Credentials& credentials) {
  thread_local std::string scratch;
  Writer writer(scratch);
  SentWriter sent(writer, credentials);

  JournalEntry kept = entry;
  Cut(kept.body);
  Cut(kept.answer_body);
  const std::string target = WithoutSecrets(entry.target);
  kept.target = target;

  Numbers(std::as_const(kept), writer);
  Texts(std::as_const(kept), writer);
  SentTexts(std::as_const(kept), sent);
  AsText(writer, [&] { WriteSentHeaders(writer, headers, credentials, entry.token); });
  AsText(writer, [&] { WriteHeaders(writer, answer_headers); });
  return scratch;
}

KeptEntry Unpack(uint64_t id, std::shared_ptr<const std::string> packed) {
  KeptEntry kept{std::move(packed), {.id = id}};
  Reader reader(*kept.packed);
  Numbers(kept.entry, reader);
  Texts(kept.entry, reader);
  SentTexts(kept.entry, reader);
  kept.entry.headers = ReadHeaders(reader);
  kept.entry.answer_headers = ReadHeaders(reader);
  return kept;
}

}  // namespace emulator
