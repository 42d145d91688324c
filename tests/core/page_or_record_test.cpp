// An object with a list under a key of an envelope ("value", "hits", "data", …): a page, or a record that happens to have such a member. It is a
// record if it has a time and an operation itself. And pages that break off: their whole records are kept.
#include <algorithm>
#include <array>

#include "bytes/json_framer.h"
#include "bytes/sniff.h"
#include "reading.h"

using namespace csh;
using namespace csh::test;

namespace {

std::string event(const std::string& id) {
  return R"({"time":"2026-03-14T09:10:00Z","operationName":"a/b","resourceId":"/r","eventDataId":")" + id + "\"}";
}
std::vector<std::string> ids(const Reading& reading) {
  std::vector<std::string> out;
  for (uint32_t e = 0; e < reading.events(); ++e) out.emplace_back(reading.text(e, Column::event_id));
  std::sort(out.begin(), out.end());
  return out;
}

using Ids = std::vector<std::string>;

// As a line, as an element of a list and of a page, whole and byte by byte; e0 stands before it, e9 behind.
void check(const std::string& object, const Ids& inside, uint64_t rejected = 0) {
  const std::string blanks = std::string(kSniffBytes, ' ') + "\n";
  for (const std::string& file : {event("e0") + "\n" + blanks + object + "\n" + event("e9") + "\n",
                                  "[" + event("e0") + ",\n" + blanks + object + "," + event("e9") + "]",
                                  "{\"value\":[" + event("e0") + ",\n" + blanks + object + ",\n" + event("e9") + "],\"nextLink\":\"x\"}"}) {
    INFO(object.substr(0, 300) << " in " << file.substr(0, 10));
    Ids wanted = inside;
    wanted.insert(wanted.begin(), "e0");
    wanted.emplace_back("e9");
    std::sort(wanted.begin(), wanted.end());
    const size_t front = file.find(blanks) + blanks.size();
    Cuts every;
    const size_t step = 1 + object.size() / 2000;
    for (size_t at = front; at < file.size(); at += step) every.push_back(at);
    for (const Cuts& cuts : {Cuts{}, every}) {
      const Reading reading = read_in_blocks(file, cuts);
      CHECK(ids(reading) == wanted);
      CHECK(reading.input().rejected == rejected);
    }
  }
}

}  // namespace

TEST_CASE("page or record: an object with a time and an operation is a record, whatever list it holds") {
  const std::string first = R"("time":"2026-03-14T09:10:00Z","operationName":"a/b")", rest = R"("resourceId":"/r","eventDataId":"e1")";
  for (const std::string member :
       {R"("value":[1,2])", R"("value":[{"a":1}])", R"("records":[])", R"("results":[{"x":[{}]}])", R"("hits":[1])",
        R"("hits":{"total":1,"hits":[{}]})", R"("data":[[1]])", R"("rows":[[1],[2]])", R"("columns":["a"])", R"("tables":[])",
        R"("responses":[{}])", R"("body":{"records":[{"a":1}]})", R"("error":{"code":1})", R"("OneApiErrors":[])", R"("Value":[ ])"}) {
    check("{" + first + "," + std::string(member) + "," + rest + "}", {"e1"});
    check("{" + std::string(member) + "," + first + "," + rest + "}", {"e1"});
    check("{" + rest + "," + std::string(member) + "," + first + "}", {"e1"});
  }
  // The shapes' own names, and names with dots.
  check(R"({"value":[1],"eventTimestamp":"2026-03-14T09:10:00Z","authorization":{"action":"a/b"},"eventDataId":"e1","caller":"a"})",
        {"e1"});
  check(R"({"data":[1],"EventTimestamp":"2026-03-14T09:10:00Z","OperationName":{"Value":"a/b"},"EventDataId":"e1","Caller":"a"})", {"e1"});
  check(R"({"hits":[1],"TimeGenerated":"2026-03-14T09:10:00Z","OperationNameValue":"a/b","EventDataId":"e1","Caller":"a"})", {"e1"});
  check(
      R"({"value":[1],"@timestamp":"2026-03-14T09:10:00Z","azure.activitylogs.operation_name":"A/B","azure.activitylogs.event_data_id":"e1"})",
      {"e1"});
}

