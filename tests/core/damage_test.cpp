// One damaged record among good ones: kinds of damage times the forms in which records are held. What must come of each pair is stated in the
// table; for all of them every other record is an event at its own place, each reject has its reason, place and line, and the sums come out,
// whether the bytes come at once or one at a time. Where a damage leaves a record readable (a BOM between two records, a key that stands
// twice) the record is kept, and the table says so.
#include <algorithm>
#include <map>
#include <sstream>

#include "bytes/sniff.h"
#include "reading.h"

using namespace csh;
using namespace csh::test;

namespace {

enum Form { lines, list, minified, envelope, pages, csv, table, kForms };
const char* const kFormNames[] = {"JSON Lines", "list", "minified list", "envelope", "pages", "CSV", "JSON table"};

const std::string kLetters = "\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80";
const std::string kMark = "\xEF\xBB\xBF";
const std::string kHeader = "TimeGenerated [UTC],Caller,OperationNameValue,ActivityStatusValue,ResourceGroup,EventDataId,Properties";

std::string id(int i) { return "e" + std::to_string(i); }
std::string object(int i) {
  return R"({"eventTimestamp":"2026-03-14T09:1)" + std::to_string(i) + R"(:05Z","caller":"alice@contoso.com","eventDataId":")" + id(i) +
         R"(","operationName":{"value":"Contoso.X/a/write"},"status":{"value":"Succeeded"},"resourceGroupName":"g","properties":{"message":")" +
         kLetters + R"(m, x"}})";
}
std::string row(int i) {
  return "2026-03-14 09:1" + std::to_string(i) + ":00Z,alice@contoso.com,Contoso.X/a/write,Success,g," + id(i) + ",\"" + kLetters +
         "m, x\"";
}

std::string table_row(int i) {
  return "[\"2026-03-14T09:1" + std::to_string(i) + ":05Z\",\"alice@contoso.com\",\"Contoso.X/a/write\",\"Success\",\"g\",\"" + id(i) +
         "\",\"{\\\"message\\\":\\\"" + kLetters + "m, x\\\"}\"]";
}
const std::string kColumnList =
    R"([{"name":"TimeGenerated"},{"name":"Caller"},{"name":"OperationNameValue"},{"name":"ActivityStatusValue"},{"name":"ResourceGroup"},)"
    R"({"name":"EventDataId"},{"name":"Properties"}])";
std::string record(Form form, int i) { return form == csv ? row(i) : form == table ? table_row(i) : object(i); }

// Where the pieces of a text stand.
struct Built {
  std::string text;
  size_t front = 0;                     // cuts begin here: the engine has begun with what stands before
  size_t begin = 0, end = 0, next = 0;  // of the damaged record, and the begin of the record behind it
  std::map<std::string, std::pair<size_t, size_t>> good;
};

// Good records e0 and e1, the damaged one, e3 and e4. Blanks behind the first make the engine begin there.
Built build(Form form, const std::string& damaged, size_t blanks = kSniffBytes) {
  Built built;
  std::string& text = built.text;
  const std::string between = form == minified ? "," : form == lines || form == csv ? "\n" : ",\n";
  const auto good = [&](int i) {
    const std::string whole = record(form, i);
    built.good[id(i)] = {text.size(), whole.size()};
    text += whole;
  };
  switch (form) {
    case lines: break;
    case csv: text = kHeader + "\n"; break;
    case envelope: text = "{\"records\":[\n"; break;
    case pages: text = "{\"value\":[\n"; break;
    case table: text = "{\"tables\":[{\"name\":\"PrimaryResult\",\"columns\":" + kColumnList + ",\"rows\":["; break;
    default: text = "["; break;
  }
  good(0);
  text += between + std::string(blanks, ' ') + "\n";
  built.front = text.size();
  good(1);
  text += between;
  built.begin = text.size();
  text += damaged;
  built.end = text.size();
  text += between;
  built.next = text.size();
  good(3);
  // The damage is in the first page, and costs nothing of the second.
  text += form == pages ? "],\"nextLink\":\"x\"}\n{\"value\":[" : between;
  good(4);
  text += form == lines || form == csv ? "\n" : form == envelope || form == pages ? "]}\n" : form == table ? "]}]}" : "]";
  return built;
}

