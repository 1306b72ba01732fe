-- name: add_campaign
-- A campaign is prepared; nothing when its id is taken.
-- $1 … $14 the columns of a campaign, $15 instant
INSERT INTO campaigns (coordination, campaign_id, title, operator, subject_kind, subject, communes,
                       begins_on, ends_on, threshold, questions, state, opened_on, closed_on,
                       recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    ON CONFLICT DO NOTHING
RETURNING campaign_id;

-- name: set_campaign
-- A campaign as it becomes.
-- $1 … $14 the columns of a campaign
UPDATE campaigns
   SET title = $3,
       operator = $4,
       subject_kind = $5,
       subject = $6,
       communes = $7,
       begins_on = $8,
       ends_on = $9,
       threshold = $10,
       questions = $11,
       state = $12,
       opened_on = $13,
       closed_on = $14
 WHERE coordination = $1
   AND campaign_id = $2;

-- name: campaign
-- One campaign.
-- $1 coordination, $2 campaign
SELECT coordination, campaign_id, title, operator, subject_kind, subject, communes, begins_on,
       ends_on, threshold, questions, state, opened_on, closed_on
  FROM campaigns
 WHERE coordination = $1
   AND campaign_id = $2;

-- name: lock_campaign
-- One campaign, which nobody else changes until the end of the transaction.
-- $1 coordination, $2 campaign
SELECT coordination, campaign_id, title, operator, subject_kind, subject, communes, begins_on,
       ends_on, threshold, questions, state, opened_on, closed_on
  FROM campaigns
 WHERE coordination = $1
   AND campaign_id = $2
   FOR UPDATE;

-- name: campaigns
-- A page of campaigns by id, of one state or commune, about one thing, or all.
-- $1 coordination, $2 state or null, $3 commune or null, $4 kind of subject or null,
-- $5 subject or null, $6 after this id, $7 most rows
SELECT coordination, campaign_id, title, operator, subject_kind, subject, communes, begins_on,
       ends_on, threshold, questions, state, opened_on, closed_on
  FROM campaigns
 WHERE coordination = $1
   AND ($2::text IS NULL OR state = $2)
   AND ($3::text IS NULL OR $3 = ANY(communes))
   AND ($4::text IS NULL OR subject_kind = $4)
   AND ($5::text IS NULL OR subject = $5)
   AND campaign_id > $6
 ORDER BY campaign_id
 LIMIT $7;

-- name: put_results
-- Counts of answers; returns those that are new or changed, which are one revision further.
-- $1 coordination, $2 campaign, $3 communes, $4 questions, $5 answers, $6 counts, $7 instant
INSERT INTO survey_results AS r (coordination, campaign_id, commune, question, answer, count,
                                 loaded_at)
SELECT $1, $2, commune, question, answer, count, $7
  FROM unnest($3::text[], $4::text[], $5::text[], $6::bigint[])
    AS told (commune, question, answer, count)
    ON CONFLICT (coordination, campaign_id, commune, question, answer)
    DO UPDATE SET count = excluded.count, revision = r.revision + 1, loaded_at = excluded.loaded_at
        WHERE r.count IS DISTINCT FROM excluded.count
RETURNING r.commune, r.question, r.answer;

-- name: survey_communes
-- A page of the communes that a campaign has results or a follow-up of.
-- $1 coordination, $2 campaign, $3 commune or null, $4 after this commune, $5 most rows
SELECT commune
  FROM (SELECT DISTINCT commune
          FROM survey_results
         WHERE coordination = $1
           AND campaign_id = $2
         UNION
        SELECT DISTINCT commune
          FROM survey_follow_ups
         WHERE coordination = $1
           AND campaign_id = $2) AS found
 WHERE ($3::text IS NULL OR commune = $3)
   AND commune > $4
 ORDER BY commune
 LIMIT $5;

-- name: survey_results
-- The counts of a campaign in some communes.
-- $1 coordination, $2 campaign, $3 communes
SELECT commune, question, answer, count, revision
  FROM survey_results
 WHERE coordination = $1
   AND campaign_id = $2
   AND commune = ANY($3::text[])
 ORDER BY commune, question, answer;

-- name: put_follow_up
-- How many people came to a stage in a commune.
-- $1 coordination, $2 campaign, $3 commune, $4 stage, $5 count, $6 day
INSERT INTO survey_follow_ups (coordination, campaign_id, commune, stage, count, told_on)
VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (coordination, campaign_id, commune, stage)
    DO UPDATE SET count = excluded.count, told_on = excluded.told_on;

-- name: follow_ups
-- What became of the people of some communes.
-- $1 coordination, $2 campaign, $3 communes
SELECT commune, stage, count, told_on
  FROM survey_follow_ups
 WHERE coordination = $1
   AND campaign_id = $2
   AND commune = ANY($3::text[])
 ORDER BY commune, stage;
