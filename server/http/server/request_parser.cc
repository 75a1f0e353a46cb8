#include "http/server/request_parser.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace emulator::http::server {

namespace {

constexpr size_t kMaxChunkLine = 256;  // bytes: the size and its extensions

// Field values contain no control characters (RFC 9110 section 5.5), above all no NUL, CR or LF.
bool IsFieldChar(char c) {
  return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
}

bool IsTargetChar(char c) {
  return IsVisible(c) && c != '#';
}

// uri-host with an optional port (RFC 9112 section 3.2). Checks only the characters.
bool IsHost(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) {
    return IsTargetChar(c) && std::string_view("/?@\\,\"<>{}^`|").find(c) == std::string_view::npos;
  });
}

// nullopt if the line is not a field. Rejects a space before the colon and a folded line (RFC 9112
// sections 5.1 and 5.2): in both the name is not a token.
std::optional<Header> ParseField(std::string_view line) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || !IsToken(line.substr(0, colon))) return std::nullopt;
  const std::string_view value = Trim(line.substr(colon + 1));
  if (!std::all_of(value.begin(), value.end(), IsFieldChar)) return std::nullopt;
  return Header{std::string(line.substr(0, colon)), std::string(value)};
}

// True if a comma-separated list contains the word.
bool ListContains(std::string_view list, std::string_view word) {
  while (true) {
    const size_t comma = list.find(',');
    if (EqualIgnoringCase(Trim(list.substr(0, comma)), word)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

std::string_view Value(const Headers& headers, std::string_view name) {
  const std::string* value = headers.Find(name);
  return value ? std::string_view(*value) : std::string_view();
}

// The error for a Transfer-Encoding other than "chunked". 400 if it does not end in the only
// "chunked", because the end of the body is then unknown; else 501, because the other codings are
// unknown (RFC 9112 sections 6.1 and 6.3).
RequestParseError ErrorForCoding(std::string_view coding) {
  const size_t comma = coding.rfind(',');
  if (comma == std::string_view::npos || ListContains(coding.substr(0, comma), "chunked") ||
      !EqualIgnoringCase(Trim(coding.substr(comma + 1)), "chunked"))
    return RequestParseError::kMalformed;
  return RequestParseError::kTransferCodingUnknown;
}

}  // namespace

RequestParser::State RequestParser::Refuse(RequestParseError error) {
  error_ = error;
  return State::kRefused;
}

RequestParser::State RequestParser::Parse(std::string_view bytes) {
  State state = State::kComplete;
  while (state == State::kComplete && part_ != Part::kDone) {
    switch (part_) {
      case Part::kHead:
        state = ReadHead(bytes);
        break;
      case Part::kSizedBody:
        state = ReadSizedBody(bytes);
        break;
      case Part::kChunkSize:
        state = ReadChunkSize(bytes);
        break;
      case Part::kChunkData:
        state = ReadChunkData(bytes);
        break;
      case Part::kTrailer:
        state = ReadTrailer(bytes);
        break;
      case Part::kDone:
        break;
    }
  }
  return state;
}

RequestParser::State RequestParser::ReadLine(std::string_view bytes, size_t most,
                                             RequestParseError too_long, std::string_view& line) {
  const size_t end = bytes.find('\n', at_);
  const size_t length = std::min(end, bytes.size()) - at_;
  if (length > most + 1) return Refuse(too_long);
  if (end == std::string_view::npos) return State::kNeedMore;
  if (length == 0 || bytes[end - 1] != '\r') return Refuse(RequestParseError::kMalformed);
  line = bytes.substr(at_, length - 1);
  at_ = end + 1;
  return State::kComplete;
}

RequestParser::State RequestParser::ReadHead(std::string_view bytes) {
  // An empty line before a request is skipped (RFC 9112 section 2.2); a second one is not.
  const size_t start = bytes.starts_with("\r\n") ? 2 : 0;

  // Validate the whole head at once. Before it is complete, check only what limits memory.
  const size_t line_end = bytes.find('\n', start);
  if (std::min(line_end, bytes.size()) - start > limits_.request_line + 1)
    return Refuse(RequestParseError::kUriTooLong);
  const size_t end = bytes.find("\r\n\r\n", std::max(start, searched_ < 3 ? 0 : searched_ - 3));
  const size_t most =
      line_end == std::string_view::npos ? bytes.size() : line_end + limits_.header_block - 1;
  // The result depends on the bytes, not on how they arrive. So the last bytes may be a part of the
  // end of the head, and a line that ends without CR, which can never become valid, is reported
  // first.
  const size_t stop = std::min({end, most, bytes.size()});
  for (size_t lf = bytes.find('\n', std::max(start, searched_)); lf < stop;
       lf = bytes.find('\n', lf + 1))
    if (lf == 0 || bytes[lf - 1] != '\r') return Refuse(RequestParseError::kMalformed);
  searched_ = bytes.size();
  if (std::min(end, bytes.size() - std::min<size_t>(bytes.size(), 3)) > most)
    return Refuse(RequestParseError::kHeaderFieldsTooLarge);
  if (end == std::string_view::npos) return State::kNeedMore;

  const std::string_view head = bytes.substr(0, end + 2);
  at_ = start;
  std::string_view line;
  if (ReadLine(head, limits_.request_line, RequestParseError::kUriTooLong, line) !=
          State::kComplete ||
      !ParseRequestLine(line))
    return State::kRefused;
  size_t fields = 0;
  request_.headers.Reserve(8);
  while (at_ < head.size()) {
    if (ReadLine(head, limits_.header_block, RequestParseError::kHeaderFieldsTooLarge, line) !=
        State::kComplete)
      return State::kRefused;
    if (++fields > limits_.header_fields) return Refuse(RequestParseError::kHeaderFieldsTooLarge);
    auto field = ParseField(line);
    if (!field) return Refuse(RequestParseError::kMalformed);
    request_.headers.Add(std::move(field->name), std::move(field->value));
  }
  at_ = end + 4;
  return ValidateFraming() ? State::kComplete : State::kRefused;
}

bool RequestParser::ParseRequestLine(std::string_view line) {
  error_ = RequestParseError::kMalformed;
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return false;
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!IsToken(method) || target.empty() ||
      !std::all_of(target.begin(), target.end(), IsTargetChar))
    return false;

  if (version.size() != 8 || !version.starts_with("HTTP/") || !IsDigit(version[5]) ||
      version[6] != '.' || !IsDigit(version[7]))
    return false;
  if (version[5] != '1') {
    error_ = RequestParseError::kHttpVersionUnsupported;
    return false;
  }
  minor_version_ = version[7] - '0';

  // Only the origin form, and "*" for OPTIONS. The absolute form is for proxies: accepting it would
  // make a client seem to work that is configured to use a proxy.
  if (!target.starts_with('/') && !(target == "*" && method == "OPTIONS")) return false;
  request_.method = method;
  request_.target = target;
  return true;
}

bool RequestParser::ValidateFraming() {
  const Headers& headers = request_.headers;
  error_ = RequestParseError::kMalformed;

  const size_t hosts = headers.Count("Host");
  if (hosts > 1 || (hosts == 0 && minor_version_ > 0)) return false;
  if (!IsHost(Value(headers, "Host"))) return false;

  const std::string_view connection = Value(headers, "Connection");
  keep_alive_ = minor_version_ > 0 ? !ListContains(connection, "close")
                                   : ListContains(connection, "keep-alive");
  awaits_continue_ =
      minor_version_ > 0 && EqualIgnoringCase(Value(headers, "Expect"), "100-continue");

  const size_t lengths = headers.Count("Content-Length");
  const size_t codings = headers.Count("Transfer-Encoding");
  if (lengths > 1 || codings > 1 || (lengths == 1 && codings == 1)) return false;
  if (codings == 1) {
    const std::string_view coding = Value(headers, "Transfer-Encoding");
    if (minor_version_ == 0) return false;
    if (!EqualIgnoringCase(coding, "chunked")) {
      error_ = ErrorForCoding(coding);
      return false;
    }
    part_ = Part::kChunkSize;
  } else if (lengths == 1) {
    const std::string_view length = Value(headers, "Content-Length");
    if (length.empty() || !std::all_of(length.begin(), length.end(), IsDigit)) return false;
    const auto size = ParseWholeNumber(length, 0, limits_.body(request_));
    if (!size) {
      error_ = RequestParseError::kPayloadTooLarge;
      return false;
    }
    remaining_ = *size;
    part_ = remaining_ > 0 ? Part::kSizedBody : Part::kDone;
  } else {
    part_ = Part::kDone;
  }

  if (part_ != Part::kDone && headers.Count("Content-Encoding") > 0 &&
      !EqualIgnoringCase(Value(headers, "Content-Encoding"), "identity")) {
    error_ = RequestParseError::kUnsupportedMediaType;
    return false;
  }
  return true;
}

RequestParser::State RequestParser::ReadSizedBody(std::string_view bytes) {
  const std::string_view part = bytes.substr(at_, remaining_);
  request_.body += part;
  at_ += part.size();
  remaining_ -= part.size();
  if (remaining_ > 0) return State::kNeedMore;
  part_ = Part::kDone;
  return State::kComplete;
}

RequestParser::State RequestParser::ReadChunkSize(std::string_view bytes) {
  std::string_view line;
  if (const State state = ReadLine(bytes, kMaxChunkLine, RequestParseError::kMalformed, line);
      state != State::kComplete)
    return state;
  if (!std::all_of(line.begin(), line.end(), IsFieldChar))
    return Refuse(RequestParseError::kMalformed);
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), remaining_, 16);
  // Chunk extensions are ignored (RFC 9112 section 7.1.1).
  const std::string_view rest(end, line.data() + line.size());
  if (error == std::errc::result_out_of_range) return Refuse(RequestParseError::kPayloadTooLarge);
  if (error != std::errc() || (!rest.empty() && !Trim(rest).starts_with(';')))
    return Refuse(RequestParseError::kMalformed);
  if (remaining_ > limits_.body(request_) - request_.body.size())
    return Refuse(RequestParseError::kPayloadTooLarge);
  part_ = remaining_ > 0 ? Part::kChunkData : Part::kTrailer;
  return State::kComplete;
}

