/**
 * A Kafka broker and a PostgreSQL server that our own code starts from Maven artifacts, on loopback
 * ports, with data that survive. Somebody who tries Crossfade, and every test that claims something
 * about Kafka or PostgreSQL, needs the real parts, and must neither install them first nor find
 * them still running afterwards.
 */
package dev.crossfade.sandbox;
