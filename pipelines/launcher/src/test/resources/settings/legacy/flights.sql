INSERT INTO reporting.flights_hourly SELECT 'JFK', 1;
