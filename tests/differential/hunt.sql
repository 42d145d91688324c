-- The hunt a third time, as a database would do it: DuckDB reads the files itself, and both answers are one set of views. Written from
-- the rules in words, apart from the C++ core and from hunt.py. One folder is one hunt with settings of its own; all are hunted at once.
--
-- Expects the variable `folder`, below which lie FOLDER/diagnostic.jsonl, FOLDER/rest.json and FOLDER/rows.csv in any choice, and a table
-- hunts(folder, window_ticks, look_back_ticks, as_of_ticks, succeeded_is_success), the last two ticks NULL for "none" and "newest".
-- Leaves the views sentinel_rows, session_list, session_signals, session_operations and duplicate_counts.
--
-- Not covered, hunt.py alone answers for it: damaged records, other shapes, encodings and containers, times in a locale's order or zone,
-- severities, techniques and flags, names as they are printed (here all are folded), why a session has no row, and inputs that lack a
-- column (but for a diagnostic file without any claim that names a caller).

-- A-Z only: the Kelvin sign is no K.
CREATE MACRO fold(t) AS translate(t, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz');

-- Time as a number of 100 ns ticks since 1970, which no timestamp of DuckDB's holds without rounding; NULL where the text is no time.
CREATE MACRO iso_ticks(t) AS
  epoch_us(try_strptime(regexp_extract(t, '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d'), '%Y-%m-%dT%H:%M:%S')) * 10
  + rpad(regexp_extract(t, '\.(\d{1,7})', 1), 7, '0')::BIGINT
  - CASE WHEN t LIKE '%Z' THEN 0
         ELSE (regexp_extract(t, '([+-])\d\d:\d\d$', 1) || '1')::BIGINT
              * (regexp_extract(t, '[+-](\d\d):\d\d$', 1)::BIGINT * 60 + regexp_extract(t, '[+-]\d\d:(\d\d)$', 1)::BIGINT) * 600000000 END;
CREATE MACRO us_ticks(t) AS epoch_us(try_strptime(t, '%-m/%-d/%Y, %-I:%M:%S.%g %p')) * 10;
CREATE MACRO ticks(t) AS
  CASE WHEN regexp_matches(t, '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$') THEN iso_ticks(t) ELSE us_ticks(t) END;
CREATE MACRO hour_of(ticks) AS ticks - ((ticks % 36000000000) + 36000000000) % 36000000000;

-- The segment behind /word/ of a resource id.
CREATE MACRO segment(id, word) AS coalesce(regexp_extract(id, '/(?i:' || word || ')/([^/]*)', 1), '');

-- ResourceGroup has "cloud-shell-storage": neither neighbour is a letter or digit, and what is not ASCII counts as a letter.
CREATE MACRO has_shell_storage(g) AS
  regexp_matches(fold(g), '(^|[\x00-/:-@\[-`{-\x7f])cloud-shell-storage($|[\x00-/:-@\[-`{-\x7f])');

CREATE MACRO mapped(s) AS CASE fold(s) WHEN 'succeeded' THEN 'Success' WHEN 'success' THEN 'Success' WHEN 'started' THEN 'Start'
  WHEN 'start' THEN 'Start' WHEN 'accepted' THEN 'Accept' WHEN 'accept' THEN 'Accept' WHEN 'failed' THEN 'Failure'
  WHEN 'failure' THEN 'Failure' ELSE s END;

CREATE MACRO is_console_app(app) AS fold(app) = 'b677c290-cf4b-4a8e-a60e-91ba650a4abe';
CREATE MACRO is_shell_app(app) AS is_console_app(app) OR fold(app) IN
  ('2233b157-f44d-4812-b777-036cdaf9a96e', 'b1395854-dccf-4fe6-9186-655f101f919b', '245e1dee-74ef-4257-a8c8-8208296e1dfd');
CREATE MACRO list_keys() AS 'microsoft.storage/storageaccounts/listkeys/action';

CREATE MACRO text(j, path) AS coalesce(json_extract_string(j, path), '');
CREATE MACRO first_filled(a, b) AS CASE WHEN coalesce(a, '') <> '' THEN a ELSE coalesce(b, '') END;
-- {"value": …} or the word itself.
CREATE MACRO value_of(j) AS
  CASE json_type(j) WHEN 'OBJECT' THEN text(j, '$.value') WHEN 'VARCHAR' THEN text(j, '$') ELSE '' END;
-- The caller of a record that has none: the first claim that is filled; a name is trimmed and loses the mark of personal accounts.
CREATE MACRO claimed_name(c) AS
  regexp_replace(trim(first_filled(text(c, '$."http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"'), text(c, '$.name'))),
                 '^(?i:live\.com#)', '');
CREATE MACRO claimed(c) AS
  first_filled(text(c, '$."http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"'),
  first_filled(text(c, '$."http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"'),
  first_filled(claimed_name(c),
  first_filled(text(c, '$."http://schemas.microsoft.com/identity/claims/objectidentifier"'), text(c, '$.appid')))));

-- ------------------------------------------------------------------------------------------------------------ files -> events
-- raw: the status is one of REST's words, which are always mapped.
CREATE TABLE read_events AS
SELECT filename, parse_path(filename)[-2] AS folder, FALSE AS raw, ticks("time") AS moment, claimed(identity->'$.claims') AS caller,
       coalesce(operationName, '') AS operation, coalesce(resultType, '') AS status, segment(resourceId, 'resourcegroups') AS grp,
       coalesce(callerIpAddress, '') AS ip, text(identity, '$.claims.appid') AS app, coalesce(resourceId, '') AS resource,
       coalesce(correlationId, '') AS correlation, '' AS event_id,
       json_extract_string(identity, '$.claims') <> '{}' AS names_caller
FROM read_json(getvariable('folder') || '/*/diagnostic.jsonl', format = 'newline_delimited', filename = TRUE, columns = {
  "time": 'VARCHAR', operationName: 'VARCHAR', resourceId: 'VARCHAR', resultType: 'VARCHAR', callerIpAddress: 'VARCHAR',
  correlationId: 'VARCHAR', identity: 'JSON'})
UNION ALL
SELECT filename, parse_path(filename)[-2], TRUE, ticks(eventTimestamp), coalesce(caller, ''), value_of(operationName), value_of(status),
       first_filled(resourceGroupName, first_filled(resourceGroup, segment(first_filled(resourceId, resourceUri), 'resourcegroups'))),
       first_filled(text(httpRequest, '$.clientIpAddress'), text(claims, '$.ipaddr')), text(claims, '$.appid'),
       first_filled(resourceId, resourceUri), coalesce(correlationId, ''), coalesce(eventDataId, ''), TRUE
FROM read_json(getvariable('folder') || '/*/rest.json', format = 'array', filename = TRUE, columns = {
  eventTimestamp: 'VARCHAR', caller: 'VARCHAR', operationName: 'JSON', status: 'JSON', resourceGroupName: 'VARCHAR',
  resourceGroup: 'VARCHAR', resourceId: 'VARCHAR', resourceUri: 'VARCHAR', httpRequest: 'JSON',
  claims: 'JSON', correlationId: 'VARCHAR', eventDataId: 'VARCHAR'})
UNION ALL
SELECT filename, parse_path(filename)[-2], FALSE, ticks(TimeGenerated), coalesce(Caller, ''), coalesce(OperationNameValue, ''),
       coalesce(ActivityStatusValue, ''), first_filled(ResourceGroup, segment(_ResourceId, 'resourcegroups')),
       coalesce(CallerIpAddress, ''),
       CASE WHEN json_valid(Claims) THEN text(Claims, '$.appid') ELSE '' END, coalesce(_ResourceId, ''), coalesce(CorrelationId, ''),
       coalesce(EventDataId, ''), TRUE
FROM read_csv(getvariable('folder') || '/*/rows.csv', header = TRUE, auto_detect = FALSE, delim = ',', quote = '"', escape = '"',
  filename = TRUE, columns = {TimeGenerated: 'VARCHAR', Caller: 'VARCHAR', OperationNameValue: 'VARCHAR', ActivityStatusValue: 'VARCHAR',
  ResourceGroup: 'VARCHAR', CallerIpAddress: 'VARCHAR', Claims: 'VARCHAR', CorrelationId: 'VARCHAR', EventDataId: 'VARCHAR',
  _ResourceId: 'VARCHAR'});

-- Whether any event of the file carries an app id, and whether the published query can run on the file.
CREATE TABLE events AS
SELECT row_number() OVER () AS number, *, bool_or(app <> '') OVER (PARTITION BY filename) AS carries,
       bool_or(names_caller) OVER (PARTITION BY filename) AS can_run
FROM read_events JOIN hunts USING (folder);

CREATE MACRO effective(status, raw, succeeded_is_success) AS CASE WHEN raw OR succeeded_is_success THEN mapped(status) ELSE status END;

-- ------------------------------------------------------------------------------------------------------------ the published query
CREATE TABLE cuts AS
SELECT folder, coalesce(any_value(as_of_ticks), max(moment)) - any_value(look_back_ticks) AS cut FROM events GROUP BY folder;

CREATE VIEW sentinel_rows AS
WITH left_side AS (
  -- where ActivityStatusValue =~ "Success" | where ResourceGroup has "cloud-shell-storage"
  -- | where OperationNameValue =~ "…/listKeys/action" | summarize by Caller, timekey = bin(TimeGenerated, 1h)
  SELECT DISTINCT folder, caller, hour_of(moment) AS timekey FROM events
  WHERE can_run AND fold(effective(status, raw, succeeded_is_success)) = 'success' AND has_shell_storage(grp)
    AND fold(operation) = list_keys()
), right_side AS (
  -- where TimeGenerated >= ago(…) | where OperationNameValue !~ "…/listKeys/action" | where isnotempty(OperationNameValue)
  -- | summarize make_set(OperationNameValue) by Caller, timekey = bin(TimeGenerated, 1h)
  SELECT folder, caller, hour_of(moment) AS timekey, list_sort(list(DISTINCT operation)) AS operations FROM events JOIN cuts USING (folder)
  WHERE can_run AND moment IS NOT NULL AND (cut IS NULL OR moment >= cut) AND fold(operation) <> list_keys() AND operation <> ''
  GROUP BY folder, caller, hour_of(moment)
)
-- join on Caller, timekey
SELECT l.folder, l.caller AS "Caller", l.timekey, r.caller AS "Caller1", r.timekey AS timekey1, r.operations AS "set_OperationNameValue",
       l.timekey AS "timestamp", l.caller AS "AccountCustomEntity"
FROM left_side l JOIN right_side r ON l.folder = r.folder AND l.caller = r.caller AND l.timekey = r.timekey;

-- ------------------------------------------------------------------------------------------------------------ one event, several copies
-- Copies agree in caller, operation, mapped status, time, correlation and resource, all filled, and in the event id where both have one;
-- those without join the smallest. What one copy lacks another gives; of several texts the smallest stays, before it a group that is Cloud
-- Shell's and a status in AzureActivity's own word.
CREATE TABLE copies AS
WITH keyed AS (
  SELECT *, CASE WHEN moment IS NULL OR '' IN (caller, operation, status, correlation, resource) THEN [number::VARCHAR]
                 ELSE [moment::VARCHAR, fold(caller), fold(operation), mapped(status), fold(correlation), fold(resource)] END AS family
  FROM events
)
SELECT *, CASE WHEN event_id <> '' THEN fold(event_id)
               ELSE coalesce(min(fold(event_id)) FILTER (event_id <> '') OVER (PARTITION BY folder, family), '') END AS which
FROM keyed;

CREATE TABLE whole AS
SELECT folder, any_value(moment) AS moment, any_value(window_ticks) AS window_ticks, fold(any_value(caller)) AS caller,
       fold(any_value(operation)) AS operation, bool_or(carries) AS carries,
       coalesce(min(app) FILTER (app <> ''), '') AS app, coalesce(min(correlation) FILTER (correlation <> ''), '') AS correlation,
       coalesce(min(grp) FILTER (has_shell_storage(grp)), min(grp) FILTER (grp <> ''), '') AS grp,
       effective(coalesce(min(status) FILTER (fold(mapped(status)) = fold(status) AND status <> ''), min(status) FILTER (status <> ''), ''),
                 bool_or(raw), any_value(succeeded_is_success)) AS status
FROM copies GROUP BY folder, family, which;

CREATE VIEW duplicate_counts AS
SELECT folder, (SELECT count(*) FROM events e WHERE e.folder = w.folder) - count(*) AS duplicates FROM whole w GROUP BY folder;

-- ------------------------------------------------------------------------------------------------------------ sessions
CREATE TABLE judged AS
SELECT *, CASE WHEN operation = list_keys() AND fold(status) = 'success' AND has_shell_storage(grp) THEN 'storage_listing'
               WHEN operation = 'microsoft.portal/consoles/write' THEN
                 CASE WHEN fold(status) IN ('failure', 'failed') THEN NULL ELSE 'console_write' END
               WHEN operation <> '' AND is_shell_app(app) THEN 'shell_app' END AS kind
FROM whole WHERE caller <> '' AND moment IS NOT NULL;

-- Islands: a signal at or after the last one's time plus the window opens the next session. Signals of one instant are of one island,
-- whichever of them is taken for the first: the count is over a range of time, not over rows.
CREATE TABLE signals AS
WITH stepped AS (
  SELECT *, coalesce(moment >= lag(moment) OVER caller_signals + window_ticks, TRUE) AS opens FROM judged WHERE kind IS NOT NULL
  WINDOW caller_signals AS (PARTITION BY folder, caller ORDER BY moment)
)
SELECT *, count(*) FILTER (opens) OVER (PARTITION BY folder, caller ORDER BY moment RANGE UNBOUNDED PRECEDING) AS island FROM stepped;

CREATE TABLE sessions AS
SELECT folder, caller, island, min(moment) AS starts, max(moment) + any_value(window_ticks) AS ends
FROM signals GROUP BY folder, caller, island;

CREATE VIEW session_signals AS
SELECT folder, caller, starts, kind, count(*) AS events FROM signals JOIN sessions USING (folder, caller, island)
GROUP BY folder, caller, starts, kind;

-- Operations: in [start, end), named, no console start, and no listing of shell storage but from inside a shell.
-- Attribution, as a rank: 3 in_shell, 2 same_window, 1 unknown where the file carries no app ids.
CREATE VIEW session_operations AS
SELECT s.folder, s.caller, s.starts, e.operation, count(*) AS events, min(e.moment) AS first, max(e.moment) AS last,
       max(CASE WHEN is_shell_app(e.app) THEN 3 WHEN e.carries THEN 2 ELSE 1 END) AS attribution,
       count(*) FILTER (is_shell_app(e.app)) AS in_shell_count,
       count(DISTINCT fold(e.correlation)) FILTER (e.correlation <> '') AS calls,
       bool_or(fold(e.status) IN ('failure', 'failed'))
         AND NOT bool_or(fold(e.status) IN ('success', 'succeeded', 'accept', 'accepted')) AS failed
FROM sessions s JOIN judged e ON e.folder = s.folder AND e.caller = s.caller AND e.moment >= s.starts AND e.moment < s.ends
WHERE e.operation <> '' AND e.kind IS DISTINCT FROM 'console_write' AND (e.kind IS DISTINCT FROM 'storage_listing' OR is_console_app(e.app))
GROUP BY s.folder, s.caller, s.starts, e.operation;

-- The rows of a session: of its caller, whatever the case, in the hours of its listings.
CREATE VIEW session_list AS
SELECT folder, caller, starts, ends,
       (SELECT coalesce(list_sort(list(DISTINCT {caller: r."Caller", timekey: r.timekey})), [])
        FROM sentinel_rows r JOIN signals l ON l.folder = r.folder AND hour_of(l.moment) = r.timekey AND l.caller = fold(r."Caller")
        WHERE l.kind = 'storage_listing' AND l.folder = s.folder AND l.caller = s.caller AND l.island = s.island) AS rows
FROM sessions s;
