package io.ipcboot.channel;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

import io.ipcboot.docs.reference.GuidePage;
import io.ipcboot.handle.HandleKind;
import io.ipcboot.process.ChannelEnvironment;
import io.ipcboot.process.Hello;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the tables and numbers of the page "Wire format" with the code.
 */
class WireFormatPageTests {

	private final GuidePage page = GuidePage.read("wire-format.adoc");

	WireFormatPageTests() throws IOException {
	}

	@Test
	void theFrameTypesAreComplete() {
		Map<String, String> types = new LinkedHashMap<>();
		for (FrameType type : FrameType.values()) {
			types.put(Integer.toString(type.code()), type.name());
		}
		assertThat(this.page.pairs("frame-types")).containsExactlyEntriesOf(types);
	}

	@Test
	void theContentsAreComplete() {
		Map<String, String> contents = new LinkedHashMap<>();
		for (Content content : Content.values()) {
			contents.put(Integer.toString(content.code()), content.name());
		}
		assertThat(this.page.pairs("content-codes")).containsExactlyEntriesOf(contents);
	}

	@Test
	void theKindsOfHandlesAreComplete() {
		Map<String, String> kinds = new LinkedHashMap<>();
		for (HandleKind kind : HandleKind.values()) {
			kinds.put(Integer.toString(kind.code()), kind.name());
		}
		assertThat(this.page.pairs("handle-kinds")).containsExactlyEntriesOf(kinds);
	}

	@Test
	void theNumbersAreRight() {
		assertThat(number("header-size")).isEqualTo(FrameHeader.SIZE);
		assertThat(number("max-headers")).isEqualTo(HeaderCodec.MAX_LENGTH);
		assertThat(number("max-destinations")).isEqualTo(DestinationNames.LIMIT);
		assertThat(number("max-name")).isEqualTo(ChannelOptions.MAX_DESTINATION_LENGTH);
		assertThat(number("window")).isEqualTo(ChannelOptions.WINDOW);
		assertThat(number("handle-window")).isEqualTo(ChannelOptions.HANDLE_WINDOW);
		assertThat(number("max-frame-size")).isEqualTo(ChannelOptions.DEFAULT.maxFrameSize());
		assertThat(number("protocol")).isEqualTo(Hello.PROTOCOL);
		assertThat(this.page.attribute("variable")).isEqualTo(ChannelEnvironment.VARIABLE);
		assertThat(this.page.attribute("inode-variable")).isEqualTo(ChannelEnvironment.INODE_VARIABLE);
		assertThat(this.page.attribute("format")).isEqualTo(ChannelEnvironment.NATIVE);
		assertThat(this.page.attribute("destination-header")).isEqualTo(DestinationNames.HEADER);
	}

	private int number(String attribute) {
		return Integer.parseInt(this.page.attribute(attribute).replace(",", ""));
	}

}
