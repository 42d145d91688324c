// The published query and the sessions hunt as SQL for a table AzureActivity with the columns that Log Analytics exports. One text with the words
// of three dialects put in: DuckDB, Trino, Spark. Texts are folded over A to Z alone (translate) and patterns need no backslash, since each
// dialect folds and escapes in its own way. SQL engines keep time to the microsecond: the bounds are rounded outwards, the window up.
#include <string>

#include "hunt/words.h"
#include "report/report.h"
#include "version.h"

namespace csh {
namespace {

constexpr Ticks kTicksPerMicrosecond = kTicksPerSecond / 1'000'000;

struct Words {
  std::string_view name;
  std::string_view setup;      // a statement before the query
  std::string_view time;       // TimeGenerated as a timestamp in UTC
  std::string_view time_note;  // where the column is of another type
  std::string_view app_id;     // of the claims, or null
  std::string_view matches;    // function (text, pattern): the pattern occurs in the text
  std::string_view quote;      // around an alias that is a word of the language
  Ticks interval_unit;         // the least that an interval holds
};

const Words& words_of(Dialect dialect) {
  static constexpr Words kDuckDb{"DuckDB",
                                 "",
                                 "CAST(TimeGenerated AS TIMESTAMP)",
                                 "of a TIMESTAMP WITH TIME ZONE write TimeGenerated AT TIME ZONE 'UTC'",
                                 "json_extract_string(TRY_CAST(Claims AS JSON), '$.appid')",
                                 "regexp_matches",
                                 "\"",
                                 kTicksPerMicrosecond};
  static constexpr Words kTrino{"Trino",
                                "",
                                "CAST(TimeGenerated AS timestamp(6))",
                                "of a timestamp with time zone write CAST(TimeGenerated AT TIME ZONE 'UTC' AS timestamp(6)), of text "
                                "CAST(from_iso8601_timestamp_nanos(TimeGenerated) AT TIME ZONE 'UTC' AS timestamp(6))",
                                "json_extract_scalar(TRY(json_parse(Claims)), '$.appid')",
                                "regexp_like",
                                "\"",
                                kTicksPerSecond / 1000};
  static constexpr Words kSpark{"Spark",
                                "SET TIME ZONE 'UTC';\n",
                                "CAST(TimeGenerated AS TIMESTAMP)",
                                "a timestamp, or text in UTC",
                                "get_json_object(Claims, '$.appid')",
                                "regexp_like",
                                "`",
                                kTicksPerMicrosecond};
  switch (dialect) {
    case Dialect::trino: return kTrino;
    case Dialect::spark: return kSpark;
    case Dialect::kql:  // has a maker of its own
    case Dialect::duckdb: break;
  }
  return kDuckDb;
}

class SqlMaker {
 public:
  SqlMaker(std::string& out, const Findings& findings, Dialect dialect)
      : out_(out), findings_(findings), dialect_(dialect), words_(words_of(dialect)) {}

  void published() {
    head("the hunting query \"Azure CloudShell Usage\" (42831fb3-f61d-41e9-95d9-f08797479a0e).");
    if (findings_.settings.succeeded_is_success) {
      out_ += "-- \"Succeeded\" counts as \"Success\" here; the published text takes \"Success\" alone.\n";
    }
    out_ += words_.setup;
    activity("");
    out_ +=
        "),\nlistings AS (  -- the left side\n  SELECT DISTINCT Caller, date_trunc('hour', time_utc) AS timekey\n  FROM activity\n  WHERE ";
    listing();
    out_ +=
        "\n),\n"
        "others AS (  -- the right side\n"
        "  SELECT Caller, date_trunc('hour', time_utc) AS timekey, ";
    out_ += set_of("OperationNameValue", "");
    out_ += " AS set_OperationNameValue\n  FROM activity\n  WHERE operation <> '";
    folded(kListKeys);
    out_ += "' AND operation <> ''\n";
    if (const std::optional<Ticks> from = look_back_from(findings_)) {
      out_ += "    AND time_utc >= ";
      timestamp(*from, true);
      out_ += "  -- in place of ago(";
      append_duration(out_, *findings_.settings.look_back);
      out_ += ")\n";
    }
    out_ +=
        "  GROUP BY Caller, date_trunc('hour', time_utc)\n"
        ")\n"
        "SELECT l.Caller, l.timekey, o.Caller AS Caller1, o.timekey AS timekey1, o.set_OperationNameValue,\n"
        "  l.timekey AS ";
    alias("timestamp");
    out_ +=
        ", l.Caller AS AccountCustomEntity\n"
        "FROM listings l JOIN others o ON o.Caller = l.Caller AND o.timekey = l.timekey\n"
        "ORDER BY l.Caller, l.timekey\n";
  }