TEST_CASE("page or record: without both it is a page") {
  const std::string inside = "[" + event("e1") + "," + event("e2") + "]";
  for (const std::string other : {R"("nextLink":"x")", R"("time":"2026-03-14T09:10:00Z")", R"("operationName":"a/b")",
                                  R"("count":2,"time":1,"x":{"operationName":"a/b"})", R"("x":"\"time\":1,\"operationName\":2","y":1)",
                                  R"("a":{"time":1,"operationName":"a/b"},"b":[{"time":1,"operationName":"x"}])"}) {
    check("{\"value\":" + inside + "," + std::string(other) + "}", {"e1", "e2"});
    check("{" + std::string(other) + ",\"records\":" + inside + "}", {"e1", "e2"});
  }
  check("{\"time\":1,\"hits\":{\"operationName\":2,\"hits\":" + inside + "}}", {"e1", "e2"});
}

TEST_CASE("page or record: an object whose member is the only record, as a message of an event hub has it") {
  for (const std::string key : {"body", "Body"}) {
    const std::string body = "\"" + key + "\" : " + event("e1");
    check("{" + body + "}", {"e1"});
    check(R"({"enqueuedTimeUtc":"2026-03-14T09:10:01Z","properties":{"a":[{}]},)" + body + R"(,"sequenceNumber":7})", {"e1"});
    check("{" + body + R"(,"records":[)" + event("e2") + "]}", {"e1", "e2"});
    check(R"({"records":[)" + event("e2") + "]," + body + "}", {"e1", "e2"});
    check(R"({"responses":[{)" + body + "},{" + body + "}]}", {"e1", "e1"});
  }
  // A record with a list of its own inside, one that does not parse, and a body that holds none.
  check(R"({"body":{"value":[1],)" + event("e1").substr(1) + "}", {"e1"});
  check(R"({"body":{"x":tru,)" + event("e1").substr(1) + "}", {}, 1);
  check(R"({"body":{"time":1,"records":[)" + event("e1") + "]}}", {"e1"});
  // What is rejected is the record; the rest of the message is structure.
  const std::string bad = R"({"x":tru,)" + event("e1").substr(1), message = "{\"body\":" + bad + ",\"a\":1}";
  CHECK(read_in_blocks(event("e0") + "\n" + message + "\n").rejects() ==
        std::vector<std::string>{"bad_value " + std::to_string(event("e0").size() + 9) + "+" + std::to_string(bad.size()) + " line 2"});
}

TEST_CASE("page or record: the only record of an object that is cut or too long is rejected once") {
  const std::string start = R"({"time":"2026-03-14T09:10:00Z","operationName":"a/b","resourceId":"/r","x":")";
  for (const std::string before : {"{", R"({"records":[],)"}) {
    INFO(before);
    const std::string message = before + "\"body\":";
    for (const size_t bytes : {kMaxRecordBytes, kMaxRecordBytes + 1}) {
      std::string record = start + std::string(bytes - start.size() - 2, 'x') + "\"}";
      const std::string file = "[" + message + record + "}," + event("e9") + "]";
      const bool fits = bytes == kMaxRecordBytes;
      for (const Cuts& cuts : {Cuts{}, Cuts{kMaxRecordBytes / 16 * 9, file.size() - 200, file.size() - 101}}) {
        const Reading reading = read_in_blocks(file, cuts);
        CHECK(reading.events() == (fits ? 2 : 1));
        CHECK(reading.input().rejected == (fits ? 0 : 1));
        if (reading.input().rejected > 0) CHECK(reading.rejects()[0].starts_with("too_long "));
      }
    }
    for (const bool in_list : {true, false}) {
      const std::string file = (in_list ? "[" : "") + event("e0") + (in_list ? "," : "\n") + message + start;
      const Reading reading = read_in_blocks(file);
      CHECK(ids(reading) == Ids{"e0"});
      REQUIRE(reading.input().rejected == 1);
      CHECK(reading.rejects()[0].starts_with("cut "));
      CHECK(reading.has_note("truncated"));
    }
  }
}

TEST_CASE("page or record: a broken record with a list of its own is rejected, not opened") {
  check(R"({"time":"2026-03-14T09:10:00Z","operationName":"a/b","value":[)" + event("e1") + R"(],"x":tru})", {}, 1);
  check(R"({"value":[)" + event("e1") + R"(],"time":"2026-03-14T09:10:00Z","operationName":"a/b","x":"\x"})", {}, 1);
}

