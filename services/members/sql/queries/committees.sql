-- name: add_committee
-- A committee begins; nothing when its slug is taken here.
-- $1 coordination, $2 committee, $3 name, $4 type, $5 days between meetings or null, $6 presenter is elected, $7 first day
INSERT INTO committees (coordination, committee, name, type, meets_every_days,
                        presenter_is_elected, since, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'ACTIVE')
    ON CONFLICT DO NOTHING
RETURNING committee;

-- name: committee
-- One committee of a coordination, with those it was made of.
-- $1 coordination, $2 committee
SELECT c.coordination, c.committee, c.name, c.type, c.meets_every_days, c.presenter_is_elected,
       c.since, c.state, c.became, c.completed_on, c.closed_on, c.close_reason,
       array(SELECT w.committee
               FROM committees AS w
              WHERE w.coordination = c.coordination
                AND w.became = c.committee
              ORDER BY w.committee) AS was
  FROM committees AS c
 WHERE c.coordination = $1
   AND c.committee = $2;

-- name: committees
-- A page of a coordination's committees by slug.
-- $1 coordination, $2 after this slug, $3 most rows
SELECT c.coordination, c.committee, c.name, c.type, c.meets_every_days, c.presenter_is_elected,
       c.since, c.state, c.became, c.completed_on, c.closed_on, c.close_reason,
       array(SELECT w.committee
               FROM committees AS w
              WHERE w.coordination = c.coordination
                AND w.became = c.committee
              ORDER BY w.committee) AS was
  FROM committees AS c
 WHERE c.coordination = $1
   AND c.committee > $2
 ORDER BY c.committee
 LIMIT $3;

-- name: complete_committee
-- A committee is declared complete.
-- $1 coordination, $2 committee, $3 day
UPDATE committees
   SET completed_on = $3
 WHERE coordination = $1
   AND committee = $2;

-- name: close_committee
-- A committee is over: closed, or transformed into another.
-- $1 coordination, $2 committee, $3 state, $4 what it became or null, $5 last day, $6 reason
UPDATE committees
   SET state = $3, became = $4, closed_on = $5, close_reason = $6
 WHERE coordination = $1
   AND committee = $2;
