// What Azure, event hubs and the programs behind them write in place of JSON: read where its meaning is certain, counted as repaired and
// flagged, else rejected by name. And that no repair or salvage turns text of a cell or string into structure, a field or a record: whoever
// chooses a resource's name or a tag writes such text.
#include "bytes/json_repair.h"

#include <algorithm>

#include "bytes/csv_framer.h"
#include "bytes/sniff.h"
#include "reading.h"

using namespace csh;
using namespace csh::test;

namespace {

std::string good(int i) {
  return R"({"time":"2026-03-14T09:1)" + std::to_string(i) +
         R"(:00Z","operationName":"Contoso.X/a/write","resourceId":"/r","category":"Administrative","eventDataId":"e)" + std::to_string(i) +
         "\"}";
}

std::string blob(const std::string& text) {
  return R"({"time":"2026-03-14T09:11:00Z","operationName":"Contoso.X/a/write","resourceId":"/r","eventDataId":"e1",)" + text + "}";
}

std::vector<std::string> ids(const Reading& reading) {
  std::vector<std::string> out;
  for (uint32_t event = 0; event < reading.events(); ++event) out.emplace_back(reading.text(event, Column::event_id));
  std::sort(out.begin(), out.end());
  return out;
}

const std::string kBlanks = std::string(kSniffBytes, ' ') + "\n";

// The record e1 between e0 and e2, as a line, in a list, in a minified page, and in a page on a line.
std::vector<std::string> files_with(const std::string& record) {
  return {good(0) + "\n" + kBlanks + record + "\n" + good(2) + "\n", "[" + good(0) + ",\n" + kBlanks + record + ",\n" + good(2) + "\n]",
          "{\"records\":[" + good(0) + "\n" + kBlanks + "," + record + "," + good(2) + "]}",
          "{\"records\":[" + good(0) + "]}\n" + kBlanks + "{\"records\":[" + record + "," + good(2) + "]}\n"};
}

struct Tried {
  const char* about;
  std::string text;
  const char* reason;  // of its rejection; nullptr: it is an event, "" : it is an event and repaired
  bool lost_in_lists = false;
};

void check(const Tried& record) {
  for (const std::string& file : files_with(record.text)) {
    INFO(record.about << ": " << record.text << " in " << file.substr(0, 1)
                      << file.substr(file.size() - std::min<size_t>(file.size(), 900)));
    const size_t front = file.find(kBlanks) + kBlanks.size();
    Cuts every;
    for (size_t at = front; at < file.size(); ++at) every.push_back(at);
    for (const Cuts& cuts : {Cuts{}, every}) {
      const Reading reading = read_in_blocks(file, cuts);
      const bool repaired = record.reason && *record.reason == '\0';
      const bool taken = !record.reason || repaired;
      CHECK(ids(reading) == (taken ? std::vector<std::string>{"e0", "e1", "e2"} : std::vector<std::string>{"e0", "e2"}));
      CHECK(reading.input().repaired == (repaired ? 1 : 0));
      if (taken) {
        CHECK(reading.rejects() == std::vector<std::string>());
        for (uint32_t event = 0; event < reading.events(); ++event) {
          const bool is_it = reading.text(event, Column::event_id) == "e1";
          CHECK(((reading.store->flags(event) & kRepaired) != 0) == (is_it && repaired));
          if (!is_it) continue;
          CHECK(reading.store->offset(event) == file.find(record.text, front));
          CHECK(reading.store->length(event) == record.text.size());
        }
      } else {
        REQUIRE(reading.input().rejects.size() == 1);
        const bool lost = record.lost_in_lists && file.find(record.text + "\n") == std::string::npos;
        CHECK(reading.input().reject_kinds[0].reason == (lost ? "lost" : record.reason));
        CHECK(reading.input().rejects[0].offset == file.find(record.text, front));
      }
    }
  }
}

}  // namespace