TEST_CASE("page or record: keys behind the limit decide nothing, so that a page of one huge list streams") {
  const std::string tail = R"(],"time":"2026-03-14T09:10:00Z","operationName":"a/b","resourceId":"/r","eventDataId":"whole"})";
  for (const bool inside : {true, false}) {
    std::string object = "{\"value\":[" + event("e1");
    const size_t keys_end = JsonFramer::kMaxKeysBytes + (inside ? 0 : 1);
    object += std::string(keys_end - object.size() - tail.size(), ' ') + tail;
    REQUIRE(object.size() == keys_end);
    const Reading reading = read_in_blocks("[" + event("e0") + "," + object + "]");
    // At the limit the object closes within it and is a record; one byte longer it shows its last bracket no more, but its keys.
    CHECK(ids(reading) == Ids{"e0", "whole"});
  }
  const std::string late = "{\"value\":[" + event("e1") + std::string(JsonFramer::kMaxKeysBytes, ' ') + tail;
  CHECK(ids(read_in_blocks("[" + event("e0") + "," + late + "]")) == Ids{"e0", "e1"});
}

TEST_CASE("page or record: a page that breaks off keeps its whole records") {
  const std::string page = "{\"records\":[" + event("e1") + "," + event("e2") + ",",
                    torn = R"({"time":"2026-03-14T09:13:00Z","operationName":"a/b)";
  struct Broken {
    std::string file;
    Ids found;
    std::vector<std::string> rejects;
    bool cut;
  };
  const auto at = [](const std::string& file, const std::string& what) { return std::to_string(file.rfind(what)); };
  for (Broken broken : std::vector<Broken>{
           {event("e0") + "\n" + page + torn, {"e0", "e1", "e2"}, {"cut"}, true},
           {event("e0") + "\n" + page + torn + "\n" + event("e9") + "\n", {"e0", "e1", "e2", "e9"}, {"unclosed"}, false},
           {event("e0") + "\n[" + event("e1") + "," + event("e2") + "," + torn + "\n" + event("e9"),
            {"e0", "e1", "e2", "e9"},
            {"unclosed"},
            false},
           {event("e0") + "\n[" + event("e1") + "," + event("e2") + "," + torn, {"e0", "e1", "e2"}, {"cut"}, true},
       }) {
    INFO(broken.file);
    const size_t line =
        1 + static_cast<size_t>(std::count(broken.file.begin(), broken.file.begin() + std::stol(at(broken.file, torn)), '\n'));
    const Reading reading = read_in_blocks(broken.file);
    CHECK(ids(reading) == broken.found);
    CHECK(reading.rejects() == std::vector<std::string>{broken.rejects[0] + " " + at(broken.file, torn) + "+" +
                                                        std::to_string(torn.size()) + " line " + std::to_string(line)});
    CHECK(reading.has_note("truncated") == broken.cut);
  }
  // A page that is cut before any record, and a line that is none.
  CHECK(read_in_blocks(event("e0") + "\n{\"records\":[{\"a").rejects().size() == 1);
  CHECK(read_in_blocks(event("e0") + "\n[Error] " + event("e1") + "\n" + event("e2")).rejects().size() == 1);
}

TEST_CASE("page or record: a table of pandas columns may be longer than a record, any other object may not") {
  const auto table = [](size_t bytes, const std::string& first) {
    std::string text =
        "{\"" + first + "\":{\"0\":\"2026-03-14T09:10:00Z\",\"1\":\"2026-03-14T09:11:00Z\"},\"Caller\":{\"0\":\"a\",\"1\":\"b\"},";
    text += R"("OperationNameValue":{"0":"a/b","1":"c/d"},"Properties":{"0":")";
    const std::string tail = "\",\"1\":null}}";
    return text + std::string(bytes - text.size() - tail.size(), 'x') + tail;
  };
  for (const size_t bytes : {kMaxRecordBytes, kMaxRecordBytes + 1, kMaxTableBytes - 1, kMaxTableBytes, kMaxTableBytes + 1}) {
    INFO(bytes);
    const std::string text = table(bytes, "TimeGenerated") + "\n";
    for (const Cuts& cuts : {Cuts{}, Cuts{kMaxRecordBytes / 16 * 5, kMaxRecordBytes / 16 * 20, text.size() - 2}}) {
      if (!cuts.empty() && cuts[1] > text.size()) continue;
      const Reading reading = read_in_blocks(text, cuts);
      CHECK(reading.events() == (bytes <= kMaxTableBytes ? 2 : 0));
      if (bytes > kMaxTableBytes) CHECK(reading.rejects() == std::vector<std::string>{"too_long 0+" + std::to_string(bytes) + " line 1"});
    }
  }
  // No table of the log, and a record whose first member is an object.
  std::string other = table(kMaxRecordBytes + 1, "x");
  for (const std::string name : {"Caller", "OperationNameValue", "Properties"}) other.replace(other.find(name), 3, "xyz");
  CHECK(read_in_blocks(other).rejects().size() == 1);
  const std::string object = R"({"identity":{},"time":"2026-03-14T09:10:00Z","operationName":"a/b","resourceId":"/r","x":")";
  CHECK(read_in_blocks(object + std::string(kMaxRecordBytes, 'x') + "\"}\n" + event("e")).rejects().size() == 1);
}

