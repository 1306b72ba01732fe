-- name: add_output
-- Keep what came out of a session; nothing when its id is taken.
-- $1 coordination, $2 output, $3 session, $4 kind, $5 text, $6 what it concerns, $7 instant
INSERT INTO session_outputs (coordination, output_id, session_id, kind, text, concerns,
                             recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING
RETURNING output_id;

-- name: output
-- One thing that came out of a session.
-- $1 output
SELECT coordination, output_id, session_id, kind, text, concerns, recorded_at
  FROM session_outputs
 WHERE output_id = $1;

-- name: outputs
-- A page of what came out of the sessions of a coordination, by id.
-- $1 coordination, $2 session or null, $3 committee or null, $4 kind or null, $5 after this id, $6 most rows
SELECT o.coordination, o.output_id, o.session_id, o.kind, o.text, o.concerns, o.recorded_at
  FROM session_outputs AS o
  JOIN sessions AS s USING (session_id)
 WHERE o.coordination = $1
   AND ($2::uuid IS NULL OR o.session_id = $2)
   AND ($3::text IS NULL OR s.committee = $3)
   AND ($4::text IS NULL OR o.kind = $4)
   AND o.output_id > $5
 ORDER BY o.output_id
 LIMIT $6;