// What the table states: "kept", and rejects "reason FROM TO" with FROM and TO places: d(amaged record's begin), e(nd), n(ext record), with an offset.
struct Stated {
  bool kept = false;
  std::vector<std::string> rejects;
};
Stated stated(const std::string& words, const Built& built) {
  const auto place = [&](const std::string& word) {
    const size_t base = word[0] == 'd' ? built.begin : word[0] == 'e' ? built.end : built.next;
    return base + (word.size() > 1 ? static_cast<size_t>(std::stoi(word.substr(1))) : 0);
  };
  Stated out;
  std::istringstream in(words);
  for (std::string word; in >> word;) {
    if (word == "kept") {
      out.kept = true;
      continue;
    }
    std::string from_word, to_word;
    in >> from_word >> to_word;
    const size_t from = place(from_word), to = place(to_word);
    const auto line = 1 + std::count(built.text.begin(), built.text.begin() + static_cast<std::ptrdiff_t>(from), '\n');
    out.rejects.push_back(word + " " + std::to_string(from) + "+" + std::to_string(to - from) + " line " + std::to_string(line));
  }
  return out;
}

struct Kept {
  std::map<std::string, std::pair<size_t, size_t>> places;
  uint16_t flags = 0;  // of the damaged record
};
Kept kept_of(const Reading& reading) {
  Kept kept;
  for (uint32_t event = 0; event < reading.events(); ++event) {
    const std::string name(reading.text(event, Column::event_id));
    CHECK(kept.places.count(name) == 0);
    kept.places[name] = {static_cast<size_t>(reading.store->offset(event)), reading.store->length(event)};
    if (name == "e2") kept.flags = reading.store->flags(event);
  }
  return kept;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}
std::string utf16(const std::string& text, bool little) {
  std::string out;
  for (const char c : text) {
    if (!little) out += '\0';
    out += c;
    if (little) out += '\0';
  }
  return out;
}
const std::string kZero(1, '\0');

struct Damage {
  const char* kind;
  std::string json, csv;  // the record e2, damaged; csv empty: the kind makes no sense there
  // What must come of it in JSON Lines; in lists, minified lists, envelopes and pages; in CSV.
  const char *in_lines, *in_lists, *in_csv;
  uint16_t flags = 0;  // of the record, if kept
};

