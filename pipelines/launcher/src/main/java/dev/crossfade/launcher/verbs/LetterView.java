package dev.crossfade.launcher.verbs;

import dev.crossfade.migration.StoredLetter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** A dead letter as {@code --json} prints it. */
final class LetterView {
  private LetterView() {}

  static Map<String, Object> of(StoredLetter letter) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("flow", letter.flow());
    view.put("lane", letter.lane());
    view.put("origin", letter.origin());
    view.put("status", letter.status());
    view.put("step", letter.step());
    view.put("cause", letter.cause());
    view.put("message", letter.message());
    view.put("retryable", letter.retryable());
    view.put("eventTime", letter.eventTime());
    view.put("window", letter.window());
    view.put("logic", letter.logic());
    view.put("run", letter.run());
    view.put("firstRun", letter.firstRun());
    view.put("attempts", letter.attempts());
    view.put("firstSeen", letter.firstSeen());
    view.put("lastSeen", letter.lastSeen());
    view.put("resolvedBy", letter.resolvedBy());
    view.put("resolvedReason", letter.resolvedReason());
    view.put("bytes", Base64.getEncoder().encodeToString(bytes(letter)));
    return view;
  }

  static byte[] bytes(StoredLetter letter) {
    byte[] bytes = new byte[letter.bytes().remaining()];
    letter.bytes().get(bytes);
    return bytes;
  }
}
