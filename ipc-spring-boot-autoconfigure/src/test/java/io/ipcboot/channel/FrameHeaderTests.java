package io.ipcboot.channel;

import java.nio.ByteBuffer;
import java.util.stream.Stream;

import io.ipcboot.handle.HandleKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class FrameHeaderTests {

	private static final int LIMIT = 1_000_000;

	@Test
	void everyFieldSurvivesTheWire() throws Exception {
		FrameHeader header = new FrameHeader(FrameType.CALL, Content.JSON, HandleKind.UDP_SOCKET, LIMIT, 65_536, 77,
				Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MAX_VALUE - 2);
		assertThat(read(written(header))).isEqualTo(header);
	}

	@Test
	void everyTypeContentAndKindSurvivesTheWire() throws Exception {
		for (FrameType type : FrameType.values()) {
			for (Content content : Content.values()) {
				FrameHeader header = new FrameHeader(type, content, null, 0, 0, 0, 0, 0, 0);
				assertThat(read(written(header))).isEqualTo(header);
			}
		}
		for (HandleKind kind : HandleKind.values()) {
			FrameHeader header = new FrameHeader(FrameType.MESSAGE, Content.NULL, kind, 0, 0, 0, 0, 0, 0);
			assertThat(read(written(header))).isEqualTo(header);
		}
	}

	@Test
	void aHeaderHasFortyBytes() {
		FrameHeader header = new FrameHeader(FrameType.BYE, Content.NULL, null, 0, 0, 0, 0, 0, 0);
		assertThat(written(header).position()).isEqualTo(40).isEqualTo(FrameHeader.SIZE);
	}

	@ParameterizedTest(name = "{1}")
	@MethodSource
	void whatIsNotValidIsNamed(WireFrame frame, String problem) {
		assertThatExceptionOfType(MalformedFrameException.class).isThrownBy(() -> read(ByteBuffer.wrap(frame.bytes())))
			.withMessage(problem);
	}

	static Stream<Arguments> whatIsNotValidIsNamed() {
		return Stream.of(arguments(call().magic(0), "a frame starts with 0x00"),
				arguments(call().magic('{'), "a frame starts with 0x7b"),
				arguments(call().type(0), "unknown frame type 0"), arguments(call().type(17), "unknown frame type 17"),
				arguments(call().type(-1), "unknown frame type -1"), arguments(call().content(5), "unknown content 5"),
				arguments(call().content(-1), "unknown content -1"),
				arguments(call().kind(9), "unknown kind of handle 9"),
				arguments(call().kind(-128), "unknown kind of handle -128"),
				arguments(call().bodyLength(-1), "a body of -1 bytes"),
				arguments(call().bodyLength(Integer.MIN_VALUE), "a body of -2147483648 bytes"),
				arguments(call().bodyLength(Integer.MAX_VALUE), "a body of 2147483647 bytes"),
				arguments(call().bodyLength(LIMIT + 1), "a body of 1000001 bytes"),
				arguments(call().bodyLength(10).headersLength(11), "headers of 11 bytes"),
				arguments(call().bodyLength(10).headersLength(-1), "headers of -1 bytes"),
				arguments(call().bodyLength(70_000).headersLength(65_537), "headers of 65537 bytes"),
				arguments(call().id(-1), "the id -1"), arguments(call().remaining(-1), "a remaining time of -1"),
				arguments(call().acknowledged(-1), "-1 acknowledged bytes"),
				arguments(WireFrame.of(FrameType.REPLY).kind(HandleKind.FILE), "a handle with a frame of type REPLY"),
				arguments(WireFrame.of(FrameType.STARTED).destination(1), "a destination for a frame of type STARTED"),
				arguments(WireFrame.of(FrameType.NAME).bodyLength(3073), "a body of 3073 bytes"));
	}

	@Test
	void theNameOfADestinationWithoutNumberIsNotCountedAgainstTheLimit() throws Exception {
		WireFrame frame = WireFrame.of(FrameType.CALL).bodyLength(LIMIT + HeaderCodec.NAME_ROOM);
		assertThat(read(ByteBuffer.wrap(frame.bytes())).bodyLength()).isGreaterThan(LIMIT);
	}

	private static WireFrame call() {
		return WireFrame.of(FrameType.CALL).destination(1);
	}

	private static ByteBuffer written(FrameHeader header) {
		ByteBuffer buffer = ByteBuffer.allocate(FrameHeader.SIZE);
		header.writeTo(buffer);
		return buffer;
	}

	private static FrameHeader read(ByteBuffer buffer) throws MalformedFrameException {
		return FrameHeader.read(buffer, 0, LIMIT);
	}

}