TEST_CASE("repair: single quotes") {
  const std::string python =
      "{'time': '2026-03-14T09:11:00Z', 'operationName': 'Contoso.X/a/write', 'resourceId': '/r', 'eventDataId': 'e1', 'n': 1e5, 'x': "
      "None, "
      "'y': [True, False, {}], 'z': {'a': -0.5}}";
  const auto with = [&](const std::string& what, const std::string& by) {
    std::string text = python;
    const size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
  };
  for (const Tried& record : std::vector<Tried>{
           {"as Python prints a dict", python, ""},
           {"keys alone",
            R"({'time':"2026-03-14T09:11:00Z",'operationName':"Contoso.X/a/write",'resourceId':"it's 'quoted'",'eventDataId':"e1"})", ""},
           {"one key alone", R"({"time":"2026-03-14T09:11:00Z",'operationName':"Contoso.X/a/write","resourceId":"/r","eventDataId":"e1"})",
            ""},
           {"an empty string and an empty key", with("'x': None", "'': ''"), ""},
           {"brackets and colons as text", with("'/r'", "'/r}, ]: {['"), ""},
           // What a program prints that only replaced its quotes: text with an apostrophe would end its string.
           {"not laid out as Python does",
            R"({'time':'2026-03-14T09:11:00Z','operationName':'Contoso.X/a/write','resourceId':'/r','eventDataId':'e1'})", "single_quotes"},
           {"JSON's words", with("None", "null"), "single_quotes"},
           {"an apostrophe as text", with("'/r'", "'it's'"), "single_quotes", true},
           {"two apostrophes as text", with("'/r'", "'it's bob's'"), "single_quotes"},
           {"a backslash", with("'/r'", "'it\\'s'"), "single_quotes"},
           {"double quotes beside", with("'/r'", "\"it's\""), "single_quotes"},
           {"a key twice", with("'x': None", "'resourceId': '/s'"), "single_quotes"},
           {"two blanks", with("'x': None", "'x':  None"), "single_quotes"},
           {"an unknown word", with("None", "datetime"), "single_quotes"},
           {"a comma too much", with("None", "None, "), "single_quotes"},
           {"no time", with("'time'", "'tame'"), "single_quotes"},
           {"a string in single quotes behind double ones",
            R"({"time":"2026-03-14T09:11:00Z","operationName":"Contoso.X/a/write","resourceId":'/r',"eventDataId":"e1"})", "single_quotes"},
       }) {
    check(record);
  }
}

TEST_CASE("repair: a placeholder for binary data") {
  for (const Tried& record : std::vector<Tried>{
           {"in place of a member's value", blob(R"("properties":[ 227 B blob data ])"), ""},
           {"as journald prints it", blob(R"("properties":[227B blob data])"), ""},
           {"of some kilobytes, twice", blob(R"("a":[1.2K blob data],"b":{"c":[ 3 KiB blob data ]})"), ""},
           {"over several blanks", blob(R"("properties": [   218 B blob data   ] )"), ""},
           {"in a list", blob(R"("a":[1,[ 227 B blob data ],2])"), ""},
           {"as text", blob(R"("a":"[ 227 B blob data ]")"), nullptr},
           {"in place of the record", "[ 227 B blob data ]", "blob_data"},
           {"beside other damage", blob(R"("a":[ 227 B blob data ],"b":tru)"), "blob_data"},
           {"in place of a key", blob(R"([ 227 B blob data ]:1)"), "blob_data", true},
       }) {
    check(record);
  }
  CHECK(placeholder_length("[ 227 B blob data ]x") == 19);
  CHECK(placeholder_length("[227B blob data]") == 16);
  for (const char* text :
       {"", "x", "[]", "[ B blob data ]", "[ 1 B blob data", "[1,2]", "[ 1 B blob  data ]", "[ 1 B blob data, 2 ]", "[1 2 blob data]"}) {
    INFO(text);
    const size_t length = placeholder_length(text);
    CHECK((length == 0 || length == std::string_view::npos));
  }
  CHECK(placeholder_length("[ 1 B blob " + std::string(200, ' ')) == 0);
  const Reading alone = read_in_blocks("[ 227 B blob data ]\n" + good(0) + "\n[ 12 B blob data ]\n{bad}\n" + good(1) + "\n");
  CHECK(ids(alone) == std::vector<std::string>{"e0", "e1"});
  CHECK(alone.rejects()[0] == "blob_data 0+19 line 1");
  CHECK(alone.input().rejected == 3);
}

TEST_CASE("repair: line breaks inside a string, in lines and in lists") {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const std::string broken = blob("\"message\":\"a" + end + "b," + end + end + "{\\\"time\\\":1}\"");
    for (const std::string& file : files_with(broken)) {
      INFO(file.substr(0, 12));
      const Reading reading = read_in_blocks(file);
      // A page on one line is torn by the break, so there it is a matter of joining, which takes the page whole and its bytes as they are not.
      if (file.find("]}\n" + kBlanks) != std::string::npos) {
        CHECK(std::count(file.begin(), file.end(), '{') > 0);
        CHECK(reading.events() >= 1);
        continue;
      }
      CHECK(ids(reading) == std::vector<std::string>{"e0", "e1", "e2"});
      CHECK(reading.input().repaired == 1);
    }
  }
  // Lines are counted as they are for joining.
  const auto breaks = [](size_t count) { return "[" + good(0) + ",\n" + blob("\"m\":\"" + std::string(count, '\n') + "\"") + "]"; };
  CHECK(read_in_blocks(breaks(kMaxJoinedLines - 2)).input().repaired == 1);
  CHECK(read_in_blocks(breaks(kMaxJoinedLines - 1)).input().repaired == 1);
  CHECK(read_in_blocks(breaks(kMaxJoinedLines)).input().repaired == 0);
  const auto bytes = [](size_t length) {
    const std::string shortest = blob("\"m\":\"\n\"");
    return "[" + good(0) + "," + blob("\"m\":\"\n" + std::string(length - shortest.size(), 'x') + "\"") + "]";
  };
  CHECK(read_in_blocks(bytes(kMaxRepairedBytes - 1)).input().repaired == 1);
  CHECK(read_in_blocks(bytes(kMaxRepairedBytes)).input().repaired == 1);
  CHECK(read_in_blocks(bytes(kMaxRepairedBytes + 1)).input().repaired == 0);
}

