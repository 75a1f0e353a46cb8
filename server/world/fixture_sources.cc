#include "world/fixture_sources.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <utility>

namespace emulator {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> FilesIn(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".json" && !entry.is_directory()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::optional<std::string> ReadAll(std::istream& in) {
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad()) return std::nullopt;
  return text;
}

class Collector {
 public:
  void Take(const std::string& source) {
    std::error_code error;
    if (source == "-")
      TakeStandardInput();
    else if (fs::is_directory(source, error))
      TakeFolder(source);
    else
      TakeFile(source);
  }

  std::vector<FixtureText> Texts() {
    if (!defects_.empty()) throw FixtureError(std::move(defects_));
    return std::move(texts_);
  }

 private:
  void TakeStandardInput() {
    if (std::exchange(took_standard_input_, true))
      Refuse("-", "standard input can be read once; name it once.");
    else
      TakeStream("standard input", std::cin);
  }
  void TakeFolder(const std::string& folder) {
    try {
      const auto files = FilesIn(folder);
      for (const fs::path& file : files) TakeFile(file.string());
      if (files.empty() && !fs::is_empty(folder))
        Refuse(folder,
               "holds no *.json. Name a folder of fixture files, or an empty one for the default "
               "world.");
    } catch (const fs::filesystem_error& error) {
      Refuse(folder,
             "cannot be listed: " + error.code().message() + ". Name a folder that you may read.");
    }
  }
  void TakeFile(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in)
      Refuse(file, std::string("cannot be read: ") + std::strerror(errno) +
                       ". Name a fixture file that you may read.");
    else
      TakeStream(file, in);
  }
  void TakeStream(const std::string& name, std::istream& in) {
    if (auto text = ReadAll(in))
      texts_.push_back({name, std::move(*text)});
    else
      Refuse(name, "reading it failed. Name a fixture file that you may read.");
  }
  void Refuse(const std::string& source, std::string sentence) {
    defects_.push_back({.file = source, .sentence = std::move(sentence)});
  }

  std::vector<FixtureText> texts_;
  std::vector<FixtureDefect> defects_;
  bool took_standard_input_ = false;
};

}  // namespace

std::vector<FixtureText> ReadSources(const std::vector<std::string>& sources) {
  Collector collector;
  for (const std::string& source : sources) collector.Take(source);
  return collector.Texts();
}

SourceWatch::SourceWatch(std::vector<std::string> sources)
    : sources_(std::move(sources)), seen_(Look()) {}

bool SourceWatch::HasChanged() {
  std::string now = Look();
  const bool changed = now != seen_;
  seen_ = std::move(now);
  return changed;
}

// What cannot be read is left out: reading it will say so.
std::string SourceWatch::Look() const {
  std::string look;
  const auto add = [&](const fs::path& file) {
    std::error_code none;
    const auto time = fs::last_write_time(file, none).time_since_epoch().count();
    const auto size = fs::file_size(file, none);
    look += file.string() + '\n' + std::to_string(time) + ' ' + std::to_string(size) + '\n';
  };
  for (const std::string& source : sources_) {
    std::error_code none;
    if (source == "-") continue;
    if (!fs::is_directory(source, none)) {
      add(source);
      continue;
    }
    try {
      for (const fs::path& file : FilesIn(source)) add(file);
    } catch (const fs::filesystem_error&) {
    }
  }
  return look;
}

}  // namespace emulator
