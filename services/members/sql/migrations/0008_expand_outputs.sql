CREATE TABLE session_outputs (
    coordination text NOT NULL REFERENCES coordinations,
    output_id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (session_id),
    kind text NOT NULL CHECK (kind IN ('NEED', 'ACTION', 'STRATEGY', 'ORIENTATION')),
    text text NOT NULL,
    concerns text,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX session_outputs_by_session ON session_outputs (session_id, output_id);
CREATE INDEX session_outputs_by_coordination ON session_outputs (coordination, output_id);
COMMENT ON TABLE session_outputs IS 'What came out of sessions: needs heard, actions and strategy asked for, where to send inhabitants.';