  void sessions() {
    head("Cloud Shell sessions, across the hour and without shell storage too.");
    out_ += "-- Copies of one event are not merged as on the page: where they disagree, each counts for itself.\n";
    out_ += words_.setup;
    activity(
        ",\n    CallerIpAddress, SubscriptionId, ResourceGroup,\n"
        "    ");
    fold("Caller");
    out_ += " AS caller_key,\n    lower(coalesce(";
    out_ += words_.app_id;
    out_ += ", '')) AS app_id\n";
    out_ += source();
    out_ +=
        "),\n"
        "marked AS (\n"
        "  SELECT *, CASE\n"
        "    WHEN ";
    listing();
    out_ += " THEN 'storage_listing'\n    WHEN operation = '";
    folded(kConsoleWrite);
    out_ +=
        "' THEN CASE WHEN status IN ('failure', 'failed') THEN '' ELSE 'console_write' END\n"
        "    WHEN app_id IN (";
    shell_apps();
    out_ +=
        ") THEN 'shell_app'\n"
        "    ELSE '' END AS signal\n"
        "  FROM activity\n"
        "  WHERE time_utc IS NOT NULL AND Caller <> '' AND operation <> ''\n"
        "),\n"
        "moments AS (\n"
        "  SELECT DISTINCT caller_key, time_utc FROM marked WHERE signal <> ''\n"
        "),\n"
        "-- A signal inside an open session moves its end; one at or after the end opens the next.\n"
        "openings AS (\n"
        "  SELECT caller_key, time_utc, CASE\n"
        "    WHEN time_utc < lag(time_utc) OVER (PARTITION BY caller_key ORDER BY time_utc) + ";
    window();
    out_ +=
        " THEN 0\n"
        "    ELSE 1 END AS opens\n"
        "  FROM moments\n"
        "),\n"
        "numbered AS (\n"
        "  SELECT caller_key, time_utc,\n"
        "    sum(opens) OVER (PARTITION BY caller_key ORDER BY time_utc ROWS UNBOUNDED PRECEDING) AS number\n"
        "  FROM openings\n"
        "),\n"
        "sessions AS (\n"
        "  SELECT caller_key, min(time_utc) AS session_start, max(time_utc) + ";
    window();
    out_ +=
        " AS session_end\n"
        "  FROM numbered\n"
        "  GROUP BY caller_key, number\n"
        "),\n"
        "events AS (\n"
        "  SELECT s.session_start, s.session_end, m.*,\n"
        "    m.signal <> 'console_write' AND (m.signal <> 'storage_listing' OR m.app_id = '";
    out_ += kConsoleApp;
    out_ +=
        "') AS is_operation,\n"
        "    m.app_id IN (";
    shell_apps();
    out_ +=
        ") AS in_shell\n"
        "  FROM sessions s JOIN marked m\n"
        "    ON m.caller_key = s.caller_key AND m.time_utc >= s.session_start AND m.time_utc < s.session_end\n"
        ")\n"
        "SELECT\n"
        "  min_by(Caller, time_utc) AS Caller,\n"
        "  session_start AS SessionStart,\n"
        "  session_end AS SessionEnd,\n"
        "  CASE WHEN count_if(is_operation AND in_shell) > 0 THEN 'in_shell'  -- by app id\n"
        "    WHEN count_if(is_operation) > 0 THEN 'same_window'  -- by time alone\n"
        "    ELSE 'none' END AS Attribution,\n"
        "  count_if(signal = 'storage_listing') AS StorageListings,\n"
        "  count_if(signal = 'console_write') AS ConsoleWrites,\n"
        "  count_if(signal = 'shell_app') AS ShellAppEvents,\n";
    for (const auto& [column, condition, name] :
         {List{"OperationNameValue", "is_operation", "Operations"},
          List{"OperationNameValue", "is_operation AND in_shell", "OperationsInShell"},
          List{"CallerIpAddress", "CallerIpAddress <> ''", "Addresses"}, List{"SubscriptionId", "SubscriptionId <> ''", "Subscriptions"},
          List{"ResourceGroup", "ResourceGroup <> ''", "ResourceGroups"}}) {
      out_ += "  " + set_of(column, condition) + " AS ";
      out_ += name;
      out_ += name == "ResourceGroups" ? "\n" : ",\n";
    }
    out_ +=
        "FROM events\n"
        "GROUP BY caller_key, session_start, session_end\n"
        "ORDER BY session_start, 1\n";
  }

 private:
  struct List {
    std::string_view column, condition, name;
  };

  void head(std::string_view what) {
    out_ += "-- CloudShell Hunt ";
    out_ += kVersion;
    out_ += ": ";
    out_ += what;
    out_ += "\n-- For ";
    out_ += words_.name;
    out_ += "; AzureActivity stands for your table with the columns of that name. TimeGenerated: ";
    out_ += words_.time_note;
    out_ += ".\n";
    out_ += findings_.overall.events == 0 ? "-- The files hold no event with a readable time, so nothing bounds this query.\n"
                                          : "-- Bounded to the time span of the files it was made from.\n";
  }

