package io.ipcboot.messaging;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.MessageTooLargeException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.RawEnd;
import io.ipcboot.channel.RemoteThrowable;
import io.ipcboot.channel.WireFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.deser.std.StdDeserializer;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

@ExtendWith(OutputCaptureExtension.class)
class RemoteFailureTests extends AbstractPeerTests {

	@Test
	void aFailureArrivesAsData() {
		this.pair.right.listeners.add("fail", (message) -> {
			throw new IOException("disk full", new IllegalStateException("the cause"));
		});
		RemoteHandlerException failure = call("fail", null);
		assertThat(failure)
			.hasMessage(this.pair.left.peer.id() + ": 'fail' failed with java.io.IOException: disk full");
		assertThat(failure.getRemoteType()).isEqualTo("java.io.IOException");
		assertThat(failure.getRemoteMessage()).isEqualTo("disk full");
		assertThat(failure.getRemoteStackTrace()).startsWith("java.io.IOException: disk full\n")
			.contains("at " + RemoteFailureTests.class.getName())
			.contains("Caused by: java.lang.IllegalStateException: the cause");
		assertThat(failure.getPeer()).isEqualTo(this.pair.left.peer.id());
		assertThat(failure.getStackTrace()[0].getClassName()).startsWith("io.ipcboot.messaging");
		assertLives();
	}

	@Test
	void whatACallerPrintsShowsTheFramesAndCausesOfTheOtherProcess() {
		this.pair.right.listeners.add("fail", (message) -> {
			IllegalStateException cause = new IllegalStateException("the cause");
			IOException failure = new IOException("disk full\nor not there", cause);
			failure.addSuppressed(new IllegalArgumentException("beside it", new IOException("below")));
			throw failure;
		});
		RemoteHandlerException failure = call("fail", null);
		String listener = "\tat %s.lambda$whatACallerPrintsShows".formatted(RemoteFailureTests.class.getName());
		assertThat(print(failure)).startsWith(RemoteHandlerException.class.getName() + ": worker test/1 (pid ")
			.contains("'fail' failed with java.io.IOException: disk full\n\tor not there\n")
			.contains(RemoteFailureTests.class.getName() + ".whatACallerPrintsShows")
			.contains("\nCaused by: java.io.IOException: disk full (in worker test/1 (pid ")
			.contains("\n\tor not there\n" + listener)
			.contains("\n\tSuppressed: java.lang.IllegalArgumentException: beside it\n\t" + listener)
			.contains("\n\tCaused by: java.io.IOException: below\n\t")
			.contains("\nCaused by: java.lang.IllegalStateException: the cause\n" + listener)
			.contains(" more\n");
		Throwable cause = failure.getCause().getCause();
		assertThat(cause).hasMessage("the cause").hasNoCause();
		assertThat(cause.getStackTrace()).hasSameSizeAs(failure.getCause().getStackTrace());
		assertThat(cause.getStackTrace()[0].getMethodName()).startsWith("lambda$whatACallerPrintsShows");
		assertThat(cause.getStackTrace()[0].getLineNumber()).isPositive();
	}

	@Test
	void theLastCauseOfADeepStackIsThere() {
		this.pair.right.listeners.add("fail", (message) -> deep(300, new IOException("the root of it all")));
		RemoteHandlerException failure = call("fail", null);
		assertThat(failure.getRemoteStackTrace()).contains(" omitted\n").hasSizeLessThan(13_000);
		Throwable last = failure;
		for (int i = 0; i < 6; i++) {
			last = last.getCause();
		}
		assertThat(last).hasMessage("the root of it all").hasNoCause();
		assertThat(last.getStackTrace()).isNotEmpty();
	}

	private static Object deep(int depth, Exception root) {
		if (depth > 0) {
			return deep(depth - 1, root);
		}
		RuntimeException failure = new IllegalStateException("4", root);
		for (int i = 0; i < 4; i++) {
			failure = new IllegalStateException("above", failure);
		}
		throw failure;
	}

