package io.ipcboot.messaging;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.RawEnd;
import io.ipcboot.handle.IpcPipe;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DestinationTests extends AbstractPeerTests {

	@Test
	void thousandsOfDestinationsWork() {
		for (int i = 0; i < 3000; i++) {
			String name = "destination-" + i;
			this.pair.right.listeners.add(name, (message) -> message.getHeaders().get(IpcMessage.DESTINATION) + " "
					+ message.getHeaders().get("h") + " " + message.getHeaders().size());
		}
		for (int round = 0; round < 2; round++) {
			for (int i = 0; i < 3000; i++) {
				OutgoingMessage message = TestMessages.of("destination-" + i, null, null, Map.of("h", "v"), null, false,
						null);
				assertThat(this.pair.left.sender.call(message, String.class).body())
					.isEqualTo("destination-" + i + " v 4");
			}
		}
	}

	@Test
	void aNameMayHaveAThousandAndTwentyFourCharacters() {
		for (String character : new String[] { "n", "ä", "字" }) {
			String name = character.repeat(ChannelOptions.MAX_DESTINATION_LENGTH);
			this.pair.right.listeners.add(name, (message) -> "found");
			assertThat(this.pair.left.call(name, null, String.class)).isEqualTo("found");
		}
	}

	@Test
	void longNamesWithoutNumbersWorkWithTheMostHeaders() {
		for (int i = 0; i < 1024; i++) {
			this.pair.right.listeners.add("number-" + i, (message) -> null);
			this.pair.left.send("number-" + i, null);
		}
		String name = "字".repeat(ChannelOptions.MAX_DESTINATION_LENGTH);
		this.pair.right.listeners.add(name,
				(message) -> ((String) message.getHeaders().get("h")).length() + message.getPayload().length);
		int headers = 60 * 1024 - 9;
		int payload = ChannelOptions.DEFAULT.maxFrameSize() - 60 * 1024;
		OutgoingMessage message = TestMessages.of(name, new byte[payload], null, Map.of("h", "v".repeat(headers)), null,
				false, null);
		assertThat(this.pair.left.sender.call(message, int.class).body()).isEqualTo(headers + payload);
	}

	@Test
	void aLongerNameIsRefusedBeforeAnythingIsSent() {
		String name = "n".repeat(ChannelOptions.MAX_DESTINATION_LENGTH + 1);
		assertThatIllegalArgumentException().isThrownBy(() -> this.pair.left.send(name, null))
			.withMessageStartingWith("The name of a destination must not have more than 1024 characters: nnn");
		assertThatIllegalArgumentException().isThrownBy(() -> this.pair.left.send("", null));
		assertThat(this.pair.left.peer.isConnected()).isTrue();
	}

	@Test
	void anEventWithALongerNameIsRefusedBeforeItsHandleIsTaken() throws Exception {
		String name = "n".repeat(ChannelOptions.MAX_DESTINATION_LENGTH + 1);
		assertThatIllegalArgumentException().isThrownBy(() -> this.pair.left.emit(name, 1, 2));
		try (IpcPipe pipe = IpcPipe.open()) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.pair.left.sender
				.send(TestMessages.of(name, null, null, Map.of(), pipe.sink(), false, null)));
			pipe.sink().write(1);
			assertThat(pipe.source().read()).isEqualTo(1);
		}
	}

	@Test
	void aListenerThatNoMessageCanReachIsRefused() {
		String name = "n".repeat(ChannelOptions.MAX_DESTINATION_LENGTH);
		this.pair.right.listeners.add(name, (message) -> null);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.pair.right.listeners.add(name + "n", (message) -> null))
			.withMessageStartingWith("Cannot add ")
			.withMessageContaining("The name of a destination must not have more than 1024 characters: nnn");
	}

	@Test
	void aNameCrossesTheWireOnce() throws Exception {
		try (RawEnd raw = new RawEnd(); PeerAtRawEnd peer = new PeerAtRawEnd(raw)) {
			peer.send("somewhere", 1, Duration.ZERO);
			peer.send("somewhere", 2, Duration.ZERO);
			peer.send("elsewhere", 3, Duration.ZERO);
			byte[] buffer = new byte[10_000];
			int length = 0;
			String bytes;
			do {
				length += raw.readBytes(buffer, length);
				bytes = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
			}
			while (!bytes.endsWith("3"));
			assertThat(bytes).containsOnlyOnce("somewhere").containsOnlyOnce("elsewhere");
			assertThat(bytes.charAt(1)).isEqualTo((char) 3);
			assertThat(FrameType.NAME.ordinal()).isEqualTo(2);
		}
	}

}
