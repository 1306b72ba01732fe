-- name: know_organization
-- An organisation took a seat: it may take needs in charge.
-- $1 coordination, $2 organisation, $3 name
INSERT INTO organizations (coordination, organization, name)
VALUES ($1, $2, $3)
    ON CONFLICT (coordination, organization) DO UPDATE
   SET name = excluded.name;

-- name: rename_organization
-- An organisation that took a seat has another name.
-- $1 coordination, $2 organisation, $3 name
UPDATE organizations
   SET name = $3
 WHERE coordination = $1
   AND organization = $2;

-- name: forget_organization
-- It gave way to another.
-- $1 coordination, $2 organisation
DELETE FROM organizations
 WHERE coordination = $1
   AND organization = $2;

-- name: hand_over_needs
-- What one organisation took in charge is another's from now on.
-- $1 coordination, $2 the one that gave way, $3 the one that stays
UPDATE needs
   SET taken_by = $3
 WHERE coordination = $1
   AND taken_by = $2;

-- name: organization_name
-- How an organisation of a coordination is called.
-- $1 coordination, $2 organisation
SELECT name
  FROM organizations
 WHERE coordination = $1
   AND organization = $2;

-- name: lock_needs
-- The needs of one id, one for each institution that uses it; who changes one holds it.
-- $1 coordination, $2 signal, $3 institution or null
SELECT institution, signal_id, label, revision, reporter_kind, period, grid, area_code, problem,
       theme, public, unit, count, place_kind, time_slots, reported_at, state, taken_by, taken_at,
       outcome, closed_at, withdrawn
  FROM needs
 WHERE coordination = $1
   AND signal_id = $2
   AND ($3::text IS NULL OR institution = $3)
 ORDER BY institution
   FOR UPDATE;

-- name: need_records
-- The needs of one id.
-- $1 coordination, $2 signal, $3 institution or null
SELECT institution, signal_id, label, revision, reporter_kind, period, grid, area_code, problem,
       theme, public, unit, count, place_kind, time_slots, reported_at, state, taken_by, taken_at,
       outcome, closed_at, withdrawn
  FROM needs
 WHERE coordination = $1
   AND signal_id = $2
   AND ($3::text IS NULL OR institution = $3)
 ORDER BY institution;

-- name: needs_listed
-- A page of reported needs, the latest first; what is withdrawn is not in it.
-- $1 coordination, $2 reported before or null, $3 signal before, $4 institution before, $5 area or null, $6 state or null, $7 theme or null, $8 public or null, $9 the only organisation to show or null, $10 most rows
SELECT institution, signal_id, label, revision, reporter_kind, period, grid, area_code, problem,
       theme, public, unit, count, place_kind, time_slots, reported_at, state, taken_by, taken_at,
       outcome, closed_at, withdrawn
  FROM needs
 WHERE coordination = $1
   AND ($2::timestamptz IS NULL
        OR (reported_at, signal_id, institution) < ($2::timestamptz, $3::uuid, $4::text))
   AND NOT withdrawn
   AND ($5::text IS NULL OR area_code = $5)
   AND ($6::text IS NULL OR state = $6)
   AND ($7::text IS NULL OR theme = $7)
   AND ($8::text IS NULL OR public = $8)
   AND ($9::text IS NULL OR institution = $9 OR taken_by = $9)
 ORDER BY reported_at DESC, signal_id DESC, institution DESC
 LIMIT $10;

-- name: take_need
-- An organisation answers for a need from now on.
-- $1 coordination, $2 signal, $3 institution, $4 organisation, $5 instant
UPDATE needs
   SET state = 'taken_in_charge',
       taken_by = $4,
       taken_at = $5
 WHERE coordination = $1
   AND signal_id = $2
   AND institution = $3;

-- name: close_need
-- A need came to an outcome: nothing is recalled any more.
-- $1 coordination, $2 signal, $3 institution, $4 outcome, $5 instant
UPDATE needs
   SET state = 'closed',
       outcome = $4,
       closed_at = $5,
       reminder_on = NULL
 WHERE coordination = $1
   AND signal_id = $2
   AND institution = $3;

-- name: needs_to_remind
-- Needs that are to be recalled by a day, each held by who recalls it.
-- $1 day, $2 most rows
SELECT coordination, institution, signal_id, state, taken_by, reported_at, reminder_on
  FROM needs
 WHERE reminder_on <= $1
   AND NOT withdrawn
   AND state <> 'closed'
 ORDER BY reminder_on, coordination, signal_id, institution
 LIMIT $2
   FOR UPDATE SKIP LOCKED;

-- name: put_reminders
-- The days of the next reminders, null after the last.
-- $1 coordinations, $2 signals, $3 institutions, $4 days
UPDATE needs
   SET reminder_on = a.reminder_on
  FROM unnest($1::text[], $2::uuid[], $3::text[], $4::date[])
       AS a (coordination, signal_id, institution, reminder_on)
 WHERE (needs.coordination, needs.signal_id, needs.institution)
       = (a.coordination, a.signal_id, a.institution);

-- name: needs_summed
-- Needs of a coordination by kind and public, all communes together: what is shown of each, and what is not.
-- $1 coordination, $2 period or null, $3 least count that is shown, $4 what counts are rounded to
SELECT problem, theme, public, unit, period,
       coalesce(sum((count_sum + $4::bigint / 2) / $4::bigint * $4::bigint)
                FILTER (WHERE count_sum >= $3::bigint), 0)::bigint AS count_sum,
       coalesce(sum(count_sum) FILTER (WHERE count_sum < $3::bigint), 0)::bigint AS hidden_sum,
       count(*) FILTER (WHERE count_sum < $3::bigint) AS hidden_parts
  FROM need_figures
 WHERE coordination = $1
   AND ($2::text IS NULL OR period = $2)
   AND count_sum > 0
 GROUP BY problem, theme, public, unit, period
 ORDER BY problem, theme, public, unit, period;

-- name: needs_followed
-- Where the needs of a commune stand, those left aside whose sum is under a count.
-- $1 coordination, $2 commune, $3 least sum
SELECT n.unit, n.state, n.outcome, sum(n.count)::bigint AS count
  FROM needs AS n
  JOIN need_figures AS f
    ON f.coordination = n.coordination
   AND f.commune = n.commune
   AND f.problem = n.problem
   AND f.theme = n.theme
   AND f.public = n.public
   AND f.unit = n.unit
   AND f.period = n.period
 WHERE n.coordination = $1
   AND n.commune = $2
   AND NOT n.withdrawn
   AND f.count_sum >= $3::bigint
 GROUP BY n.unit, n.state, n.outcome
 ORDER BY n.unit, n.state DESC, n.outcome;
