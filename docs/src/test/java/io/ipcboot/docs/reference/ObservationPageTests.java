package io.ipcboot.docs.reference;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import io.ipcboot.observation.IpcObservationDocumentation;
import io.ipcboot.observation.ExchangeOutcome;
import io.micrometer.common.docs.KeyName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the keys and outcomes on the page "Operating" with the code.
 */
class ObservationPageTests {

	private static final int CARDINALITY = 0;

	private static final int KEY = 1;

	private static final int OBSERVATIONS = 2;

	private static final int VALUE = 3;

	private final GuidePage page = GuidePage.read("operating.adoc");

	ObservationPageTests() throws IOException {
	}

	@Test
	void theKeysAreThoseOfTheDocumentation() {
		List<List<String>> keys = new ArrayList<>();
		IpcObservationDocumentation client = IpcObservationDocumentation.CLIENT;
		IpcObservationDocumentation listener = IpcObservationDocumentation.LISTENER;
		add(keys, "low", client.getLowCardinalityKeyNames(), listener.getLowCardinalityKeyNames());
		add(keys, "high", client.getHighCardinalityKeyNames(), listener.getHighCardinalityKeyNames());
		assertThat(this.page.table("observation-keys"))
			.extracting((row) -> List.of(row.get(CARDINALITY), row.get(KEY), row.get(OBSERVATIONS)))
			.containsExactlyElementsOf(keys);
	}

	/** The listener has no key that the client does not have. */
	private static void add(List<List<String>> keys, String cardinality, KeyName[] client, KeyName[] listener) {
		assertThat(client).contains(listener);
		for (KeyName key : client) {
			keys.add(List.of(cardinality, key.asString(), List.of(listener).contains(key) ? "both" : "client"));
		}
	}

	@Test
	void theOutcomesAreThoseOfTheCode() {
		List<String> row = this.page.table("observation-keys")
			.stream()
			.filter((each) -> each.get(KEY).equals("outcome"))
			.findAny()
			.orElseThrow();
		assertThat(ExchangeOutcome.values())
			.allSatisfy((outcome) -> assertThat(row.get(VALUE)).contains(outcome.value()));
		assertThat(this.page.pairs("observation-outcomes").keySet()).containsExactly(ExchangeOutcome.FAILURE.value(),
				ExchangeOutcome.TIMEOUT.value(), ExchangeOutcome.CANCELLED.value(), ExchangeOutcome.LOST.value(),
				ExchangeOutcome.REFUSED.value());
	}

}
