#include "hunt/sessions.h"

#include <algorithm>
#include <functional>
#include <map>
#include <span>
#include <string>

#include "compact_sort.h"
#include "hunt/distinct.h"
#include "hunt/groundwork.h"
#include "hunt/moment.h"
#include "hunt/words.h"
#include "store/dictionary.h"

namespace csh {
namespace {

constexpr Ticks kLongChain = kTicksPerDay;  // a session longer than this is many starts in a row, not one sitting

// The storage account that a listing is about, for telling accounts apart: names are unique in Azure.
std::string account_of(std::string_view resource_id) {
  constexpr std::string_view kSegment = "/storageaccounts/";
  std::string folded(resource_id);
  for (char& c : folded) c = fold(c);
  if (const size_t at = folded.rfind(kSegment); at != std::string::npos) {
    folded.erase(0, at + kSegment.size());
    folded.erase(std::min(folded.find('/'), folded.size()));
  }
  return folded;
}

struct Draft {
  Session session;
  uint32_t group;
  uint32_t first_signal, last_signal;  // places in Timeline::moments()
  std::vector<std::string> accounts;   // listed, distinct
};

class SessionFinder {
 public:
  SessionFinder(const EventStore& store, const Timeline& timeline, const Groundwork& groundwork, std::optional<Ticks> cut,
                const std::vector<uint8_t>& runs, Findings& findings)
      : store_(store),
        timeline_(timeline),
        cut_(cut),
        runs_(runs),
        findings_(findings),
        settings_(findings.settings),
        classes_(groundwork),
        candidate_reader_(store, timeline),
        reader_(store, timeline),
        distinct_(groundwork, store),
        of_operation_(groundwork, store),
        places_(groundwork.folded(Column::operation).size()) {}

  void run() {
    const std::span<const uint32_t> candidates = classes_.candidates;
    for (uint32_t group = 0, at = 0; group < timeline_.groups(); ++group) {
      uint32_t to = at;
      while (to < candidates.size() && candidates[to] < timeline_.group_start(group + 1)) ++to;
      if (to > at) cut_group(group, candidates.subspan(at, to - at));
      at = to;
    }
    mark_shared_accounts();
    compact_sort(drafts_.begin(), drafts_.end(), [](const Draft& a, const Draft& b) {
      return a.session.start != b.session.start ? a.session.start < b.session.start : a.session.caller < b.session.caller;
    });
    for (uint32_t i = 0; i < drafts_.size(); ++i) sessions_of_group_[drafts_[i].group].push_back(i);
    index_rows();
    for (uint32_t i = 0; i < drafts_.size(); ++i) reconcile(i);
    for (Draft& draft : drafts_) {
      compact_sort(draft.session.flags.begin(), draft.session.flags.end());
      findings_.sessions.push_back(std::move(draft.session));
    }
  }

 private:
  std::string_view text_of(uint32_t event, Column column) const { return store_.dictionary(column).text(timeline_.id(event, column)); }
  std::string_view text(const Moment& moment, Column column) const { return store_.dictionary(column).text(moment.id(column)); }
  const Groundwork::OperationClass& operation_of(const Moment& moment) const { return classes_.operation[moment.id(Column::operation)]; }
  static bool has_operation(const Moment& moment) { return moment.id(Column::operation) != 0; }
  StatusWord word_of(const Moment& moment) const { return classes_.status[moment.id(Column::status)]; }
  bool in_shell_app(const Moment& moment) const { return classes_.shell_app[moment.id(Column::app_id)] != 0; }
  bool in_console_app(const Moment& moment) const { return classes_.console_app[moment.id(Column::app_id)] != 0; }
  bool on_shell_group(const Moment& moment) const { return classes_.shell_group[moment.id(Column::resource_group)] != 0; }

  // AzureActivity's word counts for itself; REST's words count when the shape is raw or the setting says so.
  bool is_mapped(const Moment& moment) const {
    return has_forced_status(moment) || classes_.status_is_plain[moment.id(Column::status)] != 0;
  }
  // Its status is told by the word that it stands for, whatever its spelling.
  bool has_forced_status(const Moment& moment) const { return settings_.succeeded_is_success || (moment.flags & kRawStatus) != 0; }
  std::string_view status_text(uint32_t status, bool forced) const {
    const StatusWord word = classes_.status[status];
    return word != StatusWord::other && forced ? status_name(word) : store_.dictionary(Column::status).text(status);
  }

