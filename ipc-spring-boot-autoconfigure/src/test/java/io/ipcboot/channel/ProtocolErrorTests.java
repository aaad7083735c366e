package io.ipcboot.channel;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.ipcboot.handle.Handle;
import io.ipcboot.handle.HandleKind;
import io.ipcboot.handle.IpcPipe;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ProtocolErrorTests {

	private final OpenDescriptors descriptors = OpenDescriptors.now();

	private RawPeer peer;

	@BeforeEach
	void open() throws IOException {
		this.peer = new RawPeer();
	}

	@AfterEach
	void close() throws IOException {
		this.peer.receiver.frames.forEach((frame) -> {
			if (frame.handle() != null) {
				frame.handle().close();
			}
		});
		this.peer.close();
		this.descriptors.awaitNoMore();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void whatIsNoFrameEndsTheChannelAndNamesThePeer(String name, byte[] bytes, String problem) throws Exception {
		this.peer.write(WireFrame.name(1, "a").bytes(), WireFrame.message(1, "before").bytes());
		Awaitility.await().until(() -> this.peer.receiver.frames.size() == 1);
		this.peer.tryWrite(bytes);
		this.peer.tryWrite(WireFrame.message(2, "after").bytes());
		assertThat(this.peer.awaitClosed()).isInstanceOf(ProtocolException.class)
			.hasMessageMatching(Pattern.quote("worker raw/7 (pid 4711): protocol error: " + problem)
					+ "; the frame begins with ([0-9a-f]{2}){0,64}");
		assertThat(this.peer.receiver.frames).extracting(ProtocolErrorTests::text).containsExactly("before");
	}

	static Stream<Arguments> whatIsNoFrameEndsTheChannelAndNamesThePeer() {
		byte[] text = "GET / HTTP/1.1\r\nHost: localhost:8080\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
		return Stream.of(arguments("text", text, "a frame starts with 0x47"),
				arguments("zeroes", new byte[64], "a frame starts with 0x00"),
				arguments("type", WireFrame.message(2, "x").type(99).bytes(), "unknown frame type 99"),
				arguments("content", WireFrame.message(2, "x").content(99).bytes(), "unknown content 99"),
				arguments("kind", WireFrame.message(2, "x").kind(99).bytes(), "unknown kind of handle 99"),
				arguments("negative", WireFrame.message(2, "x").bodyLength(-5).bytes(), "a body of -5 bytes"),
				arguments("2 GiB", WireFrame.message(2, "").bodyLength(Integer.MAX_VALUE).header(),
						"a body of 2147483647 bytes"),
				arguments("limit + 1", WireFrame.message(2, "").bodyLength(16 * 1024 * 1024 + 1).header(),
						"a body of 16777217 bytes"),
				arguments("headers", WireFrame.message(2, "x").headersLength(1).bytes(),
						"headers do not fill their length"),
				arguments("unknown destination", WireFrame.message(2, "x").destination(2).bytes(),
						"unknown destination number 2"),
				arguments("negative destination", WireFrame.message(2, "x").destination(-2).bytes(),
						"unknown destination number -2"),
				arguments("number skipped", WireFrame.name(3, "c").bytes(), "destination number 3 is out of sequence"),
				arguments("number again", WireFrame.name(1, "b").bytes(), "destination number 1 is out of sequence"),
				arguments("long name", WireFrame.name(2, "n".repeat(1025)).bytes(),
						"destination number 2 is out of sequence"),
				arguments("id again", WireFrame.message(1, "x").bytes(), "the id 1 after 1"),
				arguments("id 0", WireFrame.message(0, "x").bytes(), "the id 0 after 1"),
				arguments("announced handle", WireFrame.message(2, "x").kind(HandleKind.TCP_SOCKET).bytes(),
						"the announced connected TCP socket did not arrive"),
				arguments("acknowledgement", WireFrame.message(2, "x").acknowledged(Long.MAX_VALUE).bytes(),
						"9,223,372,036,854,775,807 bytes acknowledged that were never sent"),
				arguments("many headers", WireFrame.message(2, "").body(new byte[] { 4, 2 }).headersLength(2).bytes(),
						"1,026 headers"),
				arguments("handle of a reply", WireFrame.of(FrameType.REPLY).kind(HandleKind.FILE).bytes(),
						"a handle with a frame of type REPLY"));
	}

	@Test
	void aHandleThatWasNotAnnouncedIsAnErrorAndClosed() throws Exception {
		this.peer.write(WireFrame.name(1, "a").bytes());
		try (IpcPipe pipe = IpcPipe.open(); Handle handle = Handle.share(pipe.sink())) {
			this.peer.write(WireFrame.message(1, "x").bytes(), handle);
			assertThat(this.peer.awaitClosed())
				.hasMessageContaining("protocol error: a handle arrived that no frame announced");
		}
	}

	@Test
	void handlesInTheMiddleOfABodyDoNotPileUp() throws Exception {
		this.peer.write(WireFrame.name(1, "a").bytes());
		this.peer.write(WireFrame.message(1, "").bodyLength(1000).header());
		try (IpcPipe pipe = IpcPipe.open(); Handle handle = Handle.share(pipe.sink())) {
			for (int i = 0; i < 70; i++) {
				this.peer.tryWrite(new byte[1], handle);
			}
			assertThat(this.peer.awaitClosed())
				.hasMessageContaining("protocol error: more handles than the receiver has agreed to keep");
		}
	}

	@ParameterizedTest
	@MethodSource
	void aHandleOfAnotherKindThanAnnouncedIsAnErrorAndClosed(HandleKind announced) throws Exception {
		this.peer.write(WireFrame.name(1, "a").bytes());
		try (IpcPipe pipe = IpcPipe.open(); Handle handle = Handle.share(pipe.sink())) {
			this.peer.write(WireFrame.message(1, "x").kind(announced).bytes(), handle);
			assertThat(this.peer.awaitClosed())
				.hasMessageContaining("protocol error: the announced " + announced + " did not arrive");
		}
		assertThat(this.peer.receiver.frames).isEmpty();
	}

	static Stream<HandleKind> aHandleOfAnotherKindThanAnnouncedIsAnErrorAndClosed() {
		return Stream.of(HandleKind.TCP_LISTENER, HandleKind.TCP_SOCKET, HandleKind.UDP_SOCKET,
				HandleKind.UNIX_LISTENER, HandleKind.UNIX_SOCKET);
	}

	@Test
	void aHandleIsReceivedAsTheKindThatItIs(@TempDir File directory) throws Exception {
		this.peer.write(WireFrame.name(1, "a").bytes());
		try (RandomAccessFile file = new RandomAccessFile(new File(directory, "file"), "rw");
				Handle handle = Handle.share(file)) {
			this.peer.write(WireFrame.message(1, "x").kind(HandleKind.FILE).bytes(), handle);
			Awaitility.await().until(() -> this.peer.receiver.frames.size() == 1);
			assertThat(this.peer.receiver.frames.get(0).handle().kind()).isEqualTo(HandleKind.FILE);
		}
	}

	@Test
	void aSocketAnnouncedAsFileIsAnErrorAndClosed() throws Exception {
		this.peer.write(WireFrame.name(1, "a").bytes());
		RawPeer other = new RawPeer();
		try (other; java.net.ServerSocket server = new java.net.ServerSocket(0); Handle handle = Handle.share(server)) {
			this.peer.write(WireFrame.message(1, "x").kind(HandleKind.FILE).bytes(), handle);
			assertThat(this.peer.awaitClosed()).isInstanceOf(ProtocolException.class);
		}
	}

	@Test
	void aHandleWithAFrameThatTakesNoneIsAnErrorAndClosed() throws Exception {
		try (IpcPipe pipe = IpcPipe.open(); Handle handle = Handle.share(pipe.sink())) {
			this.peer.write(WireFrame.of(FrameType.STARTED).kind(HandleKind.PIPE_SINK).bytes(), handle);
			assertThat(this.peer.awaitClosed())
				.hasMessageContaining("protocol error: a handle with a frame of type STARTED");
		}
	}

	@Test
	void aHandleThatNobodyTakesBecauseItsFrameIsBrokenIsClosed() throws Exception {
		try (IpcPipe pipe = IpcPipe.open(); Handle handle = Handle.share(pipe.sink())) {
			this.peer.write(WireFrame.of(FrameType.MESSAGE).id(1).destination(5).kind(HandleKind.PIPE_SINK).bytes(),
					handle);
			assertThat(this.peer.awaitClosed()).hasMessageContaining("unknown destination number 5");
		}
	}

	@Test
	void moreHandlesThanTheWindowHasRoomForAreAnError() throws Exception {
		this.peer.write(WireFrame.name(1, "a").bytes());
		try (IpcPipe pipe = IpcPipe.open(); Handle handle = Handle.share(pipe.sink())) {
			for (int id = 1; id <= ChannelOptions.HANDLE_WINDOW; id++) {
				this.peer.write(WireFrame.message(id, "x").kind(HandleKind.PIPE_SINK).bytes(), handle);
			}
			Awaitility.await().until(() -> this.peer.receiver.frames.size() == ChannelOptions.HANDLE_WINDOW);
			this.peer.write(WireFrame.message(100, "x").kind(HandleKind.PIPE_SINK).bytes(), handle);
			assertThat(this.peer.awaitClosed())
				.hasMessageContaining("protocol error: more messages than the receiver has agreed to keep");
		}
		assertThat(this.peer.receiver.frames).hasSize(ChannelOptions.HANDLE_WINDOW);
	}

	@Test
	void moreBytesThanTheWindowHasRoomForAreAnError() throws Exception {
		this.peer.write(WireFrame.name(1, "a").bytes());
		byte[] megabyte = new byte[1024 * 1024];
		for (int id = 1; id <= 10; id++) {
			this.peer.tryWrite(WireFrame.message(id, "").body(megabyte).bytes());
		}
		assertThat(this.peer.awaitClosed())
			.hasMessageContaining("protocol error: more messages than the receiver has agreed to keep");
		assertThat(this.peer.receiver.frames).hasSizeBetween(2, 6);
	}

	@Test
	void theEndBetweenTwoFramesIsNoError() throws Exception {
		this.peer.write(WireFrame.name(1, "a").bytes(), WireFrame.message(1, "last").bytes());
		this.peer.socket.close();
		assertThat(this.peer.awaitClosed()).isNotInstanceOf(ProtocolException.class)
			.hasMessage("worker raw/7 (pid 4711): the peer closed the channel");
		assertThat(this.peer.receiver.frames).hasSize(1);
	}

	@ParameterizedTest
	@MethodSource
	void theEndWithinAFrameIsNotTakenForAFrame(int length) throws Exception {
		this.peer.write(WireFrame.name(1, "a").bytes());
		byte[] frame = WireFrame.message(1, "x".repeat(200_000)).bytes();
		this.peer.write(Arrays.copyOf(frame, length));
		this.peer.socket.close();
		assertThat(this.peer.awaitClosed())
			.hasMessage("worker raw/7 (pid 4711): the channel ended in the middle of a frame");
		assertThat(this.peer.receiver.frames).isEmpty();
	}

	static Stream<Integer> theEndWithinAFrameIsNotTakenForAFrame() {
		return Stream.of(1, 39, 40, 41, 100_000, 200_039);
	}

	@Test
	void aHandleOfHalfAFrameIsClosed() throws Exception {
		this.peer.write(WireFrame.name(1, "a").bytes());
		try (IpcPipe pipe = IpcPipe.open(); Handle handle = Handle.share(pipe.sink())) {
			byte[] frame = WireFrame.message(1, "x".repeat(1000)).kind(HandleKind.PIPE_SINK).bytes();
			this.peer.write(Arrays.copyOf(frame, 500), handle);
			this.peer.socket.close();
			this.peer.awaitClosed();
		}
		assertThat(this.peer.receiver.frames).isEmpty();
	}

	@Test
	void bytesThatArriveOneByOneAreFrames() throws Exception {
		byte[] name = WireFrame.name(1, "a").bytes();
		byte[] message = WireFrame.message(1, "slow").bytes();
		byte[] all = ByteBuffer.allocate(name.length + message.length).put(name).put(message).array();
		for (byte b : all) {
			this.peer.write(new byte[] { b });
		}
		Awaitility.await().until(() -> this.peer.receiver.frames.size() == 1);
		assertThat(text(this.peer.receiver.frames.get(0))).isEqualTo("slow");
	}

	@ParameterizedTest
	@EnumSource(names = { "STARTED", "REPLY", "FAILURE", "NOT_STARTED" })
	void aReportOfAMessageThatWasNotSentIsAnError(FrameType type) throws Exception {
		this.peer.write(WireFrame.of(type).id(0).bytes(), WireFrame.of(FrameType.BYE).bytes());
		Awaitility.await().until(() -> !this.peer.receiver.frames.isEmpty());
		assertThat(this.peer.channel.isOpen()).isTrue();
		this.peer.write(WireFrame.of(type).id(5).bytes());
		assertThat(this.peer.awaitClosed()).isInstanceOf(ProtocolException.class)
			.hasMessageContaining("protocol error: %s for the message 5, though the last one was 0".formatted(type));
	}

	/** The recalled ones are handed back, and this end does not read that. */
	@Test
	void recallingWithoutReadingIsAnErrorInTheEnd() throws Exception {
		this.peer.write(WireFrame.name(1, "a").bytes());
		for (long id = 1; this.peer.channel.isOpen() && id < 500_000; id++) {
			Frame handedBack = Frame.control(FrameType.NOT_STARTED, id, Map.of());
			this.peer.channel.sendControl(handedBack);
			this.peer.tryWrite(WireFrame.of(FrameType.CANCEL).id(id).bytes());
		}
		assertThat(this.peer.awaitClosed()).isInstanceOf(ProtocolException.class)
			.hasMessageContaining("protocol error: more messages recalled than the sender could have under way");
	}

	private static String text(Frame frame) {
		return new String(frame.payload(), StandardCharsets.UTF_8);
	}

}
