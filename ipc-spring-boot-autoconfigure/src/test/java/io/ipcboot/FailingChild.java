package io.ipcboot;

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.ChannelHandler;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Content;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcChannel;
import io.ipcboot.channel.PeerId;
import io.ipcboot.handle.Handle;
import io.ipcboot.process.ChannelEnvironment;

/**
 * A process that does not become ready, in the way that its argument says.
 */
public final class FailingChild {

	private FailingChild() {
	}

	public static void main(String[] arguments) throws Exception {
		System.out.println("doing " + arguments[0]);
		switch (arguments[0]) {
			case "exit-before-connect" -> System.exit(5);
			case "throw-before-connect" -> throw new IllegalStateException("no configuration");
			case "exit" -> {
				ParentProcess.connect();
				System.exit(5);
			}
			case "throw" -> {
				ParentProcess.connect();
				throw new IllegalStateException("no database");
			}
			case "return" -> ParentProcess.connect();
			case "leave" -> ParentProcess.connect().leave("there is no database");
			case "hang" -> {
				ParentProcess.connect();
				TimeUnit.DAYS.sleep(1);
			}
			case "hang-before-connect" -> TimeUnit.DAYS.sleep(1);
			case "other-version" -> sayHelloInVersion99();
			case "send-handle" -> sendHandle();
			default -> throw new IllegalArgumentException(arguments[0]);
		}
	}

	private static void sayHelloInVersion99() throws IOException, InterruptedException {
		try (IpcChannel channel = openChannel()) {
			channel.sendControl(Frame.control(FrameType.HELLO, 0, Map.of("protocol", "99")));
			TimeUnit.DAYS.sleep(1);
		}
	}

	private static void sendHandle() throws IOException, InterruptedException {
		try (IpcChannel channel = openChannel(); Handle handle = Handle.share(FileDescriptor.err)) {
			channel.sendControl(Frame.control(FrameType.HELLO, 0, Map.of("protocol", "1")));
			channel.sendControl(Frame.control(FrameType.READY, 0, Map.of()));
			channel.sendControl(new Frame(FrameType.MESSAGE, 1, "file", Content.NULL, Map.of(":destination", "file"),
					new byte[0], 0, handle));
			System.out.println("handle sent");
			TimeUnit.DAYS.sleep(1);
		}
	}

	private static IpcChannel openChannel() throws IOException {
		IpcChannel channel = new IpcChannel(PeerId.parent(-1), ChannelEnvironment.open(), ChannelOptions.DEFAULT,
				new Ignoring());
		channel.start();
		return channel;
	}

	private static final class Ignoring implements ChannelHandler {

		@Override
		public void received(Frame frame) {
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
		}

	}

}
