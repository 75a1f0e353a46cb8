#include "http/server/request_parser.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace emulator::http::server {

namespace {

constexpr size_t kLongestChunkLine = 256;  // bytes: the size and its extensions

// Field values hold no control characters (RFC 9110 section 5.5): above all no NUL, CR and LF.
bool IsFieldChar(char c) {
  return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
}

bool IsTargetChar(char c) {
  return c > ' ' && c < '\x7f' && c != '#';
}

// uri-host with an optional port (RFC 9112 section 3.2), not looked at more closely.
bool IsHost(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) {
    return IsTargetChar(c) && std::string_view("/?@\\,\"<>{}^`|").find(c) == std::string_view::npos;
  });
}

// nullopt when the line is no field. No space before the colon, and no line that continues the one
// before it (RFC 9112 sections 5.1 and 5.2): both begin with a name that is no token.
std::optional<Header> ParseField(std::string_view line) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || !IsToken(line.substr(0, colon))) return std::nullopt;
  const std::string_view value = Trim(line.substr(colon + 1));
  if (!std::all_of(value.begin(), value.end(), IsFieldChar)) return std::nullopt;
  return Header{std::string(line.substr(0, colon)), std::string(value)};
}

// True when a comma-separated list holds the word.
bool Lists(std::string_view list, std::string_view word) {
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

// What to say of a Transfer-Encoding other than "chunked". One that does not end in the only
// "chunked" leaves the end of the body open: 400; else its other codings are unknown: 501
// (RFC 9112 sections 6.1 and 6.3).
RequestParseError ErrorForCoding(std::string_view coding) {
  const size_t comma = coding.rfind(',');
  if (comma == std::string_view::npos || Lists(coding.substr(0, comma), "chunked") ||
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

  // The whole head first: nothing is judged piecemeal but what keeps memory bounded.
  const size_t line_end = bytes.find('\n', start);
  if (std::min(line_end, bytes.size()) - start > limits_.request_line + 1)
    return Refuse(RequestParseError::kUriTooLong);
  const size_t end = bytes.find("\r\n\r\n", std::max(start, looked_ < 3 ? 0 : looked_ - 3));
  const size_t most =
      line_end == std::string_view::npos ? bytes.size() : line_end + limits_.header_block - 1;
  // What is said depends on the bytes, not on how they were cut. So the end that has not come may
  // have begun; and a line that ends without CR, which can never become right, is told of first.
  const size_t stop = std::min({end, most, bytes.size()});
  for (size_t lf = bytes.find('\n', std::max(start, looked_)); lf < stop;
       lf = bytes.find('\n', lf + 1))
    if (lf == 0 || bytes[lf - 1] != '\r') return Refuse(RequestParseError::kMalformed);
  looked_ = bytes.size();
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

  // Only the origin form, and "*" for OPTIONS. The absolute form is for proxies: taking it would
  // make a client that is told to use a proxy seem to work.
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
  keep_alive_ = minor_version_ > 0 ? !Lists(connection, "close") : Lists(connection, "keep-alive");
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
    const auto [_, error] = std::from_chars(length.data(), length.data() + length.size(), left_);
    if (error != std::errc() || left_ > limits_.body(request_)) {
      error_ = RequestParseError::kPayloadTooLarge;
      return false;
    }
    part_ = left_ > 0 ? Part::kSizedBody : Part::kDone;
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
  const std::string_view part = bytes.substr(at_, left_);
  request_.body += part;
  at_ += part.size();
  left_ -= part.size();
  if (left_ > 0) return State::kNeedMore;
  part_ = Part::kDone;
  return State::kComplete;
}

RequestParser::State RequestParser::ReadChunkSize(std::string_view bytes) {
  std::string_view line;
  if (const State state = ReadLine(bytes, kLongestChunkLine, RequestParseError::kMalformed, line);
      state != State::kComplete)
    return state;
  if (!std::all_of(line.begin(), line.end(), IsFieldChar))
    return Refuse(RequestParseError::kMalformed);
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), left_, 16);
  // Extensions are read and ignored (RFC 9112 section 7.1.1).
  const std::string_view rest(end, line.data() + line.size());
  if (error == std::errc::result_out_of_range) return Refuse(RequestParseError::kPayloadTooLarge);
  if (error != std::errc() || (!rest.empty() && !Trim(rest).starts_with(';')))
    return Refuse(RequestParseError::kMalformed);
  if (left_ > limits_.body(request_) - request_.body.size())
    return Refuse(RequestParseError::kPayloadTooLarge);
  part_ = left_ > 0 ? Part::kChunkData : Part::kTrailer;
  return State::kComplete;
}

RequestParser::State RequestParser::ReadChunkData(std::string_view bytes) {
  const std::string_view part = bytes.substr(at_, left_);
  request_.body += part;
  at_ += part.size();
  left_ -= part.size();
  if (left_ > 0) return State::kNeedMore;
  // The CRLF behind the data.
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
  // Trailer fields are checked like the others and dropped: nothing here may depend on them
  // (RFC 9110 section 6.5.1).
  return ParseField(line) ? State::kComplete : Refuse(RequestParseError::kMalformed);
}

}  // namespace emulator::http::server
