-- name: vote_clock
-- The database's own clock, which alone opens and closes votes.
SELECT clock_timestamp() AS at;

-- name: session_place
-- The committee a session is of, with its kind.
-- $1 coordination, $2 session
SELECT s.committee, c.type
  FROM sessions AS s
  LEFT JOIN committees AS c USING (coordination, committee)
 WHERE s.coordination = $1
   AND s.session_id = $2;

-- name: committee_place
-- A committee with its kind.
-- $1 coordination, $2 committee
SELECT committee, type
  FROM committees
 WHERE coordination = $1
   AND committee = $2;

-- name: add_resolution
-- Open a vote; nothing when its id, or the first call it follows, is taken.
-- $1 coordination, $2 resolution, $3 session, $4 committee, $5 title, $6 text, $7 object, $8 rule book, $9 diagnostic version, $10 actions, $11 funds, $12 cents, $13 interested, $14 chair, $15 call, $16 first call, $17 instant, $18 closing, $19 first link
INSERT INTO resolutions (coordination, resolution_id, session_id, committee, title, text, object,
                         rule_book, diagnostic_version, award_actions, award_funds, award_cents,
                         interested, chair, call, second_call_of, opened_at, closes_at, clock,
                         last_seq, step, fact_digest, entry_digest)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $17,
        0, 0, $19, $19)
    ON CONFLICT DO NOTHING
RETURNING resolution_id;

-- name: freeze_roll
-- Freeze who may vote: those of `roll_of_day`. An interested organisation leaves at once, and so
-- does a member represented that day by a person of an interested organisation, or elected for one.
-- $1 coordination, $2 resolution, $3 day, $4 committee or null, $5 interested organisations, $6 members, $7 organisations, $8 colleges, $9 units
INSERT INTO roll (resolution_id, member_id, organization, college, units, recusal)
SELECT $2, m.member_id, m.organization, m.college,
       m.units,
       CASE WHEN m.organization = ANY($5::text[]) THEN 'INTERESTED'
            WHEN EXISTS (
                SELECT
                  FROM seats AS s
                  JOIN persons AS p USING (coordination, person_id)
                 WHERE s.coordination = $1
                   AND s.member_id = m.member_id
                   AND s.rank = 'HOLDER'
                   AND (s.committee IS NULL OR s.committee = $4)
                   AND $3 BETWEEN s.valid_from AND coalesce(s.valid_until, 'infinity')
                   AND (p.organization = ANY($5::text[])
                        OR EXISTS (
                            SELECT
                              FROM seats AS e
                              JOIN members AS them USING (coordination, member_id)
                             WHERE e.coordination = s.coordination
                               AND e.person_id = s.person_id
                               AND e.kind = 'ELECTED'
                               AND $3 BETWEEN e.valid_from AND coalesce(e.valid_until, 'infinity')
                               AND them.organization = ANY($5::text[])))
            ) THEN 'REPRESENTATIVE'
       END
  FROM unnest($6::uuid[], $7::text[], $8::text[], $9::integer[])
    AS m (member_id, organization, college, units);

-- name: voters
-- A page of a roll, by member.
-- $1 resolution, $2 after this member, $3 most rows
SELECT member_id, organization, college, units, recusal
  FROM roll
 WHERE resolution_id = $1
   AND member_id > $2
 ORDER BY member_id
 LIMIT $3;

-- name: voters_named
-- Members of a roll, by their ids.
-- $1 resolution, $2 members
SELECT member_id, organization, college, units, recusal
  FROM roll
 WHERE resolution_id = $1
   AND member_id = ANY($2::uuid[]);

-- name: resolution
-- One resolution.
-- $1 resolution
SELECT r.coordination, r.resolution_id, r.session_id, r.committee, r.title, r.text, r.object,
       r.rule_book, b.sha256 AS rule_book_sha256, r.diagnostic_version, r.award_actions,
       r.award_funds, r.award_cents, r.interested, r.chair, r.call, r.second_call_of, r.opened_at,
       r.closes_at, r.clock, r.last_seq, r.step, r.fact_digest, r.entry_digest, r.closed_at,
       r.casting_vote, r.result
  FROM resolutions AS r
  JOIN rule_books AS b ON b.coordination = r.coordination AND b.version = r.rule_book
 WHERE r.resolution_id = $1;