	@Test
	void aFailureCannotForgeALineOfALogOrControlATerminal() {
		this.pair.right.listeners.add("fail", (message) -> {
			throw new IllegalStateException("a\r\n2026-01-01 INFO all is well\u001b[2J\u0085b\u2028c\u202ed");
		});
		RemoteHandlerException failure = call("fail", null);
		assertThat(failure.getMessage())
			.endsWith(": a\\u000d\n\t2026-01-01 INFO all is well\\u001b[2J\\u0085b\\u2028c\\u202ed");
		assertThat(print(failure)).doesNotContain("\n2026").doesNotContainPattern("[\\p{Cntrl}\\u202e&&[^\n\t]]");
	}

	@Test
	void whereTheListenerRanItsFailureIsLoggedOnce(CapturedOutput output) throws Exception {
		this.pair.right.listeners.add("fail", (message) -> {
			throw new IOException("on purpose: logged once");
		});
		Gate gate = new Gate();
		CompletableFuture<Object> left = new CompletableFuture<>();
		this.pair.right.listeners.add("slow", (message) -> {
			try {
				gate.await();
				return null;
			}
			finally {
				left.complete(null);
			}
		});
		call("fail", null);
		assertThat(output.getAll().lines().filter((line) -> line.contains("on purpose: logged once"))).hasSize(1);
		assertThat(output).containsPattern("WARN .*A listener failed for CALL #\\d+ fail, 0 bytes from worker test/2 ")
			.contains("\tat " + RemoteFailureTests.class.getName());
		CompletableFuture<Object> call = this.pair.left.callAsync("slow", null, Object.class);
		gate.awaitReached();
		call.cancel(true);
		left.join();
		assertLives();
		assertThat(output).doesNotContain("InterruptedException");
	}

	@Test
	void aOneWayMessageWhoseFailureCannotBePrintedDoesNotHoldUpTheEnd() {
		this.pair.right.listeners.add("fail", new Listener() {

			@Override
			public Object onMessage(IpcMessage message) {
				throw new Unprintable();
			}

			@Override
			public int concurrency() {
				return 2;
			}

		});
		this.pair.left.send("fail", null).join();
		this.pair.left.send("fail", null).join();
		assertThat(this.pair.right.peer.drain()).succeedsWithin(Duration.ofSeconds(20));
	}

	private static String print(Throwable failure) {
		StringWriter text = new StringWriter();
		failure.printStackTrace(new PrintWriter(text));
		return text.toString();
	}

	@Test
	void theStackIsTheCallersOwn() {
		this.pair.right.listeners.add("fail", (message) -> {
			throw new IOException("x");
		});
		assertThat(call("fail", null).getStackTrace())
			.anyMatch((element) -> element.getMethodName().equals("theStackIsTheCallersOwn"));
	}

	@Test
	void aFailureWithoutMessageIsAFailure() {
		this.pair.right.listeners.add("fail", (message) -> {
			throw new NullPointerException();
		});
		assertThat(call("fail", null).getRemoteType()).isEqualTo("java.lang.NullPointerException");
	}

	@Test
	void hugeTextsAreShortened() {
		this.pair.right.listeners.add("fail", (message) -> {
			throw new IllegalStateException("字".repeat(1_000_000));
		});
		RemoteHandlerException failure = call("fail", null);
		assertThat(failure.getRemoteMessage()).startsWith("字字").endsWith("…").hasSizeLessThan(10_000);
		assertThat(failure.getRemoteStackTrace()).startsWith("java.lang.IllegalStateException: 字字")
			.contains("字…\n\tat " + RemoteFailureTests.class.getName())
			.hasSizeLessThan(13_000);
		assertLives();
	}

	@Test
	void anErrorInAListenerIsAFailure() {
		this.pair.right.listeners.add("recurse", (message) -> recurse(0));
		this.pair.right.listeners.add("memory", (message) -> new byte[Integer.MAX_VALUE - 1][Integer.MAX_VALUE - 1]);
		this.pair.right.listeners.add("initializer", (message) -> new Uninitializable());
		assertThat(call("recurse", null).getRemoteType()).isEqualTo("java.lang.StackOverflowError");
		assertThat(call("memory", null).getRemoteType()).isEqualTo("java.lang.OutOfMemoryError");
		assertThat(call("initializer", null).getRemoteType()).isEqualTo("java.lang.ExceptionInInitializerError");
		assertLives();
	}

	private static int recurse(int depth) {
		return 1 + recurse(depth + 1) + recurse(depth + 2);
	}

