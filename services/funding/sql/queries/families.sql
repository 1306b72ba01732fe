-- name: put_lineage
-- Under which coordination another one stands from now on.
-- $1 coordination, $2 parent or null
INSERT INTO lineage (coordination, parent)
VALUES ($1, $2)
    ON CONFLICT (coordination) DO UPDATE
   SET parent = excluded.parent;

-- name: family
-- A coordination and all those below, each with those above it up to the first.
-- $1 coordination, $2 most rows
WITH RECURSIVE family AS (
    SELECT $1::text AS coordination, ARRAY[]::text[] AS above
     UNION ALL
    SELECT l.coordination, f.above || f.coordination
      FROM family AS f
      JOIN lineage AS l ON l.parent = f.coordination
     WHERE l.coordination <> $1
       AND l.coordination <> ALL(f.above)
       AND cardinality(f.above) < 20
)
SELECT coordination, above
  FROM family
 ORDER BY cardinality(above), coordination
 LIMIT $2;

-- name: counted_elsewhere
-- Funds of some coordinations whose money a fund of another one of them counts already.
-- $1 coordinations
SELECT c.coordination, c.fund, c.in_coordination
  FROM counted_in AS c
  JOIN funds AS f ON f.coordination = c.in_coordination AND f.fund = c.in_fund
 WHERE c.coordination = ANY($1::text[])
   AND c.in_coordination = ANY($1::text[]);

-- name: counted_in
-- Which fund counts the money of a fund already.
-- $1 coordination, $2 fund
SELECT in_coordination, in_fund
  FROM counted_in
 WHERE coordination = $1
   AND fund = $2;

-- name: put_counted_in
-- Say which fund of a coordination above counts the money of a fund already.
-- $1 coordination, $2 fund, $3 coordination that counts, $4 its fund
INSERT INTO counted_in (coordination, fund, in_coordination, in_fund)
VALUES ($1, $2, $3, $4)
    ON CONFLICT (coordination, fund) DO UPDATE
   SET in_coordination = excluded.in_coordination,
       in_fund = excluded.in_fund;

-- name: drop_counted_in
-- A fund counts for itself again.
-- $1 coordination, $2 fund
DELETE FROM counted_in
 WHERE coordination = $1
   AND fund = $2;

-- name: rename_funder
-- Follow the name of an organisation that brings money here.
-- $1 coordination, $2 funder, $3 name
UPDATE funders
   SET name = $3
 WHERE coordination = $1
   AND funder = $2;

-- name: rename_payee
-- Follow the name of an organisation that is paid here.
-- $1 coordination, $2 payee, $3 name
UPDATE payees
   SET name = $3
 WHERE coordination = $1
   AND payee = $2;
