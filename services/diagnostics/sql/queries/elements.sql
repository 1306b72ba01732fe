-- name: add_element
-- A risk is observed; nothing when its id is taken.
-- $1 … $15 the columns of an element, $16 instant
INSERT INTO elements (coordination, element_id, title, problem, public, communes, figure_kind,
                      figure, reading, source, vintage, observed_on, organization, state,
                      changed_on, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    ON CONFLICT DO NOTHING
RETURNING element_id;

-- name: add_element_areas
-- Where a risk is observed, so that it is found by commune.
-- $1 coordination, $2 communes, $3 element
INSERT INTO element_areas (coordination, commune, element_id)
SELECT $1, commune, $3
  FROM unnest($2::text[]) AS commune;

-- name: element
-- One element.
-- $1 coordination, $2 element
SELECT coordination, element_id, title, problem, public, communes, figure_kind, figure, reading,
       source, vintage, observed_on, organization, state, changed_on
  FROM elements
 WHERE coordination = $1
   AND element_id = $2;

-- name: lock_element
-- One element, which nobody else changes until the end of the transaction.
-- $1 coordination, $2 element
SELECT coordination, element_id, title, problem, public, communes, figure_kind, figure, reading,
       source, vintage, observed_on, organization, state, changed_on
  FROM elements
 WHERE coordination = $1
   AND element_id = $2
   FOR UPDATE;

-- name: elements
-- A page of elements by id, of one state, problem or public, or all.
-- $1 coordination, $2 state or null, $3 problem or null, $4 public or null, $5 after this id,
-- $6 most rows
SELECT coordination, element_id, title, problem, public, communes, figure_kind, figure, reading,
       source, vintage, observed_on, organization, state, changed_on
  FROM elements
 WHERE coordination = $1
   AND ($2::text IS NULL OR state = $2)
   AND ($3::text IS NULL OR problem = $3)
   AND ($4::text IS NULL OR public = $4)
   AND element_id > $5
 ORDER BY element_id
 LIMIT $6;

-- name: elements_in
-- A page of the elements of one commune by id, of one state, problem or public, or all.
-- $1 coordination, $2 commune, $3 state or null, $4 problem or null, $5 public or null,
-- $6 after this id, $7 most rows
SELECT e.coordination, e.element_id, e.title, e.problem, e.public, e.communes, e.figure_kind,
       e.figure, e.reading, e.source, e.vintage, e.observed_on, e.organization, e.state,
       e.changed_on
  FROM element_areas AS a
  JOIN elements AS e USING (coordination, element_id)
 WHERE a.coordination = $1
   AND a.commune = $2
   AND ($3::text IS NULL OR e.state = $3)
   AND ($4::text IS NULL OR e.problem = $4)
   AND ($5::text IS NULL OR e.public = $5)
   AND a.element_id > $6
 ORDER BY a.element_id
 LIMIT $7;

-- name: set_element_state
-- An element is one step further.
-- $1 coordination, $2 element, $3 state, $4 day
UPDATE elements
   SET state = $3,
       changed_on = $4
 WHERE coordination = $1
   AND element_id = $2;

-- name: add_element_step
-- A step that was taken.
-- $1 … $10 the columns of a step, $11 instant
INSERT INTO element_steps (coordination, step_id, element_id, state, decided_on, organization,
                           capacity, campaign, evidence, reason, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: element_step
-- One step.
-- $1 coordination, $2 step
SELECT coordination, step_id, element_id, state, decided_on, organization, capacity, campaign,
       evidence, reason
  FROM element_steps
 WHERE coordination = $1
   AND step_id = $2;

-- name: element_steps
-- The steps of an element, the first comes first: there are two at most.
-- $1 coordination, $2 element
SELECT coordination, step_id, element_id, state, decided_on, organization, capacity, campaign,
       evidence, reason
  FROM element_steps
 WHERE coordination = $1
   AND element_id = $2
 ORDER BY decided_on, recorded_at;

-- name: add_element_action
-- An action answers an element; the same again changes nothing.
-- $1 coordination, $2 element, $3 action
INSERT INTO element_actions (coordination, element_id, action)
VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING;

-- name: element_actions
-- The actions that answer some elements.
-- $1 coordination, $2 elements
SELECT DISTINCT action
  FROM element_actions
 WHERE coordination = $1
   AND element_id = ANY($2::uuid[])
 ORDER BY action;

-- name: count_elements
-- How many elements are in each state, and how many of them an action answers.
-- $1 coordination
SELECT e.state, count(*) AS count,
       count(*) FILTER (WHERE EXISTS (SELECT 1
                                        FROM element_actions AS a
                                       WHERE a.coordination = e.coordination
                                         AND a.element_id = e.element_id)) AS answered
  FROM elements AS e
 WHERE e.coordination = $1
 GROUP BY e.state
 ORDER BY e.state;

-- name: add_evidence
-- A piece of evidence is attached; nothing when its id is taken.
-- $1 … $12 the columns of evidence, $13 instant
INSERT INTO evidence (coordination, evidence_id, target_kind, target, commune, kind, title, source,
                      dated, url, sha256, size_bytes, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT DO NOTHING
RETURNING evidence_id;

-- name: one_evidence
-- One piece of evidence.
-- $1 coordination, $2 evidence
SELECT coordination, evidence_id, target_kind, target, commune, kind, title, source, dated, url,
       sha256, size_bytes
  FROM evidence
 WHERE coordination = $1
   AND evidence_id = $2;

-- name: evidence
-- A page of evidence by id, about one thing, of one commune, or all.
-- $1 coordination, $2 kind of target or null, $3 target or null, $4 commune or null,
-- $5 after this id, $6 most rows
SELECT coordination, evidence_id, target_kind, target, commune, kind, title, source, dated, url,
       sha256, size_bytes
  FROM evidence
 WHERE coordination = $1
   AND ($2::text IS NULL OR target_kind = $2)
   AND ($3::text IS NULL OR target = $3)
   AND ($4::text IS NULL OR commune = $4)
   AND evidence_id > $5
 ORDER BY evidence_id
 LIMIT $6;

-- name: evidence_about
-- The evidence about some things of one kind.
-- $1 coordination, $2 kind of target, $3 targets, $4 most rows
SELECT coordination, evidence_id, target_kind, target, commune, kind, title, source, dated, url,
       sha256, size_bytes
  FROM evidence
 WHERE coordination = $1
   AND target_kind = $2
   AND target = ANY($3::text[])
 ORDER BY evidence_id
 LIMIT $4;

-- name: has_need
-- Whether a reported need is of a coordination, whoever sent it.
-- $1 coordination, $2 signal
SELECT EXISTS (SELECT 1
                 FROM needs
                WHERE coordination = $1
                  AND signal_id = $2) AS found;