  std::optional<SignalKind> signal_of(const Moment& moment) const {
    struct Event {
      const SessionFinder& finder;
      const Moment& moment;
      bool has_operation() const { return SessionFinder::has_operation(moment); }
      bool lists_keys() const { return finder.operation_of(moment).list_keys; }
      bool writes_console() const { return finder.operation_of(moment).console_write; }
      bool succeeded() const { return finder.word_of(moment) == StatusWord::success && finder.is_mapped(moment); }
      bool failed() const { return finder.word_of(moment) == StatusWord::failure; }
      bool on_shell_group() const { return finder.on_shell_group(moment); }
      bool has_shell_app() const { return finder.in_shell_app(moment); }
    };
    return csh::signal_of(Event{*this, moment});
  }

  // A start of the shell leaves these itself; they are not what the analyst looks for. In a shell, listing its keys is somebody's act.
  bool is_shell_setup(const Moment& moment) const {
    if (!on_shell_group(moment)) return false;
    const auto& operation = operation_of(moment);
    return operation.setup_write || (operation.list_keys && word_of(moment) != StatusWord::failure && !in_console_app(moment));
  }

  bool is_operation(const Moment& moment, std::optional<SignalKind> signal) const {
    if (!has_operation(moment)) return false;
    if (signal == SignalKind::console_write) return false;
    if (signal == SignalKind::storage_listing) return in_console_app(moment);
    return true;
  }

  bool carries_app_ids(uint32_t event) const {
    if (const MergedEvent* merged = timeline_.merged(event)) {
      return std::any_of(merged->copies.begin(), merged->copies.end(),
                         [&](uint32_t copy) { return store_.inputs()[store_.input_of(copy)].carries_app_ids; });
    }
    return store_.inputs()[store_.input_of(event)].carries_app_ids;
  }
  Attribution attribution_of(const Moment& moment) const {
    if (in_shell_app(moment)) return Attribution::in_shell;
    return carries_app_ids(moment.event) ? Attribution::same_window : Attribution::unknown;
  }

  // `candidates`: places of the group's events that may be a signal.
  void cut_group(uint32_t group, std::span<const uint32_t> candidates) {
    std::optional<Draft> open;
    const std::span<const Groundwork::Address> addresses = classes_.addresses_of(group);
    uint32_t first_address = UINT32_MAX;
    for (const Groundwork::Address& address : addresses) first_address = std::min(first_address, address.moment);
    bool first_of_caller = true;
    const auto close = [&] {
      if (!open) return;
      Session& session = open->session;
      session.first_moment = timeline_.index_from(group, session.start, open->first_signal);
      session.last_moment = timeline_.index_from(group, session.end, open->last_signal);
      describe(*open);
      if (first_of_caller) session.flags.push_back("first_use");
      first_of_caller = false;
      if (first_address < session.first_moment) {
        for (const uint32_t ip : distinct_.ips.ids()) {
          const auto met = std::lower_bound(addresses.begin(), addresses.end(), classes_.folded(Column::ip).of(ip),
                                            [](const Groundwork::Address& a, uint32_t folded) { return a.folded < folded; });
          if (met->moment >= session.first_moment) session.new_ips.push_back(store_.dictionary(Column::ip).text(ip));
        }
        compact_sort(session.new_ips.begin(), session.new_ips.end());
        if (!session.new_ips.empty()) session.flags.push_back("new_address");
      }
      drafts_.push_back(std::move(*open));
      open.reset();
    };
    candidate_reader_.each_of(candidates, std::identity(), [&](uint32_t index, const Moment& moment) {
      const std::optional<SignalKind> kind = signal_of(moment);
      if (!kind) return;
      const Ticks time = moment.time;
      if (open && time >= open->session.end) close();
      if (!open) {
        open.emplace();
        open->group = group;
        open->first_signal = index;
        open->session.start = time;
      }
      open->last_signal = index;
      open->session.end = time + settings_.window;
      open->session.signals.push_back(
          {*kind, time, moment.event, text(moment, Column::resource_id), text(moment, Column::ip), text(moment, Column::app_id)});
    });
    close();
  }