	@Test
	void anErrorInWritingTheReplyIsAFailure() {
		this.pair.right.listeners.add("recursive", (message) -> new Recursive());
		this.pair.right.listeners.add("error", (message) -> new Unwritable());
		this.pair.right.listeners.add("later", (message) -> CompletableFuture.completedFuture(new Unwritable()));
		assertThat(call("recursive", null).getRemoteType()).isNotEmpty();
		assertThat(call("error", null).getRemoteType()).contains("NoClassDefFoundError");
		assertThat(call("later", null).getRemoteType()).contains("NoClassDefFoundError");
		assertLives();
	}

	@Test
	void anErrorInReadingThePayloadIsAFailure() {
		this.pair.right.listeners.add("deep", (message) -> message.payload(Object.class));
		this.pair.right.listeners.add("recursive", (message) -> message.payload(Unreadable.class));
		assertThat(call("deep", new RawJson("[".repeat(250) + "]".repeat(250))).getRemoteMessage())
			.contains("nesting depth (201) exceeds the maximum allowed (200");
		assertThat(call("recursive", Map.of("value", 1)).getRemoteType())
			.isEqualTo(PayloadConversionException.class.getName());
		assertLives();
	}

	@Test
	void aReplyThatIsTooLargeIsAFailure() {
		this.pair.right.listeners.add("large", (message) -> new byte[16 * 1024 * 1024 + 1]);
		RemoteHandlerException failure = call("large", null);
		assertThat(failure.getRemoteType()).isEqualTo(MessageTooLargeException.class.getName());
		assertThat(failure.getRemoteMessage()).contains("16,777,217 bytes for 'large'", "limit of 16,777,216 bytes");
		assertLives();
	}

	@Test
	void aFailedFutureIsAFailure() {
		this.pair.right.listeners.add("failed",
				(message) -> CompletableFuture.failedFuture(new IOException("directly")));
		this.pair.right.listeners.add("async", (message) -> CompletableFuture.supplyAsync(() -> {
			throw new IllegalStateException("wrapped by the future");
		}));
		CompletableFuture<Object> cancelled = new CompletableFuture<>();
		cancelled.cancel(true);
		this.pair.right.listeners.add("cancelled", (message) -> cancelled);
		assertThat(call("failed", null).getRemoteType()).isEqualTo("java.io.IOException");
		assertThat(call("async", null).getRemoteType()).isEqualTo("java.lang.IllegalStateException");
		assertThat(call("cancelled", null).getRemoteType()).isEqualTo("java.util.concurrent.CancellationException");
		assertLives();
	}

	@Test
	void aFutureThatIsCompletedLaterByAnotherThreadIsTheReply() throws Exception {
		CompletableFuture<String> reply = new CompletableFuture<>();
		Gate gate = new Gate();
		this.pair.right.listeners.add("later", (message) -> {
			gate.open();
			return reply;
		});
		CompletableFuture<String> call = this.pair.left.callAsync("later", null, String.class);
		gate.await();
		assertLives();
		new Thread(() -> reply.complete("late")).start();
		assertThat(call.join()).isEqualTo("late");
	}

