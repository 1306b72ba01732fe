CREATE TABLE elements (
    coordination text NOT NULL,
    element_id uuid NOT NULL,
    title text NOT NULL,
    problem text NOT NULL,
    public text NOT NULL,
    communes text[] NOT NULL CHECK (cardinality(communes) > 0),
    figure_kind text NOT NULL,
    figure text NOT NULL,
    reading text NOT NULL,
    source text NOT NULL,
    vintage text NOT NULL,
    observed_on date NOT NULL,
    organization text NOT NULL,
    state text NOT NULL,
    changed_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, element_id)
);
COMMENT ON TABLE elements IS 'A risk that a figure reveals, and how far the field has confirmed it.';

CREATE TABLE element_areas (
    coordination text NOT NULL,
    commune text NOT NULL,
    element_id uuid NOT NULL,
    PRIMARY KEY (coordination, commune, element_id),
    FOREIGN KEY (coordination, element_id) REFERENCES elements
);
CREATE INDEX element_areas_element ON element_areas (coordination, element_id);

CREATE TABLE element_steps (
    coordination text NOT NULL,
    step_id uuid NOT NULL,
    element_id uuid NOT NULL,
    state text NOT NULL,
    decided_on date NOT NULL,
    organization text NOT NULL,
    capacity text NOT NULL,
    campaign uuid,
    evidence uuid[] NOT NULL,
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, step_id),
    UNIQUE (coordination, element_id, state),
    FOREIGN KEY (coordination, element_id) REFERENCES elements
);
COMMENT ON COLUMN element_steps.capacity IS 'As what it was decided: a function, never a name.';

CREATE TABLE element_actions (
    coordination text NOT NULL,
    element_id uuid NOT NULL,
    action text NOT NULL,
    PRIMARY KEY (coordination, element_id, action),
    FOREIGN KEY (coordination, element_id) REFERENCES elements
);

CREATE TABLE evidence (
    coordination text NOT NULL,
    evidence_id uuid NOT NULL,
    target_kind text NOT NULL,
    target text NOT NULL,
    commune text,
    kind text NOT NULL,
    title text NOT NULL,
    source text NOT NULL,
    dated date NOT NULL,
    url text,
    sha256 text,
    size_bytes bigint CHECK (size_bytes > 0),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, evidence_id),
    CHECK (url IS NOT NULL OR sha256 IS NOT NULL)
);
CREATE INDEX evidence_target ON evidence (coordination, target_kind, target, evidence_id);
CREATE INDEX evidence_commune ON evidence (coordination, commune, evidence_id);

CREATE TABLE campaigns (
    coordination text NOT NULL,
    campaign_id uuid NOT NULL,
    title text NOT NULL,
    operator text NOT NULL,
    subject_kind text NOT NULL,
    subject text,
    communes text[] NOT NULL CHECK (cardinality(communes) > 0),
    begins_on date NOT NULL,
    ends_on date NOT NULL,
    threshold integer NOT NULL CHECK (threshold BETWEEN 5 AND 1000),
    questions jsonb NOT NULL,
    state text NOT NULL,
    opened_on date,
    closed_on date,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, campaign_id),
    CHECK (begins_on <= ends_on)
);
CREATE INDEX campaigns_subject ON campaigns (coordination, subject_kind, subject, campaign_id);

CREATE TABLE survey_results (
    coordination text NOT NULL,
    campaign_id uuid NOT NULL,
    commune text NOT NULL,
    question text NOT NULL,
    answer text NOT NULL,
    count bigint CHECK (count >= 0),
    revision integer NOT NULL DEFAULT 1 CHECK (revision > 0),
    loaded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, campaign_id, commune, question, answer),
    FOREIGN KEY (coordination, campaign_id) REFERENCES campaigns
);
CREATE INDEX survey_results_commune ON survey_results (coordination, commune, campaign_id);
COMMENT ON COLUMN survey_results.count IS 'Of a whole commune; null when it is secret. Nobody''s own answers are ever here.';

CREATE TABLE survey_follow_ups (
    coordination text NOT NULL,
    campaign_id uuid NOT NULL,
    commune text NOT NULL,
    stage text NOT NULL,
    count bigint NOT NULL CHECK (count >= 0),
    told_on date NOT NULL,
    PRIMARY KEY (coordination, campaign_id, commune, stage),
    FOREIGN KEY (coordination, campaign_id) REFERENCES campaigns
);

CREATE TABLE testimonies (
    coordination text NOT NULL,
    testimony_id uuid NOT NULL,
    target_kind text NOT NULL,
    target text NOT NULL,
    commune text NOT NULL,
    public text NOT NULL,
    said text,
    heard_on date NOT NULL,
    organization text NOT NULL,
    withdrawn_on date,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, testimony_id),
    CHECK ((said IS NULL) = (withdrawn_on IS NOT NULL))
);
CREATE INDEX testimonies_target ON testimonies (coordination, target_kind, target, testimony_id);
CREATE INDEX testimonies_commune ON testimonies (coordination, commune, testimony_id);
COMMENT ON COLUMN testimonies.said IS 'What an inhabitant agreed to let be told; gone once it is withdrawn.';

CREATE TABLE tours (
    coordination text NOT NULL,
    post text NOT NULL,
    filled_on date NOT NULL,
    PRIMARY KEY (coordination, post, filled_on)
);
COMMENT ON TABLE tours IS 'An adviser took a post: each commune is to be visited from that day.';

CREATE TABLE visits (
    coordination text NOT NULL,
    visit_id uuid NOT NULL,
    commune text NOT NULL,
    planned_on date NOT NULL,
    state text NOT NULL,
    done_on date,
    met text[] NOT NULL,
    needs text[] NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, visit_id),
    CHECK ((done_on IS NOT NULL) = (state = 'DONE'))
);
CREATE INDEX visits_commune ON visits (coordination, commune, visit_id);
COMMENT ON COLUMN visits.met IS 'Functions, never names.';

CREATE TABLE contributions (
    coordination text NOT NULL,
    contribution_id uuid NOT NULL,
    kind text NOT NULL,
    organization text NOT NULL,
    version integer NOT NULL CHECK (version >= 0),
    withdrawn_on date,
    PRIMARY KEY (coordination, contribution_id)
);

CREATE TABLE contribution_versions (
    coordination text NOT NULL,
    contribution_id uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    title text NOT NULL,
    summary text NOT NULL,
    theme text,
    communes text[] NOT NULL,
    begins_on date,
    ends_on date,
    url text,
    sha256 text,
    size_bytes bigint CHECK (size_bytes > 0),
    shared_on date NOT NULL,
    PRIMARY KEY (coordination, contribution_id, version),
    FOREIGN KEY (coordination, contribution_id) REFERENCES contributions
);
