#include "api/run_json.h"

#include <nlohmann/json.hpp>

#include "base/guid.h"
#include "fixtures/run_timeline.h"

namespace emulator::api {

namespace {

using nlohmann::ordered_json;

// [D] the example of Get ExportConnection Runs. bridgeExitCode goes beyond 32 bits on another page.
ordered_json ExampleError() {
  return {{"errorCode", "TAE_BRW_1000"},
          {"message", "Failed to orchestrate file processing."},
          {"details", "Error exit code received from bridge wrapper. Details from wrapper: ''."},
          {"bridgeExitCode", -7002},
          {"system", "Exporter"},
          {"phase", "export_file"},
          {"category", "other"},
          {"descriptionKey", "FailedToExport"},
          {"description", "Failed to export your file."},
          {"kbArticleLink", ""},
          {"canUserFix", false}};
}

ordered_json ErrorOf(const fixtures::Run& run) {
  ordered_json error = ExampleError();
  if (run.timeline.error) error.update(ordered_json::parse(*run.timeline.error));
  return error;
}

// [D] 2023-09-14T12:00:09.801086Z: without trailing zeros in the fraction.
std::string ShownTime(Time time) {
  std::string text = CanonicalTime(time);
  if (text.find('.') == std::string::npos) return text;
  text.pop_back();
  while (text.ends_with('0')) text.pop_back();
  return text + "Z";
}

void AddTimes(ordered_json& object, Time start, const std::optional<Time>& end) {
  object["startDateTime"] = ShownTime(start);
  if (end) object["endDateTime"] = ShownTime(*end);
}

ordered_json ShowTask(const fixtures::Run& run, const fixtures::RunProgress& progress, int number,
                      std::string_view result, const world::ApiProfile& profile) {
  const bool is_done = progress.done.has_value();
  const std::string name = run.id + "/task/" + std::to_string(number);
  ordered_json task{{"id", GuidFromText(name)}};
  AddTimes(task, *progress.work, progress.done);
  task["retryAttempts"] = 0;
  task["state"] = is_done ? "Completed" : "Executing";
  task["result"] = is_done ? result : "Undetermined";
  // [D] Only the newer pages have this member.
  if (is_done && result == "Success" && profile.edition == world::Edition::kCurrent)
    task["exportOutputFileId"] = GuidFromText(name + "/output");
  if (is_done && result == "Error") task["error"] = ErrorOf(run);
  return task;
}

ordered_json ShowJob(const fixtures::Run& run, const fixtures::RunProgress& progress,
                     const world::ApiProfile& profile) {
  const std::string& outcome = run.timeline.outcome;
  const bool is_done = progress.done.has_value();
  ordered_json tasks = ordered_json::array();
  if (outcome == "PartialSuccess") {
    tasks.push_back(ShowTask(run, progress, 1, "Success", profile));
    tasks.push_back(ShowTask(run, progress, 2, "Error", profile));
  } else {
    tasks.push_back(ShowTask(run, progress, 1, outcome, profile));
  }
  ordered_json job{{"id", GuidFromText(run.id + "/job")}};
  AddTimes(job, *progress.work, progress.done);
  job["state"] = is_done ? "Completed" : "Executing";
  job["result"] = is_done ? outcome : "Undetermined";
  job["tasks"] = std::move(tasks);
  return job;
}

}  // namespace

ordered_json ShowRun(const fixtures::Run& run, Time now, RunPlace place,
                     const world::ApiProfile& profile) {
  const fixtures::RunProgress progress = fixtures::RunProgressAt(run, now);
  ordered_json jobs = ordered_json::array();
  if (progress.work) jobs.push_back(ShowJob(run, progress, profile));

  ordered_json shown{{"id", run.id}};
  const auto add_state = [&] {
    shown["state"] = progress.state;
    shown["result"] = progress.result;
  };
  // [D] Lists on the newer pages have another order and no connectionId.
  const bool is_newer_list =
      place == RunPlace::kListed && profile.edition == world::Edition::kCurrent;
  if (is_newer_list)
    add_state();
  else
    shown["connectionId"] = run.connection;
  AddTimes(shown, progress.start, progress.end);
  if (!is_newer_list) add_state();
  shown["jobs"] = std::move(jobs);
  return shown;
}

}  // namespace emulator::api
