-- name: add_testimony
-- A testimony is kept; nothing when its id is taken.
-- $1 … $9 the columns of a testimony, $10 instant
INSERT INTO testimonies (coordination, testimony_id, target_kind, target, commune, public, said,
                         heard_on, organization, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT DO NOTHING
RETURNING testimony_id;

-- name: testimony
-- One testimony, withdrawn or not.
-- $1 coordination, $2 testimony
SELECT coordination, testimony_id, target_kind, target, commune, public, said, heard_on,
       organization
  FROM testimonies
 WHERE coordination = $1
   AND testimony_id = $2;

-- name: testimonies
-- A page of testimonies that stand, by id, about one thing, of one commune, or all.
-- $1 coordination, $2 kind of target or null, $3 target or null, $4 commune or null,
-- $5 after this id, $6 most rows
SELECT coordination, testimony_id, target_kind, target, commune, public, said, heard_on,
       organization
  FROM testimonies
 WHERE coordination = $1
   AND withdrawn_on IS NULL
   AND ($2::text IS NULL OR target_kind = $2)
   AND ($3::text IS NULL OR target = $3)
   AND ($4::text IS NULL OR commune = $4)
   AND testimony_id > $5
 ORDER BY testimony_id
 LIMIT $6;

-- name: withdraw_testimony
-- The words are gone; that there were some, and until when, stays.
-- $1 coordination, $2 testimony, $3 day
UPDATE testimonies
   SET said = NULL,
       withdrawn_on = $3
 WHERE coordination = $1
   AND testimony_id = $2
   AND withdrawn_on IS NULL;

-- name: add_visit
-- A visit is planned; nothing when its id is taken.
-- $1 … $8 the columns of a visit, $9 instant
INSERT INTO visits (coordination, visit_id, commune, planned_on, state, done_on, met, needs,
                    recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT DO NOTHING
RETURNING visit_id;

-- name: visit
-- One visit.
-- $1 coordination, $2 visit
SELECT coordination, visit_id, commune, planned_on, state, done_on, met, needs
  FROM visits
 WHERE coordination = $1
   AND visit_id = $2;

-- name: lock_visit
-- One visit, which nobody else changes until the end of the transaction.
-- $1 coordination, $2 visit
SELECT coordination, visit_id, commune, planned_on, state, done_on, met, needs
  FROM visits
 WHERE coordination = $1
   AND visit_id = $2
   FOR UPDATE;

-- name: set_visit
-- A visit is made, or cancelled.
-- $1 coordination, $2 visit, $3 state, $4 day or null, $5 who was met, $6 needs heard
UPDATE visits
   SET state = $3,
       done_on = $4,
       met = $5,
       needs = $6
 WHERE coordination = $1
   AND visit_id = $2;

-- name: visits
-- A page of visits by id, of one commune or state, or all.
-- $1 coordination, $2 commune or null, $3 state or null, $4 after this id, $5 most rows
SELECT coordination, visit_id, commune, planned_on, state, done_on, met, needs
  FROM visits
 WHERE coordination = $1
   AND ($2::text IS NULL OR commune = $2)
   AND ($3::text IS NULL OR state = $3)
   AND visit_id > $4
 ORDER BY visit_id
 LIMIT $5;

-- name: start_tour
-- A post was filled: every commune is to be visited; the same again changes nothing.
-- $1 coordination, $2 post, $3 day
INSERT INTO tours (coordination, post, filled_on)
VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING;

-- name: tours
-- A page of tours by post, each since its post was last filled, one or all.
-- $1 coordination, $2 post or null, $3 after this post, $4 most rows
SELECT post, max(filled_on) AS filled_on
  FROM tours
 WHERE coordination = $1
   AND ($2::text IS NULL OR post = $2)
   AND post > $3
 GROUP BY post
 ORDER BY post
 LIMIT $4;

-- name: tour_stops
-- Each commune of a coordination: when it was last visited since a day, when it is to be.
-- $1 coordination, $2 day
SELECT c.code AS commune, c.name, found.done_on, found.planned_on
  FROM communes AS c
  LEFT JOIN LATERAL (SELECT max(v.done_on) FILTER (WHERE v.state = 'DONE'
                                                     AND v.done_on >= $2) AS done_on,
                            min(v.planned_on) FILTER (WHERE v.state = 'PLANNED') AS planned_on
                       FROM visits AS v
                      WHERE v.coordination = c.coordination
                        AND v.commune = c.code) AS found ON true
 WHERE c.coordination = $1
   AND c.covered
 ORDER BY c.code;