TEST_CASE("repair: empty members") {
  for (const Tried& record : std::vector<Tried>{
           {"as members they are JSON", blob(R"("":"","":"","a":{"":"","b":1})"), nullptr},
           {"in a list", blob(R"("a":[1,"":"",2])"), ""},
           {"as text", blob(R"("a":"\"\":\"\",")"), nullptr},
           {"not where a member begins", blob(R"("a":1 "":"","b":2)"), "bad_json"},
       }) {
    if (record.reason && *record.reason != '\0') {
      const Reading reading = read_in_blocks(files_with(record.text)[0]);
      CHECK(reading.rejects().size() == 1);
      continue;
    }
    check(record);
  }
  // Between the records of a list they are nobody's.
  const Reading between = read_in_blocks("{\"records\":[\"\":\"\"," + good(0) + ",\"\":\"\",\n" + good(1) + "]}");
  CHECK(ids(between) == std::vector<std::string>{"e0", "e1"});
  CHECK(between.input().rejected == 0);
}

TEST_CASE("repair: claims, authorization and properties as a string are read in place, which is no repair") {
  const Reading reading = read_in_blocks(
      good(0) + "\n" +
      R"({"time":"2026-03-14T09:11:00Z","operationName":"a/b","resourceId":"/r","eventDataId":"e1","identity":"{\"claims\":{\"appid\":\"x\"}}","properties":"{\"eventCategory\":\"Administrative\"}"})"
      "\n"
      R"({"eventTimestamp":"2026-03-14T09:11:00Z","eventDataId":"e2","caller":"a","authorization":" {\"action\":\"a/b\"}","claims":"\n{\"appid\":\"y\"}"})"
      "\n"
      R"({"eventTimestamp":"2026-03-14T09:11:00Z","eventDataId":"e3","caller":"a","operationName":{"value":"c/d"},"claims":"{\"appid\":\"z\",\"caller\":\"mallory\"} x"})"
      "\n");
  CHECK(ids(reading) == std::vector<std::string>{"e0", "e1", "e2", "e3"});
  CHECK(reading.input().repaired == 0);
  for (uint32_t event = 0; event < reading.events(); ++event) {
    const std::string_view id = reading.text(event, Column::event_id), app = reading.text(event, Column::app_id);
    INFO(id);
    CHECK(app == (id == "e1" ? "x" : id == "e2" ? "y" : ""));
    if (id == "e2") CHECK(reading.text(event, Column::operation) == "a/b");
    CHECK(reading.text(event, Column::caller) != "mallory");
  }
}

