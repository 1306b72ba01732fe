-- name: add_sheet
-- Write a new sheet; nothing when its slug or number is taken, so that a retry is free.
-- $1 coordination, $2 action, $3 number, $4 title, $5 category, $6 leads, $7 territories, $8 publics, $9 cents, $10 state
INSERT INTO sheets (coordination, action, number, title, category, leads, territories, publics,
                    budget_cents, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT DO NOTHING
RETURNING action;

-- name: sheet
-- One sheet as it stands.
-- $1 coordination, $2 action
SELECT coordination, action, number, title, category, leads, territories, publics, budget_cents,
       state
  FROM sheets
 WHERE coordination = $1
   AND action = $2;

-- name: lock_sheet
-- The same, held until the step is written.
-- $1 coordination, $2 action
SELECT coordination, action, number, title, category, leads, territories, publics, budget_cents,
       state
  FROM sheets
 WHERE coordination = $1
   AND action = $2
   FOR UPDATE;

-- name: sheets
-- A page of sheets by number.
-- $1 coordination, $2 after this number, $3 most rows
SELECT coordination, action, number, title, category, leads, territories, publics, budget_cents,
       state
  FROM sheets
 WHERE coordination = $1
   AND number > $2
 ORDER BY number
 LIMIT $3;

-- name: move_sheet
-- Bring a sheet to a state.
-- $1 coordination, $2 action, $3 state
UPDATE sheets
   SET state = $3
 WHERE coordination = $1
   AND action = $2;

-- name: add_step
-- Keep who moved a sheet, when, by which decision and why.
-- $1 coordination, $2 action, $3 state, $4 day, $5 decision, $6 reason, $7 who, $8 instant
INSERT INTO steps (coordination, action, n, state, moved_on, decision, reason, moved_by, at)
SELECT $1, $2, count(*) + 1, $3, $4, $5, $6, $7, $8
  FROM steps
 WHERE coordination = $1
   AND action = $2;
