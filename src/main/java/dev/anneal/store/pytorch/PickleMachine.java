package dev.anneal.store.pytorch;

import dev.anneal.store.Quoted;
import dev.anneal.store.RefusedFileException;
import dev.anneal.store.pytorch.PickleValue.Dictionary;
import dev.anneal.store.pytorch.PickleValue.Scalar;
import dev.anneal.store.pytorch.PickleValue.Sequence;
import dev.anneal.store.pytorch.PickleValue.Text;
import dev.anneal.store.pytorch.PickleValue.Whole;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A machine for pickles of protocol 2, of which it knows only what {@code torch.save} needs for
 * dictionaries, lists, numbers and tensors.
 *
 * <p>A pickle is a program for a stack machine that can call any Python function. This one calls
 * none: the three that rebuild tensors and dictionaries are understood ({@link PickledObjects}),
 * every other instruction or name is refused. It does not recurse, and the memory it takes is
 * bounded by the length of the pickle.
 */
final class PickleMachine {

  /** What torch.save writes unless told otherwise. */
  private static final int PROTOCOL = 2;

  /** Of the largest of a number's bytes that fit a long. */
  private static final int MAX_NUMBER_BYTES = Long.BYTES;

  private final Path file;
  private final PickledObjects objects;
  private final ByteBuffer code;
  private final List<PickleValue> stack = new ArrayList<>();
  private final Deque<Integer> marks = new ArrayDeque<>(); // heights of the stack
  private final Map<Integer, PickleValue> memo = new HashMap<>();

  private PickleMachine(Path file, ByteBuffer pickle, PickledObjects objects) {
    this.file = file;
    this.code = pickle.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.objects = objects;
  }

  /**
   * Reads a pickle.
   *
   * @param file named in messages
   * @throws RefusedFileException if it says anything that a file of tensors has no need to say
   */
  static PickleValue load(Path file, ByteBuffer pickle, PickledObjects objects)
      throws RefusedFileException {
    var machine = new PickleMachine(file, pickle, objects);
    try {
      return machine.run();
    } catch (BufferUnderflowException cut) {
      throw machine.refused("ends in the middle: is it cut off?");
    }
  }

  private PickleValue run() throws RefusedFileException {
    for (Opcode opcode = next(); opcode != Opcode.STOP; opcode = next()) {
      execute(opcode);
    }
    return pop();
  }

  private Opcode next() throws RefusedFileException {
    int code = unsignedByte();
    return Opcode.of(code)
        .orElseThrow(() -> refused("has an unknown opcode, 0x%02x".formatted(code)));
  }

  private void execute(Opcode opcode) throws RefusedFileException {
    switch (opcode) {
      case PROTO -> requireProtocol(unsignedByte());
      case MARK -> marks.push(stack.size());
      case NONE, NEWTRUE, NEWFALSE -> stack.add(Scalar.ANY);
      case BINFLOAT -> fraction();
      case BININT1 -> stack.add(new Whole(unsignedByte()));
      case BININT2 -> stack.add(new Whole(Short.toUnsignedInt(code.getShort())));
      case BININT -> stack.add(new Whole(code.getInt()));
      case LONG1 -> stack.add(new Whole(number(unsignedByte())));
      case BINUNICODE -> stack.add(new Text(text(code.getInt())));
      case EMPTY_LIST, EMPTY_TUPLE -> stack.add(new Sequence());
      case EMPTY_DICT -> stack.add(new Dictionary());
      case TUPLE -> stack.add(new Sequence(popToMark()));
      case TUPLE1 -> stack.add(new Sequence(pop(1)));
      case TUPLE2 -> stack.add(new Sequence(pop(2)));
      case TUPLE3 -> stack.add(new Sequence(pop(3)));
      case APPEND -> append(pop(1));
      case APPENDS -> append(popToMark());
      case SETITEM -> set(pop(2));
      case SETITEMS -> set(popToMark());
      case BINPUT -> memo.put(unsignedByte(), top());
      case LONG_BINPUT -> memo.put(code.getInt(), top());
      case BINGET -> stack.add(remembered(unsignedByte()));
      case LONG_BINGET -> stack.add(remembered(code.getInt()));
      case GLOBAL -> stack.add(objects.named(line(), line()));
      case BINPERSID -> stack.add(objects.storage(pop()));
      case REDUCE -> reduce();
      case BUILD -> build();
      default -> throw refused("has the opcode " + opcode + ", which no file of tensors needs");
    }
  }

