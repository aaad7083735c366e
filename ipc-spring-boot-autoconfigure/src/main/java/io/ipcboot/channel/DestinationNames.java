package io.ipcboot.channel;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers that stand for destinations, so that a name crosses a channel once. Number 0
 * means that the name is in the header {@value #HEADER}. Names beyond the limit travel in
 * that way, so that a sender that makes up names cannot fill the receiver's memory.
 */
final class DestinationNames {

	static final int LIMIT = 1024;

	static final int MAX_NAME_BYTES = 3 * ChannelOptions.MAX_DESTINATION_LENGTH;

	static final String HEADER = ":destination";

	private final Map<String, Integer> numbers = new HashMap<>();

	private final List<String> names = new ArrayList<>(List.of(""));

	/** For the sender: return the number of a name, 0 if the name has none yet. */
	int numberOf(String name) {
		return this.numbers.getOrDefault(name, 0);
	}

	/** For the sender: return whether another name can be numbered. */
	boolean hasRoom() {
		return this.numbers.size() < LIMIT;
	}

	/** For the sender: return the number that the next name gets. */
	int nextNumber() {
		return this.numbers.size() + 1;
	}

	/** For the sender: return the frame that defines the next number. */
	static Frame definition(String name) {
		return new Frame(FrameType.NAME, 0, name, Content.TEXT, Map.of(), name.getBytes(StandardCharsets.UTF_8), 0,
				null);
	}

	/** For the sender: note that the definition was sent. */
	void define(String name) {
		this.numbers.put(name, nextNumber());
	}

	/**
	 * For the sender: return the encoded headers of a frame whose destination has no
	 * number.
	 */
	static byte[] headersWithName(Frame frame) {
		return HeaderCodec.encodeWith(HEADER, frame.destination(), frame.headers());
	}

	/** For the receiver: remember a definition. */
	void learn(int number, String name) throws MalformedFrameException {
		if (number != this.names.size() || number > LIMIT || name.length() > ChannelOptions.MAX_DESTINATION_LENGTH) {
			throw new MalformedFrameException("destination number " + number + " is out of sequence");
		}
		this.names.add(name);
	}

	/** For the receiver: return the destination of a frame. */
	String resolve(int number, Map<String, String> headers) throws MalformedFrameException {
		if (number == 0) {
			String name = headers.isEmpty() ? null : headers.remove(HEADER);
			if (name != null && name.length() > ChannelOptions.MAX_DESTINATION_LENGTH) {
				throw new MalformedFrameException("a destination of %,d characters".formatted(name.length()));
			}
			return (name != null) ? name : "";
		}
		if (number < 0 || number >= this.names.size()) {
			throw new MalformedFrameException("unknown destination number " + number);
		}
		return this.names.get(number);
	}

}