-- name: resolution_home
-- The coordination of a resolution, so that the caller's right can be checked.
-- $1 resolution
SELECT coordination
  FROM resolutions
 WHERE resolution_id = $1;

-- name: lock_resolution
-- One resolution, held until the transaction ends: its ballots are numbered one after another.
-- $1 resolution
SELECT r.coordination, r.resolution_id, r.session_id, r.committee, r.title, r.text, r.object,
       r.rule_book, b.sha256 AS rule_book_sha256, r.diagnostic_version, r.award_actions,
       r.award_funds, r.award_cents, r.interested, r.chair, r.call, r.second_call_of, r.opened_at,
       r.closes_at, r.clock, r.last_seq, r.step, r.fact_digest, r.entry_digest, r.closed_at,
       r.casting_vote, r.result
  FROM resolutions AS r
  JOIN rule_books AS b ON b.coordination = r.coordination AND b.version = r.rule_book
 WHERE r.resolution_id = $1
   FOR UPDATE OF r;

-- name: resolutions
-- A page of a coordination's resolutions by id.
-- $1 coordination, $2 after this id, $3 most rows
SELECT r.coordination, r.resolution_id, r.session_id, r.committee, r.title, r.text, r.object,
       r.rule_book, b.sha256 AS rule_book_sha256, r.diagnostic_version, r.award_actions,
       r.award_funds, r.award_cents, r.interested, r.chair, r.call, r.second_call_of, r.opened_at,
       r.closes_at, r.clock, r.last_seq, r.step, r.fact_digest, r.entry_digest, r.closed_at,
       r.casting_vote, r.result
  FROM resolutions AS r
  JOIN rule_books AS b ON b.coordination = r.coordination AND b.version = r.rule_book
 WHERE r.coordination = $1
   AND r.resolution_id > $2
 ORDER BY r.resolution_id
 LIMIT $3;

-- name: second_call
-- The resolution that is the second call of another.
-- $1 first call
SELECT resolution_id
  FROM resolutions
 WHERE second_call_of = $1;

-- name: overdue_votes
-- Votes whose hour is past and that nobody closed yet, the oldest first.
-- $1 most rows
SELECT resolution_id
  FROM resolutions
 WHERE closed_at IS NULL
   AND closes_at <= clock_timestamp()
 ORDER BY closes_at
 LIMIT $1;

-- name: tick_vote
-- The instant of a vote, which never goes back even if the machine's clock does; its row is held.
-- $1 resolution
UPDATE resolutions
   SET clock = greatest(clock, clock_timestamp())
 WHERE resolution_id = $1
RETURNING clock;

-- name: advance_vote
-- Keep where a vote stands after ballots or a recusal.
-- $1 resolution, $2 last sequence, $3 step, $4 digest of the last fact, $5 of the last entry
UPDATE resolutions
   SET last_seq = $2, step = $3, fact_digest = $4, entry_digest = $5
 WHERE resolution_id = $1;

-- name: close_vote
-- Keep what a vote decided, once.
-- $1 resolution, $2 instant, $3 casting vote, $4 result, $5 step, $6 digest of the last fact
UPDATE resolutions
   SET closed_at = $2, casting_vote = $3, result = $4, step = $5, fact_digest = $6
 WHERE resolution_id = $1
   AND closed_at IS NULL;

-- name: recuse_voter
-- Take a member off the roll; nothing when it left already.
-- $1 resolution, $2 member, $3 ground
UPDATE roll
   SET recusal = $3
 WHERE resolution_id = $1
   AND member_id = $2
   AND recusal IS NULL
RETURNING member_id;

-- name: vote_facts
-- A page of the facts told of a resolution, in order.
-- $1 resolution as the aggregate, $2 after this version, $3 most rows
SELECT event_id, aggregate, version, type, source, causation_id, correlation_id, data, at
  FROM ev
 WHERE aggregate = $1
   AND version > $2
 ORDER BY version
 LIMIT $3;