  private void requireProtocol(int protocol) throws RefusedFileException {
    if (protocol != PROTOCOL) {
      throw refused("is of protocol %d, expected %d".formatted(protocol, PROTOCOL));
    }
  }

  /** Skips it: nothing that is a fraction is part of a tensor. */
  private void fraction() {
    code.getDouble();
    stack.add(Scalar.ANY);
  }

  /** A little-endian number in two's complement. */
  private long number(int bytes) throws RefusedFileException {
    if (bytes > MAX_NUMBER_BYTES) {
      throw refused(
          "has a number of %d bytes, expected at most %d".formatted(bytes, MAX_NUMBER_BYTES));
    }
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number |= (long) unsignedByte() << (Byte.SIZE * i);
    }
    int unused = Long.SIZE - Byte.SIZE * bytes;
    return bytes == 0 ? 0 : number << unused >> unused;
  }

  private String text(int length) throws RefusedFileException {
    if (length < 0 || length > code.remaining()) {
      throw refused(
          "announces a text of %s bytes, but only %d follow"
              .formatted(Integer.toUnsignedString(length), code.remaining()));
    }
    ByteBuffer bytes = code.slice(code.position(), length);
    code.position(code.position() + length);
    return decoded(bytes);
  }

  /** A text that ends with its line. */
  private String line() throws RefusedFileException {
    int begin = code.position();
    int length = 0;
    while (code.get() != '\n') {
      length++;
    }
    return decoded(code.slice(begin, length));
  }

  private String decoded(ByteBuffer bytes) throws RefusedFileException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException notText) {
      throw refused("has a text that is not UTF-8");
    }
  }

  private void append(List<PickleValue> values) throws RefusedFileException {
    if (!(top() instanceof Sequence list)) {
      throw refused("appends to what is no list");
    }
    list.elements().addAll(values);
  }

  private void set(List<PickleValue> keysAndValues) throws RefusedFileException {
    if (!(top() instanceof Dictionary dictionary) || keysAndValues.size() % 2 != 0) {
      throw refused("sets items of what is no dictionary");
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      String key = key(keysAndValues.get(i));
      if (dictionary.entries().put(key, keysAndValues.get(i + 1)) != null) {
        throw refused("sets the key " + Quoted.of(key) + " twice");
      }
    }
  }

  private String key(PickleValue key) throws RefusedFileException {
    return switch (key) {
      case Text text -> text.text();
      case Whole whole -> Long.toString(whole.number());
      default -> throw refused("has a dictionary whose keys are neither texts nor whole numbers");
    };
  }

  private void reduce() throws RefusedFileException {
    List<PickleValue> call = pop(2);
    if (!(call.getLast() instanceof Sequence arguments)) {
      throw refused("calls something without arguments");
    }
    stack.add(objects.called(call.getFirst(), arguments.elements()));
  }

  /** Sets attributes, which an ordered dictionary has (its metadata), and which hold no tensor. */
  private void build() throws RefusedFileException {
    pop();
    if (!(top() instanceof Dictionary)) {
      throw refused("sets the state of what is no dictionary");
    }
  }

  private PickleValue remembered(int index) throws RefusedFileException {
    PickleValue value = memo.get(index);
    if (value == null) {
      throw refused("recalls memo %s, which it never stored".formatted(index));
    }
    return value;
  }

  private PickleValue top() throws RefusedFileException {
    if (stack.size() <= floor()) {
      throw refused("takes a value from an empty stack");
    }
    return stack.getLast();
  }

  private PickleValue pop() throws RefusedFileException {
    return pop(1).getFirst();
  }

  private List<PickleValue> pop(int count) throws RefusedFileException {
    if (stack.size() - floor() < count) {
      throw refused("takes a value from an empty stack");
    }
    return cut(stack.size() - count);
  }

  private List<PickleValue> popToMark() throws RefusedFileException {
    if (marks.isEmpty()) {
      throw refused("goes back to a mark it never set");
    }
    return cut(marks.pop());
  }

  /** What lies below the newest mark is out of reach. */
  private int floor() {
    return marks.isEmpty() ? 0 : marks.peek();
  }

  private List<PickleValue> cut(int from) {
    List<PickleValue> upper = stack.subList(from, stack.size());
    var taken = new ArrayList<PickleValue>(upper);
    upper.clear();
    return taken;
  }

  private int unsignedByte() {
    return Byte.toUnsignedInt(code.get());
  }

  private RefusedFileException refused(String fault) {
    return new RefusedFileException(file, "its pickle " + fault);
  }
}
