#include "base/row_cache.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

using namespace emulator;

TEST_CASE("a row is found until the cache is cleared") {
  RowCache<int> cache(1000);
  CHECK_FALSE(cache.Find("a"));
  cache.Insert("a", 1, 10);
  CHECK(cache.Find("a") == 1);
  cache.Clear();
  CHECK_FALSE(cache.Find("a"));
}

TEST_CASE("an invalidated row is not found, can be inserted again, and is evicted first") {
  RowCache<int> cache(50);
  for (const char* key : {"a", "b", "c", "d", "e"}) cache.Insert(key, 1, 10);
  CHECK(cache.Find("a") == 1);
  cache.Invalidate();
  CHECK_FALSE(cache.Find("a"));
  cache.Insert("e", 2, 10);
  CHECK(cache.Find("e") == 2);
  for (const char* key : {"f", "g", "h", "i"}) cache.Insert(key, 3, 10);
  CHECK(cache.Find("e") == 2);
  CHECK(cache.Find("f") == 3);
}

TEST_CASE("a full cache evicts rows that are not used") {
  RowCache<int> cache(1000);
  for (int i = 0; i < 1000; ++i) {
    cache.Insert(std::to_string(i), i, 10);
    CHECK(cache.Find("0") == 0);
  }
  int kept = 0;
  for (int i = 999; i >= 0; --i) kept += cache.Find(std::to_string(i)).has_value();
  CHECK(kept == 100);
}

TEST_CASE("a row larger than the cache is not stored and evicts no other") {
  RowCache<int> cache(1000);
  cache.Insert("a", 1, 1000);
  cache.Insert("large", 2, 1001);
  CHECK_FALSE(cache.Find("large"));
  CHECK(cache.Find("a") == 1);
}

TEST_CASE("concurrency: threads find, insert and clear at the same time") {
  RowCache<int> cache(500);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5000; ++i) {
        const int key = (i * (t + 1)) % 200;
        if (const auto found = cache.Find(std::to_string(key)))
          wrong += *found != key;
        else
          cache.Insert(std::to_string(key), key, 10);
        if (i % 1000 == 499) cache.Invalidate();
        if (i % 1000 == 999) cache.Clear();
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
}
