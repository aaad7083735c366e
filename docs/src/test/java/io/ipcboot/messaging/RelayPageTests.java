package io.ipcboot.messaging;

import java.io.IOException;

import io.ipcboot.docs.reference.GuidePage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares what the page "Wire format" says about messages to pools with the code.
 */
class RelayPageTests {

	@Test
	void theNamesAndNumbersAreRight() throws IOException {
		GuidePage page = GuidePage.read("wire-format.adoc");
		assertThat(page.attribute("pool-destination")).isEqualTo(RelayRoute.DESTINATION);
		assertThat(page.attribute("within-header")).isEqualTo(Peer.WITHIN);
		assertThat(page.attribute("relayed-messages")).isEqualTo("%,d".formatted(RelayShare.MAX_MESSAGES));
		assertThat(page.attribute("relayed-bytes")).isEqualTo("%,d".formatted(RelayShare.MAX_BYTES));
	}

}
