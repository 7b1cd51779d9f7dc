package dev.crossfade.planted.launcher;

/** The number has the digits of wherever it runs. */
final class FormatsNumber {
  private FormatsNumber() {}

  static String shard(int number) {
    return String.format("shard-%05d", number);
  }
}
