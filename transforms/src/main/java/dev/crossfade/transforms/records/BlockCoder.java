package dev.crossfade.transforms.records;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.util.VarInt;

/** Writes a block as its columns one after the other, positions as differences. */
public final class BlockCoder extends AtomicCoder<Block> {
  private static final long serialVersionUID = 1L;
  private static final BlockCoder INSTANCE = new BlockCoder();

  private BlockCoder() {}

  /** The coder. */
  public static BlockCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(Block block, OutputStream stream) throws IOException {
    DataOutputStream out = new DataOutputStream(stream);
    writeText(block.source(), out);
    writeText(block.header(), out);
    int size = block.size();
    VarInt.encode(size, out);
    VarInt.encode(block.withoutContent(), out);
    VarInt.encode(block.nextPosition(), out);
    out.writeBoolean(block.isKeyed());
    long position = 0;
    for (int i = 0; i < size; i++) {
      Origin origin = block.origin(i);
      if (block.isKeyed()) {
        writeText(origin.key(), out);
      } else {
        VarInt.encode(origin.position() - position, out);
        position = origin.position();
      }
      VarInt.encode(block.length(i), out);
      out.writeLong(block.eventTime(i));
    }
    int late = 0;
    for (int i = 0; i < size; i++) {
      late += block.isLate(i) ? 1 : 0;
    }
    VarInt.encode(late, out);
    for (int i = 0; i < size; i++) {
      if (block.isLate(i)) {
        VarInt.encode(i, out);
        out.writeLong(block.lateAfter(i));
      }
    }
    Map<Integer, String> faults = new TreeMap<>(block.faults());
    VarInt.encode(faults.size(), out);
    for (Map.Entry<Integer, String> fault : faults.entrySet()) {
      VarInt.encode(fault.getKey(), out);
      writeText(fault.getValue(), out);
    }
    out.write(block.bytes());
    out.flush();
  }

  @Override
  public Block decode(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    String source = readText(in);
    String header = readText(in);
    int size = VarInt.decodeInt(in);
    long withoutContent = VarInt.decodeLong(in);
    long nextPosition = VarInt.decodeLong(in);
    boolean isKeyed = in.readBoolean();
    long[] positions = new long[size];
    String[] keys = new String[isKeyed ? size : 0];
    int[] lengths = new int[size];
    long[] eventTimes = new long[size];
    long[] lateAfter = new long[size];
    long position = 0;
    int most = 0;
    for (int i = 0; i < size; i++) {
      if (isKeyed) {
        keys[i] = readText(in);
      } else {
        position += VarInt.decodeLong(in);
        positions[i] = position;
      }
      lengths[i] = VarInt.decodeInt(in);
      most = Math.max(most, lengths[i]);
      eventTimes[i] = in.readLong();
      lateAfter[i] = Block.IN_TIME;
    }
    for (int late = VarInt.decodeInt(in); late > 0; late--) {
      lateAfter[VarInt.decodeInt(in)] = in.readLong();
    }
    Map<Integer, String> faults = new HashMap<>();
    for (int fault = VarInt.decodeInt(in); fault > 0; fault--) {
      faults.put(VarInt.decodeInt(in), readText(in));
    }
    Block.Builder block = new Block.Builder(source, header);
    byte[] record = new byte[most];
    for (int i = 0; i < size; i++) {
      in.readFully(record, 0, lengths[i]);
      if (isKeyed) {
        block.addKeyed(keys[i], eventTimes[i], record, 0, lengths[i]);
      } else if (faults.containsKey(i)) {
        block.addFault(positions[i], faults.get(i), record, 0, lengths[i]);
      } else {
        block.add(positions[i], eventTimes[i], lateAfter[i], record, 0, lengths[i]);
      }
    }
    block.addWithoutContentTo(nextPosition - withoutContent - size, nextPosition);
    return block.build();
  }

  @Override
  public boolean consistentWithEquals() {
    return true;
  }

  private static void writeText(String text, DataOutputStream out) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    VarInt.encode(utf8.length, out);
    out.write(utf8);
  }

  private static String readText(DataInputStream in) throws IOException {
    byte[] utf8 = new byte[VarInt.decodeInt(in)];
    in.readFully(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
