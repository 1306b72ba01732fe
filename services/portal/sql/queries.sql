-- name: note_changes
-- Count the changes of each topic and keep its latest instant; facts of two services may come in any order.
-- $1 coordinations, $2 topics, $3 instants, each pair once and in the same order in every process
INSERT INTO changes (coordination, topic, changed_at)
SELECT asked.coordination, asked.topic, asked.changed_at
  FROM unnest($1::text[], $2::text[], $3::timestamptz[])
       AS asked (coordination, topic, changed_at)
    ON CONFLICT (coordination, topic) DO UPDATE
   SET n = changes.n + 1,
       changed_at = greatest(changes.changed_at, excluded.changed_at);

-- name: changes
-- Every topic of every coordination: a few hundred rows at most.
SELECT coordination, topic, n, changed_at
  FROM changes
 ORDER BY coordination, topic;

-- name: changes_of
-- The topics of one coordination.
-- $1 coordination
SELECT coordination, topic, n, changed_at
  FROM changes
 WHERE coordination = $1
 ORDER BY topic;
