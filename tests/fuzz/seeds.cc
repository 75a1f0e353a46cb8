// Writes seeds that are not worth a file each: what other tests and the default world hold.
//
//     seeds FOLDER    makes FOLDER/request, FOLDER/fixture, ...

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "embedded.h"
#include "hostile_requests.h"
#include "world/fixture_file.h"

namespace {

class Folder {
 public:
  explicit Folder(const std::filesystem::path& path) : path_(path) {
    std::filesystem::create_directories(path_);
  }
  void Add(std::string_view text) {
    std::ofstream(path_ / ("seed-" + std::to_string(count_++)), std::ios::binary) << text;
  }

 private:
  std::filesystem::path path_;
  int count_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  using namespace emulator;
  if (argc != 2) {
    std::cerr << "usage: seeds FOLDER\n";
    return 2;
  }
  const std::filesystem::path root(argv[1]);
  Folder requests(root / "request");
  for (const HostileRequest& row : kHostileRequests) requests.Add(row.bytes);

  const std::string world(embedded::kDefaultWorld);
  Folder(root / "fixture").Add(world);
  Folder authorization(root / "authorization");
  for (const auto& item : ReadFixtures({{"default", world}}).tokens.items)
    authorization.Add("Bearer " + item.row.token);
}