	@Test
	void aStageThatIsNoFutureIsAFailure() {
		CompletionStage<?> stage = (CompletionStage<?>) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { CompletionStage.class }, (proxy, method, arguments) -> {
					throw new UnsupportedOperationException(method.getName());
				});
		this.pair.right.listeners.add("stage", (message) -> stage);
		assertThat(call("stage", null).getRemoteMessage()).isEqualTo("toCompletableFuture");
		assertLives();
	}

	@Test
	void aFailureThatCannotBePrintedIsAFailure() {
		this.pair.right.listeners.add("fail", (message) -> {
			throw new Unprintable();
		});
		RemoteHandlerException failure = call("fail", null);
		assertThat(failure.getRemoteType()).isEqualTo(Unprintable.class.getName());
		assertThat(failure.getRemoteMessage()).contains("UnsupportedOperationException");
		assertLives();
	}

	@Test
	void aFailureOfAOneWayMessageIsNoFailureOfTheSender() {
		this.pair.right.listeners.add("fail", (message) -> {
			throw new IOException("on purpose: this one is logged");
		});
		this.pair.left.send("fail", null).join();
		assertLives();
	}

	@Test
	void linesThatClaimMoreFramesDoNotMultiplyThem() {
		String more = "\t... 999999 more\n".repeat(60);
		RemoteThrowable failure = RemoteThrowable
			.parse("Outer\n\tat a.B.c(B.java:1)\n" + ("Caused by: Inner\n\tat a.B.d(B.java:2)\n" + more).repeat(6), "");
		Throwable cause = failure.getCause();
		assertThat(cause).hasToString("Inner");
		assertThat(cause.getStackTrace()).extracting(StackTraceElement::getMethodName).containsExactly("d", "c");
	}

	@Test
	void causesWithoutEndAreCut() {
		Throwable last = RemoteThrowable.parse("Outer\n" + "Caused by: Inner\n".repeat(1_000_000), "");
		int causes = 0;
		while (last.getCause() != null) {
			last = last.getCause();
			causes++;
		}
		assertThat(last).hasToString("Inner");
		assertThat(causes).isEqualTo(50);
	}

	@Test
	void theTypeThatAFailureNamesIsNotLoaded() throws Exception {
		try (RawEnd raw = new RawEnd(); PeerAtRawEnd peer = new PeerAtRawEnd(raw)) {
			CompletableFuture<Object> call = peer.callAsync("x", null, Duration.ZERO);
			Frame frame = raw.next(FrameType.CALL);
			raw.write(failure(frame.id(), "type", "io.ipcboot.messaging.RemoteFailureTests$Uninitializable"));
			CompletionException failure = catchThrowableOfType(CompletionException.class, call::join);
			assertThat(((RemoteHandlerException) failure.getCause()).getRemoteType()).endsWith("Uninitializable");
		}
	}

	@Test
	void aFailureWithoutAnyDetailIsAFailure() throws Exception {
		try (RawEnd raw = new RawEnd(); PeerAtRawEnd peer = new PeerAtRawEnd(raw)) {
			CompletableFuture<Object> call = peer.callAsync("x", null, Duration.ZERO);
			raw.write(WireFrame.of(FrameType.FAILURE).id(raw.next(FrameType.CALL).id()).bytes());
			assertThat(catchThrowableOfType(CompletionException.class, call::join))
				.hasCauseInstanceOf(RemoteHandlerException.class);
		}
	}

	private static byte[] failure(long id, String name, String value) {
		byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
		byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
		byte[] body = ByteBuffer.allocate(2 + 2 + nameBytes.length + 4 + valueBytes.length)
			.putShort((short) 1)
			.putShort((short) nameBytes.length)
			.put(nameBytes)
			.putInt(valueBytes.length)
			.put(valueBytes)
			.array();
		return WireFrame.of(FrameType.FAILURE).id(id).body(body).headersLength(body.length).bytes();
	}

	private RemoteHandlerException call(String destination, Object payload) {
		return catchThrowableOfType(RemoteHandlerException.class,
				() -> this.pair.left.call(destination, payload, Object.class));
	}

	private void assertLives() {
		if (this.pair.right.listeners.find("alive", PeerId.process(1)) == null) {
			this.pair.right.listeners.add("alive", (message) -> true);
		}
		assertThat(this.pair.left.call("alive", null, boolean.class)).isEqualTo(true);
	}

	static final class RawJson {

		private final String json;

		RawJson(String json) {
			this.json = json;
		}

		@JsonRawValue
		@JsonValue
		public String json() {
			return this.json;
		}

	}

	static final class Recursive {

		public Recursive getSelf() {
			return this;
		}

	}

	static final class Unwritable {

		public int getValue() {
			throw new NoClassDefFoundError("on purpose");
		}

	}

	@JsonDeserialize(using = Overflows.class)
	static final class Unreadable {

	}

	static final class Overflows extends StdDeserializer<Unreadable> {

		Overflows() {
			super(Unreadable.class);
		}

		@Override
		public Unreadable deserialize(JsonParser parser, DeserializationContext context) {
			recurse(0);
			return new Unreadable();
		}

	}

	static final class Unprintable extends RuntimeException {

		@Override
		public String getMessage() {
			throw new UnsupportedOperationException();
		}

		@Override
		public void printStackTrace(PrintWriter writer) {
			throw new UnsupportedOperationException();
		}

	}

	static final class Uninitializable {

		static final int VALUE = recurseOnce();

		private static int recurseOnce() {
			throw new IllegalStateException("on purpose");
		}

	}

}
