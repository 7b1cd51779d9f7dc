-- The nightly job: punctuality per airport of departure and hour, from raw.flights and raw.airports.
-- Departures are naive local times, taken as New York time.
CREATE SCHEMA IF NOT EXISTS reporting;

CREATE TABLE IF NOT EXISTS reporting.flights_hourly (
  origin       text        NOT NULL,
  window_start timestamptz NOT NULL,
  window_end   timestamptz NOT NULL,
  airport      text        NOT NULL,
  state        text        NOT NULL,
  flights      bigint      NOT NULL,
  late_flights bigint      NOT NULL,
  mean_delay   numeric(38, 2) NOT NULL,
  worst_delay  bigint      NOT NULL,
  miles        bigint      NOT NULL
);

BEGIN;

TRUNCATE reporting.flights_hourly;

INSERT INTO reporting.flights_hourly
SELECT f.origin,
       date_trunc('hour', f.departure AT TIME ZONE 'America/New_York'),
       date_trunc('hour', f.departure AT TIME ZONE 'America/New_York') + interval '1 hour',
       a.name,
       a.state,
       count(*),
       count(*) FILTER (WHERE f.delay_minutes >= 15),
       round(avg(f.delay_minutes), 2),
       max(f.delay_minutes),
       sum(f.distance_miles)
FROM raw.flights f
JOIN raw.airports a ON a.iata = f.origin
GROUP BY 1, 2, 3, 4, 5;

COMMIT;