  // The columns of which a session, or an operation of it, tells the distinct values; used again for the next one.
  struct OfSession {
    OfSession(const Groundwork& groundwork, const EventStore& store)
        : ips(groundwork, store, Column::ip),
          subscriptions(groundwork, store, Column::subscription),
          groups(groundwork, store, Column::resource_group),
          apps(groundwork, store, Column::app_id) {}
    void begin() {
      for (Distinct* column : {&ips, &subscriptions, &groups, &apps}) column->begin();
    }
    void add(const Moment& moment) {
      ips.add(moment.id(Column::ip));
      subscriptions.add(moment.id(Column::subscription));
      groups.add(moment.id(Column::resource_group));
      apps.add(moment.id(Column::app_id));
    }
    Distinct ips, subscriptions, groups, apps;
  };
  struct OfOperation {
    OfOperation(const Groundwork& groundwork, const EventStore& store)
        : resources(groundwork, store, Column::resource_id),
          ips(groundwork, store, Column::ip),
          calls(groundwork, store, Column::correlation_id) {}
    void begin() {
      for (Distinct* column : {&resources, &ips, &calls}) column->begin();
      statuses.begin();
    }
    Distinct resources, ips, calls;
    Tally statuses;  // 2 * id, and one where the status is told by its word
  };

  struct OperationDraft {
    Operation operation;
    uint32_t policies = 0, judged = 0, conditions = 1u << static_cast<unsigned>(Condition::always);
    bool failure = false, success = false;
  };

  void describe(Draft& draft) {
    Session& session = draft.session;
    session.caller = text_of(timeline_.moments()[timeline_.group_start(draft.group)], Column::caller);
    distinct_.begin();
    int odd_times = 0;
    by_operation_.clear();
    reader_.each(session.first_moment, session.last_moment, [&](uint32_t index, const Moment& moment) {
      const std::optional<SignalKind> signal = signal_of(moment);
      const bool operation = is_operation(moment, signal);
      if (!signal && !operation) return;
      odd_times |= moment.flags & (kAmbiguousTime | kSkippedTime);
      distinct_.add(moment);
      if (signal == SignalKind::storage_listing) {
        std::string account = account_of(text(moment, Column::resource_id));
        if (!account.empty() && (draft.accounts.empty() || draft.accounts.back() != account)) draft.accounts.push_back(std::move(account));
      }
      if (operation) by_operation_.push_back({operation_of(moment).folded, index});
    });
    compact_sort(draft.accounts.begin(), draft.accounts.end());
    draft.accounts.erase(std::unique(draft.accounts.begin(), draft.accounts.end()), draft.accounts.end());
    session.ips = distinct_.ips.sorted(findings_.texts);
    session.subscriptions = distinct_.subscriptions.sorted(findings_.texts);
    session.resource_groups = distinct_.groups.sorted(findings_.texts);
    session.app_ids = distinct_.apps.sorted(findings_.texts);
    compact_sort(by_operation_.begin(), by_operation_.end());
    size_t names = 0;
    for (size_t i = 0; i < by_operation_.size(); ++i) names += i == 0 || by_operation_[i].first != by_operation_[i - 1].first;
    session.operations.reserve(names);
    OperationDraft operation;
    uint32_t folded = 0;
    of_operation_.begin();
    const auto end_operation = [&] {
      if (operation.operation.count == 0) return;
      finish(operation);
      if (!operation.operation.failed) session.severity = std::max(session.severity, operation.operation.severity);
      session.attribution = std::max(session.attribution, operation.operation.attribution);
      session.operations.push_back(std::move(operation.operation));
      operation = {};
      of_operation_.begin();
    };
    const auto place_of = [](const std::pair<uint32_t, uint32_t>& event) { return event.second; };
    reader_.each_of(std::span(std::as_const(by_operation_)), place_of, [&](uint32_t, const Moment& moment) {
      if (operation_of(moment).folded != folded) end_operation();
      folded = operation_of(moment).folded;
      add_event(operation, moment);
    });
    end_operation();
    compact_sort(session.operations.begin(), session.operations.end(),
                 [](const Operation& a, const Operation& b) { return a.name < b.name; });

    for (size_t i = 1; i < session.signals.size(); ++i) {
      const Ticks gap = session.signals[i].time - session.signals[i - 1].time;
      if (!session.longest_gap || gap > *session.longest_gap) session.longest_gap = gap;
    }
    if (session.end - session.start > kLongChain) session.flags.push_back("long_chain");
    if (draft.accounts.size() > 1) raise(session, "several_shell_accounts");
    if (is_beside_gap(session)) session.flags.push_back("beside_gap");
    if (odd_times & kAmbiguousTime) session.flags.push_back("ambiguous_time");
    if (odd_times & kSkippedTime) session.flags.push_back("skipped_time");

    for (const char c : session.caller) session.id += fold(c);
    session.id += '|';
    append_instant(session.id, session.start);
    session.id += '|';
    session.id += signal_name(session.signals.front().kind);
  }

