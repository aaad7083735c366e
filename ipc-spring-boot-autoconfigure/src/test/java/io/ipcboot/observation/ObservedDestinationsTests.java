package io.ipcboot.observation;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ObservedDestinationsTests {

	private final ObservedDestinations names = new ObservedDestinations();

	@Test
	void noMoreThanTheLimitAreToldApart() {
		List<String> many = IntStream.range(0, ObservedDestinations.LIMIT)
			.mapToObj((number) -> "user-" + number)
			.toList();
		assertThat(many.stream().map(this.names::nameFor)).isEqualTo(many);
		assertThat(this.names.nameFor("one-more")).isEqualTo("other");
		assertThat(many.stream().map(this.names::nameFor)).isEqualTo(many);
	}

	@Test
	void theLimitHoldsWhateverManyThreadsDo() {
		long known = IntStream.range(0, 10_000)
			.parallel()
			.mapToObj((number) -> this.names.nameFor("user-" + number))
			.filter((name) -> !name.equals("other"))
			.count();
		assertThat(known).isEqualTo(ObservedDestinations.LIMIT);
	}

}