std::vector<Damage> damages() {
  const std::string o = object(2), r = row(2);
  const auto in = [&](const std::string& message) { return replaced(o, "m, x", message); };
  const auto in_cell = [&](const std::string& cell) { return replaced(r, "m, x", cell); };
  const auto plain = [](const std::string& text) { return replaced(text, kLetters, ""); };
  const std::string deep = std::string(300, '[') + std::string(300, ']');
  return {
      // 1 to 3: bytes that no string may hold, a string that is not closed
      {"bad byte", in("m\xFF"), in_cell("m\xFF"), "bad_utf8 d e", "bad_utf8 d e", "bad_utf8 d e"},
      {"bad byte in a key", replaced(o, "caller", "c\xC3ller"), "", "bad_utf8 d e", "bad_utf8 d e", ""},
      {"control character", in("m\x01"), in_cell("m\x01"), "control_character d e", "control_character d e", "kept"},
      {"tab", in("m\tx"), in_cell("m\tx"), "control_character d e", "control_character d e", "kept"},
      {"unclosed string", replaced(o, "m, x\"", "m, x"), replaced(r, "m, x\"", "m, x"), "unclosed d e", "lost d n", "bad_quotes d n"},
      {"unclosed string in the middle", replaced(o, "\"g\"", "\"g"), replaced(r, ",g,", ",\"g,"), "unclosed d e", "lost d n",
       "bad_quotes d n"},
      {"unopened string", replaced(o, "\"g\"", "g\""), replaced(r, "\"" + kLetters, kLetters), "unclosed d e", "lost d n",
       "wrong_field_count d e"},
      // 4: a brace
      {"unclosed brace", o.substr(0, o.size() - 1), in_cell("{\"\"a\"\":{\"\"b\"\":1}"), "unclosed d e", "lost d n", "kept"},
      {"a brace too much", o + "}", "", "bad_json d e", "kept not_an_object e-1 e", ""},
      {"the wrong bracket", replaced(o, "\"}}", "\"]}"), "", "bad_json d e", "lost d n", ""},
      // 5
      {"trailing comma", replaced(o, "\"}}", "\"},}"), r + ",", "bad_json d e", "bad_json d e", "wrong_field_count d e"},
      {"trailing comma in a list", replaced(o, "{\"message\"", "{\"a\":[1,],\"message\""), "", "bad_value d e", "bad_value d e", ""},
      {"trailing comma behind the record", o + ",", r + ",,", "kept", "kept", "wrong_field_count d e"},
      // 6
      {"zero byte in a string", in("m" + kZero), in_cell("m" + kZero), "control_character d e", "control_character d e",
       "control_character d e"},
      {"zero byte between", "{" + kZero + o.substr(1), "", "bad_json d e", "lost d n", ""},
      {"zero bytes before the record", kZero + kZero + o, kZero + kZero + r, "kept control_character d d+2", "kept control_character d d+2",
       "kept control_character d d+2"},
      {"zero bytes behind the record", o + kZero + kZero, r + kZero, "kept control_character e-2 e", "kept control_character e-2 e",
       "bad_quotes d n"},
      // 7
      {"lone surrogate, escaped", in("m\\ud800"), in_cell("m\\ud800"), "bad_string d e", "bad_string d e", "kept"},
      {"lone low surrogate, escaped", in("\\udc00m"), in_cell("\\udc00m"), "bad_string d e", "bad_string d e", "kept"},
      {"lone surrogate, raw", in("m\xED\xA0\x80"), in_cell("m\xED\xA0\x80"), "bad_utf8 d e", "bad_utf8 d e", "bad_utf8 d e"},
      // 8
      {"duplicate key", replaced(o, "{", R"({"caller":"mallory",)"), "", "kept", "kept", "", kDuplicateKey},
      {"duplicate key, escaped", replaced(o, "\"status\"", R"("\u0063aller":"alice@contoso.com","status")"), "", "kept", "kept", "",
       kDuplicateKey},
      // 9
      {"BOM before the record", kMark + o, kMark + r, "kept", "kept", "kept"},
      {"BOM in a string", in("m" + kMark), in_cell("m" + kMark), "kept", "kept", "kept"},
      {"BOM between", "{" + kMark + o.substr(1), "", "bad_json d e", "lost d n", ""},
      // 12
      {"nesting too deep", replaced(o, "\"" + kLetters + "m, x\"", deep), in_cell(deep), "too_deep d e", "too_deep d e", "kept"},
      // 13
      {"too few fields", "", replaced(r, ",g,", ","), "", "", "wrong_field_count d e"},
      {"too many fields", "", replaced(r, ",g,", ",g,h,"), "", "", "wrong_field_count d e"},
      {"one field", "", "word", "", "", "wrong_field_count d e"},
      // 14
      {"lone quote in a string", in("m\"x"), in_cell("m\"x"), "unclosed d e", "lost d n", "bad_quotes d n"},
      {"two lone quotes in a string", in("m\"y\"x"), in_cell("m\"y\"x"), "bad_json d e", "lost d n", "bad_quotes d n"},
      {"lone quote between", replaced(o, ",\"status\"", "\",\"status\""), replaced(r, ",g,", ",g\","), "unclosed d e", "lost d n", "kept"},
      {"lone quote behind the record", o + "\"", r + "\"", "bad_json d e", "kept lost e-1 n", "bad_quotes d n"},
      // 15
      {"Latin-1", in("m\xFC"), in_cell("\xFCm"), "bad_utf8 d e", "bad_utf8 d e", "bad_utf8 d e"},
      {"Windows-1252", in("\x93m\x94 \x80"), in_cell("\x93m\x94 \x80"), "bad_utf8 d e", "bad_utf8 d e", "bad_utf8 d e"},
      {"UTF-16LE", utf16(plain(o), true), utf16(plain(r), true), "control_character d e", "lost d n", "control_character d e"},
      {"UTF-16BE", utf16(plain(o), false), utf16(plain(r), false), "not_an_object d e", "control_character d d+1 lost d+1 n",
       "control_character d e"},
      // 16
      {"semicolons", replaced(o, ",\"status\"", ";\"status\""), "2026-03-14 09:12:00Z;alice@contoso.com;Contoso.X/a/write;Success;g;e2;m",
       "bad_json d e", "lost d n", "wrong_field_count d e"},
      {"tabs", "", "2026-03-14 09:12:00Z\talice@contoso.com\tContoso.X/a/write\tSuccess\tg\te2\t\"m, x\"", "", "", "wrong_field_count d e"},
      {"a semicolon behind the record", o + ";", r + ";", "bad_json d e", "kept not_an_object e-1 e", "bad_quotes d n"},
  };
}

