package io.ipcboot.scenario;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.ChannelHandler;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Content;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcChannel;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.Outbound;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.RandomFrames;
import io.ipcboot.channel.StartLedger;
import io.ipcboot.channel.WireFrame;
import io.ipcboot.handle.Handle;
import io.ipcboot.handle.HandleSocket;
import io.ipcboot.process.ChannelEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * A worker that speaks the wire format by itself, and forgets it when asked to.
 */
public final class RawWorker implements ChannelHandler {

	/** How many frames it sends that make no sense. */
	static final int SENSELESS = 500;

	/** More than the signs of life that can be asked for meanwhile. */
	private static final int LIES = 1000;

	/** How often it says something after it was told to leave, if it lingers. */
	private static final int LAST_SIGNS = 3;

	private final CountDownLatch closed = new CountDownLatch(1);

	private final HandleSocket socket = ChannelEnvironment.open();

	private final IpcChannel channel = new IpcChannel(PeerId.parent(-1), this.socket, ChannelOptions.DEFAULT, this);

	private boolean lingers;

	private RawWorker() throws IOException {
	}

	public static void main(String[] arguments) throws Exception {
		RawWorker self = new RawWorker();
		self.channel.acceptHandles();
		self.channel.start();
		self.channel.sendControl(Frame.control(FrameType.HELLO, 0, Map.of("protocol", "1")));
		self.channel.sendControl(Frame.control(FrameType.READY, 0, Map.of()));
		self.closed.await();
	}

	@Override
	public void received(Frame frame) {
		switch (frame.type()) {
			case HELLO -> noteStarts(frame.handle());
			case PING -> this.channel.sendControl(Frame.control(FrameType.PONG, 0, Map.of()));
			case DRAIN -> leave();
			case MESSAGE -> {
				this.channel.dequeued(frame);
				this.channel.started(frame);
				this.channel.idle();
			}
			case CALL -> {
				this.channel.started(frame);
				serve(frame);
			}
			default -> {
			}
		}
	}

	private void serve(Frame call) {
		switch (call.destination()) {
			case "garbage" -> write(garbage(textOf(call)));
			case "frames" -> {
				RandomFrames frames = new RandomFrames(Long.parseLong(textOf(call)), List.of("echo", "nobody"));
				for (int i = 0; i < SENSELESS; i++) {
					write(frames.nextBytes());
				}
				reply(call);
			}
			case "half" -> {
				byte[] whole = WireFrame.of(FrameType.REPLY).id(call.id()).text("x".repeat(10_000)).bytes();
				write(Arrays.copyOf(whole, whole.length / 2));
				Runtime.getRuntime().halt(4);
			}
			case "hang" -> hang();
			case "linger" -> {
				this.lingers = true;
				reply(call);
			}
			case "lie" -> {
				byte[] lie = lie(call).bytes();
				for (int i = 0; i < LIES; i++) {
					write(lie);
				}
				reply(call);
			}
			case "fuzz" -> fuzz(call);
			case "deaf" -> {
				reply(call);
				claimToRead();
				hang();
			}
			case "budget" -> reply(call, Long.toString(call.remaining()));
			case "nap" -> {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Long.parseLong(textOf(call))));
				reply(call);
			}
			case "forge" -> {
				forge(System.out, call);
				forge(System.err, call);
				reply(call);
			}
			default -> reply(call);
		}
	}

	/** A worker that lingers shows that it lives, and then hangs. */
	private void leave() {
		if (!this.lingers) {
			Runtime.getRuntime().halt(0);
		}
		for (int i = 0; i < LAST_SIGNS; i++) {
			write(WireFrame.of(FrameType.STARTED).acknowledged(this.channel.bytesRead()).bytes());
			LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
		}
		hang();
	}

	/** Besides, other calls are answered as they should. */
	private void fuzz(Frame call) {
		FalseFrames frames = new FalseFrames(Long.parseLong(textOf(call)));
		Thread liar = new Thread(() -> {
			for (int i = 0; i < SENSELESS && this.channel.isOpen(); i++) {
				Frame next = frames.next(call.id());
				if (next.destination().isEmpty()) {
					this.channel.sendControl(next);
				}
				else {
					this.channel.offer(new Claim(next));
				}
			}
			reply(call);
		});
		liar.setDaemon(true);
		liar.start();
	}

	/** A frame of a certain type that is valid and false, or comes at the wrong time. */
	private static WireFrame lie(Frame call) {
		FrameType type = FrameType.valueOf(textOf(call));
		return switch (type) {
			case STARTED, REPLY, FAILURE -> WireFrame.of(type).id(call.id() + 1000);
			case NOT_STARTED -> WireFrame.of(type).id(call.id());
			default -> WireFrame.of(type);
		};
	}

	/** Report as read whatever the kernel has for this process. */
	private void claimToRead() {
		Thread liar = new Thread(() -> {
			while (true) {
				try {
					long claimed = this.channel.bytesRead() + this.socket.available();
					write(WireFrame.of(FrameType.STARTED).acknowledged(claimed).bytes());
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
			}
		});
		liar.setDaemon(true);
		liar.start();
	}

	private void reply(Frame call) {
		reply(call, textOf(call));
	}

	private void reply(Frame call, String text) {
		this.channel.sendControl(
				Frame.reply(call.id(), call.destination(), Content.TEXT, text.getBytes(StandardCharsets.UTF_8)));
	}

	/** A message or call that nobody is interested in. */
	private static final class Claim extends Outbound {

		Claim(Frame frame) {
			super(frame, frame.encodeHeaders(null, Integer.MAX_VALUE));
		}

		@Override
		protected void started(boolean more) {
		}

		@Override
		protected void lost(boolean mayHaveStarted, IpcException cause) {
		}

	}

	private static String textOf(Frame call) {
		return new String(call.payload(), StandardCharsets.UTF_8);
	}

	/** Whatever a channel would take: a wrong outcome first, and the end last. */
	private static void forge(PrintStream stream, Frame call) {
		for (WireFrame frame : List.of(WireFrame.of(FrameType.HELLO), WireFrame.name(1, "forged"),
				WireFrame.of(FrameType.STARTED).id(call.id()),
				WireFrame.of(FrameType.REPLY).id(call.id()).text("forged"),
				WireFrame.of(FrameType.REPLY).id(call.id() + 1).text("forged"), WireFrame.message(1, "forged"),
				WireFrame.of(FrameType.NOT_STARTED).id(call.id()), WireFrame.of(FrameType.BYE))) {
			stream.writeBytes(frame.bytes());
		}
		stream.println();
		stream.flush();
	}

	/** On the thread that reads, so that nothing is answered any more. */
	private static void hang() {
		while (true) {
			LockSupport.park();
		}
	}

	private void noteStarts(@Nullable Handle ledger) {
		try {
			if (ledger != null) {
				this.channel.noteIn(StartLedger.open(ledger));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void write(byte[] bytes) {
		try {
			this.socket.write(bytes, 0, bytes.length);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static byte[] garbage(String kind) {
		byte[] bytes = new byte[4096];
		switch (kind) {
			case "random" -> new Random(1).nextBytes(bytes);
			case "ones" -> Arrays.fill(bytes, (byte) -1);
			case "text" -> Arrays.fill(bytes, (byte) 'A');
			default -> {
			}
		}
		return bytes;
	}

	@Override
	public boolean hasWork() {
		return false;
	}

	@Override
	public void work() {
	}

	@Override
	public void closed(ChannelClosedException cause) {
		this.closed.countDown();
	}

}