  static void raise(Session& session, std::string_view flag) {
    session.flags.push_back(flag);
    session.severity = std::max(session.severity, Severity::medium);
  }

  void add_event(OperationDraft& draft, const Moment& moment) {
    Operation& operation = draft.operation;
    const auto& known = operation_of(moment);
    if (operation.count == 0) {
      operation.name = known.entry ? known.entry->operation : text(moment, Column::operation);
      // A pattern is no name; the log's own spelling stays.
      if (operation.name.find("…") != std::string_view::npos) operation.name = text(moment, Column::operation);
      operation.entry = known.entry;
      operation.first = moment.time;
      operation.attribution = Attribution::unknown;
    }
    ++operation.count;
    operation.last = moment.time;
    of_operation_.statuses.add(2 * moment.id(Column::status) + has_forced_status(moment));
    const Attribution attribution = attribution_of(moment);
    operation.attribution = std::max(operation.attribution, attribution);
    if (attribution == Attribution::in_shell) ++operation.in_shell_count;
    const uint16_t flags = moment.flags;
    const bool policy = (flags & kPolicyCategory) != 0, setup = is_shell_setup(moment);
    if (policy) ++draft.policies;
    if (setup) ++operation.shell_setup_count;
    if (!policy && !setup) {
      ++draft.judged;
      if (flags & kAdminRole) draft.conditions |= 1u << static_cast<unsigned>(Condition::admin_role);
      if (flags & kPublicAccess) draft.conditions |= 1u << static_cast<unsigned>(Condition::public_access);
      if (flags & kSoftDeleteOff) draft.conditions |= 1u << static_cast<unsigned>(Condition::soft_delete_off);
    }
    const StatusWord word = word_of(moment);
    draft.failure |= word == StatusWord::failure;
    draft.success |= word == StatusWord::success || word == StatusWord::accept;
    of_operation_.resources.add(moment.id(Column::resource_id));
    of_operation_.ips.add(moment.id(Column::ip));
    of_operation_.calls.add(moment.id(Column::correlation_id));
  }

  std::span<const StatusCount> statuses() {
    const Tally& tally = of_operation_.statuses;
    const std::span<StatusCount> counts = findings_.statuses.make(tally.keys().size());
    for (size_t i = 0; i < counts.size(); ++i) {
      const uint32_t key = tally.keys()[i];
      counts[i] = {status_text(key / 2, key % 2 != 0), tally.count(key)};
    }
    compact_sort(counts.begin(), counts.end(), [](const StatusCount& a, const StatusCount& b) { return a.status < b.status; });
    // Several spellings may be one word.
    size_t last = 0;
    for (size_t i = 1; i < counts.size(); ++i) {
      if (counts[i].status == counts[last].status) {
        counts[last].count += counts[i].count;
      } else {
        counts[++last] = counts[i];
      }
    }
    return counts.first(last + 1);
  }

  void finish(OperationDraft& draft) {
    Operation& operation = draft.operation;
    operation.statuses = statuses();
    operation.failed = draft.failure && !draft.success;
    operation.policy = draft.policies == operation.count;
    operation.shell_setup = operation.shell_setup_count == operation.count;
    operation.calls = static_cast<uint32_t>(of_operation_.calls.size());
    operation.resources = of_operation_.resources.sorted(findings_.texts);
    operation.ips = of_operation_.ips.sorted(findings_.texts);
    if (draft.judged > 0) {
      if (operation.entry) operation.severity = catalogue_severity(*operation.entry, draft.conditions);
    } else if (operation.shell_setup_count > 0) {
      operation.severity = Severity::info;
    }
  }

  bool is_beside_gap(const Session& session) const {
    if (findings_.overall.events == 0) return false;
    const Ticks first = hour_of(findings_.overall.first), last = hour_of(findings_.overall.last);
    const auto is_empty_hour = [&](Ticks hour) {
      if (hour < first || hour > last) return false;
      const auto found =
          std::lower_bound(findings_.hours.begin(), findings_.hours.end(), hour, [](const HourCount& h, Ticks t) { return h.hour < t; });
      return found == findings_.hours.end() || found->hour != hour;
    };
    return is_empty_hour(hour_of(session.start) - kTicksPerHour) || is_empty_hour(hour_of(session.end));
  }