// `step`: bytes a block when the text is fed in blocks.
void check(const char* kind, Form form, const std::string& damaged, const char* words, uint16_t flags = 0, size_t step = 1) {
  const Built built = build(form, damaged);
  const Stated wanted = stated(words, built);
  INFO(kind << ", " << kFormNames[form] << ": " << damaged.substr(0, 400) << " at " << built.begin << " to " << built.end << ", next "
            << built.next);
  const Reading whole = read_in_blocks(built.text);
  CHECK(whole.rejects() == wanted.rejects);
  CHECK(whole.input().rejected == wanted.rejects.size());
  Kept kept = kept_of(whole);
  CHECK(kept.places.count("e2") == (wanted.kept ? 1 : 0));
  if (wanted.kept) CHECK((kept.flags & (kDuplicateKey | kRepaired)) == flags);
  kept.places.erase("e2");
  CHECK(kept.places == built.good);
  Cuts cuts;
  for (size_t at = built.front; at < built.text.size(); at += step) cuts.push_back(at);
  const Reading bytes = read_in_blocks(built.text, cuts);
  CHECK(bytes.rejects() == whole.rejects());
  CHECK(bytes.input().structure_bytes == whole.input().structure_bytes);
  CHECK(bytes.input().framed == whole.input().framed);
  kept = kept_of(bytes);
  kept.places.erase("e2");
  CHECK(kept.places == built.good);
}

}  // namespace

TEST_CASE("damage: one record of many, in every form") {
  for (const Damage& damage : damages()) {
    for (const Form form : {lines, list, minified, envelope, pages}) {
      if (!damage.json.empty()) check(damage.kind, form, damage.json, form == lines ? damage.in_lines : damage.in_lists, damage.flags);
    }
    if (!damage.csv.empty()) check(damage.kind, csv, damage.csv, damage.in_csv, damage.flags);
  }
}

TEST_CASE("damage: one row of a JSON table") {
  const std::string r = table_row(2);
  const std::string deep = std::string(300, '[') + std::string(300, ']');
  const auto in = [&](const std::string& message) { return replaced(r, "m, x", message); };
  check("bad byte", table, in("m\xFF"), "bad_utf8 d e");
  check("control character", table, in("m\x01"), "control_character d e");
  check("unclosed string", table, replaced(r, "\"g\"", "\"g"), "lost d n");
  check("unclosed bracket", table, r.substr(0, r.size() - 1), "lost d n");
  check("a bracket too much", table, replaced(r, "\"g\"", "[\"g\"]]"), "lost d n");
  check("trailing comma", table, replaced(r, "\"]", "\",]"), "bad_value d e");
  check("zero byte", table, in("m" + kZero), "control_character d e");
  check("lone surrogate", table, in("m\\ud800"), "bad_string d e");
  check("BOM before the row", table, kMark + r, "kept");
  check("nesting too deep", table, replaced(r, "\"g\"", deep), "too_deep d e");
  check("too few fields", table, replaced(r, "\"g\",", ""), "wrong_field_count d e");
  check("too many fields", table, replaced(r, "\"g\",", "\"g\",null,"), "wrong_field_count d e");
  check("no fields", table, "[]", "wrong_field_count d e");
  check("an object for a row", table, object(2), "kept");
  check("lone quote", table, in("m\"x"), "lost d n");
  check("Latin-1", table, in("m\xFC"), "bad_utf8 d e");
  check("UTF-16LE", table, utf16(replaced(r, kLetters, ""), true), "lost d n");
  check("semicolons", table, replaced(r, "\"g\",", "\"g\";"), "lost d n");
}

TEST_CASE("damage: a record longer than a record may be, in every form") {
  const std::string filling(kMaxRecordBytes, 'x');
  for (const Form form : {lines, list, minified, envelope, pages, csv, table}) {
    check("too long", form, replaced(record(form, 2), "m, x", filling), "too_long d e", 0, 1u << 20);
  }
}

