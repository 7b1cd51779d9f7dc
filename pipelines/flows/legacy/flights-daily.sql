-- The nightly job: punctuality per state of departure and calendar day of New York, from raw.flights
-- and raw.airports.
CREATE SCHEMA IF NOT EXISTS reporting;

CREATE TABLE IF NOT EXISTS reporting.flights_daily (
  state        text        NOT NULL,
  window_start timestamptz NOT NULL,
  window_end   timestamptz NOT NULL,
  flights      bigint      NOT NULL,
  late_flights bigint      NOT NULL,
  mean_delay   numeric(38, 2) NOT NULL,
  worst_delay  bigint      NOT NULL,
  miles        bigint      NOT NULL
);

BEGIN;

TRUNCATE reporting.flights_daily;

INSERT INTO reporting.flights_daily
SELECT a.state,
       date_trunc('day', f.departure) AT TIME ZONE 'America/New_York',
       (date_trunc('day', f.departure) + interval '1 day') AT TIME ZONE 'America/New_York',
       count(*),
       count(*) FILTER (WHERE f.delay_minutes >= 15),
       round(avg(f.delay_minutes), 2),
       max(f.delay_minutes),
       sum(f.distance_miles)
FROM raw.flights f
JOIN raw.airports a ON a.iata = f.origin
GROUP BY 1, 2, 3;

COMMIT;