  // The columns that both queries read; without `more` the table behind them too.
  void activity(std::string_view more) {
    out_ += "WITH activity AS (\n  SELECT coalesce(Caller, '') AS Caller, ";
    out_ += words_.time;
    out_ += " AS time_utc,\n    coalesce(OperationNameValue, '') AS OperationNameValue,\n    ";
    fold("OperationNameValue");
    out_ += " AS operation,\n    ";
    fold("ActivityStatusValue");
    out_ += " AS status,\n    ";
    fold("ResourceGroup");
    out_ += " AS resource_group";
    out_ += more;
    if (more.empty()) out_ += '\n' + source();
  }

  std::string source() {
    std::string text = "  FROM AzureActivity\n";
    if (findings_.overall.events == 0) return text;
    text += "  WHERE ";
    text += words_.time;
    text += " BETWEEN ";
    std::swap(text, out_);
    timestamp(findings_.overall.first, false);
    out_ += " AND ";
    timestamp(findings_.overall.last, true);
    out_ += '\n';
    std::swap(text, out_);
    return text;
  }

  void fold(std::string_view column) {
    out_ += "translate(coalesce(";
    out_ += column;
    out_ += ", ''), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')";
  }
  void folded(std::string_view text) {
    for (const char c : text) out_ += csh::fold(c);
  }

  // KQL's has: the phrase with no term character beside it. What the class lists are the ASCII characters that are no letter or digit; the
  // text is folded, so capitals, which lie in the middle range, do not occur.
  void listing() {
    out_ += "operation = '";
    folded(kListKeys);
    out_ += findings_.settings.succeeded_is_success ? "' AND status IN ('success', 'succeeded') AND " : "' AND status = 'success' AND ";
    out_ += words_.matches;
    out_ += "(resource_group, '(^|[ -/:-`{-~])";
    out_ += kShellGroup;
    out_ += "([ -/:-`{-~]|$)')";
  }

  void shell_apps() {
    for (const std::string_view app : kShellApps) {
      if (app != kShellApps.front()) out_ += ", ";
      out_ += '\'';
      out_ += app;
      out_ += '\'';
    }
  }

  // Distinct values where the condition holds (empty: everywhere), sorted; an empty list where there is none.
  std::string set_of(std::string_view column, std::string_view condition) const {
    const std::string value(column), where(condition);
    const std::string filter = where.empty() ? "" : " FILTER (WHERE " + where + ")";
    switch (dialect_) {
      case Dialect::spark:
        return "array_sort(collect_set(" + (where.empty() ? value : "CASE WHEN " + where + " THEN " + value + " END") + "))";
      case Dialect::trino: return "coalesce(array_sort(array_agg(DISTINCT " + value + ")" + filter + "), ARRAY[])";
      case Dialect::kql:
      case Dialect::duckdb: break;
    }
    return "coalesce(list_sort(list(DISTINCT " + value + ")" + filter + "), [])";
  }

  void alias(std::string_view name) {
    out_ += words_.quote;
    out_ += name;
    out_ += words_.quote;
  }

  // `up`: to the next microsecond, else to the one before.
  void timestamp(Ticks time, bool up) {
    if (up && time % kTicksPerMicrosecond != 0 && time <= kMaxTicks - kTicksPerMicrosecond) time += kTicksPerMicrosecond;
    std::string text;
    append_instant(text, time - time % kTicksPerMicrosecond);
    text.pop_back();  // Z
    text[10] = ' ';
    out_ += "TIMESTAMP '" + text + "'";
  }

  void window() {
    constexpr struct {
      Ticks ticks;
      std::string_view unit;
    } kUnits[] = {{kTicksPerDay, "DAY"}, {kTicksPerHour, "HOUR"}, {kTicksPerMinute, "MINUTE"}, {kTicksPerSecond, "SECOND"}};
    Ticks ticks = findings_.settings.window;
    if (const Ticks rest = ticks % words_.interval_unit; rest != 0) ticks += words_.interval_unit - rest;
    for (const auto& unit : kUnits) {
      if (ticks % unit.ticks != 0) continue;
      out_ += "INTERVAL '" + std::to_string(ticks / unit.ticks) + "' ";
      out_ += unit.unit;
      return;
    }
    if (dialect_ == Dialect::duckdb) {
      out_ += "INTERVAL '" + std::to_string(ticks / kTicksPerMicrosecond) + "' MICROSECOND";
      return;
    }
    std::string fraction = std::to_string(kTicksPerSecond + ticks % kTicksPerSecond).substr(1);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    out_ += "INTERVAL '" + std::to_string(ticks / kTicksPerSecond) + "." + fraction + "' SECOND";
  }

  std::string& out_;
  const Findings& findings_;
  const Dialect dialect_;
  const Words& words_;
};

}  // namespace

void append_sql(std::string& out, const Findings& findings, Query query, Dialect dialect) {
  SqlMaker maker(out, findings, dialect);
  query == Query::published ? maker.published() : maker.sessions();
}

}  // namespace csh