TEST_CASE("damage: cut at any byte, every whole record before the cut is kept") {
  for (const Form form : {lines, list, minified, envelope, pages, csv, table}) {
    for (const size_t blanks : {size_t{0}, kSniffBytes}) {
      const Built built = build(form, record(form, 2), blanks);
      std::map<std::string, std::pair<size_t, size_t>> places = built.good;
      places[id(2)] = {built.begin, built.end - built.begin};
      // With blanks also byte by byte; a sample of the cuts, and all of them without.
      for (size_t cut = built.front; cut < built.text.size(); cut += blanks == 0 ? 1 : 29) {
        const std::string text = built.text.substr(0, cut);
        INFO(kFormNames[form] << " cut at " << cut << ": " << text.substr(text.size() - std::min<size_t>(text.size(), 60)));
        std::map<std::string, std::pair<size_t, size_t>> whole;
        std::vector<std::string> rejects;
        const auto reject_from = [&](size_t begin) {
          // Blanks at the end of a line are structure.
          size_t end = cut;
          while (form == lines && text[end - 1] == ' ') --end;
          const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin), '\n');
          rejects.push_back("cut " + std::to_string(begin) + "+" + std::to_string(end - begin) + " line " + std::to_string(line));
        };
        const size_t second_page = form == pages ? built.text.rfind("{\"value\":[") : 0;
        if (form == pages && cut > second_page && cut < second_page + 10) reject_from(second_page);  // it shows no list yet
        for (const auto& [name, span] : places) {
          // A row that is cut behind its last separator may as well have an empty last field.
          const bool empty_field = form == csv && text.back() == ',' && span.first + span.second == cut + kLetters.size() + 6;
          if (span.first + span.second <= cut || empty_field) {
            whole[name] = {span.first, std::min(span.second, cut - span.first)};
          } else if (span.first < cut) {
            reject_from(span.first);
          }
        }
        Cuts cuts;
        for (size_t at = built.front; blanks > 0 && at < cut; ++at) cuts.push_back(at);
        const Reading reading = read_in_blocks(text, cuts);
        CHECK(kept_of(reading).places == whole);
        CHECK(reading.rejects() == rejects);
        CHECK(reading.input().repaired == 0);
        // JSON Lines and CSV are whole between two records; a list is not before its last bracket (and pages not between two pages).
        const bool may_be_whole = form == lines || form == csv || form == pages;
        if (!rejects.empty() || (!may_be_whole && cut + 1 < built.text.size())) CHECK(reading.has_note("truncated"));
        if (may_be_whole && form != pages && rejects.empty()) CHECK_FALSE(reading.has_note("truncated"));
      }
    }
  }
}

TEST_CASE("damage: a bracket too much closes a list and costs no record of its page") {
  const std::string blanks = "\n" + std::string(kSniffBytes, ' ') + "\n";
  const std::string fronts[] = {"{\"records\":[" + object(0) + blanks, "{\"value\":[\n" + object(0) + blanks,
                                "{\"tables\":[{\"columns\":" + kColumnList + ",\"rows\":[" + table_row(0) + blanks};
  const std::string tails[] = {"," + object(1) + "]," + object(2) + "," + object(3) + "],\"nextLink\":{\"a\":[]}}",
                               "],\n" + object(1) + ",\n\n" + object(2) + "\n,\"x\":[{}],\n" + object(3) + "],\"nextLink\":\"x\"}\n",
                               "," + table_row(1) + "]," + table_row(2) + "," + table_row(3) + "]}]}"};
  for (size_t i = 0; i < 3; ++i) {
    const std::string text = fronts[i] + tails[i];
    INFO(tails[i]);
    const Reading whole = read_in_blocks(text);
    CHECK(whole.events() == 4);
    CHECK(whole.input().rejected == 0);
    Cuts every;
    for (size_t cut = fronts[i].size(); cut < text.size(); ++cut) {
      every.push_back(cut);
      const Reading reading = read_in_blocks(text, {cut});
      if (reading.events() == 4 && reading.rejects() == whole.rejects()) continue;
      INFO("cut at " << cut - fronts[i].size());
      CHECK(reading.events() == 4);
      CHECK(reading.rejects() == whole.rejects());
      break;
    }
    CHECK(read_in_blocks(text, every).rejects() == whole.rejects());
  }
}