TEST_CASE("page or record: each row of a table of pandas columns counts or is rejected, and its bytes once") {
  const auto table = [](const std::string& first, const std::string& second) {
    return R"({"eventTimestamp":{"0":"2026-03-14T09:10:00Z","1":"2026-03-14T09:11:00Z"},"caller":{"0":"a","1":"b"},"operationName":{"0":")" +
           first + R"(","1":")" + second + "\"}}";
  };
  const std::string type = "Microsoft.Azure.Management.Monitor.Models.LocalizableString";
  const auto figures = [](const std::string& text) {
    const Reading reading = read_in_blocks(text);  // checks that the sums come out
    const Input& input = reading.input();
    return std::array<uint64_t, 4>{input.events, input.rejected, input.record_bytes, input.rejected_bytes};
  };
  const uint64_t short_bytes = table("a/b", "c/d").size(), long_bytes = table(type, "c/d").size(), longest = table(type, type).size();
  CHECK(figures(table("a/b", "c/d")) == std::array<uint64_t, 4>{2, 0, short_bytes, 0});
  CHECK(figures(table(type, "c/d")) == std::array<uint64_t, 4>{1, 1, 0, long_bytes});
  CHECK(figures(table("a/b", type)) == std::array<uint64_t, 4>{1, 1, long_bytes, 0});
  CHECK(figures(table(type, type)) == std::array<uint64_t, 4>{0, 2, 0, longest});
  // Two bytes for each of these characters, and two of the mark.
  std::string wide = "\xFF\xFE";
  for (const char c : table("a/b", "c/d")) wide.append(1, c).append(1, '\0');
  CHECK(figures(wide) == std::array<uint64_t, 4>{2, 0, 2 * short_bytes, 0});
}

TEST_CASE("page or record: behind a break a table of pandas columns is taken for a row that has a time and an operation") {
  const std::string sound = R"({"TimeGenerated":{"0":"2026-03-14T09:10:00Z","1":null},"OperationNameValue":{"0":"a/b","1":null}})";
  const Reading reading = read_in_blocks("{\n" + sound);
  CHECK(reading.events() == 1);
  CHECK(reading.rejects() == std::vector<std::string>{"lost 0+2 line 1", "lost 2+" + std::to_string(sound.size()) + " line 2"});
  // Nothing in it that says that it is one.
  for (const std::string text :
       {R"({"eventTimestamp":{"a":""}})", R"({"eventTimestamp":{"a":"","b":""},"operationName":{"a":"","b":""}})"}) {
    const Reading none = read_in_blocks("{\n" + text);
    CHECK(none.events() == 0);
    CHECK(none.rejects() == std::vector<std::string>{"cut 0+" + std::to_string(text.size() + 2) + " line 1"});
  }
}

TEST_CASE("page or record: files of tools that hold no log are refused by the tool's name") {
  const auto said = [](const std::string& text) {
    const Reading reading = read_in_blocks(text);
    CHECK(reading.input().refused);
    for (const Note& note : reading.input().notes) {
      if (note.code == "not_the_activity_log") return note.message;
    }
    return std::string();
  };
  CHECK(said(R"({"data": [{"kind": "AZUser", "data": {"id": "1"}}, {"kind":"AZVM","data":{}}], "meta": {"type": "azure"}})")
            .starts_with("This is AzureHound's collection"));
  CHECK(said(R"([{"objectType": "User","objectId": "1"}])").find("ROADrecon") != std::string::npos);
  CHECK(said(R"([{"kind": "x"}])").starts_with("No record is of the Azure Activity log"));
}
