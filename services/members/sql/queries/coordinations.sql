-- name: add_coordination
-- Found a coordination; nothing when its slug is taken, so that a retry is free.
-- $1 coordination, $2 name, $3 level, $4 siren, $5 communes, $6 instant
INSERT INTO coordinations (coordination, name, level, siren, communes, founded_at)
VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING
RETURNING coordination;

-- name: coordination
-- One coordination.
-- $1 coordination
SELECT coordination, name, level, siren, communes
  FROM coordinations
 WHERE coordination = $1;

-- name: coordinations
-- A page of coordinations by slug; all of them, or the one that is given.
-- $1 only this one or null, $2 after this slug, $3 most rows
SELECT coordination, name, level, siren, communes
  FROM coordinations
 WHERE ($1::text IS NULL OR coordination = $1)
   AND coordination > $2
 ORDER BY coordination
 LIMIT $3;
