-- name: elements_about
-- The elements of some problems.
-- $1 coordination, $2 problems, $3 most rows
SELECT coordination, element_id, title, problem, public, communes, figure_kind, figure, reading,
       source, vintage, observed_on, organization, state, changed_on
  FROM elements
 WHERE coordination = $1
   AND problem = ANY($2::text[])
 ORDER BY element_id
 LIMIT $3;

-- name: element_states
-- How many elements there are of each problem and state.
-- $1 coordination
SELECT problem, state, count(*) AS count
  FROM elements
 WHERE coordination = $1
 GROUP BY problem, state
 ORDER BY problem, state;

-- name: evidence_around
-- The evidence of a commune, about some elements or about some actions.
-- $1 coordination, $2 commune or null, $3 elements, $4 actions, $5 most rows
SELECT coordination, evidence_id, target_kind, target, commune, kind, title, source, dated, url,
       sha256, size_bytes
  FROM evidence
 WHERE coordination = $1
   AND (commune = $2
        OR (target_kind = 'ELEMENT' AND target = ANY($3::text[]))
        OR (target_kind = 'ACTION' AND target = ANY($4::text[]) AND commune IS NULL))
 ORDER BY evidence_id
 LIMIT $5;

-- name: testimonies_around
-- The testimonies that stand of a commune, or about some elements.
-- $1 coordination, $2 commune or null, $3 elements, $4 most rows
SELECT coordination, testimony_id, target_kind, target, commune, public, said, heard_on,
       organization
  FROM testimonies
 WHERE coordination = $1
   AND withdrawn_on IS NULL
   AND (commune = $2
        OR ($2::text IS NULL AND target_kind = 'ELEMENT' AND target = ANY($3::text[])))
 ORDER BY testimony_id
 LIMIT $4;

-- name: count_elements_in
-- How many elements some communes have, by commune and state.
-- $1 coordination, $2 communes
SELECT a.commune, e.state, count(*) AS count
  FROM element_areas AS a
  JOIN elements AS e USING (coordination, element_id)
 WHERE a.coordination = $1
   AND a.commune = ANY($2::text[])
 GROUP BY a.commune, e.state
 ORDER BY a.commune, e.state;

-- name: count_surveys_in
-- How many campaigns found something in some communes, and how many counts of it are secret.
-- $1 coordination, $2 communes
SELECT commune, count(DISTINCT campaign_id) AS campaigns, count(*) AS cells,
       count(*) FILTER (WHERE survey_results.count IS NULL) AS secret_cells
  FROM survey_results
 WHERE coordination = $1
   AND commune = ANY($2::text[])
 GROUP BY commune
 ORDER BY commune;

-- name: count_testimonies_in
-- How many testimonies stand in some communes.
-- $1 coordination, $2 communes
SELECT commune, count(*) AS count
  FROM testimonies
 WHERE coordination = $1
   AND commune = ANY($2::text[])
   AND withdrawn_on IS NULL
 GROUP BY commune
 ORDER BY commune;

-- name: count_visits_in
-- How many visits were made to some communes, and when the last one was.
-- $1 coordination, $2 communes
SELECT commune, count(*) AS count, max(done_on) AS last_on
  FROM visits
 WHERE coordination = $1
   AND commune = ANY($2::text[])
   AND state = 'DONE'
 GROUP BY commune
 ORDER BY commune;

-- name: count_evidence_about
-- How many pieces of evidence there are about some elements.
-- $1 coordination, $2 elements
SELECT target, count(*) AS count
  FROM evidence
 WHERE coordination = $1
   AND target_kind = 'ELEMENT'
   AND target = ANY($2::text[])
 GROUP BY target
 ORDER BY target;

-- name: count_testimonies_about
-- How many testimonies stand about some elements in a commune.
-- $1 coordination, $2 commune, $3 elements
SELECT target, count(*) AS count
  FROM testimonies
 WHERE coordination = $1
   AND commune = $2
   AND target_kind = 'ELEMENT'
   AND target = ANY($3::text[])
   AND withdrawn_on IS NULL
 GROUP BY target
 ORDER BY target;

-- name: campaigns_held
-- Campaigns that asked people of some communes, and how many answered in each.
-- $1 coordination, $2 communes
SELECT c.campaign_id, a.commune, c.title, c.operator, c.begins_on, c.ends_on, c.state, c.threshold,
       r.commune IS NOT NULL AS told, r.count AS respondents
  FROM campaigns AS c
 CROSS JOIN LATERAL unnest(c.communes) AS a (commune)
  LEFT JOIN survey_results AS r
    ON r.coordination = c.coordination
   AND r.campaign_id = c.campaign_id
   AND r.commune = a.commune
   AND r.question = 'respondents'
   AND r.answer = 'all'
 WHERE c.coordination = $1
   AND c.state <> 'DRAFT'
   AND a.commune = ANY($2::text[])
 ORDER BY c.campaign_id, a.commune;