RequestParser::State RequestParser::ReadChunkData(std::string_view bytes) {
  const std::string_view part = bytes.substr(at_, remaining_);
  request_.body += part;
  at_ += part.size();
  remaining_ -= part.size();
  if (remaining_ > 0) return State::kNeedMore;
  // The CRLF after the data.
  const std::string_view end = bytes.substr(at_, 2);
  if (!std::string_view("\r\n").starts_with(end)) return Refuse(RequestParseError::kMalformed);
  if (end.size() < 2) return State::kNeedMore;
  at_ += 2;
  part_ = Part::kChunkSize;
  return State::kComplete;
}

RequestParser::State RequestParser::ReadTrailer(std::string_view bytes) {
  const size_t start = at_;
  std::string_view line;
  if (const State state =
          ReadLine(bytes, limits_.header_block, RequestParseError::kHeaderFieldsTooLarge, line);
      state != State::kComplete)
    return state;
  trailer_ += at_ - start;
  if (trailer_ > limits_.header_block) return Refuse(RequestParseError::kHeaderFieldsTooLarge);
  if (line.empty()) {
    part_ = Part::kDone;
    return State::kComplete;
  }
  // Trailer fields are validated like header fields and dropped: nothing may depend on them (RFC
  // 9110 section 6.5.1).
  return ParseField(line) ? State::kComplete : Refuse(RequestParseError::kMalformed);
}

}  // namespace emulator::http::server
