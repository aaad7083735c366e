package io.ipcboot.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What a worker asks of its parent is taken with care.
 */
class WorkerRequestTests {

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "0.0.0.0", "::1", "::ffff:127.0.0.1" })
	void anAddressInNumbersIsUsed(String host) throws Exception {
		assertThat(new ListenRequest(0, host, 80, 10).address())
			.isEqualTo(new InetSocketAddress(InetAddress.getByName(host), 80));
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "", "example.org", "127.0.0.1.example.org", "::1%lo.example org" })
	void aNameIsNotLookedUp(String host) {
		assertThatExceptionOfType(UnknownHostException.class)
			.isThrownBy(() -> new ListenRequest(0, host, 80, 10).address())
			.withMessage("The address to listen on is not numeric");
	}

	@ParameterizedTest
	@ValueSource(strings = { "999.1.1.1", "1.2.3", "1.2.3.4.5", "1..2.3", ".:1", "%:1", "::1%", "\u0661.1.1.1" })
	void whatIsAlmostAnAddressIsNotLookedUp(String host) {
		assertThatExceptionOfType(UnknownHostException.class)
			.isThrownBy(() -> new ListenRequest(0, host, 80, 10).address())
			.withMessage("The address to listen on is not numeric");
	}

	@ParameterizedTest
	@ValueSource(strings = { ":", "1", "1.", "f:", "::1%a" })
	@Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void aLongTextIsRefusedUnseen(String part) {
		ListenRequest request = new ListenRequest(0, part.repeat(40_000), 80, 10);
		assertThatExceptionOfType(UnknownHostException.class).isThrownBy(request::address)
			.withMessage("The address to listen on is not numeric");
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 16, Integer.MAX_VALUE })
	void onlySoManyConnectorsCanBeAskedFor(int connector) {
		ParentSockets sockets = new ParentSockets(new ServerDeparture(), false);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> sockets.bind(connector, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10))
			.withMessageContaining("There is no connector " + connector);
		assertThat(sockets.bound()).isEmpty();
	}

	@Test
	void aReasonIsFitForTheLog() {
		assertThat(new Retirement("old\nand\u001b[31m grey" + "!".repeat(1000)).printableReason())
			.startsWith("old and [31m grey!")
			.endsWith("!...")
			.hasSize(203);
		assertThat(new Retirement(null).printableReason()).isEqualTo("it asked for it");
	}

}