  void mark_shared_accounts() {
    Dictionary accounts;
    constexpr uint32_t kNobody = ~uint32_t{0}, kSeveral = kNobody - 1;
    std::vector<uint32_t> owners{kNobody};  // by id in accounts: the one group that used it
    for (const Draft& draft : drafts_) {
      for (const std::string& account : draft.accounts) {
        const uint32_t id = accounts.intern(account);
        if (id == owners.size()) owners.push_back(draft.group);
        if (owners[id] != draft.group) owners[id] = kSeveral;
      }
    }
    for (Draft& draft : drafts_) {
      const bool any = std::any_of(draft.accounts.begin(), draft.accounts.end(),
                                   [&](const std::string& account) { return owners[accounts.intern(account)] == kSeveral; });
      if (any) raise(draft.session, "shared_shell_account");
    }
  }

  void index_rows() {
    std::vector<char> room;
    for (uint32_t row = 0; row < findings_.rows.size(); ++row) {
      if (findings_.rows[row].empty_caller) continue;
      const uint32_t caller = row_callers_.intern(fold_into(findings_.rows[row].caller, room));
      if (caller >= rows_.size()) rows_.resize(caller + 1);
      rows_[caller].push_back(row);
    }
  }

  std::vector<Ticks> listing_hours(const Session& session) const {
    std::vector<Ticks> hours;
    for (const Signal& signal : session.signals) {
      if (signal.kind == SignalKind::storage_listing && (hours.empty() || hours.back() != hour_of(signal.time)))
        hours.push_back(hour_of(signal.time));
    }
    return hours;
  }

  // The caller's events of an hour in which the session has a signal: [first, second) of Timeline::moments().
  std::pair<uint32_t, uint32_t> moments_of_hour(const Session& session, uint32_t group, Ticks hour) const {
    const uint32_t begin = timeline_.index_from(group, hour, session.first_moment);
    return {begin, timeline_.index_from(group, hour + kTicksPerHour, begin)};
  }

  void reconcile(uint32_t number) {
    Session& session = drafts_[number].session;
    const uint32_t group = drafts_[number].group;
    const std::vector<Ticks> hours = listing_hours(session);
    std::vector<char> room;
    // A caller without a row gets an id without one.
    if (const uint32_t caller = row_callers_.intern(fold_into(session.caller, room)); caller < rows_.size()) {
      for (const uint32_t row : rows_[caller]) {
        if (std::binary_search(hours.begin(), hours.end(), findings_.rows[row].hour))
          session.rows.push_back(compare_row(row, number, group));
      }
    }
    if (session.rows.empty()) session.why_not = why_not(session, group, hours);
  }

  // Where the caller's events of one operation lie, seen from a session.
  struct Place {
    uint32_t comparison = 0;  // that it was noted in
    bool here = false;
    bool before = false;
    uint32_t other = UINT32_MAX;
  };

  Place& place_of(uint32_t folded) {
    if (places_[folded].comparison != comparison_) places_[folded] = {.comparison = comparison_};
    return places_[folded];
  }

  RowOfSession compare_row(uint32_t row, uint32_t number, uint32_t group) {
    ++comparison_;
    const SentinelRow& sentinel = findings_.rows[row];
    const Session& session = drafts_[number].session;
    const auto [begin, end] = moments_of_hour(session, group, sentinel.hour);
    reader_.each(begin, end, [&](uint32_t index, const Moment& moment) {
      if (!has_operation(moment)) return;
      Place& place = place_of(operation_of(moment).folded);
      if (index >= session.first_moment && index < session.last_moment) {
        place.here = true;
        return;
      }
      if (index < session.first_moment) place.before = true;
      // Sessions of one caller lie one behind the other.
      const std::vector<uint32_t>& others = sessions_of_group_.at(group);
      const auto behind =
          std::partition_point(others.begin(), others.end(), [&](uint32_t other) { return drafts_[other].session.first_moment <= index; });
      if (behind != others.begin() && index < drafts_[*(behind - 1)].session.last_moment)
        place.other = std::min(place.other, *(behind - 1));
    });
    RowOfSession result;
    result.row = row;
    for (size_t i = 0; i < sentinel.operations.size(); ++i) {
      const std::string_view member = sentinel.operations[i];
      const Place& place = place_of(classes_.operation[sentinel.operation_ids[i]].folded);
      if (place.here) continue;
      if (place.other != UINT32_MAX) {
        result.in_other_session.emplace_back(member, place.other);
      } else {
        (place.before ? result.before_start : result.after_end).push_back(member);
      }
    }
    return result;
  }