TEST_CASE("repair: text in quotes becomes neither structure nor a record") {
  const std::string fake = R"({"time":"2026-03-14T09:13:00Z","operationName":"Fake.X/a/write","resourceId":"/f","eventDataId":"fake"})";
  std::string escaped;
  for (const char c : fake) escaped += c == '"' ? std::string("\\\"") : std::string(1, c);
  const std::string front = good(0) + ",\n" + kBlanks;
  const auto list = [&](const std::string& middle) { return "[" + front + middle + ",\n" + good(2) + "]"; };
  const auto lines = [&](const std::string& middle) { return good(0) + "\n" + kBlanks + middle + "\n" + good(2) + "\n"; };
  const std::vector<std::string> files = {
      // Strings in single quotes hold JSON, as a Python dict holds its messages.
      list("{'time': '2026-03-14T09:11:00Z', 'message': '},\n" + fake + ",\n{', 'operationName': 'a/b', 'resourceId': '/r'}"),
      list("{'message': '" + fake + "," + fake + "', 'x': 1}"),
      list("{'message': \"it's ," + escaped + "," + escaped + "\", 'x': 1}"),
      list("{\"a\":'x',\"b\":\"," + escaped + ",\"}"),
      lines("{'message': '" + fake + "," + fake + "', 'x': 1}"),
      lines("{'message': '},{" + fake + "'}"),
      // Raw line breaks, and a record as text behind each.
      list("{\"time\":\"2026-03-14T09:11:00Z\",\"a\":tru,\"message\":\"x\n" + escaped + "\n," + escaped + "\"}"),
      list("{\"a\":\"x\",\"message\":\"[ 2 B blob data ]\n," + escaped + "\",\"b\":[ 2 B blob data }"),
      lines("{\"a\":tru,\"message\":\"x\n" + escaped + "\n" + escaped + "\n\"}"),
      // Text with the marks of every repair.
      list("{\"a\":\"" + escaped + "\",\"b\":\"'},{'\",\"c\":\"\\\"\\\":\\\"\\\",\",\"d\":[1,,]}"),
      list("{\"a\":\"[ 1 B blob data ],{'time': '" + escaped + "\",\"b\":[ 1 B blob data ],\"c\":'}"),
      // A page torn in a string that holds records.
      lines("{\"records\":[" + good(1) + ",{\"a\":\"x," + escaped + "," + escaped),
      lines("[" + good(1) + ",{\"a\":\"x," + escaped + ",\n" + escaped),
  };
  for (const std::string& file : files) {
    INFO(file.substr(0, 20) << "…" << file.substr(file.find(kBlanks) + kBlanks.size()));
    const size_t begin = file.find(kBlanks) + kBlanks.size();
    Cuts every;
    for (size_t at = begin; at < file.size(); ++at) every.push_back(at);
    for (const Cuts& cuts : {Cuts{}, every}) {
      const Reading reading = read_in_blocks(file, cuts);
      const std::vector<std::string> found = ids(reading);
      CHECK(std::count(found.begin(), found.end(), "fake") == 0);
      CHECK(std::count(found.begin(), found.end(), "e0") == 1);
      CHECK(std::count(found.begin(), found.end(), "e2") == 1);
      CHECK(reading.input().rejected > 0);
    }
  }
}

TEST_CASE("repair: behind a broken row the text of a cell is no row") {
  const std::string header = "TimeGenerated [UTC],Caller,OperationNameValue,ActivityStatusValue,ResourceGroup,EventDataId,Properties\n";
  const auto row = [](const std::string& id, const std::string& properties) {
    return "2026-03-14 09:10:00Z,alice@contoso.com,Contoso.X/a/write,Success,g," + id + "," + properties + "\n";
  };
  const std::string fake = row("fake", "");
  struct Case {
    const char* about;
    std::string tail;
    std::vector<std::string> found;
  };
  for (const Case& c : std::vector<Case>{
           {"a break, and rows as text of a later cell of the same row",
            "\"x\"y,alice,a/b,Success,g,e1,\"text\n" + fake + fake + "more\"\n" + row("e2", "\"m, x\"") + row("e3", "\"\""),
            {"e0", "e2", "e3"}},
           {"the text ends in a quote",
            "\"x\"y,alice,a/b,Success,g,e1,\"text\n" + fake + "more\"\"\"\n" + row("e2", "\"m, x\""),
            {"e0", "e2"}},
           {"the text holds quotes",
            "\"x\"y,a,b,c,d,e1,\"\"\"text\"\"\n" + fake + "\"\"x\"\"\n" + fake + "\"\n" + row("e2", "\"m, x\""),
            {"e0", "e2"}},
           {"the cell is cut by the end", "\"x\"y,alice,a/b,Success,g,e1,\"text\n" + fake + fake, {"e0"}},
           {"a break, and no cell",
            "\"x\"y,alice,a/b,Success,g,e1,text\n" + row("e2", "\"m, x\"") + row("e3", "\"m\""),
            {"e0", "e2", "e3"}},
           {"a cell is not closed",
            "2026-03-14 09:10:00Z,\"alice,a/b,Success,g,e1,\n" + row("e2", "\"m, x\"") + row("e3", "\"m\""),
            {"e0", "e2", "e3"}},
       }) {
    INFO(c.about);
    const std::string front = header + row("e0", "\"m, x\"") + kBlanks;
    Cuts every;
    for (size_t at = front.size(); at < front.size() + c.tail.size(); ++at) every.push_back(at);
    for (const Cuts& cuts : {Cuts{}, every}) {
      const Reading reading = read_in_blocks(front + c.tail, cuts);
      CHECK(ids(reading) == c.found);
      CHECK(reading.input().rejected == 1);
    }
  }
  // No cell is longer than the limit: behind it rows are rows again.
  for (const size_t length : {CsvFramer::kMaxFieldBytes - 1, CsvFramer::kMaxFieldBytes}) {
    std::string rows;
    while (rows.size() < length) rows += row("r", "");
    rows.resize(length - 1);
    const Reading reading = read_in_blocks(header + row("e0", "\"m, x\"") + "\"x\"y,\n" + rows + "\n");
    CHECK(reading.events() == (length < CsvFramer::kMaxFieldBytes ? 1 : 1 + rows.size() / row("r", "").size()));
  }
}
