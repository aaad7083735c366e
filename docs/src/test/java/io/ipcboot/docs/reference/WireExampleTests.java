package io.ipcboot.docs.reference;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.PeerId;
import io.ipcboot.handle.HandleSocket;
import io.ipcboot.messaging.ExchangeSender;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.OutgoingMessage;
import io.ipcboot.messaging.PayloadConverter;
import io.ipcboot.messaging.Peer;
import io.ipcboot.messaging.PeerEvents;
import io.ipcboot.messaging.PeerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The worked example of the page "Wire format": one call, byte by byte, written by the
 * real encoder, and an answer that the real decoder reads.
 */
@Timeout(30)
class WireExampleTests {

	private static final Path EXAMPLE = Path.of("src/test/resources/snippets/wire/example.txt");

	@Test
	void theExampleIsWhatTravels() throws IOException {
		byte[] call = bytesOf("call");
		byte[] reply = bytesOf("reply");
		HandleSocket.Pair pair = HandleSocket.openPair();
		try (HandleSocket other = pair.second(); Peer peer = peer(pair.first())) {
			peer.start();
			CompletableFuture<Integer> sum = sender(peer).callAsync(message("sum", List.of(1, 2)), Integer.class);
			byte[] sent = new byte[call.length];
			for (int read = 0; read < sent.length;) {
				read += other.read(sent, read, sent.length - read);
			}
			// the remaining time when the frame is written depends on the machine
			System.arraycopy(call, call.length - 5 - 8, sent, sent.length - 5 - 8, 8);
			assertThat(HexFormat.of().formatHex(sent)).isEqualTo(HexFormat.of().formatHex(call));
			other.write(reply, 0, reply.length);
			assertThat(sum).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(3);
		}
	}

	private static byte[] bytesOf(String part) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		boolean inside = false;
		for (String line : Files.readAllLines(EXAMPLE)) {
			inside = line.contains("tag::" + part) || (inside && !line.contains("end::"));
			if (inside && line.contains("  ") && !line.startsWith("#")) {
				bytes.write(HexFormat.of().parseHex(line.substring(0, line.indexOf("  ")).replace(" ", "")));
			}
		}
		return bytes.toByteArray();
	}

	private static Peer peer(HandleSocket socket) throws IOException {
		PeerOptions options = new PeerOptions(1, Runnable::run);
		return new Peer(PeerId.process(-1), socket, ChannelOptions.DEFAULT, options, converter(),
				new ListenerRegistry(), new PeerEvents() {

					@Override
					public void received(Frame frame) {
					}

					@Override
					public void closed(ChannelClosedException cause) {
					}

				});
	}

	private static ExchangeSender sender(Peer peer) {
		return new ExchangeSender(converter(), ChannelOptions.DEFAULT.maxFrameSize(), Duration.ofSeconds(30), peer);
	}

	private static OutgoingMessage message(String destination, Object payload) {
		return new OutgoingMessage(destination, payload, null, Map.of(), null, false, null, null, false);
	}

	private static PayloadConverter converter() {
		return new PayloadConverter(JsonMapper.builder().build(), ChannelOptions.DEFAULT.maxFrameSize());
	}

}
