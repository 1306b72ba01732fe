-- name: add_coordination
-- Found a coordination; nothing when its slug is taken, so that a retry is free.
-- $1 coordination, $2 name, $3 level, $4 siren, $5 communes, $6 department, $7 epcis, $8 parent, $9 experiment, $10 first day, $11 last day, $12 strategy, $13 process, $14 instant
INSERT INTO coordinations (coordination, name, level, siren, communes, department, epcis, parent,
                           experiment, starts_on, ends_on, strategy, process, founded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    ON CONFLICT DO NOTHING
RETURNING coordination;

-- name: coordination
-- One coordination.
-- $1 coordination
SELECT coordination, name, level, siren, communes, department, epcis, parent, experiment,
       starts_on, ends_on, strategy, process
  FROM coordinations
 WHERE coordination = $1;

-- name: coordinations
-- A page of coordinations by slug; all of them, or the one that is given.
-- $1 only this one or null, $2 after this slug, $3 most rows
SELECT coordination, name, level, siren, communes, department, epcis, parent, experiment,
       starts_on, ends_on, strategy, process
  FROM coordinations
 WHERE ($1::text IS NULL OR coordination = $1)
   AND coordination > $2
 ORDER BY coordination
 LIMIT $3;
