package io.ipcboot.process;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;

/**
 * The only header of a frame that says how long something may take, as ISO 8601.
 *
 * @param type the type of the frame
 * @param name the name of the header
 */
record DurationHeader(FrameType type, String name) {

	Frame frame(Duration duration) {
		return Frame.control(this.type, 0, Map.of(this.name, duration.toString()));
	}

	/** What a frame says, if it says so. */
	Optional<Duration> read(Frame frame) {
		try {
			return Optional.ofNullable(frame.headers().get(this.name)).map(Duration::parse);
		}
		catch (DateTimeParseException ex) {
			return Optional.empty();
		}
	}

}
