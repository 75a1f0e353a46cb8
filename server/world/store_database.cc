#include "world/store_database.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "embedded.h"

namespace emulator {

namespace {

constexpr int kBusyMilliseconds = 2000;  // how long another process may hold the file

// "Exem" in ASCII: tells our files from other SQLite files.
constexpr int64_t kApplicationId = 0x4578656d;

// The steps of schema/. A later version appends one; a released one never changes.
std::vector<std::string_view> SchemaSteps() {
  return {embedded::kFixturesSql, embedded::kRunsSql};
}

int64_t Pragma(SQLite::Database& database, const char* name) {
  return database.execAndGet(std::string("pragma ") + name).getInt64();
}

std::unique_ptr<SQLite::Database> Open(const std::string& name) {
  auto database = std::make_unique<SQLite::Database>(
      name, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX);
  database->setBusyTimeout(kBusyMilliseconds);
  database->exec("pragma foreign_keys = on");
  return database;
}

// The first block of the write-ahead log's index, as SQLite has it mapped. Not mapped by ourselves:
// closing a file of a database drops SQLite's locks on it.
uint64_t* WalIndex(SQLite::Database& database) {
  constexpr int kBlock = 32768;
  constexpr uint32_t kVersion = 3007000;
  sqlite3_file* file = nullptr;
  sqlite3_file_control(database.getHandle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (!file || !file->pMethods || file->pMethods->iVersion < 2 || !file->pMethods->xShmMap)
    return nullptr;
  volatile void* block = nullptr;
  if (file->pMethods->xShmMap(file, 0, kBlock, 0, &block) != SQLITE_OK || !block) return nullptr;
  auto* const header = static_cast<uint64_t*>(const_cast<void*>(block));
  uint32_t version = 0;
  std::memcpy(&version, header, sizeof version);
  return version == kVersion ? header : nullptr;
}

}  // namespace

StoreLock::StoreLock(const std::string& store) {
  const std::string file = store + ".lock";
  descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0)
    throw StoreError("cannot open the store " + store + ": " + file + ": " + std::strerror(errno) +
                     ". Name a file in a folder that exists and can be written to.");
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor_);
    throw StoreError("the store " + store +
                     " is in use by another Export Emulator. Stop that one, or name another file.");
  }
}

StoreLock::~StoreLock() {
  ::close(descriptor_);
}

std::unique_ptr<SQLite::Database> OpenInMemory() {
  return Open(":memory:");
}

std::unique_ptr<SQLite::Database> OpenFile(const std::string& file) {
  auto database = Open(file);
  if (!IsEmpty(*database) && Pragma(*database, "application_id") != kApplicationId)
    throw StoreError("the file " + file +
                     " is a SQLite database of another program. Name another file for the store.");
  if (sqlite3_db_readonly(database->getHandle(), "main") == 1)
    throw StoreError("the store " + file + " may only be read. Name a file that you may write.");
  // A write-ahead log lets others write while we read, and a reader never waits.
  database->exec("pragma journal_mode = wal");
  database->exec("pragma synchronous = normal");  // safe when the process dies
  return database;
}

bool IsEmpty(SQLite::Database& database) {
  return database.execAndGet("select count(*) from sqlite_schema").getInt() == 0;
}

void MarkAsStore(SQLite::Database& database) {
  database.exec("pragma application_id = " + std::to_string(kApplicationId));
}

bool IsOfThisVersion(SQLite::Database& database) {
  return Pragma(database, "user_version") == std::ssize(SchemaSteps());
}

void MigrateStore(SQLite::Database& database) {
  Migrate(database, SchemaSteps());
}

void Migrate(SQLite::Database& database, std::span<const std::string_view> steps) {
  const int64_t version = Pragma(database, "user_version");
  const auto newest = static_cast<int64_t>(steps.size());
  if (version < 0)
    throw StoreError("the store " + database.getFilename() + " has version " +
                     std::to_string(version) +
                     ", which no Export Emulator writes. Name another file.");
  if (version > newest)
    throw StoreError("the store " + database.getFilename() + " has version " +
                     std::to_string(version) + ", newer than this program knows (" +
                     std::to_string(newest) +
                     "). Use a newer Export Emulator, or name another file.");
  for (auto step = version; step < newest; ++step)
    database.exec(std::string(steps[static_cast<size_t>(step)]));
  database.exec("pragma user_version = " + std::to_string(newest));
}

CommitWatch::CommitWatch(SQLite::Database& database) : header_(WalIndex(database)) {
  if (header_) Seen(Now());
}

bool CommitWatch::Moved() const {
  if (!header_) return true;
  for (size_t i = 0; i < seen_.size(); ++i)
    if (std::atomic_ref(header_[i]).load(std::memory_order_acquire) !=
        seen_[i].load(std::memory_order_acquire))
      return true;
  return false;
}

CommitWatch::State CommitWatch::Now() const {
  State state{};
  for (size_t i = 0; header_ && i < state.size(); ++i)
    state[i] = std::atomic_ref(header_[i]).load(std::memory_order_acquire);
  return state;
}

void CommitWatch::Seen(const State& state) {
  for (size_t i = 0; i < seen_.size(); ++i) seen_[i].store(state[i], std::memory_order_release);
}

}  // namespace emulator
