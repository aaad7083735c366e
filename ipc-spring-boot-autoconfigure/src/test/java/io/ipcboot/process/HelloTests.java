package io.ipcboot.process;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The handshake.
 */
class HelloTests {

	private static final ChannelOptions LIMITS = new ChannelOptions(2048, 4096, Duration.ofMillis(1500));

	@Test
	void everythingArrives() {
		Hello hello = new Hello("images", 3, 4711, LIMITS, Duration.ofSeconds(7), Duration.ofSeconds(8), 4, true,
				Map.of("images", Duration.ofSeconds(9), "my pool", Duration.ZERO), List.of("worker", "special"),
				Map.of("secret", "a,b=c\nd", "empty", ""));
		assertThat(Hello.from(hello.toFrame(null))).isEqualTo(hello);
	}

	@Test
	void aProcessOutsideAPoolHasNoPool() {
		Hello hello = new Hello(null, -1, 1, LIMITS, Duration.ZERO, Duration.ZERO, 1, false, Map.of(), List.of(),
				Map.of());
		assertThat(Hello.from(hello.toFrame(null))).isEqualTo(hello);
	}

	@Test
	void anotherVersionIsRefusedByTheWorker() {
		Frame frame = Frame.control(FrameType.HELLO, 0, Map.of("protocol", "2"));
		assertThatIllegalArgumentException().isThrownBy(() -> Hello.from(frame))
			.withMessageContaining("The parent speaks version 2 of the protocol, this process version 1");
	}

	@Test
	void anotherFrameIsRefusedByTheWorker() {
		Frame frame = Frame.control(FrameType.READY, 0, Map.of("protocol", "1"));
		assertThatIllegalArgumentException().isThrownBy(() -> Hello.from(frame));
	}

	@Test
	void anotherVersionIsRefusedByTheParent() {
		assertThat(Hello.problemOf(Hello.answer(1))).isNull();
		assertThat(Hello.problemOf(Frame.control(FrameType.HELLO, 0, Map.of("protocol", "2"))))
			.isEqualTo("it speaks version 2 of the protocol, this process version 1");
		assertThat(Hello.problemOf(Frame.control(FrameType.HELLO, 0, Map.of()))).isNotNull();
	}

}
