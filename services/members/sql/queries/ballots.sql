-- name: ballots_by_id
-- Ballots that some ids already name, with the resolution of each.
-- $1 ballots
SELECT resolution_id, seq, ballot_id, member_id, holder_id, choice, cast_at
  FROM ballots
 WHERE ballot_id = ANY($1::uuid[]);

-- name: voted_in_person
-- Which of some members cast a ballot of their own: proxies they gave are over for this vote.
-- $1 resolution, $2 members
SELECT DISTINCT member_id
  FROM ballots
 WHERE resolution_id = $1
   AND member_id = ANY($2::uuid[])
   AND holder_id IS NULL;

-- name: used_proxies
-- Who voted for whom so far.
-- $1 resolution
SELECT DISTINCT member_id AS giver, holder_id AS holder
  FROM ballots
 WHERE resolution_id = $1
   AND holder_id IS NOT NULL;

-- name: proxies_given
-- Proxies that some members gave for a session and did not take back.
-- $1 coordination, $2 session, $3 members
SELECT giver, holder, given_on
  FROM proxies
 WHERE coordination = $1
   AND session_id = $2
   AND giver = ANY($3::uuid[])
   AND revoked_at IS NULL;

-- name: add_ballots
-- Keep ballots at their sequence numbers.
-- $1 resolution, $2 sequence numbers, $3 ids, $4 members, $5 holders, $6 choices, $7 instant
INSERT INTO ballots (resolution_id, seq, ballot_id, member_id, holder_id, choice, cast_at)
SELECT $1, seq, ballot_id, member_id, holder_id, choice, $7
  FROM unnest($2::bigint[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[])
       AS a (seq, ballot_id, member_id, holder_id, choice);

-- name: ballots
-- A page of ballots by sequence number.
-- $1 resolution, $2 after this number, $3 most rows
SELECT b.seq, b.member_id, r.college, b.choice, b.holder_id, b.cast_at
  FROM ballots AS b
  JOIN roll AS r USING (resolution_id, member_id)
 WHERE b.resolution_id = $1
   AND b.seq > $2
 ORDER BY b.seq
 LIMIT $3;

-- name: own_ballot
-- The last ballot a member cast itself.
-- $1 resolution, $2 member
SELECT seq, ballot_id, member_id, holder_id, choice, cast_at
  FROM ballots
 WHERE resolution_id = $1
   AND member_id = $2
   AND holder_id IS NULL
 ORDER BY seq DESC
 LIMIT 1;

-- name: vote_counts
-- Count each college in units: a member's own last ballot, or the last one by proxy; what a
-- recused member gave, held or cast is void. Roll and ballots are put one below the other and
-- grouped, not joined: whatever PostgreSQL believes of their sizes, each is read once.
-- $1 resolution
WITH entries AS (
    SELECT member_id, college, units, recusal IS NOT NULL AS recused,
           NULL::text AS choice, NULL::boolean AS by_proxy, NULL::bigint AS seq
      FROM roll
     WHERE resolution_id = $1
     UNION ALL
    SELECT member_id, NULL, NULL, NULL, choice, holder_id IS NOT NULL, seq
      FROM ballots
     WHERE resolution_id = $1
       AND (holder_id IS NULL
            OR holder_id NOT IN (SELECT member_id
                                   FROM roll
                                  WHERE resolution_id = $1
                                    AND recusal IS NOT NULL))
), voters AS (
    SELECT max(college) AS college, max(units) AS units, bool_or(recused) AS recused,
           (array_agg(choice ORDER BY by_proxy, seq DESC) FILTER (WHERE seq IS NOT NULL))[1] AS choice
      FROM entries
     GROUP BY member_id
)
SELECT college,
       sum(units)::bigint AS roll,
       coalesce(sum(units) FILTER (WHERE recused), 0)::bigint AS recused,
       coalesce(sum(units) FILTER (WHERE NOT recused AND choice = 'for'), 0)::bigint AS in_favour,
       coalesce(sum(units) FILTER (WHERE NOT recused AND choice = 'against'), 0)::bigint AS against,
       coalesce(sum(units) FILTER (
           WHERE NOT recused AND choice IN ('abstain', 'blank')), 0)::bigint AS abstain
  FROM voters
 GROUP BY college
 ORDER BY college;