  std::vector<std::string_view> why_not(const Session& session, uint32_t group, const std::vector<Ticks>& hours) {
    if (hours.empty()) return {"no_storage_listing"};
    const auto each_copy = [&](uint32_t event, const auto& visit) {
      if (const MergedEvent* merged = timeline_.merged(event)) {
        for (const uint32_t copy : merged->copies) visit(copy);
      } else {
        visit(event);
      }
    };
    // In the hours of the listings: R, what the caller did, as the query counts it, and the listings that the query may see, other sessions' too,
    // since a row that they give would be a row of this session.
    std::vector<uint32_t> right;
    std::vector<std::pair<Ticks, uint32_t>> left;  // hour and caller
    for (const Ticks hour : hours) {
      const auto [begin, end] = moments_of_hour(session, group, hour);
      reader_.each(begin, end, [&](uint32_t, const Moment& moment) {
        if (has_operation(moment) && !operation_of(moment).list_keys) right.push_back(moment.event);
        if (signal_of(moment) != SignalKind::storage_listing) return;
        each_copy(moment.event, [&](uint32_t copy) {
          if (runs_[store_.input_of(copy)]) left.emplace_back(hour, store_.id(copy, Column::caller));
        });
      });
    }
    if (right.empty()) {
      bool list_keys = false, other = false;
      reader_.each(session.first_moment, session.last_moment, [&](uint32_t, const Moment& moment) {
        if (!is_operation(moment, signal_of(moment))) return;
        (operation_of(moment).list_keys ? list_keys : other) = true;
      });
      if (other) return {"crosses_bin"};
      return {list_keys ? std::string_view("list_keys_hidden") : std::string_view("no_other_operation")};
    }
    // Which relaxation of the query would give a row: without look-back, callers compared without case, or both.
    compact_sort(left.begin(), left.end());
    const auto row_exists = [&](bool any_case, bool any_time) {
      for (const uint32_t event : right) {
        const Ticks time = *timeline_.time(event);
        if (!any_time && cut_ && time < *cut_) continue;
        bool found = false;
        each_copy(event, [&](uint32_t copy) {
          if (!runs_[store_.input_of(copy)]) return;
          const std::pair<Ticks, uint32_t> wanted(hour_of(time), any_case ? 0 : store_.id(copy, Column::caller));
          const auto listing = std::lower_bound(left.begin(), left.end(), wanted);
          found = found || (listing != left.end() && (any_case ? listing->first == wanted.first : *listing == wanted));
        });
        if (found) return true;
      }
      return false;
    };
    if (!row_exists(true, true)) return {"input_cannot_run"};
    std::vector<std::string_view> why;
    const bool by_case = row_exists(true, false), by_time = row_exists(false, true);
    if (by_case || !by_time) why.push_back("caller_case");
    if (by_time || !by_case) why.push_back("outside_look_back");
    return why;
  }

  const EventStore& store_;
  const Timeline& timeline_;
  const std::optional<Ticks> cut_;
  const std::vector<uint8_t>& runs_;
  Findings& findings_;
  const Settings& settings_;
  const Groundwork& classes_;
  MomentReader candidate_reader_, reader_;  // two, since a session is described between its last signal and the next one's
  OfSession distinct_;
  OfOperation of_operation_;
  std::vector<std::pair<uint32_t, uint32_t>> by_operation_;  // folded name and place of an event of the session
  std::vector<Draft> drafts_;
  std::map<uint32_t, std::vector<uint32_t>> sessions_of_group_;
  std::vector<Place> places_;  // by folded operation
  uint32_t comparison_ = 0;
  Dictionary row_callers_;                   // folded
  std::vector<std::vector<uint32_t>> rows_;  // by caller's id there
};

}  // namespace

void find_sessions(const EventStore& store, const Timeline& timeline, const Groundwork& groundwork, std::optional<Ticks> cut,
                   const std::vector<uint8_t>& runs, Findings& findings) {
  SessionFinder(store, timeline, groundwork, cut, runs, findings).run();
}

}  // namespace csh
